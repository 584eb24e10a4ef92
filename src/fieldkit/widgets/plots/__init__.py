"""Plots drawn in letters."""
