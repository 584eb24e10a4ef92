"""Figures of people printed one by one, with no secondary suppression, for tests of what pages do with figures and stars.

Use it only in tests: hidden numbers can be worked out from what it prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldkit.insight.disclosure.definitions import NO_ANSWER, TOTAL, PeopleTable, Question, Respondent
from fieldkit.insight.disclosure.protection import Hidden, Protected, ProtectedTable, Reason
from fieldkit.insight.disclosure.starring import count_figure, share_figure
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.printed_figure import STAR, Figure


def plain_protect(
    people: Sequence[Respondent],
    questions: Sequence[Question],
    tables: Sequence[PeopleTable],
    preset: Preset,
    **_: Any,
) -> Protected:
    """The same as `insight.disclosure.protection.protect`, but only hiding single numbers."""
    by_name = {question.name: question for question in questions}
    made = [_table(table, people, by_name, preset) for table in tables] if people else []
    printed = {(table.name, *key): str(figure) for table in made for key, figure in table.figures.items()}
    hidden = tuple(Hidden(key, Reason.SMALL) for key, text in printed.items() if text == "*")
    return Protected(
        tuple(made),
        frozenset(),
        printed,
        {table.name: 0 for table in tables},
        hidden,
        {},
        (),
        len(hidden),
        0,
        False,
    )


def _codes(person: Respondent, question: str) -> set[str]:
    answer = person.answers.get(question)
    return set(answer) if isinstance(answer, tuple) else {answer or NO_ANSWER}


def _table(
    table: PeopleTable, people: Sequence[Respondent], questions: dict[str, Question], preset: Preset
) -> ProtectedTable:
    level = questions[table.rows].levels[0]
    inside = [each for each in people if all(_codes(each, name) & codes for name, codes in table.where)]
    across = questions[table.columns].levels[0] if table.columns else None
    columns = list(across.labels) if across is not None and table.counts else []
    monitoring = questions[table.rows].monitoring
    figures: dict[tuple[str, str], Figure] = {}
    for row in (*level.labels, TOTAL):
        group = [
            each for each in inside
            if row == TOTAL or row in {level.groups[code] for code in _codes(each, table.rows) if code in level.groups}
        ]  # fmt: skip

        def answered(codes: set[str] | frozenset[str], group: list[Respondent] = group) -> int:
            return sum(bool(_codes(each, str(table.columns)) & codes) for each in group)

        for column in columns:
            assert across is not None
            codes = {code for code, label in across.groups.items() if label == column}
            figures[row, column] = count_figure(answered(codes), preset, monitoring=monitoring)
        figures[row, TOTAL] = count_figure(len(group), preset, monitoring=monitoring)
        for share in table.shares:
            figures[row, share.label] = share_figure(
                answered(share.codes), len(group), preset, monitoring=monitoring
            )
    names = (*columns, TOTAL, *(share.label for share in table.shares))
    assert STAR not in names
    return ProtectedTable(table.name, level.name, (*level.labels, TOTAL), names, figures)
