"""Importing figures, step by step: the guess, what has to be asked, and what was stored; for the screen and the command."""
