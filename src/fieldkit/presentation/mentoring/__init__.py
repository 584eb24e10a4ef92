"""Mentoring in words, for screens and commands: mentees, actions, the log of a session, the summary to print."""
