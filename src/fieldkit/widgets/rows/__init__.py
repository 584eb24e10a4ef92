"""The rows of a list: those at hand, how they are drawn, and a box in which several are ticked."""
