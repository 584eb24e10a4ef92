"""What the stall board shows and stores, in plain values."""
