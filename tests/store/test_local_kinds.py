"""Kinds that stay on this laptop: none of them leaves, and nothing from elsewhere mixes with them."""

from __future__ import annotations

import pytest

from fieldkit.store.kit import Kit
from streams import Stream, parcels, refused, take


def test_local_records_are_in_no_journal_that_leaves(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    before = (kit.state_hash(), kit.ledger.origins(), parcels(kit), kit.counts())
    note = kit.add("note", {"notes": "SECRET-NOTE"})
    kit.edit(kit.get(note.record_id), {"notes": "SECRET-NOTE 2"})
    kit.add("concern", {"own_words": "SECRET-CONCERN"})
    kit.delete(note.record_id)
    assert (kit.state_hash(), kit.ledger.origins(), parcels(kit), kit.counts()) == before
    with kit.ledger.outgoing() as outgoing:
        out = list(outgoing.network_ops(["note", "concern", "event"], []))
    assert len(out) == 1
    with kit.reading() as connection:
        from fieldkit.store.db.sql import execute

        bodies = [row[0] for row in execute(connection, "SELECT body FROM op")]
    assert not any(b"SECRET" in body for body in bodies)
    assert (kit.count("note"), kit.count("note", deleted=True), kit.count("concern")) == (0, 1, 1)
    assert kit.check() == []
    kit.rebuild()
    assert kit.count("concern") == 1


@pytest.mark.parametrize("kind", ["note", "concern"])
def test_a_bundle_with_local_records_is_refused_whoever_sent_it(kit: Kit, kind: str) -> None:
    stream = Stream()
    stream.write("record00", {"notes": "planted"}, kind=kind)
    assert refused(kit, stream.parcel()).reason == "not-allowed"


def test_a_foreign_record_with_a_local_ones_id_does_not_mix_with_it(kit: Kit) -> None:
    # No other kind is accepted under the id of a record made here; the next id contains no kind.
    made = Stream()
    made.write(kit.add("note", {"notes": "other"}).record_id, {"title": "planted"})
    assert refused(kit, made.parcel()).reason == "not-allowed"
    kit.delete(kit.page("note")[0].record_id)
    kit.put("note", "n" * 24, {"notes": "mine"})
    (note,) = kit.page("note")
    stream = Stream()
    stream.write(note.record_id, {"title": "planted", "notes": "planted"}, clock=0)
    stream.write(note.record_id, {"name": "planted"}, kind="partner")
    take(kit, stream.parcel())
    mine = kit.get(note.record_id, "note")
    assert (mine.kind, mine.values) == ("note", {"notes": "mine"})
    kit.edit(mine, {"notes": "still mine"})
    assert kit.page("note")[0].values == {"notes": "still mine"}
    assert kit.page("event")[0].values == {"title": "planted", "notes": "planted"}
    assert parcels(kit) == [stream.parcel()]
    assert kit.check() == []


def test_a_foreign_record_whose_id_ends_in_anothers_is_not_taken_for_it(kit: Kit) -> None:
    stream = Stream()
    stream.write("xx" + "d" * 22, {"title": "planted"})
    stream.write("d" * 22, {"title": "planted"})
    take(kit, stream.parcel())
    kit.put("term", "d" * 22, {"list_name": "service_area", "label": "Parking", "code": "parking"})
    assert kit.page("term")[0].record_id == "d" * 22
    kit.put("term", "d" * 22, {"label": "Car park"})
    assert kit.page("term")[0].values["label"] == "Car park"
    assert [event.values for event in kit.page("event")] == [{"title": "planted"}] * 2
