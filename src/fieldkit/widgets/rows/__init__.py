"""The rows of a list: those in memory, how they are drawn, and a dialog in which several are ticked."""
