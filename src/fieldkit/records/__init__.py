"""What is recorded: one module for each kind of record, and the code lists that its questions accept."""
