"""Names of people: their words, their sounds, how alike two are, and an index that finds them during typing."""
