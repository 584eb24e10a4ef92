"""My mentees, overdue first: when they were last seen, when they meet next, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import MENTORING
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.mentoring.mentees import Mentee, mentees
from fieldkit.presentation.mentoring.mentors import (
    EVERYBODY,
    mentor_choices,
    mentor_name,
    mentors_here,
    remember_mentor,
)
from fieldkit.presentation.model.form_plan import Option
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.screen import in_background, writing
from fieldkit.screens.mentoring.action_lines import action_lines
from fieldkit.screens.mentoring.session_starter import SessionStarter
from fieldkit.store.kit import Kit
from fieldkit.text import plural
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("mentee", "Mentee", 3, 18),
    Column("next", "Next", 0, 16),
    Column("last", "Last seen", 0, 11, optional=True),
    Column("open", "Open", 0, 4, "right", optional=True),
    Column("sessions", "Sessions", 0, 8, "right", optional=True),
    Column("mentor", "Mentor", 2, 16),
)


@dataclass(frozen=True)
class _State:
    mentor: str
    name: str
    mentees: Sequence[Mentee]
    choices: Sequence[Option]


class MenteesScreen(ListScreen[_State, Mentee], SessionStarter):
    """The pairs of one mentor, or of all."""

    COMMANDS_FOR = MENTORING
    HELP = (
        "Your mentees, those first whose next date has passed. Enter opens a pair: its sessions, its ratings over time "
        "and its actions. An action stays open until it is done or dropped."
    )
    PAGE_TITLE, LIST_ID, READING = "Mentoring", "mentees", "reading your mentees"
    COLUMNS, LISTING = _COLUMNS, Listing
    EMPTY = "No pairs yet. Press {mentoring[pair]} to record a mentor and a mentee."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(MENTORING)

    def __init__(self) -> None:
        super().__init__()
        self._mentor = ""
        self._asked = False
        self._first = ""
        """The pair that the cursor was on when the list was read: nobody chose it."""

    @property
    def cursor_wanted(self) -> str:
        return self.app.mentee

    def read(self, kit: Kit) -> _State:
        known = mentors_here(kit)
        mentor = self.app.mentor or (known[0] if len(known) == 1 else "")
        choices = mentor_choices(kit) if not mentor else ()
        return _State(
            mentor, mentor_name(kit, mentor), mentees(kit, mentor or EVERYBODY, date.today()), choices
        )

    def rows(self, state: _State) -> Iterator[tuple[Row, Mentee]]:
        self._mentor = state.mentor
        self.page_title = f"My mentees · {state.name}" if state.name else self.PAGE_TITLE
        self.page_note = plural(len(state.mentees), "1 pair", "{n} pairs")
        if len(state.choices) > 1 and not self._asked:
            self._asked = True
            self._ask()
        if self.app.mentee and self.app.mentee not in {mentee.mentorship for mentee in state.mentees}:
            self.app.mentee = self._first = ""
        today = date.today()
        for mentee in state.mentees:
            cells = [
                mentee.name,
                mentee.next_in_words(today),
                mentee.seen_in_words(),
                str(len(mentee.actions) or ""),
                f"{mentee.sessions:,}",
                "" if state.name else mentee.mentor,
            ]
            late = mentee.days_overdue(today) > 0
            yield Row(mentee.mentorship, cells, "!" if late or mentee.conflict else ""), mentee

    def detail(self, item: Mentee) -> Content:
        width = self.size.width - 6
        title = Content.styled(f"OPEN ACTIONS · {item.name}", "bold $text-muted")
        lines = [title, *action_lines(item.actions, width, self.size.height // 3)]
        if item.unfinished:
            sentence = with_keys("A session is unfinished: {mentoring[log]} goes on with it.")
            lines = [Content.styled(sentence, "bold"), Content(""), *lines]
        return Content("\n").join(lines)

    @in_background
    async def _ask(self) -> None:
        """Ask who mentors here; the answer is stored on this laptop."""
        choices = await self.kit_work(mentor_choices, "looking for mentors")
        if len(choices) < 2:
            self.show_notice("There is no mentor yet: record a pair first.")
            return
        text = (
            "This laptop then shows your own mentees first. It asks again only where several mentors use it."
        )
        mentor = await self.app.push_screen_wait(Choose("Who are you?", choices, text))
        if mentor is None:
            return
        self.app.mentor, self.app.mentee, self._first = mentor, "", ""
        if self.app.may_write():
            await self.kit_work(lambda kit: remember_mentor(kit, mentor), "keeping who you are", saving=True)
        self.read_again()

    def command_mentor(self) -> None:
        """Choose who mentors here."""
        self._ask()

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.mentee = message.id
        self.app.open_screen("pair", message.id)

    def on_listing_moved(self) -> None:
        if (mentee := self.current) is not None:
            self._first = self._first or mentee.mentorship
            if self.app.mentee or mentee.mentorship != self._first:
                self.app.mentee = mentee.mentorship

    @writing
    @in_background
    async def command_log(self) -> None:
        """Log a session of the pair under the cursor. If nobody has chosen one of several pairs, ask which."""
        mentee = self.current
        if mentee is not None and self.app.mentee != mentee.mentorship and len(self._items) > 1:
            mentee = await self._ask_whose(mentee)
        if mentee is not None:
            await self.begin_session(mentee.mentorship, mentee.name)

    async def _ask_whose(self, pointed: Mentee) -> Mentee | None:
        """The mentee whose session it is, offering the one under the cursor; None if the person went back."""
        today, everybody = date.today(), self._mentor in {"", EVERYBODY}
        options = [
            Option(
                mentee.mentorship,
                f"{mentee.name}, with {mentee.mentor}" if everybody else mentee.name,
                "unfinished" if mentee.unfinished else mentee.next_in_words(today),
            )
            for mentee in self._items.values()
        ]
        start = [option.code for option in options].index(pointed.mentorship)
        chosen = await self.app.push_screen_wait(Choose("Whose session?", options, start=start))
        return self._items.get(chosen) if chosen else None

    def command_pair(self) -> None:
        """Record a new pair."""
        mentor = self._mentor if self._mentor != EVERYBODY else ""
        presets = {"mentor": mentor} if mentor else None
        self.app.open_screen("entry", "mentorship", presets=presets, then=self._recorded)

    def _recorded(self, mentorship: str | None) -> None:
        """Move the cursor to the new pair."""
        if mentorship:
            self.app.mentee = mentorship
            self.read_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "log":
            return self.current is not None
        return super().check_action(action, parameters)
