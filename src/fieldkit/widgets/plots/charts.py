"""Small charts in text: bars beside figures, ratings over time. Figures and signs carry the meaning, colour adds to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rich.cells import cell_len
from textual.content import Content

from fieldkit.text import plural
from fieldkit.widgets.plain import fit, pad
from fieldkit.widgets.typed_dates import weekday_and_date

_EIGHTHS = " ▏▎▍▌▋▊▉"
_STYLES = ("bold $accent", "bold $text", "bold $warning")
"""Styles for the signs of a plot; the signs carry the meaning."""
_GAP, _GAP_CELLS = "┊", 3
_GAP_DAYS = 92
"""Days without a session from which a gap is shown: mentors and mentees meet about once a month."""
_GAP_MEANS = f", {_GAP} a gap"
_WIDEST_STEP = 24
"""The most cells between two sessions of a plot with room to spare."""


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its length as a number not below 0, and the figure beside it ("" prints the number)."""

    label: str
    value: float
    figure: str = ""


@dataclass(frozen=True)
class Series:
    """Ratings from 0 to 10 by date (YYYY-MM-DD), drawn with a sign of one cell; None if not given.

    All series have the same sessions, so two ratings of one day are the first and the second of that day in each series.
    """

    sign: str
    name: str
    points: Sequence[tuple[str, int | None]]

    @property
    def sessions(self) -> list[tuple[tuple[str, int], int | None]]:
        """Each rating with its session: the date, and its index among those of that date, from 0."""
        seen: Counter[str] = Counter()
        numbered = []
        for day, value in self.points:
            numbered.append(((day, seen[day]), value))
            seen[day] += 1
        return numbered


def _sessions(series: Sequence[Series]) -> list[tuple[str, int]]:
    """The sessions with a rating in any series, in order."""
    return sorted({session for line in series for session, value in line.sessions if value is not None})


def bar(value: float, most: float, width: int, *, ascii: bool = False) -> str:
    """A bar of at most `width` cells for `value` out of `most`; anything above 0 shows."""
    if most <= 0 or value <= 0 or width <= 0:
        return ""
    eighths = max(1, round(min(value / most, 1) * width * 8))
    if ascii:
        return "#" * max(1, round(eighths / 8))
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def bars(rows: Sequence[Bar], width: int, *, most: float | None = None, ascii: bool = False) -> Content:
    """Bars below one another in `width` cells: label, bar, figure. `most` fills the whole length; by default the greatest value
    does.
    """
    if not rows:
        return Content("")
    figures = [row.figure or f"{row.value:,.0f}" for row in rows]
    figure_width = max(cell_len(figure) for figure in figures)
    label_width = min(
        max(cell_len(fit(row.label, width)) for row in rows), max(8, (width - figure_width - 4) // 2)
    )
    length = max(1, width - label_width - figure_width - 3)
    top = most if most is not None else max(row.value for row in rows)
    lines = [
        Content.assemble(
            pad(row.label, label_width),
            " ",
            (pad(figure, figure_width, "right"), "bold"),
            "  ",
            (bar(row.value, top, length, ascii=ascii), "$accent"),
        )
        for row, figure in zip(rows, figures, strict=True)
    ]
    return Content("\n").join(lines)


def ratings(series: Sequence[Series], width: int, height: int = 11, *, several: str = "*") -> Content:
    """Ratings from 0 to 10 over time in `width` x (`height` + 3) cells: scale at the left, dates and signs below.

    The meaning of the signs takes another line if it does not fit. A step is a session, the latest at the right; a dotted line
    marks a gap of more than three months. Signs that meet are drawn side by side, or as `several` if there is no room.
    """
    room = max(10, width - 6)
    sessions = _fitting(_sessions(series)[-(room // 2) :], room - len(series))
    if not sessions:
        return Content.styled("No ratings yet.", "$text-muted")
    gaps = _gaps(sessions)
    most = (room - len(series) - _GAP_CELLS * len(gaps)) // max(1, len(sessions) - 1)
    step = min(_WIDEST_STEP, max(1, most))
    at: dict[tuple[str, int], int] = {}
    marks: dict[int, str] = {}
    column = 0
    for session in sessions:
        if session in gaps:
            marks[column + 1] = gaps[session]
            column += _GAP_CELLS
        at[session] = column
        column += step
    across = at[sessions[-1]]
    beside = min(step, len(series)) - 1
    drawn: dict[tuple[int, int], str] = {}
    for rating_series in series:
        for session, value in rating_series.sessions:
            if value is not None and session in at:
                row, column = round((10 - max(0, min(10, value))) * (height - 1) / 10), at[session]
                end = column + beside
                while column < end and (row, column) in drawn:
                    column += 1
                drawn[row, column] = several if (row, column) in drawn else rating_series.sign
    styles = {line.sign: style for line, style in zip(series, _STYLES, strict=False)} | {_GAP: "$text-muted"}
    lines: list[Content] = []
    for row in range(height):
        rating = 10 - row * 10 / (height - 1)
        label = f"{rating:.0f}" if row in (0, height - 1) or (height % 2 and row == height // 2) else ""
        signs = (
            drawn.get((row, column), _GAP if column in marks else " ")
            for column in range(across + 1 + beside)
        )
        lines.append(
            Content.assemble(
                (f"{label:>3} ", "$text-muted"),
                ("┤" if label else "│", "$text-muted"),
                *((sign, styles.get(sign, "bold")) for sign in signs),
            )
        )
    lines.append(Content.styled("    └" + "─" * min(room, across + 2), "$text-muted"))
    lines.append(Content.styled("     " + _days(sessions, marks, across), "$text-muted"))
    legend = [f"{rating_series.sign} {rating_series.name}" for rating_series in series]
    if len(sessions) > 2:
        legend.append(f"each step is one session{_GAP_MEANS * bool(marks)}")
    if several in drawn.values():
        legend.append(f"{several} several")
    lines += [Content(f"     {fit(line, room)}") for line in _joined_parts(legend, room)]
    return Content("\n").join(lines)


def _joined_parts(parts: Sequence[str], width: int) -> list[str]:
    """The parts separated by dots, on as many lines as they need; none is broken."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _gaps(sessions: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Session -> the length of the gap before it, if that is more than three months."""
    gaps = {}
    for before, after in pairwise(sessions):
        days = (date.fromisoformat(after[0]) - date.fromisoformat(before[0])).days
        if days > _GAP_DAYS:
            years, months = round(days / 365.25), round(days / 30.44)
            gaps[after] = plural(years, "1 year", "{n} years") if months >= 12 else f"{months} months"
    return gaps


def _fitting(sessions: list[tuple[str, int]], room: int) -> list[tuple[str, int]]:
    """The latest sessions that fit into `room` cells: one cell each, plus the gaps between them."""
    while len(sessions) > 1 and len(sessions) - 1 + _GAP_CELLS * len(_gaps(sessions)) > room:
        sessions = sessions[1:]
    return sessions


def _days(sessions: Sequence[tuple[str, int]], gaps: Mapping[int, str], across: int) -> str:
    """The first and the last day below the plot and, if there is room, the length of each gap between them."""
    first, last = _short(sessions[0][0]), _short(sessions[-1][0])
    if first == last:
        return first
    row = f"{first:<{max(cell_len(first) + 2, across + 1 - cell_len(last))}}{last}"
    for column, length in gaps.items():
        start = column - cell_len(length) // 2
        if start > 0 and not row[start - 1 : start + cell_len(length) + 1].strip():
            row = f"{row[:start]}{length}{row[start + cell_len(length) :]}"
    return row


def rated(series: Sequence[Series], width: int) -> Content:
    """Ratings in figures, a row for each series, in `width` x (one more than series) cells: used if there is no room to draw
    them.

    The latest are at the right, as many as fit; – if none was given; a dotted line as in the plot.
    """
    label = max((cell_len(rating_series.name) for rating_series in series), default=0) + 2
    sessions = _sessions(series)[-max(1, (width - label) // 3) :]
    while len(sessions) > 1 and 3 * len(sessions) + 2 * len(_gaps(sessions)) > width - label:
        sessions = sessions[1:]
    if not sessions:
        return Content.styled("No ratings yet.", "$text-muted")
    lines, gaps = [], _gaps(sessions)
    for rating_series in series:
        given = dict(rating_series.sessions)
        figures = "".join(
            f" {_GAP}" * (session in gaps) + f"{'–' if given.get(session) is None else given[session]:>3}"
            for session in sessions
        )
        lines.append(
            Content.assemble((pad(rating_series.name, label), "$text-muted"), (figures, "bold $accent"))
        )
    first, last = _short(sessions[0][0]), _short(sessions[-1][0])
    days = f"{first} – {last}" if first != last else last
    room = max(label + 3 * len(sessions) + 2 * len(gaps), cell_len(days))
    lines.append(Content.styled(pad(days, min(room, width), "right"), "$text-muted"))
    return Content("\n").join(lines)


def _short(day: str) -> str:
    """YYYY-MM-DD as 27 Oct 2026."""
    return weekday_and_date(day).partition(" ")[2]
