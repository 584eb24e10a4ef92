"""The rows of a list: those in memory, and how they are drawn."""
