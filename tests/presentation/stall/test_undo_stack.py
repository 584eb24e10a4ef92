"""Undo at the stall reverses nobody else's changes, and can itself be reversed."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.presentation.stall.check_in import check_in, check_in_new
from fieldkit.presentation.stall.head_count_groups import count_heads, count_unnamed
from fieldkit.presentation.stall.undo_stack import Step, UndoStack
from fieldkit.store.kit import Kit

CONSENT = {"consent_record": "Y"}


def _new(kit: Kit, event: str, name: str) -> Step:
    step = check_in_new(kit, event, name, CONSENT, "10:15").step
    assert step is not None
    return step


def test_what_undo_would_take_from_others_is_not_undone(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event, stack = kit.page("event")[0].record_id, UndoStack(0)
        elsewhere = kit.add("event", {"title": "Elsewhere"}).record_id

        # A count that was corrected later: the step that made it is no longer the whole of it.
        counted = count_heads(kit, kit.origin, event, "patient", 3, "")
        (count,) = kit.page("attendance")
        kit.edit(kit.get(count.record_id), {"head_count": 50})
        assert counted is not None and stack.undo(kit, counted) is None
        assert kit.get(count.record_id).values["head_count"] == 50

        # A new person whose details were filled in later.
        filled_in = _new(kit, event, "Yusuf")
        (yusuf,) = kit.alike("person", "Yusuf")
        kit.edit(kit.get(yusuf.record_id), {"organisation": "Mosque"})
        assert stack.undo(kit, filled_in) is None
        assert not kit.get(yusuf.record_id).deleted

        # A new person who came to another event later.
        came_again = _new(kit, event, "Zainab")
        (zainab,) = kit.alike("person", "Zainab")
        there = check_in(kit, elsewhere, zainab.record_id, "").step
        assert stack.undo(kit, came_again) is None
        assert not kit.get(zainab.record_id).deleted
        assert not kit.conflicts()

        # Once that is undone too, nothing prevents it.
        assert there is not None and stack.undo(kit, there) and stack.undo(kit, came_again)
        assert kit.get(zainab.record_id).deleted


def test_redo_brings_a_new_person_and_their_check_in_and_can_be_undone_again(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event, stack = kit.page("event")[0].record_id, UndoStack(0)
        done = check_in_new(kit, event, "Zainab, Mosque", CONSENT, "10:15")
        step = done.step
        assert step is not None
        for _ in range(3):
            undone = stack.undo(kit, step)
            assert undone is not None
            assert kit.count("attendance") == 0 and not kit.alike("person", "Zainab")
            again = stack.redo(kit, undone)
            assert again is not None
            step = again
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


def _counts(kit: Kit) -> dict[str, int]:
    """Group -> heads shown, for each group with any."""
    counts = {
        str(row.values["attendee_group"]): int(row.values["head_count"]) for row in kit.page("attendance")
    }
    return {group: number for group, number in counts.items() if number}


def _undo(kit: Kit, stack: UndoStack) -> bool:
    undone = stack.undo(kit, stack.done.pop())
    if undone is not None:
        stack.undone.append(undone)
    return undone is not None


def _redo(kit: Kit, stack: UndoStack) -> bool:
    again = stack.redo(kit, stack.undone.pop())
    if again is not None:
        stack.done.append(again)
    return again is not None


ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["patient", "carer"]), st.sampled_from([1, 1, -1, 40])),
        st.sampled_from(["undo", "undo", "redo", "nobody"]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_counts_are_undone_and_redone_each_in_turn(folder: Path, acts: list[str | tuple[str, int]]) -> None:
    with Kit.open(folder) as kit:
        event = kit.add("event", {"title": "One more"}).record_id
        stack, before, after = UndoStack(0), list[dict[str, int]](), list[dict[str, int]]()

        def shown() -> dict[str, int]:
            rows = kit.page("attendance", 0, 100, where={"event": event})
            counts = {str(row.values["attendee_group"]): int(row.values["head_count"]) for row in rows}
            assert len(rows) == len(counts), "a group has one count"
            return {group: number for group, number in counts.items() if number}

        for act in acts:
            now = shown()
            if act == "undo":
                if stack.done:
                    assert _undo(kit, stack)
                    after.append(now)
                    assert shown() == before.pop()
            elif act == "redo":
                if stack.undone:
                    assert _redo(kit, stack)
                    before.append(now)
                    assert shown() == after.pop()
            else:
                if isinstance(act, tuple):
                    group, by = act
                    number = max(0, now.get(group, 0) + by)
                    step = count_heads(kit, kit.origin, event, group, number, "")
                else:
                    step = count_unnamed(kit, kit.origin, event, "")
                if step is not None:
                    before.append(now)
                    after.clear()
                stack.push([step])
            assert not kit.conflicts()
        while stack.done:
            assert _undo(kit, stack)
        assert kit.count("attendance", where={"event": event}) == 0
        assert not kit.conflicts()


def test_a_count_that_came_between_is_left_and_says_so(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event, stack = kit.page("event")[0].record_id, UndoStack(0)
        for number in (1, 2, 3):
            stack.push([count_heads(kit, kit.origin, event, "carer", number, "")])
        assert _undo(kit, stack)
        (count,) = kit.page("attendance")
        kit.edit(kit.get(count.record_id), {"head_count": 20})
        assert not _undo(kit, stack) and not _undo(kit, stack) and not _redo(kit, stack)
        assert _counts(kit) == {"carer": 20}

        # The same for a count that has been deleted meanwhile: nothing is written to it.
        for number in (21, 22):
            stack.push([count_heads(kit, kit.origin, event, "carer", number, "")])
        kit.delete(count.record_id)
        assert not _undo(kit, stack) and not _undo(kit, stack)
        assert kit.get(count.record_id).deleted and not kit.conflicts()


def test_a_record_that_is_again_what_it_was_is_deleted_without_a_conflict(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.page("event")[0].record_id
        step = count_heads(kit, kit.origin, event, "carer", 1, "")
        assert step is not None
        record_id = step.created[0].record_id
        for number in (5, 1):
            kit.edit(kit.get(record_id), {"head_count": number})
        assert UndoStack(0).undo(kit, step) is not None
        assert kit.get(record_id).deleted and not kit.conflicts()
