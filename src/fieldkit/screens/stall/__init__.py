"""The stall board, and the page that ends an event."""
