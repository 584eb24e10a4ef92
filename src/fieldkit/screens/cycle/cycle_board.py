"""One cycle as a board: four stages, what each has and lacks, and the way to do the next thing."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import CYCLE
from fieldkit.commands.table import bindings_for, key_of
from fieldkit.presentation.cycle.cycle_actions import form_for, numbered
from fieldkit.presentation.cycle.cycle_view import CycleView, cycle_view
from fieldkit.presentation.cycle.stages import Action, Missing, StageName
from fieldkit.presentation.model.form_plan import Option
from fieldkit.screens.base.screen import BaseScreen, in_background, latest_only
from fieldkit.screens.cycle.board_drawing import Line, board, shown_lines
from fieldkit.screens.cycle.label_matching import match_labels
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import first_lines

_LOOK = (
    ("use", "figures"),
    ("heard", "who was heard"),
    ("themes", "themes"),
    ("changes", "changes"),
    ("quotes", "quotes"),
    ("pack", "evidence pack"),
    ("bulletin", "bulletin"),
    ("names", "provider names"),
    ("edit", "the cycle"),
)


class CycleBoardScreen(BaseScreen):
    """The board of the cycle with the id `cycle`. Read again whenever it comes into view."""

    CSS_PATH = "cycle_board.tcss"
    COMMANDS_FOR = CYCLE
    PAGE_TITLE = "Cycle"
    HELP = (
        "Four stages: analyse figures, engage communities, determine changes, partner on them. ○ not begun, ◐ begun, "
        "● ready, ✓ done and the next one has begun. Each thing that is missing has a number: press it, or "
        "Enter, and the right form opens with this cycle filled in."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(CYCLE)

    def __init__(self, cycle: str) -> None:
        super().__init__()
        self.cycle = cycle
        self._view: CycleView | None = None
        self._lines: list[Line] = []
        self._at = 0

    def body(self) -> ComposeResult:
        yield Static(id="question")
        with VerticalScroll(id="stages", can_focus=False):
            yield Static(id="board")
        yield Static(id="look")

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        cycle = self.cycle
        view = await self.read_or_leave(lambda kit: cycle_view(kit, cycle, date.today()), "reading the cycle")
        self._show(view)

    def _show(self, view: CycleView) -> None:
        self._view = view
        self.page_title = view.title
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        view = self._view
        if view is None or not self.is_mounted:
            return
        width = max(40, self.size.width - 5)  # the scrollbar appears when a notice takes a line
        look = _look(width)
        answers = dict(view.answers)
        head = [answers.get("Service", ""), f"{answers.get('From', '')} to {answers.get('To', '')}"]
        line = " · ".join(filter(None, [*head, answers.get("Provider", "")]))
        question = first_lines(line, width, 2)
        height = max(8, self.size.height - 4 - 1 - len(question) - look.plain.count("\n") - 1 - 1)
        self._lines = shown_lines(view.stages, width, height)
        self._at = max(0, min(self._at, len(self._lines) - 1))
        self.query_one("#question", Static).update(Content.styled("\n".join(question), "$text-muted"))
        self.query_one("#board", Static).update(board(view.stages, self._lines, self._at, width, height))
        self.query_one("#look", Static).update(look)
        self.refresh_bindings()

    # What is missing

    def on_key(self, event: events.Key) -> None:
        if event.key in {"up", "k", "down", "j"}:
            event.stop()
            by = 1 if event.key in {"down", "j"} else -1
            if (
                not self._lines
            ):  # nothing to point at: all of it is shown, in more rows than a small window has
                self.query_one("#stages").scroll_relative(y=by, animate=False)
                return
            self._at = max(0, min(self._at + by, len(self._lines) - 1))
            self._draw()
        elif (event.character or "") in set("123456789"):
            number = int(event.character or "0")
            if number <= min(9, len(self._lines)):
                event.stop()
                line = self._lines[number - 1]
                self._do(line.stage, line.missing)

    def command_do(self) -> None:
        """Do what the line under the cursor asks for."""
        if self._lines:
            line = self._lines[self._at]
            self._do(line.stage, line.missing)

    def command_everything(self) -> None:
        """Choose from everything that is missing."""
        if self._view is None:
            return
        lacking = numbered(self._view.stages)

        def chosen(code: str | None) -> None:
            if code is not None:
                self._do(*lacking[int(code)])

        options = [Option(str(at), missing.sentence) for at, (_, missing) in enumerate(lacking)]
        self.app.push_screen(Choose("What is missing", options), chosen)

    def _do(self, stage: StageName, missing: Missing) -> None:
        view = self._view
        assert view is not None
        if missing.action in {Action.IMPORT_FIGURES, Action.IMPORT_POPULATION}:
            self.app.open_screen("figures_import", self.cycle)
        elif missing.action in {Action.ADD_FEEDBACK_SUPPORT, Action.ADD_FIGURE_SUPPORT}:
            self.app.open_screen("support", self.cycle, missing.record_id)
        elif missing.action == Action.MATCH_LABELS:
            if self.app.may_write_or_says():
                self._match_labels()
        else:
            self._open_form(stage, missing)

    @in_background
    async def _open_form(self, stage: StageName, missing: Missing) -> None:
        view, today = self._view, date.today()
        assert view is not None
        form = await self.kit_work(
            lambda kit: form_for(kit, stage, missing, view.facts, today), "opening the form"
        )
        if form is not None:
            self.app.open_screen("entry", form.kind, form.record, presets=form.presets)

    @latest_only
    async def _match_labels(self) -> None:
        await match_labels(self)
        self.read_again()

    # Looking

    def command_use(self) -> None:
        """The figures as a chart."""
        self.app.open_screen("use", self.cycle)

    def command_heard(self) -> None:
        """Who was heard."""
        self.app.open_screen("heard", self.cycle)

    def command_themes(self) -> None:
        """Themes."""
        self.app.open_screen("heard", self.cycle, True)

    def command_changes(self) -> None:
        """Changes."""
        self.app.open_screen("changes", self.cycle)

    def command_quotes(self) -> None:
        """Quotes."""
        self.app.open_screen("quotes", self.cycle)

    def command_pack(self) -> None:
        """A pack of evidence."""
        self.app.open_screen("pack", self.cycle)

    def command_bulletin(self) -> None:
        """A bulletin."""
        self.app.open_screen("bulletin")

    def command_names(self) -> None:
        """The names of providers in feedback."""
        self.app.open_screen("provider_names")

    def command_edit(self) -> None:
        """The cycle's own answers."""
        self.app.open_screen("record_view", f"cycle:{self.cycle}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"do", "everything"}:
            return bool(self._lines)
        return super().check_action(action, parameters)


def _look(width: int) -> Content:
    """The keys that open a part of the cycle, as many on a line as fit."""
    rows: list[list[str | tuple[str, str]]] = [[]]
    used = 0
    for command, label in _LOOK:
        key = key_name(key_of(command, CYCLE))
        need = cell_len(key) + 1 + cell_len(label)
        if used and used + 3 + need > width:
            rows.append([])
            used = 0
        rows[-1] += ["   " if used else "", (key, "bold $accent"), f" {label}"]
        used += need + (3 if used else 0)
    return Content("\n").join(Content.assemble(*row) for row in rows)
