"""The steps of a form for a kind that is asked page by page: its pages as plain values for widgets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from fieldkit.presentation.model.form_plan import Notice, Option, Question, Step, Value
from fieldkit.records.consent import NOTICE
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind

_DECLINES = "Press the key before an answer. If they prefer not to say: - here, 0 for all that is left."
_DECLINED = "declined"
"""The value for it in a line that allows only a pattern."""


def stall_steps(
    kind: Kind, question: Callable[[FieldSpec], Question], notices: Sequence[Notice]
) -> list[Step]:
    """One step for each page of `kind`. The first page also shows what the event's set-up answers, to check and change."""
    steps = []
    for number, page in enumerate(kind.pages):
        more = (*page.more, *(kind.set_up if number == 0 else ()))
        asked = [
            replace(
                asked_of,
                options=_offered(spec, asked_of.options),
                goes_on=True,
                after=spec.after,
                decline=_declined(spec),
                on_request=name in more,
            )
            for name in (*page.fields, *more)
            for spec in [kind.fields[name]]
            for asked_of in [question(spec)]
        ]
        steps.append(
            Step(
                page.title,
                asked,
                "\n".join(filter(None, (page.reminder, page.reason, _DECLINES * page.decline_rest))),
                notices if page.notice else (),
                NOTICE if page.notice and NOTICE in kind.fields else "",
                page.gate,
                page.decline_rest,
            )
        )
    return steps


def _offered(spec: FieldSpec, options: Sequence[Option]) -> list[Option]:
    """The answers that somebody can give: “not asked” is not one of them."""
    silent = (
        {entry.code for entry in spec.code_list.entries if entry.role == "not-asked"} if spec.codes else ()
    )
    return [option for option in options if option.code not in silent]


def _declined(spec: FieldSpec) -> Value:
    """The value of "prefer not to say" to this question, None if it has no such answer."""
    if spec.codes:
        code = spec.code_list.declined
        return ([code] if spec.shape == "many" else code) if code else None
    return _DECLINED if spec.pattern and re.fullmatch(spec.pattern, _DECLINED) else None
