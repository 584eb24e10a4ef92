"""The line of what was just saved: as long as the page has room, and short in a sentence."""

from __future__ import annotations

from fieldkit.presentation.saving import save
from fieldkit.records.label import LONGEST
from fieldkit.records.schema.kind import kind
from fieldkit.screens.entry.entry_texts import done
from fieldkit.store.kit import Kit
from fieldkit.text import cells

COMMENT = "They moved my appointment twice and nobody rang me before the day " * 3


def test_the_page_after_a_save_shows_as_much_of_the_line_as_it_has_room_for(kit: Kit) -> None:
    saved = save(kit, kind("feedback"), None, {"rating": "2", "experience": COMMENT, "consent_record": "Y"})
    lines = str(done(saved, 192)).split("\n")
    assert max(cells(line) for line in lines if "moved my appointment" in line) > 180
    assert cells(saved.short_line) <= LONGEST < cells(saved.line)
