"""The monitoring questions that feedback and people share: optional, asked last, each with its reason."""

from __future__ import annotations

from sqlmodel import SQLModel

from fieldkit.records.schema.field import choice, line, many
from fieldkit.records.schema.kind import Values
from fieldkit.records.schema.pages import Page

_FIRST, _SECOND = "About you", "More about you"


class Monitoring(SQLModel):
    """The block of monitoring fields.

    A kind that asks these questions names this class first: `class Feedback(Monitoring, FeedbackFields, table=True)`.
    Fields are collected from the last base class to the first, so this block comes last.
    """

    age_band: str | None = choice(
        "age_band",
        "Age",
        "Why we ask: services should work for people of every age. You can leave it out.",
        step=_FIRST,
        monitoring=True,
    )
    guardian_present: str | None = choice(
        "yes_no",
        "Parent or guardian present",
        "Why we ask: anybody under 16 needs a parent or guardian with them.",
        ask="Is a parent or guardian with you?",
        step=_FIRST,
        monitoring=True,
        only_if=("age_band", ("under-16",)),
    )
    ethnic_group: str | None = choice(
        "ethnic_group",
        "Ethnic group",
        "Why we ask: to see whether services reach every community. You can leave it out.",
        step=_FIRST,
        monitoring=True,
    )
    language: str | None = choice(
        "language",
        "Main language",
        "Why we ask: so that information comes in the languages people use. You can leave it out.",
        ask="Your main language",
        step=_FIRST,
        monitoring=True,
    )
    interpreter: str | None = choice(
        "yes_no",
        "Interpreter needed",
        "Why we ask: to show how often services need one. You can leave it out.",
        ask="Do you need an interpreter?",
        step=_FIRST,
        monitoring=True,
        after=("language", ("en", "declined")),
    )
    postcode_area: str | None = line(
        "First half of the postcode",
        "Why we ask: to see which places services reach. For example B19, never all of it.",
        step=_FIRST,
        monitoring=True,
        length=8,
        half_a_postcode=True,
        pattern=r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|declined)",
        pattern_help="the first half of a postcode, for example B19, or 0 for prefer not to say",
    )
    gender: str | None = choice(
        "gender_identity",
        "Gender",
        "Why we ask: to see whether services treat everybody fairly. You can leave it out.",
        step=_SECOND,
        monitoring=True,
    )
    same_as_birth: str | None = choice(
        "gender_same",
        "Same gender as at birth",
        "Why we ask: to see whether services are fair to trans people. You can leave it out.",
        ask="Is your gender the same as at birth?",
        step=_SECOND,
        monitoring=True,
    )
    orientation: str | None = choice(
        "sexual_orientation",
        "Sexual orientation",
        "Why we ask: to see whether services are fair to gay and bisexual people. You can leave it out.",
        step=_SECOND,
        monitoring=True,
    )
    religion: str | None = choice(
        "religion",
        "Religion",
        "Why we ask: to see whether services respect every faith, and none. You can leave it out.",
        step=_SECOND,
        monitoring=True,
    )
    disability: list[str] | None = many(
        "disability",
        "Disability",
        "Why we ask: so that services open to everybody. Several may apply. You can leave it out.",
        ask="Do you have a disability?",
        step=_SECOND,
        monitoring=True,
    )
    carer: str | None = choice(
        "yes_no",
        "Looks after somebody",
        "Why we ask: unpaid care for family or friends is often overlooked. You can leave it out.",
        ask="Do you look after somebody?",
        step=_SECOND,
        monitoring=True,
    )


MONITORING_PAGE = Page(
    "them",
    "About them",
    tuple(Monitoring.model_fields),
    reason="Why we ask: to see whether services reach everybody, and treat them fairly. Each can be left out.",
    decline_rest=True,
)


AGE = "age_band"
GUARDIAN = "guardian_present"
GUARDIAN_FIRST = "Under 16? Only while a parent or guardian is here."
"""The person must know this before anything is asked."""
GUARDIAN_NEEDED = "Before anything else: 1 if a parent or guardian is here, 2 if not."
UNACCOMPANIED = "Anybody under 16 is recorded only while a parent or guardian is present."


def unaccompanied(values: Values) -> bool:
    """Whether this is about somebody under 16, and nobody has said that a parent or guardian is present."""
    return values.get(AGE) == "under-16" and values.get(GUARDIAN) != "Y"


def guardian_present(values: Values) -> dict[str, str]:
    """The rule for anybody under 16: a parent or guardian must be present."""
    return {GUARDIAN: UNACCOMPANIED} if unaccompanied(values) else {}
