"""Mappings: the group that a file's label means, confirmed by one person for everybody."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, day, line
from fieldkit.records.schema.kind import Kind, Record, register

MAPPING = Kind(
    "mapping",
    "Matched label",
    "matched labels",
    "Which group a label in providers' files means. One coordinator's decision serves all.",
    label=("label_key", "code"),
    desk=True,
    lasting=True,
)


@register(MAPPING)
class Mapping(Record, table=True):
    """One confirmed label."""

    dimension: str | None = choice(
        "dimension", "Dimension", "What the groups differ in.", required=True, listed=True
    )
    label_key: str | None = line(
        "Label", "The label in small letters, without signs and spaces.", required=True, listed=True
    )
    code: str | None = line("Code", "The group that it means.", required=True, listed=True, length=80)
    scheme: str | None = choice(
        "label_scheme", "Classification", "The classification that the code is from.", listed=True
    )
    confirmed_by: str | None = line("Confirmed by", "Who decided it.", step="Confirmed")
    confirmed_on: str | None = day("Confirmed on", "The day of the decision.", step="Confirmed")
