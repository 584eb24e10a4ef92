"""Commands of a mentor."""
