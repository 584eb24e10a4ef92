"""Merging bundles, and quarantine for refused files."""
