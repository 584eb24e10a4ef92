"""What people read about an import: how each column was understood, what is doubtful, what became of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fieldkit.importing.choices import Doubt
from fieldkit.importing.imported import GROUND_HINT, NO_GROUND, Imported
from fieldkit.importing.reading.rows import COLUMN_SHOWN, Problem
from fieldkit.importing.understanding import ColumnMeaning
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.kind import Kind
from fieldkit.text import clean_line, ended, listing, plural, quoted, shortened

VALUES_SHOWN, COLUMNS_SHOWN, ROWS_SHOWN = 8, 60, 20
_WIDE = 44


def understanding(columns: Iterable[ColumnMeaning], most: int = VALUES_SHOWN) -> list[str]:
    """Each column, its field, and what its most frequent values became; at most `most` values."""
    columns = list(columns)
    placed = [column for column in columns if column.field]
    lines = ["How it was understood:"]
    for column in placed[:COLUMNS_SHOWN]:
        lines += column_lines(column, most)
    if len(placed) > COLUMNS_SHOWN:
        lines.append(f"  … and {counted(len(placed) - COLUMNS_SHOWN, 'more column', 'more columns')}")
    left_out = [shortened(column.column, _WIDE) for column in columns if not column.field]
    if left_out:
        more = f" and {len(left_out) - COLUMNS_SHOWN:,} more" if len(left_out) > COLUMNS_SHOWN else ""
        lines.append(f"  Left out: {', '.join(left_out[:COLUMNS_SHOWN])}{more}")
    return lines


def of_every_row(settings: Mapping[str, str], ground: str) -> list[str]:
    """What every row is given besides its own cells, in one line."""
    given = [f"{name} = {quoted(value)}" for name, value in settings.items()]
    if ground:
        given.append(f"ground of consent = {quoted(ground)}")
    return [f"Every row gets: {', '.join(given)}"] if given else []


def column_lines(column: ColumnMeaning, most: int = VALUES_SHOWN) -> list[str]:
    """One column, and below it its values, such as `5 → very poor: 3 rows`."""
    lines = [f"  {shortened(column.column, _WIDE)} → {shortened(column.title.rstrip('?:'), 60)}"]
    for value in column.values[:most]:
        meaning = "refused" if value.problem else shortened(value.meaning, 60)
        lines.append(f"    {shortened(value.value, 40)} → {meaning}: {counted(value.rows, 'row')}")
    if rest := column.values[most:]:
        rows = sum(value.rows for value in rest)
        refused = sum(bool(value.problem) for value in rest)
        refused_too = f", {refused:,} of them refused" if refused else ""
        lines.append(f"    … and {counted(len(rest), 'other value')}{refused_too}: {counted(rows, 'row')}")
    return lines


def doubt_lines(imported: Imported) -> list[str]:
    """What to resolve before the file can be stored: each doubt on a line of its own, and below it how to answer it."""
    lines: list[str] = []
    for place, doubt in enumerate(imported.doubts):
        lines += _doubt(doubt)
        if doubt.column and doubt.column not in {later.column for later in imported.doubts[place + 1 :]}:
            lines.append(f'    To leave it out: --map "{clean_line(doubt.column)}="')
    if imported.ground_missing:
        lines += [f"  {NO_GROUND}", f"    {GROUND_HINT}"]
    if not lines:
        return []
    lines.insert(0, "Look at this first:")
    if imported.doubts:
        lines.append("If all of it is right as shown: --understood")
    return lines


_OPTIONS = {"hidden-rows": "--hidden-rows keep", "totals": "--totals keep"}


def _doubt(doubt: Doubt) -> Iterator[str]:
    yield f"  “{shortened(doubt.column, _WIDE)}”: {doubt.sentence}" if doubt.column else f"  {doubt.sentence}"
    if doubt.other_way:
        yield f"    If {doubt.other_words}: {_option(doubt)}"


def _option(doubt: Doubt) -> str:
    """The option to add to the command if a doubt is meant the other way round."""
    if order := doubt.other_way.get("dates"):
        return f"--dates {order}"
    if rows := doubt.other_way.get("heading_rows"):
        return f"--heading-rows {rows}"
    return _OPTIONS.get(doubt.code) or f'--other-way "{clean_line(doubt.column)}"'


def question(doubts: list[Doubt]) -> list[str]:
    """The possible answers to the doubts of one column, or of the whole file, each with its key."""
    other = next((doubt.other_words for doubt in doubts if doubt.other_way), "")
    answers = ["y  right as shown"]
    if other:
        answers.append(f"o  the other way round: {other}")
    if doubts[0].column:
        answers.append("l  leave this column out")
    return [f"  {line}" for line in (*answers, "n  stop, and store nothing")]


def what_became(kind: Kind, done: Imported) -> str:
    """The rows of a file in one sentence."""
    would = " would be" if done.dry_run else ""
    parts = [f"{done.stored:,}{would} stored as {kind.plural}", f"{done.refused:,}{would} refused"]
    if done.here:
        parts.append(
            plural(
                done.here,
                f"1 is here already and {'would not be' if done.dry_run else 'was not'} stored again",
                f"{{n}} are here already and {'would not be' if done.dry_run else 'were not'} stored again",
            )
        )
    if done.totals:
        parts.append(f"{counted(done.totals, 'total, note or trial', 'totals, notes or trials')} left out")
    if done.hidden:
        parts.append(f"{done.hidden:,} hidden and left out")
    return f"{counted(done.rows, 'row')}: {', '.join(parts)}."


def listed_rows(rows: list[Problem], most: int | None = None) -> Iterator[str]:
    """Rows with their place and the reason, one a line; at most `most` of them.

    A reason that begins with the place does not repeat it, and the line does not repeat a value that the reason shows.
    """
    for row in rows[:most]:
        place, reason = shortened(row.column, COLUMN_SHOWN), row.reason
        about = f", {place}" if place else ""
        if place and reason.startswith(place):
            reason = reason[len(place) :].removeprefix(":").strip()
        value = f" {quoted(row.value, 40)}" if row.value and quoted(row.value) not in reason else ""
        yield f"  Line {row.line}{about}{value}: {shortened(reason, 400)}"
    if most is not None and len(rows) > most:
        yield f"  … and {len(rows) - most:,} more."


def unmapped(done: Imported) -> list[str]:
    """What to say about columns that go nowhere, unless they were left out by choice."""
    if not done.unmapped:
        return []
    return [
        ended(f"Columns that go into no field: {listing(done.unmapped)}"),
        "Keep them with --map COLUMN=FIELD, or say that they are left out with --map COLUMN=",
    ]


def private(done: Imported) -> list[str]:
    """Places that may point to one person."""
    if not done.warnings:
        return []
    more = len(done.warnings) - ROWS_SHOWN
    return [
        f"{counted(len(done.warnings), 'place')} may point to one person. Look at each:",
        *(f"  {place}" for place in done.warnings[:ROWS_SHOWN]),
        *([f"  … and {more:,} more."] if more > 0 else []),
    ]
