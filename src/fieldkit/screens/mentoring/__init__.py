"""Screens of a mentor: my mentees, one pair, logging a session, progress."""
