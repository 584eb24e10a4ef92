"""The evidence pack: who it is for, what is in it, its files, and how they are checked later."""
