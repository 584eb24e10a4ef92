"""Commands on what travels: bundles, merges, receipts, quarantine, conflicts."""
