"""Importing figures, step by step: the guess, the questions, and what was stored; for the screen and the command."""
