"""Lists of records: searched, and put in order."""
