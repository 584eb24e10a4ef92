"""Appending, ingesting and undoing ops."""
