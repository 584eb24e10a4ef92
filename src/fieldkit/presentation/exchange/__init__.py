"""Bundles, merges, conflicts, receipts, quarantine and the laptops of the network, in words."""
