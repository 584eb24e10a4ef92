"""Lists of records, one record, its history, search."""
