"""Unfinished entries: continue one, or throw it away."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from fieldkit.commands.command import DRAFTS
from fieldkit.commands.table import bindings_for
from fieldkit.presentation.mentoring.session_log import NO_ANSWERS, mentee_of
from fieldkit.presentation.record_names import lines_by_name
from fieldkit.presentation.wording import when
from fieldkit.records.consent import DETAILS
from fieldkit.records.label import IN_LIST, describe
from fieldkit.records.schema.kind import given_values, kinds
from fieldkit.screens.base.draft_opener import open_draft
from fieldkit.screens.base.list_screen import ListScreen
from fieldkit.screens.base.screen import in_background
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import RESPONDENT, Draft
from fieldkit.text import plural
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

_COLUMNS = (
    Column("kind", "Entry", 1, 17),
    Column("who", "Who", 1, 12),
    Column("line", "Answers so far", 4, 20),
    Column("when", "When", 0, 11),
    Column("far", "How far", 0, 10),
)
_FILLED_IN = frozenset({"event", *DETAILS})
"""Fields that the form fills in itself: nobody answered them."""
_WRITERS = ("consent_by", "written_by")
"""Fields that name whoever writes an entry."""


class DraftsScreen(ListScreen[list[tuple[Row, Draft]], Draft]):
    """Entries that were begun and not saved, the latest first."""

    COMMANDS_FOR = DRAFTS
    HELP = "Entries that were begun and not saved. Nobody else sees them, and they are in no bundle."
    PAGE_TITLE, LIST_ID, READING = "Unfinished entries", "drafts", "looking for unfinished entries"
    COLUMNS, EMPTY, LISTING = _COLUMNS, "No unfinished entries.", Listing
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(DRAFTS)

    def __init__(self, *, leaves_after: bool = False) -> None:
        """`leaves_after`: once an entry is saved, return to where the list was opened."""
        super().__init__()
        self._leaves_after = leaves_after

    def read(self, kit: Kit) -> list[tuple[Row, Draft]]:
        return _drafts(kit)

    def rows(self, state: list[tuple[Row, Draft]]) -> list[tuple[Row, Draft]]:
        return state

    def detail(self, item: Draft) -> Content:
        return plain(left_at) if (left_at := _left_at(item)) else Content("")

    def on_listing_chosen(self) -> None:
        if (draft := self.current) is not None:
            open_draft(self.app, draft, self._came_back)

    def _came_back(self, saved: str | None) -> None:
        if saved and self._leaves_after:
            self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "discard":
            return self.current is not None
        return super().check_action(action, parameters)

    @in_background
    async def command_discard(self) -> None:
        """Throw away the entry under the cursor."""
        row = self.listing.current
        if row is None:
            return

        asked = Confirm(
            "Throw this entry away?",
            f"{': '.join(text for text in (row.cells[0], row.cells[2]) if text)}\n\nIt can't be restored.",
            yes="throw away",
            no="keep",
            careful=True,
        )
        if await self.app.push_screen_wait(asked):
            await self.kit_work(lambda kit: _throw_away(kit, row.id), "throwing it away", saving=True)
            self.read_again()


def _throw_away(kit: Kit, draft_id: str) -> None:
    kit.drafts.drop(draft_id)
    kit.clear_log()  # "can't be restored" must hold even for somebody who looks into the file


def _drafts(kit: Kit) -> list[tuple[Row, Draft]]:
    terms, now = kit.terms(), kit.clock()
    rows = []
    for draft in kit.drafts.all():
        kind = kinds().get(draft.kind)
        if kind is None:
            continue
        names: dict[str, str] = {}
        mentee = _mentee(kit, draft)
        for name in kind.label:
            spec, value = kind.fields[name], draft.values.get(name)
            if mentee and spec.link == "mentorship":
                continue  # the name has a column of its own
            if spec.link and isinstance(value, str):
                names |= lines_by_name(kit, kit.many(spec.link, [value]).values(), terms)
        title = kind.title + (", change" if draft.record_id else "")
        line = describe(kind, given_values(draft.values), terms, names, longest=IN_LIST)
        if line == kind.title:
            line = ""  # it says no more than the first column
        rows.append(
            (
                Row(
                    draft.id,
                    [title, mentee or _who(draft), line, when(draft.updated, now), _how_far(draft)],
                ),
                draft,
            )
        )
    return rows


def _mentee(kit: Kit, draft: Draft) -> str:
    """The mentee whose session or action it is; "" for other entries."""
    mentorship = draft.values.get("mentorship")
    pair = kit.many("mentorship", [mentorship]).get(mentorship) if isinstance(mentorship, str) else None
    return mentee_of(kit, pair) if pair is not None else ""


def _who(draft: Draft) -> str:
    """Who began it, if known: the respondent, or the taker or writer named in the entry."""
    if draft.begun_by == RESPONDENT:
        return "a respondent"
    return next((str(draft.values[name]) for name in _WRITERS if draft.values.get(name)), "")


def _how_far(draft: Draft) -> str:
    """How many answers there are."""
    return plural(len(given_values(draft.values).keys() - NO_ANSWERS - _FILLED_IN), "1 answer", "{n} answers")


def _left_at(draft: Draft) -> str:
    """The question that was left, as a sentence; "" where none is known."""
    kind = kinds().get(draft.kind)
    spec = kind.fields.get(draft.question) if kind is not None else None
    return f"It was left at: {spec.title}" if spec is not None else ""
