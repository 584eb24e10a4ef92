"""Reading records, counts and history."""
