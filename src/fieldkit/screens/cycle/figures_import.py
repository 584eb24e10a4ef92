"""Importing figures: choose a file, see how it is understood, answer what no file can tell, store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from fieldkit.commands.command import FIGURES_IMPORT
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.importing.figures.figure_storage import StoredFigures
from fieldkit.importing.reading.file_types import family
from fieldkit.importing.reading.sheet_source import opened
from fieldkit.paths import SPREADSHEET_ENDINGS
from fieldkit.presentation.figures import figure_report as report
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_datasets import opened_session, store_figures
from fieldkit.presentation.figures.figure_question import FigureQuestion
from fieldkit.presentation.figures.figure_questions import confirmer, cycles_of, questions
from fieldkit.presentation.figures.figure_session import FigureSession
from fieldkit.presentation.wording import counted, size_of, when
from fieldkit.removable_media import example_of_path, short_name
from fieldkit.screens.base.places import ask_path, files_at, places
from fieldkit.screens.base.screen import in_thread
from fieldkit.screens.base.work_screen import StageList, Working, WorkScreen
from fieldkit.store.kit import Kit, Progress
from fieldkit.store.local.known_settings import FIGURES_FOLDER
from fieldkit.store.undo_log import undo_import
from fieldkit.text import displayed_line, quoted
from fieldkit.widgets.dialogs.ask_line import AskLine, demanded
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain, wrapped
from fieldkit.widgets.sources import Column, ListSource, Row

_CENSUS = "census"
_FILES = (
    Column("name", "File", 4, 38, path=True), Column("size", "Size", 0, 8, "right", optional=True),
    Column("when", "Changed", 0, 12, optional=True), Column("place", "Where", 2, 12),
)  # fmt: skip
_OPTIONS = (Column("key", "Key", 0, 3, "right"), Column("words", "Answer", 1, 20))
_SAMPLE_TITLES = [title.capitalize() for title in report.SAMPLE]
_SAMPLE = (
    # Labels of one group begin alike and differ at their ends, like paths.
    Column("label", _SAMPLE_TITLES[0], 3, 18, path=True), Column("shown", _SAMPLE_TITLES[1], 0, 9, "right"),
    Column("read", _SAMPLE_TITLES[2], 0, 18), Column("group", _SAMPLE_TITLES[3], 3, 16),
)  # fmt: skip

Stage = Literal["choose", "role", "ask", "confirm", "done"]
_TITLES: dict[Stage, str] = {
    "choose": "Import figures",
    "role": "Import figures",
    "ask": "How the file is to be read",
    "confirm": "What would be stored",
    "done": "Figures stored",
}


class FigureSteps(StageList):
    """The files, the answers or the figures of a step, with what Enter does there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go('on')", "go on"),
        Binding("enter", "go('store')", "store"),
        Binding("enter", "go('done')", "done"),
    ]


class FiguresImportScreen(WorkScreen):
    """`cycle` is the id of the cycle that the figures are for, "" if not known; `path` is a file chosen already."""

    CSS_PATH = "figures_import.tcss"
    COMMANDS_FOR = FIGURES_IMPORT
    HELP = (
        "Nothing is stored before you have seen how the file is understood. No file says what a star or a dash "
        "means: ask its publisher if you do not know. One key undoes the whole import (safety, undo)."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FIGURES_IMPORT)

    def __init__(self, cycle: str = "", path: Path | None = None) -> None:
        super().__init__()
        self._cycle, self._path = cycle, path
        self.stage: Stage = "choose"
        self._paths_offered: list[Path] = []
        self._sessions: list[FigureSession] = []
        self._open: list[FigureQuestion] = []
        self._cycles: list[tuple[str, str]] = []
        self._details: Sequence[str] = ()
        self._number = 0
        """The number that undo gives to the import just stored, 0 if there is none."""

    def body(self) -> ComposeResult:
        yield Static(id="head")
        yield FigureSteps(_FILES, ListSource(), empty="Looking …", id="options")
        yield Static(id="detail")
        yield Working()

    def on_mount(self) -> None:
        self.query_one(FigureSteps).focus()
        self.start(self._look_around if self._path is None else self._take_path)

    # Choosing a file

    async def _look_around(self) -> None:
        kit = self.kit

        def read() -> tuple[list[Row], list[Path]]:
            rows: list[Row] = []
            paths: list[Path] = []
            now = kit.clock()
            for place in places(kit.settings.get(FIGURES_FOLDER)):
                for file in files_at(place, SPREADSHEET_ENDINGS):
                    cells = (
                        file.path.name,
                        size_of(file.size),
                        when(file.when, now),
                        short_name(place.path),
                    )
                    rows.append(Row(str(len(paths)), cells))
                    paths.append(file.path)
            return rows, paths

        self._turn("choose")
        self._head(
            "Choose a provider's file or a population. You will see how it is understood before anything is stored."
        )
        rows, self._paths_offered = await self.look_around(read, lambda: self.stage == "choose")
        if self.stage == "choose":
            census = Row(_CENSUS, ("Census 2021: who lives in a district", "", "", "fieldkit"), "▪")
            self._list(_FILES, [*rows, census])

    def command_other(self) -> None:
        """Type a path."""
        self.start(self._type_path)

    async def _type_path(self) -> None:
        path = await ask_path(
            self.app,
            "Which file of figures?",
            _demand_table,
            f"For example {Path(example_of_path()) / 'figures.csv'}.",
        )
        if path is not None:
            self._path = path
            self._ask_role()

    async def _take_path(self) -> None:
        path = self._path
        assert path is not None
        try:
            await in_thread(lambda: _demand_table(path))
        except FieldkitError:
            await self._look_around()
            raise
        self._ask_role()

    def _ask_role(self) -> None:
        assert self._path is not None
        self._turn("role")
        self._head(f"What does {quoted(self._path.name)} count?")
        self._list(
            _OPTIONS,
            [
                Row("counts", ("1", "who uses a service: a provider's figures")),
                Row("population", ("2", "who lives in an area: a population")),
            ],
        )

    # Reading and asking

    async def _begin(self, population: bool) -> None:
        kit, path = self.kit, self._path
        choices = FigureChoices(population=population, cycle=self._cycle or None)

        def read(on_progress: Progress) -> tuple[FigureSession, list[tuple[str, str]]]:
            session = opened_session(kit, path, choices)
            if path is not None:
                kit.settings.put(FIGURES_FOLDER, str(path.parent))
            return session, cycles_of(kit)

        session, self._cycles = await self.do("reading the file", read)
        self._sessions = [session]
        self._go_on()

    def _go_on(self) -> None:
        """The next question, or the confirmation."""
        session = self._sessions[-1]
        self._open = questions(session, self._cycles)
        if not self._open:
            self._confirm()
            return
        self._turn("ask")
        question = self._open[0]
        self._head(question.text)
        # How many follow depends on the answers.
        self.page_note = f"question {len(self._sessions)}"
        self._list(
            _OPTIONS,
            # Beyond 9 answers, the arrows and Enter choose: the 1 of a typed 12 would answer at once.
            [Row(o.key, (o.key if len(o.key) == 1 else "", o.label)) for o in question.options],
            self._typed(),
        )
        lines = report.understanding(session)
        if session.resolved:
            lines = [
                f"{label}: {shown} → {read} · {group}" for label, shown, read, group in report.sample(session)
            ]
        self._detail(lines)
        if not question.options:
            self.call_after_refresh(self.command_type)

    def _typed(self) -> str:
        question = self._open[0]
        return (
            with_keys("Press {figures-import[type]} and type ") + f"{question.typed}."
            if question.typed
            else ""
        )

    def _answer(self, typed: str) -> None:
        question, session = self._open[0], self._sessions[-1]
        try:
            self._sessions.append(session.saying(question.answer(typed)))
            self._go_on()
        except FieldkitError as error:
            del self._sessions[self._sessions.index(session) + 1 :]
            self.show_notice(f"{error.message} {error.hint}".strip(), "warning")

    def command_type(self) -> None:
        """Type an answer that is not in the list."""
        self.start(self._type_answer)

    async def _type_answer(self) -> None:
        question = self._open[0]
        session = self._sessions[-1]
        check = demanded(lambda typed: session.saying(question.answer(typed)))
        asked = AskLine(question.text, f"Type {question.typed}.", check=check)
        typed = await self.app.push_screen_wait(asked)
        if typed is not None and self.stage == "ask" and self._open and self._open[0] is question:
            self._answer(typed)

    # Storing

    def _confirm(self) -> None:
        session = self._sessions[-1]
        self._turn("confirm")
        self.page_note = ""
        head = [f"Enter stores {report.amount(session)}. Look at how five of them are read."]
        if session.choices.population:
            head.insert(0, report.population_line(session))
        self._head("\n".join(head))
        self._list(_SAMPLE, [Row(str(number), row) for number, row in enumerate(report.sample(session))])
        self._detail(report.warnings(session))

    async def _store(self) -> None:
        kit, session = self.kit, self._sessions[-1]

        def work(on_progress: Progress) -> tuple[StoredFigures, list[str]]:
            done = store_figures(kit, session, date.today(), confirmer(kit), on_progress)
            return done, _titles(kit, done)

        done, titles = await self.do("storing the figures", work, saving=True)
        self._number = done.number
        self._turn("done")
        if not done.number:
            self.page_title = "Nothing was stored"
        self._head("\n".join(report.stored_lines(done, titles)))
        self._list(_SAMPLE, [Row(str(number), row) for number, row in enumerate(report.sample(session))])
        self._detail(report.warnings(session))

    async def _undo(self) -> None:
        kit, number = self.kit, self._number
        changed = await self.do("undoing the import", lambda _: undo_import(kit, number), saving=True)
        self._number = 0
        self._sessions = []
        await self._look_around()
        self.show_notice(f"Undone: {counted(changed, 'record')} changed.")

    # Keys

    def command_undo(self) -> None:
        """Undo what was just stored."""
        self.start(self._undo)

    def offers(self, what: str) -> bool:
        """Whether this is what Enter does at this step."""
        return not self.busy and what == {"confirm": "store", "done": "done"}.get(self.stage, "on")

    def go(self, what: str) -> None:
        """Take the row under the cursor; what that does is up to the step."""
        self.query_one(FigureSteps).action_choose()

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        if self.busy:
            return
        if self.stage == "choose":
            self._path = None if event.id == _CENSUS else self._paths_offered[int(event.id)]
            if self._path is None:
                self.start(lambda: self._begin(True))
            else:
                self.start(self._take_path)
        elif self.stage == "role":
            self.start(lambda: self._begin(event.id == "population"))
        elif self.stage == "ask":
            self._answer(event.id)
        elif self.stage == "confirm":
            self.start(self._store)
        else:
            self.dismiss()

    def on_key(self, event: events.Key) -> None:
        key = event.character or ""
        if self.busy or len(key) != 1 or key not in "0123456789":
            return
        if self.stage == "role" and key in "12":
            event.stop()
            self.start(lambda: self._begin(key == "2"))
        elif self.stage == "ask" and any(option.key == key for option in self._open[0].options):
            event.stop()
            self._answer(key)

    def command_warnings(self) -> None:
        """Everything to check, in full."""
        session = self._sessions[-1]
        lines = [*report.understanding(session), "", *report.warnings(session)]
        self.app.push_screen(Message("The file", "\n".join(lines)))

    def command_back(self) -> None:
        """Go back to the previous question, to the files, or away."""
        if self.busy or self.stage in {"choose", "done"}:
            super().command_back()
        elif self.stage in {"ask", "confirm"} and len(self._sessions) > 1:
            self._sessions.pop()
            self._go_on()
        else:
            self._sessions = []
            self.start(self._look_around)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command":
            if parameters[0] == "other":
                return self.stage == "choose"
            if parameters[0] == "type":
                return self.stage == "ask" and bool(self._open) and bool(self._open[0].typed)
            if parameters[0] == "undo":
                return self.stage == "done" and bool(self._number)
            if parameters[0] == "warnings":
                return bool(self._sessions)
        return super().check_action(action, parameters)

    # Showing

    def _turn(self, stage: Stage) -> None:
        self.stage = stage
        self.page_title = _TITLES[stage]
        if stage in {"choose", "role", "done"}:
            self.page_note = ""
        self._detail([])
        self.refresh_bindings()

    def _head(self, sentence: str) -> None:
        self.query_one("#head", Static).update(plain(sentence))

    def _detail(self, lines: Sequence[str]) -> None:
        """Show `lines` below the list, as many as leave the list most of the window; a key shows them all."""
        self._details = lines
        rows = wrapped("\n".join(lines), max(20, self.size.width - 4)) if lines else []
        if len(rows) > (most := max(4, self.size.height * 3 // 10)):
            rows = [*rows[: most - 1], with_keys("… {figures-import[warnings]} shows all of it.")]
        self.query_one("#detail", Static).update(plain("\n".join(rows)))

    def on_resize(self) -> None:
        self._detail(self._details)

    def _list(self, columns: Sequence[Column], rows: Sequence[Row], empty: str = "Nothing.") -> None:
        options = self.query_one(FigureSteps)
        options.columns = tuple(columns)
        options.show(ListSource(rows), empty=empty)
        self.refresh_bindings()


def _demand_table(path: Path) -> None:
    """Raise for a file that can't be read, and for one that is no table by its beginning."""
    with opened(path, name := displayed_line(path.name)) as stream:
        family(stream, name)


def _titles(kit: Kit, done: StoredFigures) -> list[str]:
    return [str(kit.get(record_id).values.get("title")) for record_id in done.here]
