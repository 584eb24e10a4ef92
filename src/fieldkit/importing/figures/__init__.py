"""Figures that somebody else published, as spreadsheets: a provider's counts by group, and populations."""
