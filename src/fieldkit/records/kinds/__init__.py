"""The model of each kind of record, one per file."""
