"""Ops, ids, the fold and redaction: pure functions."""
