"""Paper: piles of filled-in sheets, and forms to print."""
