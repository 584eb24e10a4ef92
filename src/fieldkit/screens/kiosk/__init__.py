"""The screen of a laptop that is with a respondent."""
