"""Commands that report: how the kit is, and what its records say."""
