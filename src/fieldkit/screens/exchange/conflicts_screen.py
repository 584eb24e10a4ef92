"""Conflicts: fields that two laptops changed at the same time; a person decides which value to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import CONFLICTS
from fieldkit.commands.table import bindings_for, with_keys
from fieldkit.presentation.exchange.conflicts import KEEP_WITH, Conflict, Offer, conflicts
from fieldkit.presentation.forms import edit_entry
from fieldkit.presentation.model.form_plan import FormPlan, Question, Step
from fieldkit.presentation.record_names import line_of
from fieldkit.presentation.saving import canonical as canonical_values
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.kind import kind
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.screen import beside_moves, in_background, in_thread, latest_only, writing
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import DELETED
from fieldkit.text import plural, quoted, titled
from fieldkit.widgets import form_messages
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.form import Form
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import fit, plain, wrapped
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("record", "Record", 2, 14),
    Column("field", "Field", 2, 18),
    Column("who", "Laptops", 3, 18),
)
_LINES, _MOST = 5, 16
"""Lines of a value that have their room, and the most where the list leaves more."""
_LINES_LOW, _LOW = 2, 24
"""Lines of a value at least in a window of fewer rows than `_LOW`: the conflict itself stays in view above it."""
_AROUND, _ROWS_LOW = 14, 3
"""Rows of such a window around the list and the value, and the most of the list that keep their room."""
_WHO = 3
"""Lines for the laptops of a value, where its window is not low."""
#: Lines for the changes, with the words that introduce them, where the window is not low; more if the list leaves them.
_CHANGES = 7
_FRAMES, _FRAME = 3, 36
"""Values beside each other in every window, and the cells of one more."""
_LEAST_NAME, _BREAK = 16, 12
"""Letters of a record's name that are shown at least, and cells kept free for the end of a row."""


class ConflictsScreen(ListScreen[tuple[Sequence[Conflict], int], Conflict]):
    """The conflicts, with both values of the one under the cursor side by side."""

    CSS_PATH = "conflicts_screen.tcss"
    COMMANDS_FOR = CONFLICTS
    HELP = (
        "Two laptops changed the same thing without knowing of each other. Neither value is lost: the one "
        "shown first counts until you decide, and the one that you don't choose stays in its history."
    )
    PAGE_TITLE, LIST_ID, READING = "Conflicts", "conflicts", "reading the conflicts"
    COLUMNS, EMPTY, LISTING = _COLUMNS, "There are no conflicts.", Listing
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "choose(1)", "choose", key_display="1-9"),
        *(Binding(str(number), f"choose({number})", show=False) for number in range(2, 10)),
        *bindings_for(CONFLICTS),
    ]

    def below(self) -> ComposeResult:
        with Vertical(id="pane"):
            yield Static(id="what")
            yield Horizontal(id="offers")

    def read(self, kit: Kit) -> tuple[Sequence[Conflict], int]:
        return conflicts(kit), kit.conflict_count()

    def rows(self, state: tuple[Sequence[Conflict], int]) -> Iterator[tuple[Row, Conflict]]:
        shown, number = state
        more = "" if number <= len(shown) else f" (the first {len(shown):,} shown)"
        self.page_title = (
            f"Conflicts · {counted(number, 'field')} to look at{more}" if number else "Conflicts"
        )
        for place, conflict in enumerate(shown):
            cells = (
                f"{conflict.kind_title}: {conflict.line}",
                conflict.title,
                " / ".join(_laptops(conflict)),
            )
            yield Row(str(place), cells, "!"), conflict

    @latest_only
    @beside_moves
    async def draw(self) -> None:
        """Show the values of the conflict under the cursor."""
        # One after the other: a cursor running down the list is faster than widgets are mounted and removed.
        conflict, offers = self.current, self.query_one("#offers", Horizontal)
        shown = conflict.offers[: max(_FRAMES, (self.size.width - 4) // _FRAME)] if conflict else ()
        self.query_one("#what", Static).update(
            _heading(conflict, len(shown), self.size.width - 6) if conflict else Content("")
        )
        await offers.remove_children()
        if shown:
            width = max(10, (self.size.width - 4) // len(shown) - 4)
            low = self.size.height < _LOW
            rows = self.query_one(Listing).count
            left = self.size.height - _AROUND - (min(rows, _ROWS_LOW) if low else rows + _WHO)
            most = max(_LINES_LOW, min(_LINES, left)) if low else max(_LINES, min(_MOST, left))
            values = [_offer(number, offer, width, most, low=low) for number, offer in enumerate(shown, 1)]
            boxes = [Static(value, classes="offer") for value in values]
            for box in boxes:
                # Values are compared side by side: their frames end on one line.
                box.styles.min_height = max(len(value.plain.splitlines()) for value in values) + 2
            await offers.mount_all(boxes)
        self.refresh_bindings()

    def on_listing_chosen(self) -> None:
        if (conflict := self.current) is not None:
            self.app.open_screen("record_view", conflict.record)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        conflict = self.current
        if action == "choose":
            number = parameters[0]
            return (
                conflict is not None
                and not conflict.locked
                and isinstance(number, int)
                and number <= len(conflict.offers)
            )
        if action == "command" and parameters[0] in {"edit", "full"}:
            if conflict is None:
                return False
            return parameters[0] == "full" or (not conflict.locked and conflict.field != DELETED)
        return super().check_action(action, parameters)

    # Resolving

    def action_choose(self, number: int) -> None:
        if (conflict := self.current) is not None:
            self._decide(conflict, conflict.offers[number - 1].value)

    @in_background
    async def _decide(self, conflict: Conflict, value: Any) -> None:
        def work(kit: Kit) -> str:
            # Named after the resolution, since the value may be part of the record's name.
            return line_of(kit, kit.resolve(conflict.record, conflict.field, value), kit.terms())

        line = await self.kit_work(work, "resolving the conflict", saving=True)
        left = sum(offer.value != value for offer in conflict.offers)
        others = plural(left, "The other value stays", "The other values stay")
        self.show_notice(
            _resolved(conflict.title, line, f"{others} in the record's history.", self.size.width)
        )
        self.read_again()

    @writing
    def command_edit(self) -> None:
        """Ask for another value."""
        self.start(partial(self._edit, self.current))

    async def _edit(self, conflict: Conflict | None) -> None:
        if conflict is None:
            return
        kit = self.kit

        def prepare() -> tuple[FormPlan, Any, Any]:
            entry = edit_entry(kit, conflict.record)
            question = replace(entry.plan.question(conflict.field), only_if=None, create=False)
            first = {conflict.field: conflict.offers[0].value}
            plan = FormPlan(conflict.title, [Step(conflict.title, [question])], first)
            the_kind = kind(entry.kind)
            return (
                plan,
                entry.check,
                lambda value: canonical_values(the_kind, {conflict.field: value})[conflict.field],
            )

        plan, check, canonical = await in_thread(prepare)
        answer = await self.app.push_screen_wait(OneAnswer(plan, check))
        if answer is not None:
            self._decide(conflict, canonical(answer.value))

    def command_full(self) -> None:
        """Show all values in full."""
        if (conflict := self.current) is not None:
            parts = [
                Content.assemble(
                    (f"{number}  ", "bold $accent"), (offer.who, "$text-muted"), "\n", plain(offer.label)
                )
                for number, offer in enumerate(conflict.offers, 1)
            ]
            self.app.push_screen(Message(conflict.title, Content("\n\n").join(parts)))


@dataclass(frozen=True)
class Answered:
    """The answer that was given; its value may be None, for "not asked"."""

    value: Any


class OneAnswer(Dialog["Answered | None"]):
    """One question of the form, in a dialog. Esc goes back without an answer."""

    CSS = """
    OneAnswer #box { width: 90%; height: auto; }
    OneAnswer Form { height: auto; min-height: 6; }
    """

    def __init__(self, plan: FormPlan, check: Any) -> None:
        super().__init__("Another value")
        self._form = Form(plan, check=check)
        self._asked = plan.steps[0].fields[0].name

    def body(self) -> ComposeResult:
        yield self._form

    def fit(self) -> None:
        """Leave the form all the rows between the title and the keys."""
        self._form.styles.max_height = self.room.height
        super().fit()

    def on_form_submitted(self, message: form_messages.Submitted) -> None:
        self.dismiss(Answered(message.values.get(self._asked)))

    def on_form_left(self) -> None:
        self.dismiss(None)

    def on_form_help_wanted(self, message: form_messages.HelpWanted) -> None:
        question: Question = message.question
        self.app.push_screen(Message(question.title, question.help or "Give the value to keep."))


def _resolved(title: str, line: str, others: str, width: int) -> str:
    """What was resolved, in two rows: a longer name would push the next conflicts out of a small window."""
    around = f"Resolved: {title} (“”). {others}"
    # Where the first row breaks, a word may leave some of it empty.
    return f"Resolved: {title} ({quoted(line, max(_LEAST_NAME, 2 * (width - 4) - cell_len(around) - _BREAK))}). {others}"


def _laptops(conflict: Conflict) -> list[str]:
    return list(dict.fromkeys(name for offer in conflict.offers for name in offer.laptops))


def _heading(conflict: Conflict, shown: int, width: int) -> Content:
    """What a conflict is about, and what to do about it; its first values are `shown` below."""
    every = len(conflict.offers)
    all_of_them = "in full" if shown == every else f"all {every} values"
    advice = (
        "One laptop deleted this record while another changed it."
        if conflict.field == DELETED
        else conflict.locked
        or with_keys(f"Press the number of the value to keep. {{conflicts[full]}}: {all_of_them}.")
    )
    return Content.assemble(
        (fit(conflict.title, width), "bold"),
        "\n",
        plain(fit(conflict.line, width), "$text-muted"),
        "\n",
        plain(advice),
    )


def _changes(parts: Sequence[tuple[str, str]], width: int, most: int) -> list[str]:
    """What was changed, each value with its title: on one line, or on two if there is room for all of them.

    `most`: the lines for all of it.
    """
    lines = wrapped(KEEP_WITH, width)
    room = max(1, most - len(lines))
    two = 2 * len(parts) <= room
    more = len(parts) - room + 1 if len(parts) > room else 0
    for title, value in parts[: len(parts) - more]:
        if cell_len(title) + 2 + cell_len(value) <= width or not two:
            # A long question leaves room for its answer.
            lines.append(fit(titled(fit(title, max(width // 2, width - 2 - cell_len(value))), value), width))
        else:
            lines += [fit(titled(title, "").rstrip(), width), f"  {fit(value, width - 2)}"]
    return [*lines, f"and {more} more: " + with_keys("{conflicts[full]} shows all")] if more else lines


def _short(who: str, width: int) -> str:
    """Laptop and time in one line: of a long name the end goes, the time stays."""
    name, comma, time = who.rpartition(", ")
    return f"{fit(name, max(1, width - cell_len(comma + time)))}{comma}{time}" if name else fit(who, width)


def _offer(number: int, offer: Offer, width: int, most: int, *, low: bool) -> Content:
    # A frame that is higher than its room loses its end; all changes can be read in full.
    room = most if low else max(most, _CHANGES)
    lines = _changes(offer.parts, width, room) if offer.parts else wrapped(offer.label, width)
    if not offer.parts and len(lines) > most:
        lines = [*lines[: most - 1], fit(" ".join(lines[most - 1 : most + 1]), width)]
    now = "  shown now" if number == 1 else ""
    who = wrapped(offer.who, width)
    # In a low window the laptops' names have the lines that a short value leaves.
    room = max(1, most + 1 - len(lines)) if low else max(_WHO, most + _WHO - len(lines))
    if len(who) > room:
        who = [*who[: room - 1], _short(" ".join(who[room - 1 :]), width)]
    return Content.assemble(
        (f"{number}", "bold $accent"),
        (now, "$text-muted"),
        "\n",
        plain("\n".join(lines), "bold"),
        "\n",
        plain("\n".join(who), "$text-muted"),
    )
