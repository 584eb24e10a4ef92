"""The home screen: where am I recording, what was recorded, what has not been sent, what needs me."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import EVERYWHERE, HOME
from fieldkit.commands.table import bindings_for, key_of, with_keys
from fieldkit.errors import FieldkitError, VaultError
from fieldkit.presentation.unfinished_files import CLEARED
from fieldkit.presentation.wording import LOCK_RENEWED
from fieldkit.screens.base.screen import BaseScreen, beside_keys, in_background, latest_only
from fieldkit.screens.home.home_columns import (
    CYCLES,
    LISTS,
    LOOK,
    RECORD,
    at_event,
    sending,
    waiting_line,
    waiting_lines,
)
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.text import displayed_line
from fieldkit.widgets.plain import Hanging

if TYPE_CHECKING:
    from fieldkit.presentation.home import Figures, Others
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity


CHOOSE_FIRST = "Choose the event first: with the cursor on it, press Enter."

_NOT_HANDED_OVER = "Has the last person got their receipt code? {} shows it."
_TWO_COLUMNS = 76
"""From this terminal width on, two columns side by side break no line."""
_TALL = 34
"""From this terminal height on, one column has room for a figure in each row."""
_EDGES = 6
"""Cells of a row taken by the margins and the scrollbar."""
_BROADEST = 124
"""The greatest width of both columns together, as in the stylesheet."""
COULD_NOT = "could not be opened"
"""The title of a home screen without a kit."""


class HomeScreen(BaseScreen):
    """Four questions at a glance, and the way to everything else."""

    CSS_PATH = "home_screen.tcss"
    COMMANDS_FOR = HOME
    HELP = with_keys(
        "Choose with the keys shown. First choose the event where you are recording ({home[events]}): "
        "feedback and attendance then belong to it, and its board opens. Press {home[stall]} for the board."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(HOME),
        Binding("up", "scroll_lines(-1)", show=False),
        Binding("down", "scroll_lines(1)", show=False),
        Binding("pageup", "scroll_lines(-8)", show=False),
        Binding("pagedown", "scroll_lines(8)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._figures: Figures | None = None
        self._held: object = None
        self._others: Others | None = None
        self._copy_reported = False
        self._board_shown = False

    def body(self) -> ComposeResult:
        with VerticalScroll(id="columns", can_focus=False), Horizontal(id="both"):
            yield Static(id="left")
            yield Static(id="right")
        yield Static(id="below")

    def on_mount(self) -> None:
        self._draw()
        if self.app.kit is None:
            self.call_after_refresh(self._open)
        else:
            self.kit_opened()

    # Opening: only if the kit needs no passphrase, or it was given beforehand

    @in_background
    async def _open(self) -> None:
        folder, secret = self.app.folder, self.app.secret

        def work() -> tuple[Kit, Identity | None]:
            from fieldkit.presentation.opening import open_kit  # with the store, after the first frame

            return open_kit(folder, secret)

        try:
            opened = await self.thread_work(work, "opening the kit")
        except FieldkitError as error:
            self._not_opened(error)
        else:
            self.app.opened(*opened)

    def _not_opened(self, error: FieldkitError) -> None:
        if KeyFiles(self.app.folder).locked and isinstance(error, VaultError):
            self.app.secret = None
            self.app.open_screen("unlock", instead=True)
        else:
            self.page_title = COULD_NOT
            self.query_one("#left", Static).update("")
        self.app.report(error)

    def kit_opened(self) -> None:
        """The kit is open: read the figures, and ask once about a clock that can't be right."""
        from fieldkit.screens.home.opening_notices import look_at_kit  # with the store, after the first frame

        self.refresh_figures()
        if self.kit.lock_renewed:
            self.kit.lock_renewed = False
            self.show_notice(LOCK_RENEWED)
        if self.kit.cleared:
            self.show_notice(CLEARED.format(displayed_line(str(self.kit.cleared[0]))))
            self.kit.cleared = []
        self.refresh_bindings()
        look_at_kit(self)

    def on_screen_resume(self) -> None:
        if self.app.kit is not None:
            self.refresh_figures()

    @latest_only
    async def refresh_figures(self) -> None:
        """Count again and draw. Keys wait: it may be another event by now, or a board that covers this screen."""
        from fieldkit.presentation.home import figures  # with the store, after the first frame

        me = self.app.me
        if me is not None:
            self._show(await self.kit_work(lambda kit: figures(kit, me), "counting"))

    def _show(self, figures: Figures) -> None:
        if not self._board_shown and figures.event_id and self.app.screen is self and not self.app.reads_only:
            self._board_shown = True
            shown_before = self.shown_notice
            self.app.open_screen("stall")  # once an event is chosen, its board is what one works at
            self.app.notice(shown_before)  # it would be hidden by the board
        self._figures = figures
        self.page_title = figures.event or figures.network
        self._draw()
        if figures.copied and not self._copy_reported and not self.app.reads_only:
            from fieldkit.screens.home.opening_notices import (
                report_copy,  # with the store, after the first frame
            )

            self._copy_reported = True
            report_copy(self, surely=figures.surely_copied)
        if figures.coordinating and (me := self.app.me) is not None:
            self._look_for_gaps(me)

    @latest_only
    @beside_keys
    async def _look_for_gaps(self, me: Identity) -> None:
        known, before = self._held, self._others

        def look(kit: Kit) -> tuple[object, Others]:
            from fieldkit.presentation.home import held, others  # with the store, after the first frame

            now = held(kit)
            return now, before if before is not None and now == known else others(kit, me)

        self._held, self._others = await self.kit_work(look, "looking for gaps")
        self._draw()

    @property
    def _is_small(self) -> bool:
        """Whether there is one column, and no room for all of it."""
        return self.size.width < _TWO_COLUMNS and self.size.height < _TALL

    @property
    def _column(self) -> int:
        """The cells of a line in the first column, beside the margins, a scrollbar and the blank before the second column."""
        width = self.size.width - _EDGES
        return width if self.size.width < _TWO_COLUMNS else min(width, _BROADEST) // 2 - 1

    def on_resize(self) -> None:
        self.query_one("#both").set_class(self.size.width < _TWO_COLUMNS, "-narrow")
        self.query_one("#columns").set_class(self._is_small, "-small")
        self._draw()

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll to what a small terminal has no room for."""
        self.query_one("#columns").scroll_relative(y=lines, animate=False)

    # Drawing

    def _draw(self) -> None:
        figures = self._figures
        if figures is None:
            if self.page_title != COULD_NOT:
                self.query_one("#left", Static).update(Content.styled("Opening the kit …", "$text-muted"))
            return
        now = self.kit.clock()
        left = [
            *(waiting_line(figures.needs, self.size.width - _EDGES) if self._is_small else ()),
            *at_event(figures, self._column, brief=self._is_small, high=self.size.height >= _TALL),
            *RECORD,
            Content(""),
            *LISTS,
            *(CYCLES if figures.coordinating else ()),
        ]
        right = [
            *waiting_lines(figures.needs),
            Content(""),
            *sending(figures, now, self._others),
            Content(""),
            *LOOK,
        ]
        self.query_one("#left", Static).update(Content("\n").join(left))
        self.query_one("#right", Static).update(Content("\n").join(right))
        notes = []
        if self.app.kit is not None and (other := self.app.kit.written_by) is not None:
            notes.append(other.note)
        if figures.revoked:
            notes.append("Revoked: the coordinator quarantines what is recorded here now. Ask them.")
        if figures.no_passphrase:
            notes.append("No passphrase: anybody with this laptop can read it.")
        if figures.code_waits:
            notes.append(_NOT_HANDED_OVER.format(key_of("last-code", EVERYWHERE).upper()))
        self.query_one("#below", Static).update(
            Hanging(Content("\n").join(Content.assemble(("!", "bold $warning"), " ", note) for note in notes))
        )

    # Commands

    def command_feedback(self) -> None:
        """Record feedback."""
        self._go("entry", "feedback")

    def command_stall(self) -> None:
        """The board of the event; without one, offer today's, or choose one."""
        if self._figures is None or self._figures.event_id:
            self._go("stall")
        elif self._figures.todays:
            self._offer_todays(self._figures.todays)
        else:
            self._choose_event()

    @in_background
    async def _offer_todays(self, todays: Sequence[tuple[str, str]]) -> None:
        # Import all of these only when needed: the first frame does without them.
        from fieldkit.presentation.model.form_plan import Option
        from fieldkit.store.local.known_settings import EVENT
        from fieldkit.widgets.dialogs.choose import Choose

        options = [*(Option(event_id, line) for event_id, line in todays), Option("", "another event")]
        chosen = await self.app.push_screen_wait(Choose("Record at today's event?", options))
        if chosen:
            await self.kit_work(
                lambda kit: kit.settings.put(EVENT, chosen), "choosing the event", saving=True
            )
            self._go("stall")
        elif chosen is not None:
            self._choose_event()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "write-here":
            other = self.app.kit.written_by if self.app.kit is not None else None
            return other is not None and not other.replaced
        if action == "command" and parameters[0] in {"cycles", "figures"}:
            return self._figures is not None and self._figures.coordinating
        return super().check_action(action, parameters)

    def explains(self, command: str) -> bool:
        # What only a second window can do, or only a coordinator's laptop.
        if command in {"write-here", "cycles", "figures"}:
            return bool(self.check_action("command", (command,)))
        return super().explains(command)

    def command_write_here(self) -> None:
        """Become the window that records, once the other is closed."""
        if not self.app.reads_only:
            return
        if self.app.may_write_or_says():
            self.kit_opened()
        else:
            self._draw()  # the reason why this window does not record may have changed
            self.refresh_bindings()

    def _choose_event(self, hint: str = CHOOSE_FIRST) -> None:
        """Let the person choose the event, then open its board."""
        if self.app.kit is None or self.app.me is None:
            return

        def chosen(event_id: str | None) -> None:
            if event_id:
                self._go("stall")

        self.app.open_screen("records", "event", choosing=True, hint=hint, then=chosen)

    def command_mentoring(self) -> None:
        """Pairs and sessions."""
        self._go("mentoring")

    def command_paper(self) -> None:
        """Piles of paper, and forms to print."""
        self._go("piles")

    def command_events(self) -> None:
        """The events, to choose one or look at them."""
        self._choose_event("")

    def command_people(self) -> None:
        """The people."""
        self._go("records", "person")

    def command_partners(self) -> None:
        """The partners."""
        self._go("records", "partner")

    def command_everything(self) -> None:
        """Every kind of record."""
        self._go("everything")

    def command_export(self) -> None:
        """Write a bundle at once."""
        self._go("sync", True)

    def command_sync(self) -> None:
        """Send and receive."""
        self._go("sync")

    def command_cycles(self) -> None:
        """The commissioning cycles."""
        self._go("cycles")

    def command_figures(self) -> None:
        """A provider's figures, or a population."""
        self._go("figures_import")

    def command_provider_names(self) -> None:
        """Which names in feedback mean which provider."""
        self._go("provider_names")

    def command_look_alikes(self) -> None:
        """People with similar names."""
        self._go("look_alikes")

    def command_summary(self) -> None:
        """What the records say."""
        self._go("summary")

    def command_find(self) -> None:
        """Search."""
        self._go("find")

    def command_safety(self) -> None:
        """Backups, the passphrase, withdrawal, undoing."""
        self._go("safety")

    def command_unfinished(self) -> None:
        """Unfinished entries."""
        self._go("drafts")

    def command_conflicts(self) -> None:
        """Conflicts."""
        self._go("conflicts")

    def command_hand_over(self) -> None:
        """Hand the laptop to a respondent."""
        from fieldkit.screens.base.hand_over_pin import (
            hand_laptop_over,
        )  # with the store, after the first frame

        if self.app.kit is not None and self.app.me is not None:
            hand_laptop_over(self)

    async def command_lock(self) -> None:
        """Close the kit and leave."""
        await self.app.leave()

    def _go(self, name: str, *args: object) -> None:
        if self.app.kit is None or self.app.me is None:
            return  # still being opened: a key pressed too early does nothing
        if name == "stall":
            self._board_shown = True  # whoever leaves the board stays at home
        self.app.open_screen(name, *args)
