"""Piles of paper being entered: what repeats on every sheet, how far the entry has come, and which sheets to come back to.

A pile is a setting of this laptop and never travels. It holds no answers: those are in the records made from its sheets, and
in the drafts of waiting sheets.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from fieldkit.errors import NotFound
from fieldkit.presentation.paper.printed_code import CODE
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import PILES

Sheets = Literal["feedback", "person"]
"""Feedback forms, or the names on sign-in sheets: the kind of record that a sheet becomes."""

TITLES: Mapping[str, str] = {"feedback": "Feedback forms", "person": "Names on sign-in sheets"}
MOST_SHEETS = 2_000
_MOST_PILES = 30


@dataclass(frozen=True)
class Pile:
    """One pile. `shared` is what repeats (field -> value), and whether the forms have printed receipt codes.

    `refused` sheets had no consent, so nothing of them was kept. `doubtful` maps the draft of each sheet to come back to to
    its number; those in `blank` have no draft, since nothing of them may be kept yet. `draft` is the sheet being entered, ""
    before anything of it is typed. `last` is the record of the sheet above, `last_number` its number, 0 if that is not known.
    """

    id: str
    sheets_of: Sheets
    sheets: int
    shared: Mapping[str, Any]
    language: str = "en"
    printed_codes: bool = False
    entered: int = 0
    refused: int = 0
    doubtful: Mapping[str, int] = field(default_factory=dict)
    blank: Sequence[str] = ()
    draft: str = ""
    last: str = ""
    last_number: int = 0

    @property
    def last_sheet(self) -> str:
        """The sheet entered last, by its number: others may have been refused or marked since."""
        unit = self.unit
        return f"{unit.capitalize()} {self.last_number:,}" if self.last_number else f"Last {unit}"

    @property
    def unit(self) -> str:
        """What one sheet is called: on a sign-in sheet the names are counted, not the paper."""
        return "sheet" if self.sheets_of == "feedback" else "name"

    @property
    def number(self) -> int:
        """The number of the next sheet, from 1."""
        return self.entered + self.refused + len(self.doubtful) + 1

    def number_of(self, draft_id: str) -> int:
        """The number of the sheet with that draft: its own if it was marked before, otherwise the next number."""
        return self.doubtful.get(draft_id, self.number)

    @property
    def is_through(self) -> bool:
        """Whether every sheet was entered, refused or marked."""
        return self.number > self.sheets

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.is_through and not self.doubtful


def piles(kit: Kit) -> list[Pile]:
    """Every pile, the newest first. Piles that another version stored in another form are left out."""
    kept = []
    for stored in kit.settings.get(PILES):
        try:
            pile = Pile(**stored)
        except TypeError:
            continue
        if pile.sheets_of in TITLES:
            kept.append(pile)
    return kept


def pile_of(kit: Kit, pile_id: str) -> Pile:
    """The pile with this id.

    Raises:
        NotFound: it no longer exists.
    """
    for pile in piles(kit):
        if pile.id == pile_id:
            return pile
    raise NotFound("That pile is not here any more.", kept="What was entered of it is among the records.")


def begin_pile(
    kit: Kit,
    sheets_of: Sheets,
    sheets: int,
    shared: Mapping[str, Any],
    language: str,
    printed_codes: bool,
) -> Pile:
    """Begin a pile; the oldest finished piles are forgotten."""
    pile = Pile(secrets.token_hex(8), sheets_of, sheets, dict(shared), language, printed_codes)
    known = piles(kit)
    kept = [each for each in known if not each.is_done] + [each for each in known if each.is_done][
        :_MOST_PILES
    ]
    _put(kit, [pile, *kept])
    return pile


def forget_pile(kit: Kit, pile_id: str) -> None:
    """Forget a pile. Its records stay, and so do the drafts of its sheets, among the unfinished entries."""
    _put(kit, [pile for pile in piles(kit) if pile.id != pile_id])


def sheet_begun(kit: Kit, pile_id: str, draft_id: str) -> Pile:
    """Note the draft of the sheet being entered or stored; "" once the draft is gone."""
    return _change(kit, pile_id, lambda pile: replace(pile, draft=draft_id))


def sheet_entered(kit: Kit, pile_id: str, draft_id: str, record_id: str) -> Pile:
    """Note that a sheet is stored as this record. `draft` stays until `sheet_begun` says that its draft is gone."""

    def change(pile: Pile) -> Pile:
        left = _without(pile, draft_id)
        number = pile.last_number if record_id == pile.last else pile.number_of(draft_id)
        return replace(left, draft=pile.draft, entered=pile.entered + 1, last=record_id, last_number=number)

    return _change(kit, pile_id, change)


def sheet_refused(kit: Kit, pile_id: str, draft_id: str) -> Pile:
    """Note a sheet without consent: it counts, and nothing of it is kept."""
    return _change(kit, pile_id, lambda pile: replace(_without(pile, draft_id), refused=pile.refused + 1))


def sheet_doubtful(kit: Kit, pile_id: str, draft_id: str, *, is_kept: bool) -> Pile:
    """Mark a sheet to come back to; if it was marked before, it keeps its number. `is_kept`: it has a draft."""

    def change(pile: Pile) -> Pile:
        number = pile.number_of(draft_id)
        left = _without(pile, draft_id)
        blank = left.blank if is_kept else [*left.blank, draft_id]
        return replace(left, doubtful={**left.doubtful, draft_id: number}, blank=blank)

    return _change(kit, pile_id, change)


def draft_of(kit: Kit, draft_id: str) -> Draft | None:
    """The unfinished sheet with this id, None if nothing of it is left."""
    return next((draft for draft in kit.drafts.all() if draft.id == draft_id), None)


def after_a_kill(kit: Kit, pile: Pile) -> Pile:
    """Recover if the program was killed between storing a sheet and noting it: the sheet counts as entered, but not twice.

    If the newest record of the kind holds every answer of a draft, that draft was stored. If the draft of a marked sheet is
    gone, it was finished elsewhere, among the unfinished entries.
    """
    draft = draft_of(kit, pile.draft) if pile.draft else None
    newest = next(iter(kit.page(pile.sheets_of, 0, 1)), None)
    if draft and newest and _holds(newest.values, draft.values):
        if newest.record_id != pile.last:
            pile = sheet_entered(kit, pile.id, draft.id, newest.record_id)
        kit.drafts.drop(draft.id)
        pile = sheet_begun(kit, pile.id, "")
    here = {draft.id for draft in kit.drafts.all()}
    gone = [draft_id for draft_id in pile.doubtful if draft_id not in here and draft_id not in pile.blank]
    for draft_id in gone:
        pile = sheet_entered(kit, pile.id, draft_id, pile.last)
    return pile


def _holds(stored: Mapping[str, Any], typed: Mapping[str, Any]) -> bool:
    """Whether a record holds every typed answer."""
    return all(
        stored.get(name) == value
        for name, value in typed.items()
        if value not in (None, "", []) and name != CODE
    )


def _without(pile: Pile, draft_id: str) -> Pile:
    """The pile without that waiting sheet."""
    return replace(
        pile,
        doubtful={each: number for each, number in pile.doubtful.items() if each != draft_id},
        blank=[each for each in pile.blank if each != draft_id],
        draft="" if pile.draft == draft_id else pile.draft,
    )


def _change(kit: Kit, pile_id: str, change: Callable[[Pile], Pile]) -> Pile:
    changed = change(pile_of(kit, pile_id))
    _put(kit, [changed if pile.id == pile_id else pile for pile in piles(kit)])
    return changed


def _put(kit: Kit, all_piles: list[Pile]) -> None:
    kit.settings.put(PILES, [asdict(pile) for pile in all_piles])
