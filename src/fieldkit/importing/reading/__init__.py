"""From the bytes of a file to rows of text: every type of spreadsheet, read within bounds and without guessing."""
