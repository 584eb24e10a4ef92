"""The screens: one in each file, with its style sheet beside it. They call the kit in threads and get plain values."""
