"""How people agreed: the details of consent that several kinds of record hold."""

from __future__ import annotations

from fieldkit.records.schema.field import day, line
from fieldkit.records.schema.kind import Record


class ConsentDetails(Record):
    """The notice that was shown, when and by whom consent was taken, and the ground of consent for imported rows."""

    consent_notice: str | None = line(
        "Version of the notice",
        "The version printed at the foot of the notice that was shown.",
        step="Consent",
    )
    consent_date: str | None = day("Date of consent", "The day on which they agreed.", step="Consent")
    consent_by: str | None = line("Consent taken by", "Your name or initials.", step="Consent")
    consent_ground: str | None = line(
        "On what ground",
        "For a file that was imported: how the people in it agreed, such as a signed form.",
        step="Consent",
        from_files=True,
    )
