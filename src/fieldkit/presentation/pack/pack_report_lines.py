"""What a coordinator sees about a pack before it is written: what is hidden and why, what is missing, what to check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldkit.insight.disclosure.definitions import TOTAL
from fieldkit.presentation.pack.evidence_pack import Pack
from fieldkit.presentation.pack.hidden_figures import hidden_lines
from fieldkit.presentation.utilisation.use_caveats import DIMENSIONS
from fieldkit.presentation.wording import counted
from fieldkit.text import clean_line

NOT_ENCRYPTED = "A pack is not encrypted: whoever has the folder can read it."
FROZEN = "Once it is written, its figures are released: later packs are checked against them."
_TABLES = {
    "experience": "Experience",
    "themes": "Themes",
    "needs": "What people need",
    "periods": "Ratings by period",
}


@dataclass(frozen=True)
class ReportLine:
    """One line: its type (missing, hidden, to look at), the place, and the sentence."""

    what: str
    where: str
    sentence: str


def report_lines(pack: Pack) -> list[ReportLine]:
    """Everything to check, with what can still be corrected first."""
    report = pack.report
    lines = [ReportLine("missing", "", sentence) for sentence in report.missing]
    lines += [ReportLine("words", "", sentence) for sentence in report.wording]
    lines += [
        ReportLine(
            "look", _place(*key), "All of them gave one answer: does that reveal too much about anybody?"
        )
        for key in report.alike
    ]
    if report.exhausted:
        lines.append(
            ReportLine("hidden", "", "The search was cut short: more is hidden than would have to be.")
        )
    lines += [ReportLine("coarser", _table(name), _coarser(level)) for name, level in report.merged.items()]
    lines += [
        ReportLine("hidden", _place(table, rows, column), f"{reason}.")
        for table, rows, column, reason in hidden_lines(report.hidden)
    ]
    return lines


def report_head(pack: Pack) -> str:
    """The pack in a sentence or two."""
    report = pack.report
    hidden = (
        counted(len(report.hidden), "number is", "numbers are") + " hidden"
        if report.hidden
        else "Nothing is hidden"
    )
    missing = (
        counted(len(report.missing), "thing is", "things are") + " missing"
        if report.missing
        else "nothing is missing"
    )
    small = (
        f" {counted(report.small_numbers, 'small number')} can't be worked out from it."
        if report.small_numbers
        else ""
    )
    return f"{hidden}, {missing}.{small}"


def folder_name(audience: str, title: str, today: date) -> str:
    """The name of a new folder for a pack: `evidence-board-talking-therapies-in-bir-2026-11-26`."""
    plain = "".join(
        letter if letter.isascii() and letter.isalnum() else " " for letter in clean_line(title).casefold()
    )
    slug = "-".join(plain.split())[:24].strip("-")
    return "-".join(filter(None, ("evidence", audience, slug, today.isoformat())))


def _coarser(level: str) -> str:
    if level == TOTAL:
        return "Not split up: too many of its numbers are small."
    return f"Shown by {level}, so that less has to be hidden."


def _place(table: str, row: str, column: str) -> str:
    parts = [_table(table), "everybody" if row == TOTAL else row, "" if column == TOTAL else column]
    return ", ".join(filter(None, parts))


def _table(name: str) -> str:
    start, _, dimension = name.partition("-")
    if dimension:
        by = DIMENSIONS.get(dimension, dimension)
        return f"Who was heard, by {by}" if start == "heard" else f"{start.capitalize()} by {by}"
    return _TABLES.get(name, name)
