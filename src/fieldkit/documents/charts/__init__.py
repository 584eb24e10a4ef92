"""Charts, drawn by matplotlib from printed numbers only, with the same bytes each time."""
