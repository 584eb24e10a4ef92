"""Piles of paper: continue one, begin another, return to doubtful sheets, print forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import PILES
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.paper.form_files import FormsWritten, write_forms
from fieldkit.presentation.paper.piles import TITLES, Pile, after_a_kill, forget_pile, piles
from fieldkit.presentation.record_names import lines_of
from fieldkit.presentation.wording import counted
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.dates import short_date
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.places import where_it_lies
from fieldkit.screens.base.screen import in_background, in_thread
from fieldkit.screens.base.work_screen import one_at_a_time
from fieldkit.store.kit import Kit, Progress
from fieldkit.store.local.known_settings import FORMS_FOLDER
from fieldkit.text import plural
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("what", "Pile", 2, 24),
    # Next to the pile, since a small window has no room for the last columns.
    Column("next", "Next", 0, 16),
    Column("event", "Event", 3, 16),
    Column("date", "Date", 0, 11),
    Column("doubtful", "Come back", 0, 9, "right"),
)


_WHICH_FORMS = (
    "feedback-en.html is the feedback form in English, monitoring-en.html its back. sign-in is for names, head-counts "
    "for counting.\n\nOpen a file in a browser and print it on A4."
)


class PilesScreen(ListScreen[list[tuple[Row, Pile]], Pile]):
    """Every pile, the newest first."""

    COMMANDS_FOR = PILES
    HELP = (
        "Enter what was written on paper. What repeats on every sheet is asked once. You can leave a pile at any "
        "time, and go on later at the same sheet."
    )
    PAGE_TITLE, LIST_ID, READING = "Paper", "piles", "looking for piles of paper"
    COLUMNS, LISTING = _COLUMNS, Listing
    WHOLE = ("event",)
    EMPTY = "No pile yet. Press {piles[new]} to enter one, {piles[print]} to print forms."
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(PILES)

    def read(self, kit: Kit) -> list[tuple[Row, Pile]]:
        kept = [pile if pile.is_done else after_a_kill(kit, pile) for pile in piles(kit)]
        events = kit.many("event", [str(pile.shared.get("event", "")) for pile in kept])
        lines = lines_of(kit, events.values(), kit.terms(), longest=IN_LIST)
        return [(_row(pile, lines.get(str(pile.shared.get("event", "")), "")), pile) for pile in kept]

    def rows(self, state: list[tuple[Row, Pile]]) -> Iterable[tuple[Row, Pile]]:
        return state

    def detail(self, item: Pile) -> Content:
        if item.is_done:
            return plain(
                with_keys(
                    f"Every {item.unit} is entered. {{everywhere[last-code]}} shows the last receipt code again."
                )
            )
        refused = f", {item.refused:,} without consent" if item.refused else ""
        sentences = [f"Next: {next_of(item)}. {item.entered:,} entered{refused}."]
        if item.doubtful:
            sheets = ", ".join(str(number) for number in sorted(item.doubtful.values()))
            units = plural(len(item.doubtful), item.unit, f"{item.unit}s")
            sentences.append(f"To come back to: {units} {sheets}." + with_keys(" Press {piles[doubtful]}."))
        return plain("\n".join(sentences))

    def on_listing_chosen(self) -> None:
        if (pile := self.current) is not None and not pile.is_done:
            self.app.open_screen("stack", pile.id)

    def command_new(self) -> None:
        """Set up a new pile, then enter it."""
        self.app.open_screen("pile_set_up", then=self._begun)

    def _begun(self, pile_id: str | None) -> None:
        if pile_id:
            self.app.open_screen("stack", pile_id)

    def command_doubtful(self) -> None:
        """Enter the next doubtful sheet of the pile under the cursor."""
        if (pile := self.current) is not None and pile.doubtful:
            self.app.open_screen("stack", pile.id, doubtful=True)

    @in_background
    async def command_forget(self) -> None:
        """Forget the pile under the cursor."""
        pile = self.current
        if pile is None:
            return
        if pile.is_done or await self.app.push_screen_wait(
            Confirm(
                "Forget this pile?",
                f"Entered: {pile.entered:,} of {counted(pile.sheets, pile.unit)}. What is entered stays; "
                "unfinished sheets stay among the unfinished entries.",
                yes="forget it",
                no="keep it",
                careful=True,
            )
        ):
            await self.kit_work(lambda kit: forget_pile(kit, pile.id), "forgetting a pile", saving=True)
            title = f"{TITLES[pile.sheets_of]}, {counted(pile.sheets, pile.unit)}"
            self.show_notice(f"{title}: the pile is forgotten. What was entered from it stays.")
            self.read_again()

    @one_at_a_time
    async def command_print(self) -> None:
        """Write the forms to a folder."""
        folder = await self.ask_where("Where to write the forms?", FORMS_FOLDER)
        if folder is None:
            return

        def work(_: Progress) -> FormsWritten:
            target = folder / f"forms-{datetime.now():%Y-%m-%d-%H%M%S}"
            written = write_forms(self.kit, target)
            self.kit.settings.put(FORMS_FOLDER, str(folder))
            return written

        written = await self.do("writing the forms", work)
        they_are = plural(len(written.names), "It is", "They are")
        lies = await in_thread(lambda: where_it_lies(folder, they_are))
        sheets = plural(len(written.names), "Wrote 1 form to", "Wrote {n} forms to")
        parts = [f"{sheets} {written.folder}.{lies}", _WHICH_FORMS, *written.notes]
        self.app.push_screen(Message("Forms to print", "\n\n".join(parts)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "forget":
            return self.current is not None
        if action == "command" and parameters[0] == "doubtful":
            return self.current is not None and bool(self.current.doubtful)
        return super().check_action(action, parameters)


def next_of(pile: Pile) -> str:
    """What to enter next: `sheet 12 of 40`, `back to sheet 7` if only doubtful ones are left."""
    if not pile.is_through:
        return f"{pile.unit} {pile.number:,} of {pile.sheets:,}"
    return f"back to {pile.unit} {min(pile.doubtful.values()):,}" if pile.doubtful else "all entered"


def _row(pile: Pile, event: str) -> Row:
    return Row(
        pile.id,
        [
            TITLES[pile.sheets_of],
            next_of(pile),
            event,
            short_date(str(pile.shared.get("date", ""))),
            f"{len(pile.doubtful):,}" if pile.doubtful else "",
        ],
    )
