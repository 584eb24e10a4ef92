"""One model a file for each kind of record."""
