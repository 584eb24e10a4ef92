"""The laptops of the network: which are trusted and what each may do; trusting and revoking them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import LAPTOPS
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.exchange.devices import (
    ROLES,
    Laptop,
    Laptops,
    laptops,
    one_copy_sentence,
)
from fieldkit.presentation.exchange.flood_texts import DROPPED_SENTENCE, flood_sentence
from fieldkit.presentation.exchange.roster_change_texts import carried_sentence, change_lines, undone_sentence
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.wording import six_words
from fieldkit.screens.base.erasures_box import show_erasures
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.work_screen import one_at_a_time
from fieldkit.screens.exchange.laptop_trust import trust_laptop
from fieldkit.store.kit import Kit, Progress
from fieldkit.sync.network.floods import drop_flood, flood_of
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.known_replicas import retire_others
from fieldkit.sync.peers.roster_changes import (
    RosterChange,
    carried_changes,
    roster_changes,
    undo_roster_changes,
)
from fieldkit.sync.setup import revoke
from fieldkit.text import clean_line, quoted
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("name", "Laptop", 3, 18, names=True),
    Column("role", "May do", 0, 11),
    Column("status", "Trust", 0, 15),
    Column("heard", "Changes", 0, 18),
    Column("words", "Six words", 0, 48, optional=True),
)
_LONGEST_NAME = 80
_MARKS = {"waiting": "!", "revoked": "×"}


class PeopleTrustScreen(ListScreen[Laptops, Laptop]):
    """The roster."""

    CSS_PATH = "devices_screen.tcss"
    COMMANDS_FOR = LAPTOPS
    HELP = (
        "Only bundles of trusted laptops are merged. A laptop that sends its first bundle waits here until a "
        "coordinator has compared its six words with its user. Revoking a laptop keeps what it sent before. "
        "An exclamation mark shows a laptop with missing changes, or with a copy that wrote something twice."
    )
    PAGE_TITLE, LIST_ID, READING = "Laptops", "laptops", "reading the laptops"
    COLUMNS, EMPTY, WHOLE = _COLUMNS, "No laptops are known here yet.", ("name",)
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(LAPTOPS)

    def __init__(self) -> None:
        super().__init__()
        self._laptops_read = Laptops([], False, 0)

    def read(self, kit: Kit) -> Laptops:
        return laptops(kit, self.me)

    def rows(self, state: Laptops) -> Iterator[tuple[Row, Laptop]]:
        self._laptops_read = state
        waiting = sum(laptop.member.waiting for laptop in state.rows)
        trusted = sum(laptop.member.status == "trusted" for laptop in state.rows)
        gaps = sum(bool(laptop.arrivals.missing) for laptop in state.rows)
        more = f" · {waiting} waiting" * bool(waiting) + f" · {gaps} with gaps" * bool(gaps)
        self.page_note = f"{trusted} trusted{more}"
        for laptop in state.rows:
            cells = (
                laptop.label,
                laptop.role,
                "this laptop" if laptop.own else laptop.status,
                laptop.shown_arrivals(state.now) if state.coordinating else "",
                laptop.member.key.six_words,
            )
            mark = "!" if laptop.to_look_at else _MARKS.get(laptop.member.status, "")
            yield Row(laptop.member.device, cells, mark), laptop

    def detail(self, item: Laptop) -> Content:
        return _detail(item, self._laptops_read.now)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"trust", "revoke", "rename", "role", "drop", "alone"}:
            laptop = self.current
            if laptop is None or not self._laptops_read.coordinating or self.busy:
                return False
            if parameters[0] == "trust":
                return laptop.member.status != "trusted"
            if parameters[0] == "alone":
                return self._laptops_read.lost if laptop.own else laptop.goes_on_as_copies
            if parameters[0] == "drop":
                return not (laptop.member.waiting or laptop.founder or laptop.own)
            if parameters[0] == "rename":
                return laptop.member.status == "trusted"
            return laptop.member.status == "trusted" and not laptop.founder and not laptop.own
        return super().check_action(action, parameters)

    # Commands

    @one_at_a_time
    async def command_trust(self) -> None:
        """Trust a laptop that waits or was revoked."""
        laptop = self.current
        if laptop is not None and await trust_laptop(
            self,
            laptop.member.key.fingerprint,
            name=laptop.name if laptop.named else "",
        ):
            self.read_again()

    @one_at_a_time
    async def command_rename(self) -> None:
        """Rename a laptop."""
        laptop = self.current
        if laptop is None:
            return
        named = await self.app.push_screen_wait(
            AskLine("Its name", "A name for this laptop, for everybody.", value=laptop.name)
        )
        if named is not None:
            name = clean_line(named)[:_LONGEST_NAME]
            await self._put(laptop, name=name)
            self.show_notice(f"Renamed: {name}. The others get this with the next network file.")

    @one_at_a_time
    async def command_role(self) -> None:
        """Change what a laptop may do."""
        laptop = self.current
        if laptop is None:
            return
        options = [
            Option("field", "field: records and sends what it recorded"),
            Option("deputy", "deputy: merges, trusts and erases as well"),
            Option("coordinator", "coordinator of a region or cluster"),
        ]
        start = next((at for at, option in enumerate(options) if option.code == laptop.member.role), 0)
        role = await self.app.push_screen_wait(
            Choose(f"What may {quoted(laptop.name, _LONGEST_NAME)} do?", options, start=start)
        )
        if role is not None and role != laptop.member.role:
            await self._put(laptop, role=role)
            self.show_notice(
                f"{laptop.name} is now: {ROLES.get(role, role)}. The others get this with the next network file."
            )

    async def _put(self, laptop: Laptop, *, name: str = "", role: str = "") -> None:
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> None:
            roster = Roster(kit, me)
            roster.put(roster.members[laptop.member.device], status="trusted", name=name, role=role)

        await self.do("changing the list", work, saving=True)
        self.read_again()

    @one_at_a_time
    async def command_alone(self) -> None:
        """Say that of a laptop's copies one is left."""
        laptop, kit = self.current, self.kit
        if laptop is None:
            return
        text = (
            "Ask its user first. Erasures are then waited for from the copy with the latest bundle alone. "
            "Another copy that sends something counts again."
        )
        asked = Confirm(f"Is one copy of {laptop.name} left?", text, yes="one is left", no="leave it")
        if not await self.app.push_screen_wait(asked):
            return
        device = laptop.member.device
        left_out = await self.do("noting it", lambda _: retire_others(kit, device), saving=True)
        self.show_notice(one_copy_sentence(laptop.name, left_out))
        self.read_again()

    @one_at_a_time
    async def command_drop(self) -> None:
        """Drop what a laptop flooded the network with."""
        laptop, kit, me = self.current, self.kit, self.me
        if laptop is None:
            return

        def look(on_progress: Progress) -> str:
            flood = flood_of(kit, me, laptop.member.device)
            return flood_sentence(laptop.name, flood) if flood.changes else ""

        sentence = await self.do("looking at what it added", look)
        if not sentence:
            self.show_notice(f"{laptop.name} has added nothing that can be dropped.")
            return
        text = f"{sentence}\n\nIt goes from every laptop, and can't be restored. Revoke the laptop first if it was stolen."
        asked = Confirm("Drop all of it?", text, yes="drop it", no="keep it", careful=True)
        if not await self.app.push_screen_wait(asked):
            return
        await self.do("dropping it", lambda _: drop_flood(kit, me, laptop.member.device), saving=True)
        self.show_notice(DROPPED_SENTENCE)
        self.read_again()

    @one_at_a_time
    async def command_erasures(self) -> None:
        """What was erased, and who has not confirmed it."""
        await show_erasures(self)

    @one_at_a_time
    async def command_revoke(self) -> None:
        """Revoke a laptop."""
        laptop = self.current
        if laptop is None:
            return
        text = (
            f"{laptop.name}\n\nIts bundles will be quarantined from now on. What it sent before stays. "
            "It can be trusted again at any time."
        )
        asked = Confirm("Revoke this laptop?", text, yes="revoke it", no="leave it", careful=True)
        if not await self.app.push_screen_wait(asked):
            return
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> tuple[str, list[RosterChange], list[RosterChange]]:
            member = revoke(kit, me, laptop.member.key.fingerprint)
            device = member.device
            return member.name, roster_changes(kit, me, device), carried_changes(kit, me, device)

        name, changes, carried = await self.do("revoking it", work, saving=True)
        self.show_notice(f"{name} is revoked: nothing more is accepted from it.")
        if changes:
            await self._offer_undo(f"Undo what {name} changed in the roster?", "", changes)
        if carried:
            title = f"Undo what {name} sent under other names?"
            await self._offer_undo(title, f"{carried_sentence(name)}\n\n", carried)
        self.read_again()

    async def _offer_undo(self, title: str, before: str, changes: list[RosterChange]) -> None:
        """Show what a revoked laptop changed for everybody, and offer to undo it."""
        lines = "\n".join(change_lines(changes))
        text = f"{before}{lines}\n\nLaptops that these changes trusted are revoked; the rest goes back to what it was."
        asked = Confirm(title, text, yes="undo it", no="leave it")
        if not await self.app.push_screen_wait(asked):
            return
        kit, me = self.kit, self.me
        undone = await self.do("undoing it", lambda _: undo_roster_changes(kit, me, changes), saving=True)
        self.show_notice(undone_sentence(undone))


def _detail(laptop: Laptop, now: int) -> Content:
    """What to say about a laptop: gaps, silence, copies; its six words; what waits."""
    parts: list[str | Content | tuple[str, str]] = []
    receipt, alone = with_keys("{sync[receipt]} on “send and receive”"), with_keys("press {laptops[alone]}")
    for attention, sentence in laptop.sentences(now, receipt, alone):
        parts += [("! ", "bold $warning"), f"{sentence}\n"] if attention else [f"{sentence}\n"]
    waits, key = laptop.member.waiting, laptop.member.key
    parts += [
        ("! " if waits else "", "bold $warning"),
        "It sent a bundle and waits. Compare its six words with its user:" if waits else "Its six words:",
        "\n",
        (six_words(key.six_words), "bold"),
        "\n",
        (key.fingerprint, "$text-muted"),
    ]
    return Content.assemble(*parts)
