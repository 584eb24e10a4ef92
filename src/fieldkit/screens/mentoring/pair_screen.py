"""One pair: their sessions, progress over the sessions, open actions and goals."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import PAIR
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.mentoring.agreed_actions import DONE, DROPPED, AgreedAction, close, open_actions
from fieldkit.presentation.mentoring.mentee_summary import write_mentee_summary
from fieldkit.presentation.mentoring.pair_view import RATINGS, Pair, pair_view
from fieldkit.presentation.mentoring.unfinished_sessions import unfinished_sessions
from fieldkit.presentation.model.form_plan import Option
from fieldkit.records.schema.dates import short_date
from fieldkit.screens.base.places import ask_folder
from fieldkit.screens.base.screen import in_background, latest_only, writing
from fieldkit.screens.mentoring.action_lines import action_lines
from fieldkit.screens.mentoring.session_starter import SessionStarter
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.listing import LOOKING, Listing
from fieldkit.widgets.plain import first_lines
from fieldkit.widgets.plots.charts import Series, rated, ratings
from fieldkit.widgets.sources import Column, ListSource, Row

SESSION_COLUMNS = (
    Column("date", "Date", 0, 11),
    Column("minutes", "Min", 0, 3, "right", in_full="Minutes"),
    Column("mode", "How", 1, 9, in_full="How they met"),
    Column("c", "C", 0, 2, "right", in_full="Confidence"),
    Column("k", "K", 0, 2, "right", in_full="Knowledge"),
    Column("s", "S", 0, 2, "right", in_full="Skills"),
    Column("topics", "Topics", 4, 10),
)
_TALL, _WIDE = 34, 76
_ROOM, _ROOM_TALL = 9, 15
"""Rows below the sessions that they leave at least, without the blank one above them; more where sessions are few."""
_AROUND = 5
"""Rows around both: the first of the title, the keys, a notice of one line."""
_GOALS = 4
"""Rows that the goals have of them at least: a blank one, their heading, two lines."""
_PLOT_ROWS = 11
"""One row for each rating: with fewer, two ratings would share a row."""


class PairScreen(SessionStarter):
    """A mentor and a mentee."""

    CSS_PATH = "pair_screen.tcss"
    COMMANDS_FOR = PAIR
    WHOLE_TITLE = True
    HELP = (
        "C, K and S are the ratings of confidence, knowledge and skills, from 0 to 10. A dot marks a "
        "session with a "
        "private note of yours: it never leaves this laptop."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(PAIR)

    def __init__(self, mentorship_id: str) -> None:
        super().__init__()
        self._mentorship_id = mentorship_id
        self._pair: Pair | None = None

    def body(self) -> ComposeResult:
        yield Listing(SESSION_COLUMNS, ListSource(), empty=LOOKING)
        with VerticalScroll(id="plot", can_focus=False):
            yield Static(id="large")
        with Horizontal(id="under"):
            yield Static(id="chart")
            yield Static(id="next")

    def on_mount(self) -> None:
        self.query_one(Listing).focus()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        mentorship = self._mentorship_id
        try:
            pair = await self.kit_work(lambda kit: pair_view(kit, mentorship), "reading the sessions")
            unfinished = mentorship in await self.kit_work(
                unfinished_sessions, "looking for an unfinished session"
            )
        except FieldkitError:
            self.dismiss()
            raise
        self._pair = pair
        self.page_title = f"{pair.mentee} with {pair.mentor}"
        self._show_level()
        rows = [
            Row(
                session.id,
                [session.date, session.minutes, session.mode, *session.ratings, session.topics],
                "!" if session.conflict else "·" if session.note else "",
            )
            for session in pair.sessions
        ]
        empty = with_keys(
            "The first session is unfinished. Press {pair[log]} to go on with it."
            if unfinished
            else "No sessions yet. Press {pair[log]} to log the first."
        )
        self.query_one(Listing).show(ListSource(rows), empty=empty, keep_cursor=True)
        self._draw()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.set_class(self.size.height >= _TALL, "-tall")
        self.set_class(self.size.width < _WIDE, "-narrow")
        self._show_level()
        self.call_after_refresh(self._draw)

    def _show_level(self) -> None:
        """Name the level beside the title; in a narrow window without its bands, so that the names take fewer rows."""
        level = self._pair.level if self._pair is not None else ""
        self.page_note = level.partition(" (")[0] if self.size.width < _WIDE else level

    @property
    def _room(self) -> int:
        """Rows for the actions and goals: what the sessions leave."""
        least = _ROOM_TALL if self.size.height >= _TALL else _ROOM
        sessions = len(self._pair.sessions) if self._pair else 0
        return max(least, self.size.height - _AROUND - self.title_rows - sessions - 1)

    # Drawing

    def _draw(self) -> None:
        pair = self._pair
        if pair is None or not self.is_mounted:
            return
        series = [
            Series(name[0].upper(), name, [(each.date, getattr(each, name)) for each in pair.ratings])
            for name in RATINGS
        ]
        self.query_one("#under").styles.max_height = self._room + 1
        large = self.query_one("#large", Static)
        title = Content.styled("PROGRESS OVER THE SESSIONS", "bold $text-muted")
        large.update(
            Content("\n").join([title, ratings(series, max(20, self.size.width - 5), self._plot_rows())])
        )
        chart = self.query_one("#chart", Static)
        width = max(20, chart.size.width)
        tall = self.size.height >= _TALL
        drawn = ratings(series, width) if tall else rated(series, width)
        chart.update(Content("\n").join([Content.styled("RATINGS", "bold $text-muted"), drawn]))
        self.query_one("#next", Static).update(Content("\n").join(self._next(pair)))

    def _plot_rows(self) -> int:
        """As many rows as fit, in steps that keep each rating on its own row."""
        room = self.size.height - 5 - 4
        return _PLOT_ROWS + 10 if room >= _PLOT_ROWS + 10 else _PLOT_ROWS

    def _next(self, pair: Pair) -> list[Content]:
        width = max(16, self.query_one("#next", Static).size.width - 2)
        when = "no next date"
        if pair.next_date:
            late = pair.next_date < date.today().isoformat()
            when = f"meet again {short_date(pair.next_date)}{', overdue' if late else ''}"
        room = self._room
        lines = [
            Content.assemble(("OPEN ACTIONS", "bold $text-muted"), "  ", (when, "bold")),
            *action_lines(open_actions(pair.actions), width, room - 1 - (_GOALS if pair.goals else 0)),
        ]
        if pair.goals and len(lines) + 3 <= room:
            lines += [Content(""), Content.styled("GOALS", "bold $text-muted")]
            lines += [
                Content.assemble("  ", line) for line in first_lines(pair.goals, width - 2, room - len(lines))
            ]
        return lines

    # Commands

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.open_screen("record_view", f"session:{message.id}")

    @writing
    @in_background
    async def command_log(self) -> None:
        """Log a session of this pair."""
        if self._pair is not None:
            await self.begin_session(self._mentorship_id, self._pair.mentee)

    @writing
    @in_background
    async def command_actions(self) -> None:
        """Mark an action as done or dropped, between two sessions."""
        if self._pair is None:
            return
        actions = {action.key: action for action in open_actions(self._pair.actions)}
        if not actions:
            self.show_notice("No action is open.")
            return
        options = [Option(key, action.what) for key, action in actions.items()]
        chosen = await self.app.push_screen_wait(Choose("Which action?", options))
        if chosen is None:
            return
        states = [Option(DONE, "done"), Option(DROPPED, "dropped: it is not needed any more")]
        state = await self.app.push_screen_wait(Choose(actions[chosen].what, states))
        if state is None:
            return
        action: AgreedAction = actions[chosen]
        today = date.today().isoformat()
        await self.kit_work(lambda kit: close(kit, action, state, today), "saving", saving=True)
        self.show_notice(f"{'Done' if state == DONE else 'Dropped'}: {action.what}")
        self.read_again()

    def command_progress(self) -> None:
        """Show the ratings over the sessions as a plot, or the sessions again."""
        self.toggle_class("-plot")
        self.call_after_refresh(self._draw)  # what comes into view has its size by then
        if not self.has_class("-plot"):
            self.call_after_refresh(
                self.query_one(Listing).focus
            )  # it lost the focus while it was out of view

    def command_back(self) -> None:
        """From the plot return to the sessions; from there to the mentees."""
        if self.has_class("-plot"):
            self.command_progress()
        else:
            self.dismiss()

    @in_background
    async def command_print(self) -> None:
        """Write a summary for the mentee to print: what was shared, without private notes."""
        folder = await ask_folder(self.app, "Where should the summary go?", "")
        if folder is None:
            return
        mentorship = self._mentorship_id
        path = await self.kit_work(
            lambda kit: write_mentee_summary(kit, mentorship, folder), "writing the summary"
        )
        self.show_notice(f"Summary written to {path}: print it, then delete the file.")

    def command_note(self) -> None:
        """Write a private note on the session under the cursor, or change it."""
        row, pair = self.query_one(Listing).current, self._pair
        if row is None or pair is None:
            return
        note = next((session.note for session in pair.sessions if session.id == row.id), "")
        if note:
            self.app.open_screen("entry", record=f"note:{note}", at="notes", brief=True)
        else:
            presets = {"session": row.id, "date": date.today().isoformat()}
            self.app.open_screen("entry", "note", presets=presets, at="notes", brief=True)

    def command_view(self) -> None:
        """See the pair's own record."""
        self.app.open_screen("record_view", f"mentorship:{self._mentorship_id}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"note", "progress", "print"}:
            return self._pair is not None and bool(self._pair.sessions)
        if action == "command" and parameters[0] == "actions":
            return self._pair is not None
        return super().check_action(action, parameters)
