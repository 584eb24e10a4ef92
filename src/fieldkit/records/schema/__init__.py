"""What a field, a kind and a code list are, and how values are read and checked."""
