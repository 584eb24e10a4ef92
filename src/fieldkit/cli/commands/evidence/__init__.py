"""Commands that write evidence for others."""
