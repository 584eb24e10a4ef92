"""The rows of a list: those at hand, and how they are drawn."""
