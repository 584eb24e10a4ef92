"""Commands of the reverse-commissioning cycle: cycles, names of providers, quotes."""
