"""Reverse-commissioning cycles: their feedback, stages, changes, answers that are due, and quotes."""
