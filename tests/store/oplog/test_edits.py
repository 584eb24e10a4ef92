"""Edits applied to a record's row: the same as folding, and only where that is certain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import Op
from fieldkit.store.projection import projection
from streams import Stream, take

ANSWERS: dict[str, Any] = {"experience": "They listened", "rating": "2", "themes": ["general-positive"]}


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of records that were folded anew."""
    ids: list[str] = []
    fold = projection.fold

    def noted(ops: list[Op]) -> Any:
        ids.append(ops[0].record_id)
        return fold(ops)

    monkeypatch.setattr(projection, "fold", noted)
    return ids


def made(kit: Kit, fields: dict[str, Any] | None = None, clock: int = 1_000) -> tuple[Stream, Op]:
    """A record that the kit holds."""
    stream = Stream()
    first = stream.write("record00", fields or ANSWERS, kind="feedback", clock=clock)
    take(kit, stream.parcel())
    return stream, first


def edited(
    kit: Kit, first: Op, fields: dict[str, Any], *, letter: str = "c", clock: int = 2_000, **preds: list[str]
) -> Stream:
    """An edit of it by another laptop, which saw the change `first`."""
    other = Stream(letter)
    other.write(
        "record00", fields, preds or {name: [first.ref] for name in fields}, kind="feedback", clock=clock
    )
    take(kit, other.parcel())
    return other


@pytest.mark.parametrize("clock", [2_000, 500])
def test_a_first_edit_needs_no_folding(kit: Kit, folded: list[str], clock: int) -> None:
    _, first = made(kit)
    stream = edited(kit, first, {"rating": "5", "themes": ["general-positive"]}, clock=clock)
    assert folded == []
    record = kit.get("record00")
    assert record.values == {**ANSWERS, "rating": "5"}
    assert (record.created, record.updated) == (min(clock, 1_000), max(clock, 1_000))
    assert record.origin == (stream if clock < 1_000 else Stream()).origin
    assert kit.check() == []
    assert kit.conflicts() == []


def test_own_edits_too(kit: Kit, folded: list[str]) -> None:
    record = kit.add("feedback", ANSWERS)
    kit.edit(record, {"rating": "4"})
    assert folded == []
    kit.edit(kit.get(record.record_id), {"rating": "3"})
    assert folded == [record.record_id]
    assert kit.get(record.record_id).values["rating"] == "3"
    assert kit.check() == []


EDIT = {"rating": "5"}


@pytest.mark.parametrize(
    ("first", "edit", "preds"),
    [
        (ANSWERS, EDIT, {"rating": ["x" * 26 + ".00000001:7"]}),
        (ANSWERS, {"rating": "5", "need": "a lift"}, {"rating": ["first"]}),
        (ANSWERS, {"rating": None}, None),
        (ANSWERS, {"rating": "5", "deleted": True}, None),
        (ANSWERS, {"rating": "5", "shade": "mauve"}, None),
        ({**ANSWERS, "shade": "mauve"}, EDIT, None),
        ({**ANSWERS, "experience": "two\u00a0words "}, EDIT, None),
        ({**ANSWERS, "deleted": False}, EDIT, None),
        ({"deleted": True}, EDIT, {"rating": ["first"]}),
        (ANSWERS, EDIT, {"rating": ["first", "first"]}),
    ],
)
def test_whatever_is_not_plain_is_folded(
    new_kit: Callable[..., Kit],
    folded: list[str],
    first: dict[str, Any],
    edit: dict[str, Any],
    preds: dict[str, list[str]] | None,
) -> None:
    kit, other = new_kit(), new_kit()
    stream, op = made(kit, first)
    named = {
        name: [op.ref if ref == "first" else ref for ref in refs] for name, refs in (preds or {}).items()
    }
    folded.clear()
    edits = edited(kit, op, edit, **named)
    assert folded == ["record00"]
    take(other, edits.parcel())
    take(other, stream.parcel())
    assert kit.check() == other.check() == []
    assert kit.state_hash() == other.state_hash()


@pytest.mark.parametrize("clock", [1_000, 2_000])
def test_a_record_with_more_behind_it_is_folded(kit: Kit, folded: list[str], clock: int) -> None:
    _, first = made(kit)
    edited(kit, first, EDIT, clock=clock)
    before = len(folded)
    edited(kit, first, {"rating": "1"}, letter="d")
    assert folded[before:] == ["record00"]
    assert [(conflict.record_id, conflict.field) for conflict in kit.conflicts()] == [("record00", "rating")]
    assert kit.check() == []


def test_an_edit_that_comes_first_waits_for_its_record(kit: Kit) -> None:
    stream = Stream()
    first = stream.write("record00", ANSWERS, kind="feedback")
    edited(kit, first, EDIT)
    assert kit.get("record00").values == EDIT
    take(kit, stream.parcel())
    assert kit.get("record00").values == {**ANSWERS, **EDIT}
    assert kit.check() == []


def test_an_erased_record_stays_so(kit: Kit) -> None:
    stream, first = made(kit)
    stream.write("record00", {"erased": True}, kind="feedback")
    take(kit, stream.parcel())
    edited(kit, first, EDIT)
    assert kit.counts().get("feedback", 0) == 0
    assert kit.check() == []


def test_two_ops_of_a_copied_laptop_under_one_ref(kit: Kit) -> None:
    laptop, copy = Stream(), Stream()
    laptop.write("record00", ANSWERS, kind="feedback")
    copy.write("record11", {"experience": "The copy's"}, kind="feedback")
    assert laptop.ops[0].ref == copy.ops[0].ref
    take(kit, laptop.parcel())
    take(kit, copy.parcel())
    other = Stream("c")
    for record_id in ("record00", "record11"):
        other.write(record_id, {"experience": "Edited"}, {"experience": [laptop.ops[0].ref]}, kind="feedback")
    take(kit, other.parcel())
    assert [kit.get(entry).values["experience"] for entry in ("record00", "record11")] == ["Edited"] * 2
    assert kit.conflicts() == []
    assert kit.check() == []
