"""Plain lines: questions asked one by one, and the menu that replaces screens."""
