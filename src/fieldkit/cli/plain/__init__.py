"""Plain lines: questions asked one by one, and the menu that stands in the place of screens."""
