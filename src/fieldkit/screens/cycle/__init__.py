"""Screens of the reverse-commissioning cycle: figures, the board, changes, the evidence pack."""
