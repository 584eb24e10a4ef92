"""The laptops of the network: which are trusted and what each may do; trusting and shutting out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands import LAPTOPS, bindings_for
from fieldkit.presentation.model.form import Option
from fieldkit.screens.base.work_screen import QuietList, Working, WorkScreen
from fieldkit.screens.exchange.device_texts import (
    ROLES,
    Laptop,
    Laptops,
    erasure_words,
    heard_words,
    laptops,
    told,
)
from fieldkit.screens.exchange.trusting import trust_laptop
from fieldkit.widgets.dialogs import AskLine, Choose, Confirm, Message
from fieldkit.widgets.sources import Column, ListSource, Row

if TYPE_CHECKING:
    from fieldkit.store.kit import Progress

_COLUMNS = (
    Column("name", "laptop", 3, 18),
    Column("role", "may do", 0, 11),
    Column("status", "trust", 0, 15),
    Column("heard", "changes", 0, 18),
    Column("words", "six words", 0, 48),
)
_STATUS = {"trusted": "trusted", "waiting": "waits for trust", "revoked": "revoked"}
_MARKS = {"waiting": "!", "revoked": "×"}


class PeopleTrustScreen(WorkScreen):
    """The roster."""

    CSS_PATH = "devices.tcss"
    COMMANDS_FOR = LAPTOPS
    HELP = (
        "Only bundles of trusted laptops are merged. A laptop that sends its first bundle waits here until a "
        "coordinator has compared its six words with its user. Revoking a laptop keeps what it sent before. "
        "What is missing of a laptop, or was written twice by a copy of it, is marked with an exclamation mark."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(LAPTOPS)

    def __init__(self) -> None:
        super().__init__()
        self._found = Laptops([], False, 0)

    def body(self) -> ComposeResult:
        yield QuietList(_COLUMNS, ListSource(), empty="No laptops are known here yet.", id="laptops")
        yield Static(id="detail")
        yield Working()

    def on_mount(self) -> None:
        super().on_mount()
        self.page_title = "Laptops"
        self.query_one(QuietList).focus()
        self._read()

    def _read(self) -> None:
        me = self.me
        self.run_kit(lambda kit: laptops(kit, me), self._show, what="reading the laptops", group="read")

    def _show(self, found: Laptops) -> None:
        self._found = found
        waiting = sum(one.status == "waiting" for one in found.rows)
        trusted = sum(one.status == "trusted" for one in found.rows)
        gaps = sum(bool(one.arrivals.missing) for one in found.rows)
        said = f" · {waiting} waiting" * bool(waiting) + f" · {gaps} with gaps" * bool(gaps)
        self.page_title = f"Laptops · {trusted} trusted{said}"
        rows = [
            Row(
                one.device,
                (
                    one.name if one.named else "not named yet",
                    ROLES.get(one.role, one.role),
                    "this laptop" if one.own else _STATUS.get(one.status, one.status),
                    heard_words(one, found.now) if found.coordinating else "",
                    one.words,
                ),
                "!" if one.to_look_at else _MARKS.get(one.status, ""),
            )
            for one in found.rows
        ]
        self.query_one(QuietList).show(ListSource(rows), keep_cursor=True)
        self._detail()
        self.refresh_bindings()

    @property
    def current(self) -> Laptop | None:
        """The laptop under the cursor."""
        row = self.query_one(QuietList).current if self.is_mounted else None
        return next((one for one in self._found.rows if row is not None and one.device == row.id), None)

    def on_listing_moved(self) -> None:
        self._detail()
        self.refresh_bindings()

    def _detail(self) -> None:
        one = self.current
        self.query_one("#detail", Static).update(told(one, self._found.now) if one else Content(""))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"trust", "revoke", "rename", "role"}:
            one = self.current
            if one is None or not self._found.coordinating or self.busy:
                return False
            if parameters[0] == "trust":
                return one.status != "trusted"
            if parameters[0] == "rename":
                return one.status == "trusted"
            return one.status == "trusted" and not one.founder and not one.own
        return super().check_action(action, parameters)

    # Commands

    def command_trust(self) -> None:
        """Trust a laptop that waits or was shut out."""
        self.start(self._trust)

    async def _trust(self) -> None:
        one = self.current
        if one is not None and await trust_laptop(
            self, one.words, one.fingerprint, name=one.name if one.named else ""
        ):
            self._read()

    def command_rename(self) -> None:
        """Call a laptop something else."""
        self.start(self._rename)

    async def _rename(self) -> None:
        one = self.current
        if one is None:
            return
        named = await self.app.push_screen_wait(
            AskLine("Its name", "A name for this laptop, for everybody.", value=one.name)
        )
        if named is not None:
            await self._put(one, name=named)
            self.tell("It has its new name. The others hear of it with the next network file (i there).")

    def command_role(self) -> None:
        """Change what a laptop may do."""
        self.start(self._role)

    async def _role(self) -> None:
        one = self.current
        if one is None:
            return
        options = [
            Option("field", "records in the field, and sends what it recorded"),
            Option("deputy", "deputy: merges, trusts and erases as the coordinator does"),
            Option("coordinator", "coordinator, of a region or cluster"),
        ]
        start = next((at for at, option in enumerate(options) if option.code == one.role), 0)
        role = await self.app.push_screen_wait(Choose(f"What may {one.name} do?", options, start=start))
        if role is not None and role != one.role:
            await self._put(one, role=role)
            self.tell(f"{one.name} is now: {ROLES[role]}. The others hear of it with the next network file.")

    async def _put(self, one: Laptop, *, name: str = "", role: str = "") -> None:
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> None:
            from fieldkit.sync.network.roster import Roster
            from fieldkit.text import clean_line

            roster = Roster(kit, me)
            roster.put(roster.members[one.device], status="trusted", name=clean_line(name)[:80], role=role)

        await self.do("changing the list", work)
        self.app.note_saved()
        self._read()

    def command_erasures(self) -> None:
        """What was erased, and who has not confirmed it."""
        self.start(self._erasures)

    async def _erasures(self) -> None:
        kit, me = self.kit, self.me
        words = await self.do("looking for erasures", lambda _: erasure_words(kit, me))
        self.app.push_screen(Message("Erased and withdrawn", words))

    def command_revoke(self) -> None:
        """Shut a laptop out."""
        self.start(self._revoke)

    async def _revoke(self) -> None:
        one = self.current
        if one is None:
            return
        words = (
            f"{one.name}\n\nIts bundles will be quarantined from now on. What it sent before stays. "
            "It can be trusted again at any time."
        )
        asked = Confirm("Revoke this laptop?", words, yes="revoke it", no="leave it", careful=True)
        if not await self.app.push_screen_wait(asked):
            return
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> str:
            from fieldkit.sync.setup import revoke

            return revoke(kit, me, one.fingerprint).name

        name = await self.do("revoking it", work)
        self.app.note_saved()
        self.tell(f"{name} is revoked: nothing more of it is accepted.")
        self._read()
