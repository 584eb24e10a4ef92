"""The laptop itself: whether the program and the kit can work well on it."""
