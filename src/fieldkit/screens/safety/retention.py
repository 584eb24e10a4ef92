"""Old text: the records whose free text the network no longer keeps, shown before the text is erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import OLD_TEXT
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.record_names import lines_by_name
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.work_screen import Working, WorkScreen, one_at_a_time
from fieldkit.store.kit import Kit, Progress
from fieldkit.sync.network import network_rules, old_text
from fieldkit.sync.network.old_text import day_of, retain
from fieldkit.text import shortened
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.listing import LOOKING, Listing
from fieldkit.widgets.plain import Hanging, plain
from fieldkit.widgets.sources import Column, Row

_ASKED_FIRST = with_keys("Nothing is erased before you say so with {old-text[take-out]}.")
_DISAGREE = f"{network_rules.DISAGREE} {with_keys('Set the time in Safety with {safety[rules]}; nothing is erased before.')}"
_COLUMNS = (
    Column("date", "Date", 0, 11),
    Column("kind", "Kind", 0, 10),
    Column("line", "Record", 2, 18),
    Column("words", "Text that goes", 4, 24),
)


@dataclass
class DueSource:
    """The records that are due, (kind, id) each, read page by page."""

    kit: Kit
    due: list[tuple[str, str]]

    def count(self) -> int:
        """How many there are."""
        return len(self.due)

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        """At most `limit` of them from `offset` on."""
        wanted = self.due[offset : offset + limit]
        names = dict.fromkeys(name for name, _ in wanted)
        held = {name: self.kit.many(name, [id for of, id in wanted if of == name]) for name in names}
        records = [held[name][record_id] for name, record_id in wanted if record_id in held[name]]
        lines = lines_by_name(self.kit, records, self.kit.terms())
        rows = []
        for record in records:
            fields = kind(record.kind).fields
            texts = [str(value) for name, value in record.values.items() if fields[name].shape == "text"]
            rows.append(
                Row(
                    record.name,
                    (
                        short_date(day_of(record)),
                        kind(record.kind).title,
                        lines[record.name],
                        shortened(" / ".join(texts), 200) or "(in its history)",
                    ),
                )
            )
        return rows


class RetentionScreen(WorkScreen):
    """The records that are due, and the words that would be erased."""

    CSS_PATH = "../records/history_screen.tcss"
    COMMANDS_FOR = OLD_TEXT
    PAGE_TITLE = "Old text"
    HELP = (
        "After the time that the network has set, the free text is erased from feedback, mentorships and "
        "mentoring sessions: here, and by the next bundles and network files from every other copy. Codes, "
        "numbers, dates, links and answers of one line stay. Private notes never leave the laptop they were "
        "written on, and are not touched."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(OLD_TEXT)

    def __init__(self) -> None:
        super().__init__()
        self._due: list[tuple[str, str]] = []
        self._months = 0

    def body(self) -> ComposeResult:
        yield Listing(_COLUMNS, DueSource(self.kit, []), empty=LOOKING, id="changes")
        yield Static(id="detail")
        yield Working()

    def on_mount(self) -> None:
        self.query_one(Listing).focus()
        self.start(self._look)

    async def _look(self) -> None:
        kit = self.kit

        def work(on_progress: Progress) -> tuple[bool, int, list[tuple[str, str]]]:
            disputed, months = network_rules.time_disputed(kit), network_rules.rules(kit).retention_months
            return disputed, months, old_text.due_oldest_first(kit, months) if months and not disputed else []

        disputed, self._months, self._due = await self.do("looking for old text", work)
        self.page_title = f"Old text · {counted(len(self._due), 'record')}"
        self.query_one(Listing).show(
            DueSource(kit, self._due), empty=_DISAGREE if disputed else "No text is too old."
        )
        months = counted(self._months, "month")
        self.query_one("#detail", Static).update(
            Hanging(
                Content.assemble(
                    ("! ", "bold $warning"),
                    plain(f"Free text older than {months}. {_ASKED_FIRST}"),
                )
            )
            if self._due
            else Content("")
        )
        self.refresh_bindings()

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.open_screen("record_view", message.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "take-out":
            return bool(self._due) and not self.busy
        return super().check_action(action, parameters)

    @one_at_a_time
    async def command_take_out(self) -> None:
        """Erase the words, after asking."""
        asked = Confirm(
            f"Erase the text of {counted(len(self._due), 'record')}?",
            "Their free text is erased for good, in every copy. Codes, numbers, dates and links stay.",
            yes="erase it",
            no="leave it",
            careful=True,
        )
        if not await self.app.push_screen_wait(asked):
            return
        kit, me = self.kit, self.me

        number = await self.do("erasing old text", partial(retain, kit, me), saving=True)
        await self._look()
        self.show_notice(
            f"The text was erased from {counted(number, 'record')}; codes, numbers, dates and links stay."
        )
