"""The record tables: folded from the journal."""
