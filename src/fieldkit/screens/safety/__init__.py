"""Backups, undo, retention, withdrawal, the trash."""
