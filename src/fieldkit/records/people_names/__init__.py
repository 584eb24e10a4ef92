"""Names of people: their words, how they sound, how alike two are, and an index that finds them while somebody types."""
