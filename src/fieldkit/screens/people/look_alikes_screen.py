"""People with similar names: both records side by side, and one key that decides whether they are one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import LOOK_ALIKES
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.people.look_alike_list import (
    JOINED,
    LookAlike,
    joined_pairs,
    look_alikes,
    names_apart,
    none_waiting,
    reason_of,
    short_reason,
    suggested_kept,
)
from fieldkit.presentation.people.look_alike_search import find_look_alikes
from fieldkit.presentation.people.person_joins import (
    DIFFERENT,
    NOT_SURE,
    SAME,
    Answered,
    answer,
    join,
    part,
    undo,
)
from fieldkit.presentation.people.side_by_side import Beside, differing, side_by_side
from fieldkit.screens.base.screen import beside_moves, in_background, latest_only
from fieldkit.screens.base.work_screen import QuietList, Working, WorkScreen
from fieldkit.store.kit import Kit
from fieldkit.sync.network.roster import Roster
from fieldkit.widgets.plain import fit, pad, plain, wrapped
from fieldkit.widgets.sources import Column, ListSource, Row

_COLUMNS = (
    Column("one", "One record", 4, 16),
    Column("other", "Other record", 4, 16),
    Column("why", "Why", 1, 12),
)
_MARKS = {SAME: "=", NOT_SURE: "?", JOINED: "+"}
_STEPS, _CANCELLED = "people with similar names", "people with similar names undone"
_MOST_CHOSEN = 9
_LEAST_LISTED = 4
"""Rows of the list including its head, even on the smallest screen."""
_Lines = tuple[LookAlike, str, list[Beside]]


class _Pairs(QuietList):
    """The list of pairs. It has few rows, so the page keys scroll the two records instead."""

    def action_page(self, by: int) -> None:
        pane = self.screen.query_one("#pane", VerticalScroll)
        pane.scroll_relative(y=by * max(1, pane.size.height - 1), animate=False)


class LookAlikesScreen(WorkScreen):
    """The pairs that wait for an answer, the likeliest first, then the joined ones."""

    CSS_PATH = "look_alikes_screen.tcss"
    COMMANDS_FOR = LOOK_ALIKES
    PAGE_TITLE = "Similar names"
    HELP = with_keys(
        "Two records may be of one person. Compare them, then answer with one key; the page keys "
        "scroll long records. Where both have an answer, a number "
        "chooses the other one; {look-alikes[swap]} keeps the other record. No record is changed: {look-alikes[part]} "
        "makes two people again, on every laptop."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(LOOK_ALIKES),
        *(Binding(str(number), f"choose({number})", show=False) for number in range(1, _MOST_CHOSEN + 1)),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._pairs: list[LookAlike] = []
        self._lines: _Lines | None = None
        """The pair read last, which of its records is kept, and both records line by line."""
        self._taken: set[str] = set()
        self._coordinating = False
        self._compared = False

    def body(self) -> ComposeResult:
        yield _Pairs(_COLUMNS, ListSource(), empty="Comparing names …", id="pairs")
        yield Static(id="heads")
        with VerticalScroll(id="pane", can_focus=False):
            yield Static(id="beside")
        yield Static(id="choosing")
        yield Working()

    def on_mount(self) -> None:
        self.query_one(QuietList).focus()
        self._compare()

    @in_background
    async def _compare(self) -> None:
        """Show earlier results at once, then compare everybody."""
        await self._fill(look_alikes)
        kit = self.kit
        await self.do("comparing names", lambda on_progress: find_look_alikes(kit, on_progress))
        self._compared = True
        await self._fill(look_alikes)

    async def _fill(
        self, find: Callable[[Kit], list[LookAlike]], next_ones: Sequence[frozenset[str]] = ()
    ) -> None:
        """List the pairs. The cursor goes to the first of `next_ones` that is here; without any it stays at its pair."""
        me = self.me

        def read(kit: Kit) -> tuple[list[LookAlike], list[LookAlike], list[tuple[str, str]], bool, str]:
            waiting, joined = find(kit), joined_pairs(kit)
            names = names_apart(kit, [*waiting, *joined])
            return waiting, joined, names, Roster(kit, me).coordinating, none_waiting(kit)

        waiting, joined, names, self._coordinating, empty = await self.kit_work(
            read, "reading who looks like whom"
        )
        kept = self.current
        self._pairs = [*waiting, *joined]
        joins = f" · {len(joined):,} joined" if joined else ""
        rows = [
            Row(str(at), (*shown, short_reason(pair)), _MARKS.get(pair.answer, ""))
            for at, (pair, shown) in enumerate(zip(self._pairs, names, strict=True))
        ]
        listing = self.query_one(QuietList)
        if self._compared:
            listing.empty = empty
        if kept is not None and kept.answer == JOINED and waiting and not listing.cursor:
            kept = None  # nobody chose it: before names were compared, only joined pairs were known
        places = {_records_of(pair): at for at, pair in enumerate(self._pairs)}
        wanted = next_ones or ([_records_of(kept)] if kept else [])
        at = next((places[each] for each in wanted if each in places), 0 if next_ones else listing.cursor)
        listing.show(ListSource(rows))
        listing.cursor = min(at, max(0, len(rows) - 1))
        self._look()
        self.page_note = f"{len(waiting):,} to answer{joins}" if waiting else f"none to answer{joins}"

    @property
    def current(self) -> LookAlike | None:
        """The pair under the cursor."""
        row = self.query_one(QuietList).current if self.is_mounted else None
        return self._pairs[int(row.id)] if row is not None and int(row.id) < len(self._pairs) else None

    @property
    def _steps(self) -> list[Answered]:
        """What can be undone, the latest last."""
        steps: list[Answered] = self.app.undo_steps.setdefault(_STEPS, [])
        return steps

    @property
    def _cancelled(self) -> set[str]:
        """The refs of what was undone, and of the ops that undid it."""
        cancelled: set[str] = self.app.undo_steps.setdefault(_CANCELLED, set())
        return cancelled

    def on_listing_moved(self) -> None:
        self._look()

    def on_resize(self) -> None:
        if self.is_mounted:
            self._draw()

    # Both records

    @property
    def _in_view(self) -> _Lines | None:
        """Both records of the pair under the cursor, None while they are being read."""
        return self._lines if self._lines is not None and self._lines[0] == self.current else None

    @latest_only
    @beside_moves
    async def _look(self) -> None:
        pair = self.current
        if pair is not None and self._lines is not None and pair == self._lines[0]:
            return  # what was chosen stays
        if pair is None:
            self._lines = None
        else:

            def read(kit: Kit) -> tuple[str, list[Beside]]:
                kept = pair.one if pair.answer == JOINED else suggested_kept(kit, pair.one, pair.other)
                apart = pair.answer == JOINED
                return kept, side_by_side(kit, kept, _other(pair, kept), apart=apart)

            kept, lines = await self.kit_work(read, "reading both records")
            self._lines = pair, kept, lines
        self._taken = set()
        self._draw()
        self.query_one("#pane").scroll_home(animate=False)

    def _draw(self) -> None:
        (heads, drawn), choosing = self._drawn(), self._choosing()
        above = self.query_one("#heads", Static)
        above.display = bool(heads)
        above.update(Content("\n").join(heads))
        self.query_one("#beside", Static).update(Content("\n").join(drawn))
        self.query_one("#choosing", Static).update(Content("\n").join(choosing))
        # The list takes the room that both records leave; of long records, up to half of the room if it has enough pairs.
        room = self.query_one("#body").size.height - len(choosing) - len(heads) - bool(heads)
        listed = min(len(self._pairs) + 1, max(_LEAST_LISTED, room // 2))
        self.query_one("#pane").styles.max_height = max(3, room - listed)
        self.refresh_bindings()

    def _drawn(self) -> tuple[list[Content], list[Content]]:
        """What stays in view above both records, and the records, line by line."""
        if self._lines is None:
            return [], []
        pair, _, lines = self._lines
        most = 14 if self.size.width < 80 else 22 if self.size.width < 100 else 40
        titles = min(most, max(len(line.title) for line in lines)) + 1
        width = max(8, (self.size.width - 9 - titles - 2) // 2)
        joined = pair.answer == JOINED
        numbers = {line.field: number for number, line in enumerate(differing(lines)[:_MOST_CHOSEN], 1)}
        column_titles = ("kept", "joined with it") if joined else ("kept", "other record")
        heads = [
            plain(fit(reason_of(pair), self.size.width - 6)),
            Content.assemble(
                " " * (titles + 3),
                (pad(column_titles[0], width), "bold $text-muted"),
                "  ",
                (fit(column_titles[1], width), "bold $text-muted"),
            ),
        ]
        drawn = []
        for line in lines:
            takes = line.field in self._taken or (line.field and not line.person)
            number = "" if joined else str(numbers.get(line.field, ""))
            differs = line.differs and not joined
            mine, others = ("$text-muted", "bold") if takes else ("bold", "$text-muted")
            # In full, since two long answers may differ only at their ends.
            for title, left, right in zip_longest(
                wrapped(line.title, titles - 1),
                wrapped(line.person, width),
                wrapped(line.other, width),
                fillvalue="",
            ):
                drawn.append(
                    Content.assemble(
                        (pad(number, 2), "bold $accent"),
                        " ",
                        (pad(title, titles), "$text-muted"),
                        (pad(left, width), mine if differs else ""),
                        "  ",
                        (fit(right, width), others if differs else ""),
                    )
                )
                number = ""
        return heads, drawn

    def _choosing(self) -> list[Content]:
        """How another answer is chosen, where the two differ; it stays in view however long the records are."""
        if self._lines is None or self._lines[0].answer == JOINED or not differing(self._lines[2]):
            return []
        sentence = "The answers in bold count; a number chooses the other."
        return [plain(row, "$text-muted") for row in wrapped(sentence, self.size.width - 6)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        pair = self.current if self.is_mounted else None
        joined = pair is not None and pair.answer == JOINED
        if action == "choose":
            most = len(differing(self._in_view[2])) if self._in_view else 0
            return not joined and isinstance(parameters[0], int) and parameters[0] <= most
        if action == "command":
            match parameters[0]:
                case "same" | "different" | "not-sure":
                    return pair is not None and not joined
                case "swap":
                    return (
                        pair is not None
                        and not joined
                        and bool(self._in_view and differing(self._in_view[2]))
                    )
                case "part":
                    return joined and self._coordinating
                case "undo":
                    return bool(self._steps)
        return super().check_action(action, parameters)

    def action_choose(self, number: int) -> None:
        """Make the other record's answer count in a line, or no longer."""
        if self._in_view is not None and number <= len(lines := differing(self._in_view[2])):
            self._taken ^= {lines[number - 1].field}
            self._draw()

    def command_swap(self) -> None:
        """Keep the other record; the answers that count stay the same."""
        if self._in_view is None:
            return
        pair, kept, lines = self._in_view
        turned = [Beside(line.title, line.other, line.person, line.field) for line in lines]
        self._taken = {line.field for line in differing(lines)} - self._taken
        self._lines = pair, _other(pair, kept), turned
        self._draw()

    # Answering

    def command_same(self) -> None:
        """Join them; on a field laptop, store the answer for the coordinator."""
        if self._in_view is None:
            self.show_notice("Both records are still being read. Nothing was saved.", "warning")
            return
        (pair, kept, _), fields_of_other, me = self._in_view, sorted(self._taken), self.me
        if self._coordinating:
            self._save(lambda kit: join(kit, me, kept, _other(pair, kept), fields_of_other))
        else:
            self._answer(SAME)

    def command_different(self) -> None:
        """They are two people."""
        self._answer(DIFFERENT)

    def command_not_sure(self) -> None:
        """Answer that nobody knows yet."""
        self._answer(NOT_SURE)

    def command_part(self) -> None:
        """Part the pair again."""
        pair, me = self.current, self.me
        if pair is not None:
            self._save(lambda kit: part(kit, me, pair.one, pair.other))

    def _answer(self, given: str) -> None:
        pair, me = self.current, self.me
        if pair is not None:
            self._save(lambda kit: answer(kit, me, pair.one, pair.other, given))

    @in_background
    async def _save(self, work: Callable[[Kit], Answered]) -> None:
        at, current = self.query_one(QuietList).cursor, self.current
        others = [*self._pairs[at + 1 :], *self._pairs[:at]]
        is_joined = current is not None and current.answer == JOINED
        next_ones = [_records_of(pair) for pair in others if (pair.answer == JOINED) == is_joined]
        answered = await self.kit_work(work, "saving the answer", saving=True)
        if answered.refs:
            self._steps.append(answered)
        undoing = with_keys(" Press {look-alikes[undo]} to undo it.") if answered.refs else ""
        self.show_notice(answered.sentence + undoing)
        await self._fill(look_alikes, next_ones)

    @in_background
    async def command_undo(self) -> None:
        """Undo the last step of this screen."""
        if not self._steps:
            return
        answered, cancelled = self._steps.pop(), self._cancelled
        try:
            changed = await self.kit_work(
                lambda kit: undo(kit, answered, cancelled), "undoing it", saving=True
            )
        except FieldkitError:
            self._steps.append(answered)
            raise
        if changed:
            self.show_notice(answered.undone)
        else:
            self.show_notice("Not undone: somebody has changed it since.", "warning")
        await self._fill(look_alikes, [answered.pair])


def _other(pair: LookAlike, kept: str) -> str:
    return pair.other if kept == pair.one else pair.one


def _records_of(pair: LookAlike) -> frozenset[str]:
    return frozenset((pair.one, pair.other))
