"""Benchmarks: every figure is a ratio of two measurements of one run, because machines differ and are noisy."""
