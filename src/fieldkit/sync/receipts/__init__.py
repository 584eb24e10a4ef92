"""Receipts: what a coordinator confirms."""
