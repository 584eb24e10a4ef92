"""What people read, for screens and commands alike: sentences, names, view models. Nothing here draws or prints."""
