"""Spreadsheets and survey files coming in: reading, understanding, storing rows as records."""
