"""People who agreed to be known by name: attendees, mentors, mentees. Never those who give feedback."""

from __future__ import annotations

from fieldkit.records.consent import no_refusal
from fieldkit.records.kinds.consent_details import ConsentDetails
from fieldkit.records.kinds.monitoring import Monitoring, guardian_present
from fieldkit.records.schema.field import choice, line, link, many
from fieldkit.records.schema.kind import Kind, Record, register

PERSON = Kind(
    "person",
    "Person",
    "people",
    "Somebody who agreed to be known by name: who comes to events, mentors, or is mentored.",
    label=("name", "organisation"),
    rules=(no_refusal, guardian_present),
)


class PersonFields(Record):
    """What is asked before the monitoring questions."""

    name: str | None = line(
        "Name", "As the person wants to be called.", step="Person", required=True, listed=True
    )
    role: list[str] | None = many(
        "person_role", "Part they play", "Several may fit.", step="Person", listed=True
    )
    organisation: str | None = line(
        "Organisation",
        "Where they work or what they belong to, if they say.",
        step="Person",
        listed=True,
        named_freely=True,
    )
    partner: str | None = link("partner", "Partner", "The partner they come from, if any.", step="Person")
    telephone: str | None = line("Telephone", "Only if they want to be rung.", step="Person", length=40)
    email: str | None = line("E-mail", "Only if they want to be written to.", step="Person")
    staff: str | None = choice("yes_no", "Works for the NHS", "Needed for mentoring only.", step="Work")
    job: str | None = line("Job", "Such as nurse, porter or chaplain.", step="Work")
    band: str | None = choice(
        "band", "Pay band", "For NHS staff who are mentored; it gives the level.", step="Work", listed=True
    )
    consent_record: str | None = choice(
        "yes_no",
        "May we keep your name?",
        "Read the notice out first. Without a yes, nothing is kept.",
        step="Consent",
    )
    consent_contact: str | None = choice(
        "yes_no", "May we contact you?", "To tell them about events and news.", step="Consent"
    )


class PersonReference(Record):
    """The origin of an imported person; the last field of the step Consent."""

    reference: str | None = line(
        "Reference", "Where the row came from, such as its number in a file.", step="Consent"
    )


@register(PERSON)
class Person(Monitoring, PersonReference, ConsentDetails, PersonFields, table=True):
    """A person known by name. Nothing links them to any feedback."""
