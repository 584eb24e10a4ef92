"""Filling in one record, and drafts."""
