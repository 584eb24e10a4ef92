"""Published figures, as spreadsheets: a provider's counts by group, and populations."""
