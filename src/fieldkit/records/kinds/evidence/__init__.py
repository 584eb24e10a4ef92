"""Kinds of the reverse-commissioning cycle: what is analysed, heard, proposed, answered and released."""
