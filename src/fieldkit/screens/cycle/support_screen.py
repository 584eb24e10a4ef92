"""What a change rests on, chosen from the cycle's comments and figures: Enter adds the line under the cursor."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands.command import SUPPORT
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.cycle.support_choices import (
    Comment,
    GroupFigure,
    SupportChoices,
    add_comment,
    add_figure,
    support_choices,
)
from fieldkit.screens.base.screen import BaseScreen, in_background, latest_only
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import fit, plain, wrapped
from fieldkit.widgets.sources import Column, ListSource, Row

_COMMENTS = (
    Column("words", "What people said", 5, 30),
    Column("rating", "Rating", 2, 9),
    Column("themes", "Themes", 2, 12),
)
_FIGURES = (
    Column("label", "Group", 3, 27, names=True),
    Column("ratio", "Per 100 expected", 1, 16, "right"),
    Column("title", "Figures", 3, 14, optional=True),
)
_TAKEN = "✓"


class SupportList(Listing):
    """Comments or figures; Enter adds one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "add")]


class SupportScreen(BaseScreen):
    """What the change with the id `change` of a cycle may rest on."""

    CSS_PATH = "support_screen.tcss"
    COMMANDS_FOR = SUPPORT
    PAGE_TITLE = "Support for a change"
    HELP = (
        "A change rests on figures and on feedback: it needs both. ✓ marks what it rests on already. "
        "Nothing of a comment is printed unless it is made a quote, and a second person agrees."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(SUPPORT)

    def __init__(self, cycle: str, change: str) -> None:
        super().__init__()
        self.cycle, self.change = cycle, change
        self._choices: SupportChoices | None = None
        self._figures: bool | None = None
        """Whether figures are in view; None at first, when the missing side is shown."""
        self._added: list[str] = []

    def body(self) -> ComposeResult:
        yield Static(id="head")
        yield SupportList(_COMMENTS, ListSource(), empty="Looking …", id="choices")

    def on_mount(self) -> None:
        self.query_one(Listing).focus()

    @latest_only
    async def read_again(self) -> None:
        """Show what the kit holds now."""
        cycle, change, today = self.cycle, self.change, date.today()
        choices = await self.read_or_leave(
            lambda kit: support_choices(kit, cycle, change, today), "looking for support"
        )
        self._show(choices)

    def _show(self, choices: SupportChoices) -> None:
        first = self._choices is None
        self._choices = choices
        if self._figures is None:
            self._figures = bool(choices.change.feedback and not choices.change.figures and choices.figures)
        self._draw(keep=not first)

    def _draw(self, *, keep: bool) -> None:
        choices = self._choices
        if choices is None:
            return
        self.page_title = f"Support for change {choices.change.number}"
        self.page_note = "figures" if self._figures else "comments"
        room = max(20, self.size.width - 6)
        head = [Content.styled(fit(choices.change.title, room), "bold")]
        titles = {each.title for each in choices.figures}
        if self._figures and len(titles) == 1:
            # Beside every group it would be cut, and say no more than it does above them.
            head += [plain(row) for row in wrapped(choices.figures[0].title, room)]
        self.query_one("#head", Static).update(Content("\n").join(head))
        listing = self.query_one(SupportList)
        if self._figures:
            listing.columns = _FIGURES if len(titles) > 1 else _FIGURES[:2]
            rows = [
                Row(str(at), (each.label, each.ratio, each.title), _TAKEN if each.taken else "")
                for at, each in enumerate(choices.figures)
            ]
            empty = "No figures of the provider are here yet for this cycle."
        else:
            listing.columns = _COMMENTS
            rows = [
                Row(str(at), (each.text[:200], each.rating, each.themes), _TAKEN if each.taken else "")
                for at, each in enumerate(choices.comments)
            ]
            empty = "No comment of this cycle has any text yet."
        listing.show(_Rows(rows), empty=empty, keep_cursor=keep)
        self.refresh_bindings()

    @property
    def current(self) -> Comment | GroupFigure | None:
        """The comment or figure under the cursor."""
        row = self.query_one(Listing).current if self.is_mounted else None
        if row is None or self._choices is None:
            return None
        rows = self._choices.figures if self._figures else self._choices.comments
        return rows[int(row.id)] if int(row.id) < len(rows) else None

    @in_background
    async def on_listing_chosen(self) -> None:
        chosen, change = self.current, self.change
        if chosen is None:
            return
        if chosen.taken:
            self.show_notice("The change rests on this already.")
            return

        def add(kit: Kit) -> str:
            if isinstance(chosen, Comment):
                return add_comment(kit, change, chosen)
            return add_figure(kit, change, chosen)

        self._added.append(await self.kit_work(add, "adding the support", saving=True))
        self.read_again()

    def command_turn(self) -> None:
        """Switch between comments and figures."""
        self._figures = not self._figures
        self._draw(keep=False)

    def command_other(self) -> None:
        """Add any other support, with the form."""
        self.app.open_screen("entry", "support", presets={"change": self.change})

    @in_background
    async def command_undo(self) -> None:
        """Remove what was added last."""
        if self._added:
            record_id = self._added.pop()
            await self.kit_work(lambda kit: kit.delete(record_id, "support"), "undoing it", saving=True)
            self.read_again()

    def command_full(self) -> None:
        """Show the comment or figure under the cursor in full."""
        current = self.current
        if isinstance(current, Comment):
            self.app.push_screen(Message("What this person said", plain(current.text)))
        elif current is not None:
            self.app.push_screen(Message(current.label, plain(f"{current.sentence}\n{current.title}")))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "undo":
            return bool(self._added)
        if action == "command" and parameters[0] == "full":
            return self.current is not None
        return super().check_action(action, parameters)


class _Rows(ListSource):
    """Rows that keep their places when they are read again."""

    def position(self, record_id: str) -> int:
        """The place of a row."""
        return int(record_id)
