"""The reasons for refusing a file: each with its code, its texts, and what to do on either side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

#: The codes of files that are not bundles at all; no copy of them is kept.
BACKUP, SPREADSHEET, OTHER = "backup", "spreadsheet", "not-a-bundle"


@dataclass(frozen=True)
class _ReasonTexts:
    """The texts of a reason.

    `code` is used in files and commands, `short` in lists. `advice` is for the laptop that keeps the file, "" if the file's
    own hint is better; `at_sender` is a receipt's text for the laptop that wrote the file.
    """

    code: str
    short: str
    advice: str
    at_sender: str
    trust_cures: bool = False
    role_cures: bool = False


class Reason(Enum):
    """The reasons. If `trust_cures`, trusting its laptop merges the file; if `role_cures`, another role may merge it."""

    DAMAGED = _ReasonTexts(
        "damaged",
        "damaged",
        "Ask for the file again: nothing in it can be read safely.",
        "It arrived damaged. Export again, and check the stick.",
    )
    TOO_LARGE = _ReasonTexts(
        "too-large",
        "too large",
        "",
        "It holds more than a laptop may send. Ask the coordinator.",
    )
    NEWER_FORMAT = _ReasonTexts(
        "newer-format",
        "newer fieldkit",
        "",
        "The coordinator's fieldkit is older than this one. It is merged once that is updated.",
    )
    NOT_FOR_US = _ReasonTexts(
        "not-for-us",
        "not for this one",
        "",
        "It was sealed for another coordinator. Merge the newest network file, then export again.",
    )
    WRONG_NETWORK = _ReasonTexts(
        "wrong-network",
        "other network",
        "It was meant for somebody else. Delete it, or hand it on.",
        "It belongs to another network.",
    )
    UNKNOWN_SENDER = _ReasonTexts(
        "unknown-sender",
        "unknown laptop",
        "Compare the six words with its user. If they agree, press {quarantine[trust]}.",
        "The coordinator does not trust this laptop yet. Read out your six words.",
        trust_cures=True,
    )
    REVOKED_SENDER = _ReasonTexts(
        "revoked-sender",
        "revoked",
        "To trust the laptop again, press {quarantine[trust]}.",
        "The coordinator revoked this laptop. Ask the coordinator.",
        trust_cures=True,
    )
    NOT_ALLOWED = _ReasonTexts(
        "not-allowed",
        "not allowed",
        "Ask its user where the file comes from.",
        "It holds something that this laptop may not send. Ask the coordinator.",
        role_cures=True,
    )
    MANY_ERASURES = _ReasonTexts(
        "many-erasures",
        "erases many",
        "Ask its user. {quarantine[records]} shows the records. Press {quarantine[erase]} to erase them, "
        "or {quarantine[refuse]} to refuse: then they stay.",
        "It erases many records and waits for the coordinator's decision.",
    )

    @property
    def code(self) -> str:
        """Its name in files and commands."""
        return self.value.code

    @property
    def short(self) -> str:
        """At most three words for a list."""
        return self.value.short

    @property
    def advice(self) -> str:
        """What to do on the laptop that keeps the file; "" if the file's own hint is better."""
        return self.value.advice

    @property
    def at_sender(self) -> str:
        """The text for the laptop that wrote the file."""
        return self.value.at_sender

    @property
    def trust_cures(self) -> bool:
        """Whether the file is merged once its laptop is trusted."""
        return self.value.trust_cures

    @property
    def roster_cures(self) -> bool:
        """Whether a change of the roster may remove the reason."""
        return self.value.trust_cures or self.value.role_cures


_BY_CODE = {reason.code: reason for reason in Reason}
_OTHER = "It can't be accepted there. Ask the coordinator."


def reason_of(code: str) -> Reason | None:
    """The reason with this code; None for a code of another version."""
    return _BY_CODE.get(code)


def short_reason(code: str) -> str:
    """A reason for a list: its words, or its code if this version does not know it."""
    return reason.short if (reason := reason_of(code)) else code


def reason_at_sender(code: str) -> str:
    """A reason as its sender reads it."""
    return reason.at_sender if (reason := reason_of(code)) else _OTHER


def roster_cures(code: str) -> bool:
    """See `Reason.roster_cures`."""
    return (reason := reason_of(code)) is not None and reason.roster_cures


def trust_cures(code: str) -> bool:
    """See `Reason.trust_cures`."""
    return (reason := reason_of(code)) is not None and reason.trust_cures
