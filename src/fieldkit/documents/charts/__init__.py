"""Charts: drawn by matplotlib from printed numbers alone, the same bytes each time."""
