"""Recording and erasing."""
