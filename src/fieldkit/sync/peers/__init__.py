"""What other devices hold, as far as they have reported it."""
