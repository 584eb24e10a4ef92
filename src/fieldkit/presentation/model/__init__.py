"""Form and list models that widgets and screens share."""
