"""The evidence pack: who it is for, what stands in it, its files, and how they are checked later."""
