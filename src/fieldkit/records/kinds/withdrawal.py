"""Withdrawals: a person has their record erased, with the receipt code that they were given."""

from __future__ import annotations

from fieldkit.records.schema.field import line
from fieldkit.records.schema.kind import Kind, Record, register

WITHDRAWAL = Kind(
    "withdrawal",
    "Withdrawal",
    "withdrawals",
    "A receipt code that was used: the record that it was given for is erased from every copy.",
    network=True,
    by_command="fieldkit withdraw",
    label=("code",),
)


@register(WITHDRAWAL)
class Withdrawal(Record, table=True):
    """It holds only the code; nothing but the record's id says which record it belongs to."""

    code: str | None = line(
        "Receipt code",
        "The code on the person's slip, as K7Q2-M9XD-4TBW.",
        required=True,
        listed=True,
        pattern=r"[0-9A-Za-z]{4}(?:[- ]?[0-9A-Za-z]{4}){2}",
        pattern_help="a receipt code: three groups of four letters and digits",
    )
