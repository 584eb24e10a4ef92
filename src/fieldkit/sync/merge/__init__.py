"""Taking in bundles, and quarantine for those refused."""
