"""Files that could not be accepted: from whom, when, why, and what can be done about each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import QUARANTINE
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.wording import counted, six_words, when
from fieldkit.quarantine_reasons import Reason, reason_of, short_reason, trust_cures
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.work_screen import one_at_a_time
from fieldkit.screens.exchange.laptop_trust import trust_laptop
from fieldkit.store.journal.merge_transaction import QuarantinedFile
from fieldkit.store.kit import Kit, Progress
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.merge import merge, merge_decided
from fieldkit.sync.merge.quarantine import remove
from fieldkit.sync.merge.quarantine_copies import Copies
from fieldkit.sync.merge.report import PASSED
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("name", "File", 3, 20, path=True),
    Column("from", "From", 2, 12),
    Column("at", "Quarantined", 0, 11),
    Column("why", "Why", 0, 16),
)

_DECIDING = frozenset({"records", "erase", "refuse"})
"""The commands for a file that erases many records."""


@dataclass(frozen=True)
class State:
    """What the screen shows: the files, the names of their senders, and who may do what."""

    files: Sequence[QuarantinedFile]
    names: Sequence[str]
    coordinating: bool
    now: int


def state_of(kit: Kit, me: Identity) -> State:
    """Read the list. Call it in a thread."""
    roster, files, names = Roster(kit, me), kit.ledger.quarantine(), []
    for file in files:
        name = "not known"
        with contextlib.suppress(ValueError):
            member = roster.members.get(PublicKey.from_ssh_line(file.device).device_id)
            name = member.shown if member else name
        names.append(name)
    return State(files, names, roster.coordinating, kit.clock())


class QuarantineScreen(ListScreen[State, QuarantinedFile]):
    """What is in quarantine."""

    CSS_PATH = "quarantine_screen.tcss"
    COMMANDS_FOR = QUARANTINE
    HELP = (
        "A file that can't be accepted is copied here, unopened, with the reason. It changed nothing, and it "
        "stops nothing else. Files of a laptop that is trusted later are merged by themselves."
    )
    PAGE_TITLE, LIST_ID, READING = "Quarantine", "quarantine", "reading the quarantine"
    COLUMNS, EMPTY, WHOLE = _COLUMNS, "No file is in quarantine.", ("name",)
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(QUARANTINE)

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None

    def read(self, kit: Kit) -> State:
        return state_of(kit, self.me)

    def rows(self, state: State) -> Iterator[tuple[Row, QuarantinedFile]]:
        self._state = state
        self.page_title = f"Quarantine · {counted(len(state.files), 'file')}"
        for file, name in zip(state.files, state.names, strict=True):
            cells = (file.name, name, when(file.at, state.now), short_reason(file.reason))
            yield Row(file.sha256, cells, "!"), file

    def detail(self, item: QuarantinedFile) -> Content:
        return _detail_of(item, self._state is not None and self._state.coordinating)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] in {"trust", "retry", "delete", *_DECIDING}:
            file, state = self.current, self._state
            if file is None or state is None or self.busy:
                return False
            if parameters[0] in _DECIDING:
                return state.coordinating and file.reason == Reason.MANY_ERASURES.code
            return parameters[0] != "trust" or (
                state.coordinating and trust_cures(file.reason) and bool(file.words)
            )
        return super().check_action(action, parameters)

    # Commands

    @one_at_a_time
    async def command_trust(self) -> None:
        """Trust the laptop that sent the file, and merge everything it sent."""
        file = self.current
        if file is not None and await trust_laptop(self, file.device, file=file.name):
            self.read_again()

    @one_at_a_time
    async def command_retry(self) -> None:
        """Try again to merge the file."""
        held = self.current
        if held is None:
            return
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> tuple[bool, str]:
            path = Copies(kit).path(held.sha256)
            if path is None:
                return False, ""
            report = merge(kit, me, [path], on_progress=on_progress)
            for again in report.quarantined:  # it keeps the name that it came with
                kit.ledger.add_to_quarantine(
                    replace(held, reason=again.reason, sentence=again.sentence, hint=again.hint)
                )
            passed = [
                f"{file.sentence} It is not kept here." for file in report.files if file.status == PASSED
            ]
            came = f"It is merged: {counted(report.total('new_ops'), 'change')} came in."
            return not report.quarantined, passed[0] if passed else came

        gone, sentence = await self.do("merging", work)
        if gone:
            self.app.note_saved()
            self.show_notice(f"{held.name}: {sentence}")
        else:
            self.show_notice(f"{held.name} still can't be accepted; it stays in quarantine.", "warning")
        self.read_again()

    def command_records(self) -> None:
        """The records that the file would erase."""
        if (file := self.current) is not None:
            self.app.open_screen("ordered_erasures", file)

    def command_erase(self) -> None:
        """Merge the file with what it erases."""
        self.start(partial(self._decide, True))

    def command_refuse(self) -> None:
        """Merge the file without what it erases."""
        self.start(partial(self._decide, False))

    async def _decide(self, erase: bool) -> None:
        file = self.current
        if file is None:
            return
        title = "Erase these records for good, in every copy?" if erase else "Refuse these erasures for good?"
        effect = (
            "Nothing brings them back."
            if erase
            else "The records stay, and nothing erases them by this order later."
        )
        asked = Confirm(
            title,
            f"{file.sentence}\n\n{effect}",
            yes="erase them" if erase else "refuse them",
            no="leave it waiting",
            careful=True,
        )
        if not await self.app.push_screen_wait(asked):
            return
        kit, me = self.kit, self.me

        def work(on_progress: Progress) -> tuple[bool, int]:
            decision = Erasing.LET if erase else Erasing.REFUSED
            report = merge_decided(kit, me, file, decision, on_progress)
            return not report.quarantined, report.total("erased")

        merged, erased = await self.do("merging", work, saving=True)
        if not merged:
            self.show_notice(f"{file.name} still can't be accepted; it stays in quarantine.", "warning")
        elif erase:
            self.show_notice(f"{file.name} is merged: {counted(erased, 'record')} erased.")
        else:
            self.show_notice(f"{file.name} is merged, and the records stay.")
        self.read_again()

    @one_at_a_time
    async def command_delete(self) -> None:
        """Delete the copy."""
        file = self.current
        if file is None:
            return
        text = (
            f"{file.name}\n\nIt leaves this list, and a copy kept here is deleted. What was not merged is then "
            "only where the file came from."
        )
        if not await self.app.push_screen_wait(
            Confirm("Delete it from quarantine?", text, yes="delete", no="keep", careful=True)
        ):
            return
        kit = self.kit
        await self.do("deleting it", lambda _: remove(kit, file))
        self.show_notice(f"{file.name} was deleted from quarantine.")
        self.read_again()


def _detail_of(file: QuarantinedFile, coordinating: bool) -> Content:
    """Why a file is in quarantine and what to do; for an unknown laptop, the six words to compare."""
    reason = reason_of(file.reason)
    decides = coordinating or reason is not Reason.MANY_ERASURES
    advice = with_keys(reason.advice if reason and decides else "") or file.hint
    if trust_cures(file.reason) and file.words:
        known = "Its laptop is not known here." if reason is Reason.UNKNOWN_SENDER else file.sentence
        return Content.assemble(
            ("! ", "bold $warning"),
            plain(known),
            " Its six words:\n",
            (six_words(file.words), "bold"),
            "\n",
            advice,
        )
    return Content.assemble(("! ", "bold $warning"), plain(file.sentence), "\n", plain(advice))
