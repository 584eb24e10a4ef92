"""From the bytes of a file to rows of text: every kind of spreadsheet, read with bounds and without guessing."""
