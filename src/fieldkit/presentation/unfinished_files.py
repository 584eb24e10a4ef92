"""Sentences on files that a program left unfinished when it was killed."""

CLEARED = "fieldkit was ended while it wrote to {}. What it had left there unfinished was removed."
UNREACHABLE = (
    "fieldkit was ended while it wrote to {}, which can't be reached now. Connect it and run fieldkit check: what is left "
    "there unfinished can be read by anybody."
)
