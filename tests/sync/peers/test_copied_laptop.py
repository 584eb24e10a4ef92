"""A laptop whose folder was copied: two streams under one origin, all of it kept, one state in any order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldkit.store.kit import Kit
from streams import Stream, carry, take


def _laptop_and_copy() -> tuple[Stream, Stream]:
    """Two streams of one origin that fork after two ops; each later pair shares one stamp and one number."""
    streams = Stream(), Stream()
    for stream, name in zip(streams, ("laptop", "copy"), strict=True):
        first = stream.write("event000", {"title": "Fair"})
        second = stream.write("event000", {"title": "Health fair"}, {"title": [first.ref]})
        stream.write(f"event-{name}".replace("-", "0"), {"title": f"Written on the {name}"})
        stream.write("event000", {"title": f"Changed on the {name}"}, {"title": [second.ref]})
        stream.write("event333", {"title": f"From the {name}"})
    return streams


@pytest.mark.parametrize(
    "arrival",
    [
        [(0, 1, 5), (1, 1, 5)],
        [(1, 1, 5), (0, 1, 5)],
        [(1, 4, 5), (0, 1, 3), (1, 1, 3), (0, 4, 5)],
        [(0, 1, 2), (1, 5, 5), (0, 3, 5), (1, 3, 4)],
        [(1, 5, 5), (0, 4, 4), (0, 1, 3), (1, 1, 4), (0, 5, 5)],
        [(0, 5, 5), (1, 4, 4), (0, 1, 5), (1, 1, 5), (0, 2, 4), (1, 1, 5)],
    ],
)
def test_a_copied_laptop_loses_nothing_in_whatever_order(
    new_kit: Callable[..., Kit], arrival: list[tuple[int, int, int]]
) -> None:
    left_one, second, other = new_kit(), new_kit(), new_kit()
    streams = _laptop_and_copy()
    take(left_one, streams[0].parcel())
    assert take(left_one, streams[1].parcel()).parted == {streams[0].origin: 3}
    for which, first, last in arrival:
        take(second, streams[which].parcel(first, last))
    carry(second, other)
    assert left_one.state_hash() == second.state_hash() == other.state_hash()
    for kit in (left_one, second, other):
        assert kit.counts()["event"] == 4
        assert {
            conflict.record_id: {claim.value for claim in conflict.values} for conflict in kit.conflicts()
        } == {
            "event000": {"Changed on the laptop", "Changed on the copy"},
            "event333": {"From the laptop", "From the copy"},
        }
        assert kit.check() == []
        kit.rebuild()
        assert kit.state_hash() == left_one.state_hash()


def test_naming_one_of_two_ops_that_share_a_ref_hides_neither(kit: Kit) -> None:
    streams = _laptop_and_copy()
    for stream in streams:
        take(kit, stream.parcel())
    # Somebody who has seen only the laptop's op 5 changes the record; the copy's op 5 has the same ref.
    later = Stream("c")
    first = streams[0].ops[4]
    later.write("event333", {"title": "Seen one of two"}, {"title": [first.ref]})
    take(kit, later.parcel())
    claims = {
        claim.value
        for conflict in kit.conflicts()
        if conflict.record_id == "event333"
        for claim in conflict.values
    }
    assert claims == {"From the laptop", "From the copy", "Seen one of two"}
    kit.resolve("event333", "title", "Agreed")
    assert not [conflict for conflict in kit.conflicts() if conflict.record_id == "event333"]
    assert kit.get("event333").values["title"] == "Agreed"


def test_a_deletion_does_not_hide_an_edit_that_bears_its_ref(kit: Kit) -> None:
    laptop, copy = Stream(), Stream()
    for stream in (laptop, copy):
        stream.write("event444", {"title": "Fair"})
    deletion = laptop.write("event444", {"deleted": True}, {"*": [laptop.ops[0].ref]})
    edit = copy.write("event444", {"title": "Health fair"}, {"title": [copy.ops[0].ref]})
    assert deletion.ref == edit.ref
    take(kit, laptop.parcel())
    take(kit, copy.parcel())
    assert [(conflict.record_id, conflict.field) for conflict in kit.conflicts()] == [("event444", "deleted")]


def test_a_deletion_that_saw_one_of_two_under_a_number_does_not_hide_the_other(kit: Kit) -> None:
    laptop, copy, third = Stream(), Stream(), Stream("c")
    for stream in (laptop, copy):
        stream.write("event444", {"title": "Fair"})
    seen = laptop.write("event444", {"place": "Hall"}, {})
    unseen = copy.write("event444", {"notes": "Bring chairs"}, {})
    assert seen.ref == unseen.ref
    third.write("event444", {"deleted": True}, {"*": [laptop.ops[0].ref, seen.ref]})
    for device in (laptop, copy, third):
        take(kit, device.parcel())
    assert [(conflict.record_id, conflict.field) for conflict in kit.conflicts()] == [("event444", "deleted")]
    assert kit.check() == []
    # Deleted by somebody who has seen both, it is deleted.
    kit.delete("event444")
    assert kit.conflicts() == []
    assert kit.get("event444").deleted
    assert kit.check() == []
