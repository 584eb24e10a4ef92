"""Consent: nothing is recorded without a yes, who gets a receipt code, and how a yes may change later.

The same rule holds for every way in. A kind that asks `consent_record` keeps a new record only with a yes, and whoever agrees
to a record that travels gets a receipt code. Records from other laptops and older versions, which were kept without the
question, stay as they are.
"""

from __future__ import annotations

from fieldkit.errors import InvalidRecord
from fieldkit.records.schema.kind import Kind, Values
from fieldkit.text import plural

RECORD = "consent_record"
"""The question that must be answered with yes before anything is kept."""

CONTACT = "consent_contact"
"""Whether the person may be contacted again."""

GROUND = "consent_ground"
"""The ground on which the people of an imported file agreed."""

NOTICE = "consent_notice"
"""The version of the notice that was shown."""

ABOUT = "consent_"
"""How the names of all fields about consent begin."""

DETAILS = ("consent_date", "consent_by", NOTICE)
"""Details that only a yes has: when, to whom and with which notice it was given."""

YES = "Y"
NO = frozenset({"N", "Z"})

MISSING = "Nobody has agreed to this yet. Ask the person: it is kept only with a yes here."
REFUSED = "The person did not agree to this being recorded, so it can't be kept."
WITHDRAWN = (
    "The person agreed to this record. If they have changed their mind, delete it, or withdraw it with their "
    "receipt code."
)
NOT_AGREED = "Nobody agreed to this record. If the person says no, delete it."
AFTER_ALL = "These answers need a yes to being recorded. Ask the person first."


def asks(kind: Kind) -> bool:
    """Whether records of this kind are kept only with a yes."""
    return RECORD in kind.fields


def consent_given(values: Values) -> bool:
    """Whether the person agreed to be recorded."""
    return values.get(RECORD) == YES


def consent_refused(values: Values) -> bool:
    """Whether the person did not agree: they said no, or declined to answer."""
    return values.get(RECORD) in NO


def agrees(kind: Kind, values: Values) -> bool:
    """Whether the person agreed to a record of this kind that travels: only then do they get a receipt code."""
    return kind.shared and asks(kind) and consent_given(values)


def no_refusal(values: Values) -> dict[str, str]:
    """The rule of a kind that asks: nothing is kept with a no. Field -> sentence."""
    return {RECORD: REFUSED} if consent_refused(values) else {}


def new_problems(kind: Kind, values: Values) -> dict[str, str]:
    """The reasons not to store a new record with these values: field -> sentence; empty with a yes or for other kinds."""
    if not asks(kind) or consent_given(values):
        return {}
    return {RECORD: REFUSED if consent_refused(values) else MISSING}


def check_new(kind: Kind, values: Values, *, canonical: bool = False) -> Values:
    """The canonical form of a new record, after its kind's own checks and the check for consent.

    `canonical`: each value has been checked by its field already.

    Raises:
        InvalidRecord: with a sentence for each problem.
    """
    problems = new_problems(kind, values)
    values = {**kind.given, **values}
    try:
        checked = kind.check(values, canonical=canonical)
    except InvalidRecord as error:
        raise InvalidRecord({**error.problems, **problems}) from None
    if problems:
        raise InvalidRecord(problems)
    return checked


def edit_problems(kind: Kind, before: Values, changes: Values) -> dict[str, str]:
    """The reasons not to make these changes to a record: field -> sentence.

    A yes can't be edited away: that takes a deletion or a withdrawal. A record made without the question may be corrected
    without it, but monitoring answers need a yes.
    """
    if not asks(kind):
        return {}
    after = {**before, **changes}
    if RECORD in changes and not consent_given(after):
        if consent_given(before):
            return {RECORD: WITHDRAWN}
        return {RECORD: NOT_AGREED} if consent_refused(after) else {}
    if not consent_given(after) and any(
        value not in (None, [], "") and kind.fields[name].monitoring
        for name, value in changes.items()
        if name in kind.fields
    ):
        return {RECORD: AFTER_ALL}
    return {}


def without_code(kind: Kind, before: Values, after: Values) -> str:
    """A sentence for a change that adds consent, "" for any other.

    A receipt code is part of a record's id, so it can't be made later.
    """
    if agrees(kind, before) or not agrees(kind, after):
        return ""
    return (
        "A record that is here already gets no receipt code. If the person has no code, only the coordinator can erase "
        "it. To give them one, record it anew and delete this record."
    )


def rows_without_code(number: int) -> str:
    """A sentence about `number` imported rows with consent; "" for none."""
    if not number:
        return ""
    stored = plural(
        number,
        "1 row was stored with consent, but without a receipt code: only the coordinator can erase it. ",
        "{n} rows were stored with consent, but without a receipt code: only the coordinator can erase them. ",
    )
    return f"{stored}To give somebody a code, record their answers in a form instead."


def rows_declined(number: int) -> str:
    """A sentence about `number` imported rows whose people did not agree."""
    people = plural(number, "1 person", "{n} people")
    return f"{people} did not agree to be recorded: nothing of those rows was kept, or copied into the file of refused rows."
