"""Who was heard in a cycle compared with who lives there, and what people spoke about: a page each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import FEEDBACK_GIVERS
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.cycle.respondent_rows import (
    CHOSE,
    FOR_YOU,
    LEAST_BASE,
    RespondentGroups,
    RespondentReport,
    RespondentRow,
    ThemeRow,
    respondent_report,
    share,
)
from fieldkit.presentation.wording import counted
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.widgets.plain import Hanging, fit, pad

_NOBODY = "No feedback belongs to this cycle yet. The board says how feedback is recorded."
_NO_THEMES = "Nobody named a theme yet: edit the feedback, and choose what it is about."


_LEAST_BAR, _LEAST_PLOT = 4, 12
"""The least cells of a bar and of a plot to be useful."""
_GROUP_FIGURES = 30
"""Cells of the figures beside the label of a group."""
_THEME_FIGURES = 30
"""Cells of the figures between the bars of a theme."""


class RespondentsScreen(BaseScreen):
    """The pages of the cycle with the id `cycle`: one for each comparison, then the themes."""

    CSS_PATH = "respondents_screen.tcss"
    COMMANDS_FOR = FEEDBACK_GIVERS
    PAGE_TITLE = "Who was heard"
    HELP = (
        "Who gave feedback in this cycle, each person counted once, beside who lives in its area: ● heard, □ live here, "
        "▣ both at one place. Themes count a person once a theme; to the left the share that rated the service poor, to "
        f"the right good. {FOR_YOU}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(FEEDBACK_GIVERS),
        Binding("tab", "turn(1)", "other page"),
        Binding("shift+tab", "turn(-1)", show=False),
    ]

    def __init__(self, cycle: str, themes: bool = False) -> None:
        super().__init__()
        self.cycle = cycle
        self._report: RespondentReport | None = None
        self._at = -1 if themes else 0
        """The page in view; -1 the last one, the themes."""

    def body(self) -> ComposeResult:
        yield Static(id="head")
        with VerticalScroll(id="page", can_focus=True):
            yield Static(id="rows")
        yield Static(id="caveat")

    def on_mount(self) -> None:
        self.query_one("#head", Static).update("Counting …")
        self.query_one("#page").focus()
        self._read()

    @latest_only
    async def _read(self) -> None:
        cycle = self.cycle
        work = "counting who was heard"
        report = await self.read_or_leave(lambda kit: respondent_report(kit, cycle, date.today()), work)
        self._show(report)

    def _show(self, report: RespondentReport) -> None:
        self._report = report
        self._at %= len(report.groupings) + 1
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def action_turn(self, by: int) -> None:
        report = self._report
        if report is not None:
            self._at = (self._at + by) % (len(report.groupings) + 1)
            self._draw()
            self.query_one("#page", VerticalScroll).scroll_home(animate=False)

    def command_up(self) -> None:
        """Scroll up."""
        self.query_one("#page", VerticalScroll).scroll_up(animate=False)

    def command_down(self) -> None:
        """Scroll down."""
        self.query_one("#page", VerticalScroll).scroll_down(animate=False)

    def _draw(self) -> None:
        report = self._report
        if report is None or not self.is_mounted:
            return
        width = max(40, self.size.width - 5)
        themes = self._at >= len(report.groupings)
        self.page_title = (
            "Themes" if themes else f"Who was heard, by {report.groupings[self._at].title.lower()}"
        )
        self.page_note = f"page {self._at + 1} of {len(report.groupings) + 1}"
        if not report.people:
            head, rows = _NOBODY, []
        elif themes:
            head, rows = _themes_head(report), list(_themes(report.themes, width))
        else:
            group_report = report.groupings[self._at]
            head, rows = _group_head(report, group_report), list(_group_lines(group_report, width))
        self.query_one("#head", Static).update(Content(head))
        self.query_one("#rows", Static).update(Content("\n").join(rows))
        self.query_one("#caveat", Static).update(
            Hanging(Content.assemble(("! ", "bold $warning"), FOR_YOU)) if report.people else ""
        )


def _group_head(report: RespondentReport, group_report: RespondentGroups) -> str:
    people = counted(report.people, "person", "people")
    rest = f"{group_report.declined:,} preferred not to say, {group_report.not_asked:,} not asked."
    return f"{people} gave feedback: {group_report.stated:,} said, {rest}\n{CHOSE}"


def _group_lines(group_report: RespondentGroups, width: int) -> Iterator[Content]:
    """`Pakistani   12   18 %   20 %   ●──□`."""
    label, above = _label_width(
        [row.label for row in group_report.rows], width - _GROUP_FIGURES - _LEAST_PLOT
    )
    plot = max(_LEAST_PLOT, width - label - _GROUP_FIGURES)
    most = max(
        [*(row.people / group_report.stated for row in group_report.rows if group_report.stated),
         *(row.residents / group_report.residents for row in group_report.rows if row.residents and group_report.residents), 0.01]
    )  # fmt: skip
    if not group_report.rows:
        yield Content("Nobody answered this question, or nobody was asked.")
        return
    head = f"{'':{label}}  {'people':>6}  {'heard':>7}  {'live here':>9}"
    yield Content.styled(head, "$text-muted")
    for row in group_report.rows:
        if above:
            yield Content(fit(row.label, width))
        yield _group_row(row, group_report, "" if above else row.label, label, plot, most)
    yield Content("")
    source = (
        f"Residents: {group_report.source}."
        if group_report.source
        else "Who lives here is not known by these groups."
    )
    several = " A person may be in several groups." if group_report.several else ""
    yield Content.styled(f"● heard   □ live here   ▣ both. {source}{several}", "$text-muted")


def _label_width(labels: Sequence[str], room: int) -> tuple[int, bool]:
    """The width of the labels beside the figures in cells, and whether labels are on lines of their own; no label is cut."""
    longest = max(map(cell_len, labels), default=8)
    return (2, True) if longest > room else (longest, False)


def _group_row(
    row: RespondentRow, group_report: RespondentGroups, name: str, label: int, plot: int, most: float
) -> Content:
    gave = share(row.people, group_report.stated)
    lives = share(row.residents, group_report.residents) if row.residents is not None else ""
    signs = [(" ", "")] * plot
    places = []
    if group_report.stated:
        places.append(round(row.people / group_report.stated / most * (plot - 1)))
    if row.residents is not None and group_report.residents:
        places.append(round(row.residents / group_report.residents / most * (plot - 1)))
        for at in range(min(places), max(places)):
            signs[at] = ("─", "$text-muted")
        signs[places[-1]] = ("□", "bold")
    if group_report.stated:
        both = len(places) > 1 and places[0] == places[1]
        signs[places[0]] = ("▣" if both else "●", "bold $accent")
    return Content.assemble(
        pad(name, label), f"  {row.people:>6,}  ", (f"{gave:>7}", "bold"), f"  {lives:>9}  ", *signs
    )


def _themes_head(report: RespondentReport) -> str:
    people = counted(report.people, "person", "people")
    without = f" {report.without_theme:,} named no theme." if report.without_theme else ""
    return f"{people} gave feedback, each counted once a theme.{without}\n{CHOSE}"


def _themes(rows: tuple[ThemeRow, ...], width: int) -> Iterator[Content]:
    """`Waiting times   34   ▒▒▒▒ 41 % │ 35 % ███`."""
    if not rows:
        yield Content(_NO_THEMES)
        return
    label, above = _label_width([row.label for row in rows], width - _THEME_FIGURES - 2 * _LEAST_BAR)
    side = max(_LEAST_BAR, (width - label - _THEME_FIGURES) // 2)
    poor, good = ("poor, very poor", "good, very good") if side + 8 >= 15 else ("(very) poor", "(very) good")
    left, right = f"{poor:>{side + 8}}", good
    yield Content.styled(f"{'':{label}}  {'people':>6}  {left} │ {right}", "$text-muted")
    for row in rows:
        if above:
            yield Content(fit(row.label, width))
        poor, good = (share(part, row.rated) for part in (row.poor, row.good))
        # As in the summary: of fewer people there is a count, and no bar as long as that of many.
        shown = row.rated >= LEAST_BASE
        bars = [round(part / row.rated * side) if shown else 0 for part in (row.poor, row.good)]
        yield Content.assemble(
            pad("" if above else row.label, label),
            f"  {row.people:>6,}  ",
            " " * (side - bars[0]),
            ("▒" * bars[0], "$warning"),
            (f" {poor or '–':>7}", "bold"),
            (" │ ", "$text-muted"),
            (f"{fit(good or '–', 7):<7} ", "bold"),
            ("█" * bars[1], "$accent"),
        )
