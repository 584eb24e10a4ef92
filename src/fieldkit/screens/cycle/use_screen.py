"""How far each group uses a service: ratios with their intervals, a row for each group, and the figures behind them."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import USE
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.utilisation.cycle_use import uses_of_cycle
from fieldkit.presentation.utilisation.use_chart import (
    NO_FIGURES,
    ChartRow,
    caveat_line,
    cells_of,
    chart_rows,
    label_of,
    title_of,
)
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.screens.cycle.figure_cells import FigureCells
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.plain import first_lines, fit, in_lines, plain
from fieldkit.widgets.plots.dot_plot import KEY, Dot, axis, row, widths


class UseScreen(BaseScreen):
    """The comparisons of the cycle with the id `cycle`, one at a time."""

    CSS_PATH = "use_screen.tcss"
    COMMANDS_FOR = USE
    PAGE_TITLE = "Use of the service"
    HELP = (
        "Each row is a group: how many there were for each 100 expected if all groups used the service alike. "
        "Below 100 is less use than expected. The axis is logarithmic, and arrows lie beyond its ends.\n\n"
        + "\n".join(KEY)
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(USE),
        Binding("up,k", "point(-1)", "up", show=False),
        Binding("down,j", "point(1)", "down", show=False),
        Binding("home,pageup", "point(-99)", show=False),
        Binding("end,pagedown", "point(99)", show=False),
        Binding("enter", "figures", "its figures"),
    ]

    def __init__(self, cycle: str) -> None:
        super().__init__()
        self.cycle = cycle
        self._reports: list[UseReport] | None = None
        self._chosen = 0
        self._rows: list[ChartRow] = []
        self._tops: list[int] = []
        """The first line of each row in the plot, and the line behind the last."""
        self._at = 0

    def body(self) -> ComposeResult:
        yield Static(id="head")
        yield Static(id="axis")
        with VerticalScroll(id="plot", can_focus=False):
            yield Static(id="rows")
        yield Static(id="key")
        yield Static(id="group")
        yield Static(id="caveat")

    def on_mount(self) -> None:
        self.query_one("#head", Static).update("Counting …")

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        cycle = self.cycle
        reports = await self.read_or_leave(lambda kit: uses_of_cycle(kit, cycle), "comparing the figures")
        self._show(reports)

    def _show(self, reports: list[UseReport]) -> None:
        self._reports = reports
        self._chosen = min(self._chosen, max(0, len(reports) - 1))
        self._turn()

    def _turn(self) -> None:
        report = self.report
        self._rows = chart_rows(report) if report else []
        self._at = max(0, min(self._at, len(self._rows) - 1))
        self._draw()
        self.refresh_bindings()

    @property
    def report(self) -> UseReport | None:
        """The comparison in view."""
        return self._reports[self._chosen] if self._reports else None

    # Drawing

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._reports is None or not self.is_mounted:
            return
        report, width = self.report, max(40, self.size.width - 4)
        if report is None:
            hint = with_keys("Press {use[import]} to import them.")
            self.query_one("#head", Static).update(plain(f"{NO_FIGURES} {hint}"))
            for name in ("axis", "rows", "group", "caveat"):
                self.query_one(f"#{name}", Static).update("")
            return
        several = f"   {self._chosen + 1} of {len(self._reports)}" if len(self._reports) > 1 else ""
        title = "\n".join(first_lines(f"{title_of(report)}{several}", width, 2))
        self.query_one("#head", Static).update(Content.styled(title, "bold"))
        dots = [_dot(chart_row, report) for chart_row in self._rows]
        label, plot, figures = widths(
            dots, width - 4
        )  # two before each row, one for the scrollbar, one before that
        unit = "ratio (95 % limits)" if figures > 12 else "ratio"
        head = Content.assemble(
            " " * (label + 3), axis(plot), " ", (f"{fit(unit, figures):>{figures}}", "$text-muted")
        )
        self.query_one("#axis", Static).update(head)
        lines: list[Content] = []
        self._tops = []
        for at, dot in enumerate(dots):
            self._tops.append(len(lines))
            drawn = row(dot, label, plot, figures)
            lines.append(Content.assemble(("▸ " if at == self._at else "  ", "bold $accent"), drawn[0]))
            lines += [Content.assemble("  ", line) for line in drawn[1:]]
        self._tops.append(len(lines))
        self.query_one("#rows", Static).update(Content("\n").join(lines))
        key = self.query_one("#key", Static)
        key.display = self.size.height >= len(lines) + 10
        key.update(in_lines([Content.styled(part, "$text-muted") for part in KEY], width))
        sentence = self._rows[self._at].sentence if self._rows else ""
        self.query_one("#group", Static).update(plain("\n".join(first_lines(sentence, width, 2))))
        first, *others = first_lines(caveat_line(report), width - 2, 2) or [""]
        caveat = Content.assemble(("! ", "bold $warning"), first, *(f"\n  {line}" for line in others))
        self.query_one("#caveat", Static).update(caveat)

    # Keys

    def action_point(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._rows) - 1))
        self._draw()
        plot = self.query_one("#plot", VerticalScroll)
        if not self._rows:
            return
        top, room = int(plot.scroll_y), max(1, plot.size.height)
        first, end = self._tops[self._at : self._at + 2]
        if first < top:
            plot.scroll_to(y=first, animate=False)
        elif end > top + room:
            plot.scroll_to(y=end - room, animate=False)

    @latest_only
    async def action_figures(self) -> None:
        report = self.report
        if report is None or not self._rows:
            return
        chosen = self._rows[self._at]

        figure_cells = await self.kit_work(
            lambda kit: cells_of(kit, report, chosen.group.code), "looking for the figures"
        )
        caveats = report.of_group.get(chosen.group.code, [])
        self.app.push_screen(FigureCells(chosen, figure_cells, caveats))

    def command_measure(self) -> None:
        """Choose another comparison."""
        reports = self._reports or []

        def chosen(code: str | None) -> None:
            if code is not None:
                self._chosen, self._at = int(code), 0
                self._turn()

        options = [Option(str(at), title_of(report)) for at, report in enumerate(reports)]
        self.app.push_screen(Choose("Which figures?", options, start=self._chosen), chosen)

    def command_caveats(self) -> None:
        """Everything to know before using these figures."""
        report = self.report
        if report is not None:
            lines = [*report.caveats, "", *KEY]
            self.app.push_screen(Message("Before you use these figures", "\n".join(lines)))

    def command_import(self) -> None:
        """Import figures for this cycle."""
        self.app.open_screen("figures_import", self.cycle)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        reports = self._reports or []
        if action == "figures":
            return bool(self._rows)
        if action == "command" and parameters[0] == "measure":
            return len(reports) > 1
        if action == "command" and parameters[0] == "caveats":
            return bool(reports)
        return super().check_action(action, parameters)


def _dot(chart_row: ChartRow, report: UseReport) -> Dot:
    group = chart_row.group
    ratio = group.ratio
    if chart_row.note or ratio is None:
        return Dot(label_of(group), note=chart_row.note, uncertain=group.uncertain)
    band = group.rounding if group.rounding and group.rounding[0] != group.rounding[1] else None
    return Dot(
        label_of(group), ratio.value, ratio.lower, ratio.upper, band, not report.use.by_age, group.uncertain
    )
