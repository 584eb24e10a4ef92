"""The question for the receipt code printed on a form: part of the sheet, but no field of the record made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldkit.presentation.model.form_plan import Question, Step

CODE = "printed_code"
_BEFORE_IT = 3
"""How many questions of the first page come before it, as on paper."""


def with_code_question(steps: Sequence[Step]) -> list[Step]:
    """The pages of a form, with the question for the printed code on the first."""
    first = steps[0]
    asked = Question(
        CODE,
        "line",
        "Receipt code on the form",
        "Left empty, a new one is made: write it on the form.",
        length=20,
    )
    return [
        replace(first, fields=[*first.fields[:_BEFORE_IT], asked, *first.fields[_BEFORE_IT:]]),
        *steps[1:],
    ]
