"""The laptop in the hands of a respondent: which questions, in which language, and how it is handed over."""
