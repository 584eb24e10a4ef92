"""What records say: counts, ratios, disclosure control, tables for spreadsheets."""
