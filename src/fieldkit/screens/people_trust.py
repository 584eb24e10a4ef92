"""The laptops of the network: which are trusted and what each may do; trusting and shutting out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.screens.base import key
from fieldkit.screens.wording import ask_words, counted, six_words
from fieldkit.screens.working import QuietList, Working, WorkScreen
from fieldkit.widgets.dialogs import Confirm
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, ListSource, Row

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit, Progress
    from fieldkit.sync.identity import Identity

_COLUMNS = (
    Column("name", "laptop", 2, 18),
    Column("role", "may do", 0, 11),
    Column("status", "trust", 0, 15),
    Column("words", "six words", 0, 48),
)
_STATUS = {"trusted": "trusted", "waiting": "waits for trust", "revoked": "shut out"}
_MARKS = {"waiting": "!", "revoked": "×"}
_ORDER = ("waiting", "trusted", "revoked")


@dataclass(frozen=True)
class Laptop:
    """One row, in plain values."""

    device: str
    name: str
    role: str
    status: str
    words: str
    fingerprint: str
    founder: bool
    own: bool


def laptops(kit: Kit, me: Identity) -> tuple[list[Laptop], bool]:
    """Every laptop, those that wait first; and whether this one may change the list. For a thread."""
    from fieldkit.sync.roster import Roster

    roster = Roster(kit, me)
    found = [
        Laptop(
            member.device,
            member.name,
            member.role,
            member.status,
            member.key.words,
            member.key.fingerprint,
            member.key == me.founder,
            member.device == me.device,
        )
        for member in [*roster.waiting(), *roster.members.values()]
    ]
    found.sort(key=lambda one: (_ORDER.index(one.status) if one.status in _ORDER else 3, one.name.casefold()))
    return found, roster.coordinating


class PeopleTrustScreen(WorkScreen):
    """The roster."""

    CSS_PATH = "people_trust.tcss"
    COMMANDS_FOR = "laptops"
    HELP = (
        "Only bundles of trusted laptops are merged. A laptop that sends its first bundle waits here until a "
        "coordinator has compared its six words with its keeper. Shutting one out keeps what it sent before."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "command('back')", "back", tooltip="Go back."),
        Binding("f1", "command('help')", "help", tooltip="Explain this screen."),
        key("t", "trust", "trust", "Trust the laptop after comparing its six words, and merge what it sent."),
        key("d", "revoke", "shut out", "Accept nothing more of this laptop; what it sent before stays."),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._laptops: Sequence[Laptop] = ()
        self._coordinating = False

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

    def _show(self, found: tuple[Sequence[Laptop], bool]) -> None:
        self._laptops, self._coordinating = found
        waiting = sum(one.status == "waiting" for one in self._laptops)
        trusted = sum(one.status == "trusted" for one in self._laptops)
        said = f" · {waiting} waiting" if waiting else ""
        self.page_title = f"Laptops · {trusted} trusted{said}"
        rows = [
            Row(
                one.device,
                (
                    "not named yet" if one.name == one.words else one.name,
                    "record" if one.role == "field" else one.role,
                    "this laptop" if one.own else _STATUS.get(one.status, one.status),
                    one.words,
                ),
                _MARKS.get(one.status, ""),
            )
            for one in self._laptops
        ]
        self.query_one(QuietList).show(ListSource(rows))
        self._detail()
        self.refresh_bindings()

    @property
    def current(self) -> Laptop | None:
        """The laptop under the cursor."""
        row = self.query_one(QuietList).current if self.is_mounted else None
        return next((one for one in self._laptops if row is not None and one.device == row.id), None)

    def on_listing_moved(self) -> None:
        self._detail()
        self.refresh_bindings()

    def _detail(self) -> None:
        one = self.current
        self.query_one("#detail", Static).update(_told(one) if one else Content(""))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"trust", "revoke"}:
            one = self.current
            if one is None or not self._coordinating or self.busy:
                return False
            if parameters[0] == "trust":
                return one.status != "trusted"
            return one.status == "trusted" and not one.founder and not one.own
        return super().check_action(action, parameters)

    # Commands

    def command_trust(self) -> None:
        """Trust a laptop that waits or was shut out."""
        self.start(self._trust)

    async def _trust(self) -> None:
        one = self.current
        if one is None:
            return
        asked = Confirm(
            "Trust this laptop?", ask_words(one.words), yes="they agree: trust it", no="no", careful=True
        )
        if not await self.app.push_screen_wait(asked):
            return
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> tuple[str, int]:
            from fieldkit.sync.network import trust

            member, report = trust(kit, me, one.fingerprint, on_progress=on_progress)
            return member.name, report.total("new_ops")

        name, ops = await self.do("merging", work)
        self.app.note_saved()
        self.tell(f"{name} is trusted now, and {counted(ops, 'change')} of it came in.")
        self._read()

    def command_revoke(self) -> None:
        """Shut a laptop out."""
        self.start(self._revoke)

    async def _revoke(self) -> None:
        one = self.current
        if one is None:
            return
        words = (
            f"{one.name}\n\nIts bundles will be set aside from now on. What it sent before stays. "
            "It can be trusted again at any time."
        )
        asked = Confirm("Shut this laptop out?", words, yes="shut it out", no="leave it", careful=True)
        if not await self.app.push_screen_wait(asked):
            return
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> str:
            from fieldkit.sync.network import revoke

            return revoke(kit, me, one.fingerprint).name

        name = await self.do("shutting it out", work)
        self.app.note_saved()
        self.tell(f"{name} is shut out: nothing more of it is accepted.")
        self._read()


def _told(one: Laptop) -> Content:
    """A laptop's words in large, its fingerprint, and what waits."""
    waits = "It sent a bundle and waits. Compare its six words with its keeper:"
    head = waits if one.status == "waiting" else "Its six words:"
    return Content.assemble(
        ("! " if one.status == "waiting" else "", "bold $warning"),
        plain(head),
        "\n",
        (six_words(one.words), "bold"),
        "\n",
        (one.fingerprint, "$text-muted"),
    )
