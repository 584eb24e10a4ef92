"""The screen of a laptop that is handed over to a respondent."""
