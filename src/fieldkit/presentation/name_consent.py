"""Asking somebody whether their name may be kept: the text of the dialog, and what a yes stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldkit.presentation.forms import consent_presets
from fieldkit.records.consent import RECORD
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit

TITLE = "{}: may we keep your name?"
ASK = "Ask the person. With a no, the name is not kept anywhere."


@dataclass(frozen=True)
class NameConsent:
    """`values` are stored with a yes; `sentence` states them, so that nothing is stored that was not in view."""

    values: dict[str, Any]
    sentence: str

    @property
    def text(self) -> str:
        """The text of the dialog."""
        return f"{ASK}\n\n{self.sentence}"


def name_consent(kit: Kit) -> NameConsent:
    """The consent that somebody gives today, on this laptop, to being known by name."""
    details = consent_presets(kit, kind("person"))
    parts = [
        f"given on {short_date(str(details['consent_date']))}",
        *([f"taken by {details['consent_by']}"] if details.get("consent_by") else []),
        *([f"notice {details['consent_notice']}"] if details.get("consent_notice") else []),
    ]
    return NameConsent({RECORD: "Y", **details}, f"A yes is kept with this: {', '.join(parts)}.")
