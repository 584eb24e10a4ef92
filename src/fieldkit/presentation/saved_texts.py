"""Sentences that forms, piles and commands share: saved, when, and not saved yet. Sessions and links word their own."""

from __future__ import annotations

SAVED = "✓ saved"
SAVED_SHEET = "Saved."
CODE_TO_WRITE = "Saved. Write the receipt code on it: {}."
ENTRY_SAVED = "The entry is saved."
ALL_SAVED = "All is saved."
WITHOUT_CODE = "Saved, without a receipt code"
BEFORE_SAVING = "Before this is saved"
NOT_SAVED_YET = "Not saved yet. The reason is at the question."
NOTHING_TO_SAVE = "nothing to save yet"
_MINUTE = 60_000


def saved_sentence(named: str) -> str:
    """The sentence about a record that was just stored; `named` is its kind and line."""
    return f"Saved: {named}"


def saved_at(time: str) -> str:
    """When something was last saved: `14:02`."""
    return f"saved {time}"


def saved_ago(saved: int, now: int) -> str:
    """How long ago something was last saved, both in milliseconds since 1970; `saved` 0: never."""
    if not saved:
        return "nothing saved yet"
    minutes = max(0, now - saved) // _MINUTE
    if minutes >= 60:
        return "saved over an hour ago" if minutes < 24 * 60 else "nothing saved today"
    return f"saved {minutes} min ago" if minutes else "saved just now"
