"""Commands that report: the state of the kit, and what its records say."""
