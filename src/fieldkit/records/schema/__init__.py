"""Definitions of fields, kinds and code lists, and how values are parsed and checked."""
