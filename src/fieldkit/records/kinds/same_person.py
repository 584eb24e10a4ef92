"""Whether two records belong to one person: the answers and, if a coordinator joined them, what is kept of each."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, line, link
from fieldkit.records.schema.kind import Kind, Record, Values, register


def _two_records(values: Values) -> dict[str, str]:
    if values.get("one") is not None and values.get("one") == values.get("other"):
        return {"other": "A record can't be joined with itself: choose two."}
    if values.get("kept") not in {None, values.get("one"), values.get("other")}:
        return {"kept": "The record that is kept has to be one of the two."}
    return {}


SAME_PERSON = Kind(
    "same_person",
    "Same person",
    "answers on similar names",
    "Whether two records of people are of one person. Coordinators join them, and part them again.",
    network=True,
    by_command="fieldkit people",
    counted_as=("answer on similar names", "answers on similar names"),
    label=("one", "other"),
    rules=(_two_records,),
)


@register(SAME_PERSON)
class SamePerson(Record, table=True):
    """Two records and an answer. The two determine its id, so all laptops answer in one record. It holds no names.

    Two records are joined while coordinators agree that they belong to one person: see `records.same_people`.
    """

    __tablename__ = "same_person"

    one: str | None = link(
        "person", "One record", "The first of the two, by their ids.", required=True, listed=True
    )
    other: str | None = link("person", "Other record", "The second of the two.", required=True, listed=True)
    answer: str | None = choice(
        "same_person_answer", "Answer", "What somebody said who may know them.", listed=True
    )
    decision: str | None = choice(
        "same_person_decision",
        "Decision",
        "What a coordinator decided. Two coordinators may disagree: until that is resolved the two are not joined.",
        listed=True,
        set_by_coordinators=True,
    )
    kept: str | None = link(
        "person",
        "Kept record",
        "The record that the person keeps when the two are joined.",
        set_by_coordinators=True,
    )
    taken: str | None = line(
        "Answers taken",
        "Names of the fields in which the other record's answer counts.",
        length=2_000,
        set_by_coordinators=True,
    )
