"""Undo at the stall takes nothing from anybody else, and what it undid can be done again."""

from __future__ import annotations

from pathlib import Path

from fieldkit.presentation.stall.check_in import check_in, check_in_new
from fieldkit.presentation.stall.head_count_groups import count_heads
from fieldkit.presentation.stall.undo_stack import Step, redo, undo
from fieldkit.store.kit import Kit

CONSENT = {"consent_record": "Y"}


def _new(kit: Kit, event: str, name: str) -> Step:
    step = check_in_new(kit, event, name, CONSENT, "10:15").step
    assert step is not None
    return step


def test_what_undo_would_take_from_others_is_not_undone(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.page("event")[0].record_id
        elsewhere = kit.add("event", {"title": "Elsewhere"}).record_id

        # A count that was corrected after it was made: the step that made it is not the whole of it any more.
        counted = count_heads(kit, kit.origin, event, "patient", 3, "")
        (count,) = kit.page("attendance")
        kit.edit(kit.get(count.record_id), {"head_count": 50})
        assert counted is not None and undo(kit, counted) is None
        assert kit.get(count.record_id).values["head_count"] == 50

        # A new person whose details were filled in since.
        filled_in = _new(kit, event, "Yusuf")
        (yusuf,) = kit.alike("person", "Yusuf")
        kit.edit(kit.get(yusuf.record_id), {"organisation": "Mosque"})
        assert undo(kit, filled_in) is None
        assert not kit.get(yusuf.record_id).deleted

        # A new person who came to another event since.
        came_again = _new(kit, event, "Zainab")
        (zainab,) = kit.alike("person", "Zainab")
        there = check_in(kit, elsewhere, zainab.record_id, "").step
        assert undo(kit, came_again) is None
        assert not kit.get(zainab.record_id).deleted
        assert not kit.conflicts()

        # Once that is undone, too, nothing stands in the way.
        assert there is not None and undo(kit, there) and undo(kit, came_again)
        assert kit.get(zainab.record_id).deleted


def test_redo_brings_a_new_person_and_their_check_in_and_can_be_undone_again(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.page("event")[0].record_id
        done = check_in_new(kit, event, "Zainab, Mosque", CONSENT, "10:15")
        step = done.step
        assert step is not None
        for _ in range(3):
            undone = undo(kit, step)
            assert undone is not None
            assert kit.count("attendance") == 0 and not kit.alike("person", "Zainab")
            assert redo(kit, undone)
            assert kit.page("attendance")[0].values["arrived"] == "10:15"
            assert kit.alike("person", "Zainab")[0].values["organisation"] == "Mosque"
        assert not kit.conflicts() and kit.check() == []
        kit.withdraw(done.code)
        assert kit.count("person", where={"name": "Zainab"}) == 0, "the code still withdraws the person"


def test_a_new_person_and_their_check_in_are_stored_together_or_not_at_all(folder: Path) -> None:
    with Kit.open(folder) as kit:
        before = kit.ledger.origins()
        event = kit.page("event")[0].record_id
        try:
            check_in_new(kit, event, "Zainab", CONSENT, "no time")
        except Exception as error:
            assert "time" in str(error)
        else:
            raise AssertionError("a time that is none was stored")
        assert kit.ledger.origins() == before
        check_in_new(kit, event, "Zainab", CONSENT, "")
        assert "arrived" not in kit.page("attendance")[0].values, "no time is invented"
