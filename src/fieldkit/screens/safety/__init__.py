"""Backups, undo, retention."""
