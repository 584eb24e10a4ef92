"""Export, merge, conflicts, quarantine, devices."""
