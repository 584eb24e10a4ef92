"""Boxes over a screen: yes or no, one line, one or several of a list, a message, help. All text is plain text."""
