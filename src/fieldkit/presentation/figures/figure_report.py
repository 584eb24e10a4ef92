"""What people read about a file of figures: how it is understood, five rows, what to check, and what was stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldkit.importing.figures.areas import RESIDENTS, boards
from fieldkit.importing.figures.figure_checks import Difference, differences
from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.figure_storage import NewDataset, StoredFigures
from fieldkit.importing.figures.populations import population_of
from fieldkit.importing.figures.schemes import codes_of, with_code
from fieldkit.presentation.figures.figure_question import FigureQuestion
from fieldkit.presentation.figures.figure_session import FigureSession, named
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.parse import heading_in_words
from fieldkit.text import clean_line, displayed_line, plural, quoted, shortened

SAMPLE = ("in the file", "shown", "read as", "group")
_SAMPLED = 5
_MOST_NOTED = 5
_ROLES = {
    "value": "the numbers", "label": "the label", "group": "the label's group", "dimension": "in what groups differ",
    "measure": "the measure", "statistic": "count or percentage", "organisation": "the organisation",
    "organisation_name": "its name", "period": "the period", "age": "the ages", "sex": "the sex",
}  # fmt: skip


def understanding(session: FigureSession) -> list[str]:
    """How the file was understood: the place of each part of a figure, and what signs mean."""
    layout, table = session.file.layout, session.file.table
    kinds = {
        "long": "one number a row",
        "labels down": "labels down, numbers side by side",
        "labels across": "labels across, numbers below them",
    }
    lines = [f"{displayed_line(session.file.name)}: {kinds[layout.shape]}."]
    if layout.shape != "long":
        lines.append(f"  the numbers are in {named([f'“{column}”' for column in layout.values], 8)}")
    for role, role_label in _ROLES.items():
        if role in layout.columns:
            lines.append(f"  {role_label}: {quoted(layout.columns[role])}")  # type: ignore[index]  # the roles are its keys
    if (source := session.choices.source or session.known_source) is not None:
        lines.append(f"  {source.title}: a star is {session.rules.star}; {_rounding(session)}.")
    elif session.starred or session.rules.round_base:
        lines.append(f"  a star is {session.rules.star}; {_rounding(session)}.")
    return lines + [f"  {note}" for note in table.notes]


def _rounding(session: FigureSession) -> str:
    base = session.rules.round_base
    return f"other numbers are rounded to {base}" if base else "other numbers are exact"


def sample(session: FigureSession) -> list[tuple[str, str, str, str]]:
    """Five of the chosen rows, each with its reading; the first starred one is among them."""
    counts = [row for row in session.rows if not row.derived]
    first = counts[:_SAMPLED]
    star = next((row for row in counts if row.state == "star"), None)
    if star is not None and star not in first:
        first = [*first[: _SAMPLED - 1], star]
    return [(_label(row), row.shown, _read_as(row), group_title(row)) for row in first]


def _label(row: FigureRow) -> str:
    return shortened(f"{row.group}: {row.label}" if row.group else row.label)


def _read_as(row: FigureRow) -> str:
    if row.interval is not None:
        return str(row.interval)
    return {"missing": "not available", "unknown": "?", "refused": "no count"}.get(row.state, "")


def group_title(row: FigureRow) -> str:
    """The group that a row is matched to, in words, with its code if publications use it."""
    if not row.code:
        return "no group yet" if row.dimension in code_list("figure_dimension").codes else "left out"
    label = codes_of(row.scheme).get(row.code, "") if row.scheme else ""
    return with_code(label, row.code) if label else row.code


def warnings(session: FigureSession) -> list[str]:
    """What to check before storing: sums, what is left out, labels without a group."""
    measures = dict.fromkeys(row.measure for row in session.compared)
    lines = [line for measure in measures for line in sums(session, measure)]
    if contradicting := _within_star(session):
        shown, star = named(contradicting, 3), session.rules.star
        lines.append(
            plural(
                len(contradicting),
                f"{shown} is shown, although a star should be {star}. Check what a star means.",
                f"{shown} are shown, although a star should be {star}. Check what a star means.",
            )
        )
    if session.choices.population:
        chosen = {area.name for area in session.chosen}
        lines += [board.note for board in boards().values() if board.note and chosen == set(board.districts)]
    for dimension, figures in session.other_dimensions.items():
        lines.append(
            f"{counted(figures, 'figure')} by {quoted(dimension)} are left out: fieldkit does not compare by that."
        )
    if session.troubled:
        rows = "; ".join(f"line {row.line}: {row.problem}" for row in session.troubled[:3])
        lines.append(f"{counted(len(session.troubled), 'row')} can't be read and will be left out. {rows}")
    if refused := session.refused:
        lines.append(
            f"{counted(len(refused), 'number')} can't be read and will be left out, in line {_lines(refused)}."
        )
    without = {(row.dimension, row.group, row.label) for row in session.compared if not row.code}
    if without:
        names = [f"“{_label(row)}”" for row in session.compared if not row.code]
        lines.append(
            f"{counted(len(without), 'label')} will have no group: {named(list(dict.fromkeys(names)), 4)}."
        )
    return lines


def _within_star(session: FigureSession) -> list[str]:
    """Shown numbers that a star should hide by the rules."""
    rules = session.rules
    if not session.starred or rules.star_high is None:
        return []
    rows = (row for row in session.rows if row.state == "number" and row.shown.isdecimal())
    return list(dict.fromkeys(row.shown for row in rows if int(row.shown) in rules.star))


def sums(session: FigureSession, measure: str) -> list[str]:
    """What does not add up in the figures of a measure."""
    if session.choices.population:
        return []
    differing = differences([row for row in session.rows if row.measure == measure])
    lines = [_difference(each, measure) for each in differing[:_MOST_NOTED]]
    if len(differing) > _MOST_NOTED:
        lines.append(
            f"… and {len(differing) - _MOST_NOTED:,} more sums of {_measure(measure) or 'this file'} differ."
        )
    return lines


def _lines(rows: Sequence[FigureRow]) -> str:
    numbers = list(dict.fromkeys(row.line for row in rows))
    more = f" and {len(numbers) - _MOST_NOTED:,} more" if len(numbers) > _MOST_NOTED else ""
    return ", ".join(map(str, numbers[:_MOST_NOTED])) + more


def _difference(difference: Difference, measure: str) -> str:
    title = code_list("figure_dimension").label(difference.dimension)
    parts = f"{difference.shown_parts:,}" if difference.shown_parts is not None else str(difference.parts)
    whole = f"{difference.shown_whole:,}" if difference.shown_whole is not None else str(difference.whole)
    of = f"The groups of {clean_line(difference.label)}" if difference.label else f"All groups by {title}"
    why = (
        "Rounding can explain it."
        if difference.possible
        else "Rounding and stars can't explain it: look at the file."
    )
    return f"{_measure(measure)}: {of} add up to {parts}; the file shows {whole}. {why}".removeprefix(": ")


def reading_notes(session: FigureSession, rows: Sequence[FigureRow], measure: str) -> list[str]:
    """What readers of a measure's stored figures should know, kept with the data set. `rows` are its rows in the file."""
    notes = []
    missing = sum(row.state == "missing" and not row.derived for row in rows)
    refused = sum(row.state == "refused" for row in rows)
    if missing:
        notes.append(
            plural(
                missing,
                "1 number was not available and was not stored.",
                "{n} numbers were not available and were not stored.",
            )
        )
    if refused:
        notes.append(f"{counted(refused, 'number')} could not be read.")
    for sign, meaning in session.rules.means.items():
        reading = {"zero": "a zero", "missing": "not available", "star": "a star"}[meaning]
        notes.append(f"{quoted(sign)} was read as {reading}.")
    return [*notes, *sums(session, measure), *([RESIDENTS] if session.choices.population else [])]


def population_line(session: FigureSession) -> str:
    """The sum of the chosen districts, with the year."""
    rows = [row for row in session.compared if row.level == "group" and row.interval is not None]
    people = sum(row.interval.low for row in rows if row.interval)
    year = population_of(session.file, session.rows).year
    names = named([area.name for area in session.chosen], 6)
    when = f" in {year}" if year else ""
    return f"{people:,} residents of {names}{when}, by {counted(len({row.code for row in rows}), 'group')}."


def _measure(measure: str) -> str:
    return clean_line(heading_in_words(measure))


def amount(session: FigureSession) -> str:
    """How much would be stored, such as `65 figures of referrals received`."""
    measures = [_measure(measure) for measure in session.choices.measures or session.measures if measure]
    of = f" of {named(measures, 3)}" if measures and not session.choices.population else ""
    return f"{counted(len(session.compared), 'figure')}{of}"


def as_dict(
    session: FigureSession, open_questions: Sequence[FigureQuestion], datasets: Sequence[NewDataset]
) -> dict[str, Any]:
    """The import as plain values for JSON: the layout, a sample, open questions, what would be stored."""
    layout, rules = session.file.layout, session.rules
    return {
        "file": session.file.name,
        "layout": {"shape": layout.shape, "columns": dict(layout.columns), "values": list(layout.values)},
        "source": source.name if (source := session.choices.source or session.known_source) else "",
        "star": {"low": session.rules.star.low, "high": session.rules.star.high},
        "round": rules.round_base,
        "figures": len(session.compared),
        "not_available": session.missing,
        "refused": [
            {"line": row.line, "shown": row.shown, "problem": row.problem} for row in session.refused
        ],
        "labels_without_group": [_label(row) for row in session.compared if not row.code],
        "sample": [
            dict(zip(("label", "shown", "read_as", "group"), row, strict=True)) for row in sample(session)
        ],
        "warnings": warnings(session),
        "questions": [
            {"code": question.code, "text": question.text, "option": question.option}
            for question in open_questions
        ],
        "datasets": [new.values for new in datasets],
    }


def stored_dict(done: StoredFigures) -> dict[str, Any]:
    """What was stored as plain values for JSON."""
    return {
        "number": done.number, "stored": done.figures, "stored_datasets": done.datasets, "here_already": done.here,
        "labels_decided": done.labels,
    }  # fmt: skip


def stored_lines(done: StoredFigures, titles: Sequence[str]) -> list[str]:
    """What was stored. `titles` are those of data sets that were already here."""
    lines = []
    if done.figures:
        labels = f" {counted(done.labels, 'label')} matched for everybody." if done.labels else ""
        lines.append(
            f"Stored {counted(len(done.datasets), 'data set')} with {counted(done.figures, 'figure')}.{labels}"
        )
    for title in titles:
        lines.append(f"“{clean_line(title)}” is here already, from this very file. It was not stored again.")
    return lines


def undo_line(done: StoredFigures) -> list[str]:
    """The command that undoes the import."""
    return [f"Undo all of it with: fieldkit undo --import {done.number}"] if done.number else []
