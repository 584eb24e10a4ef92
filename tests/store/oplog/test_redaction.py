"""Old text of records is erased and nothing else, whatever was changed meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldkit.store.journal.append import Change, append
from fieldkit.store.local.drafts import Draft
from fieldkit.store.oplog.ops import SCHEMA
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.network.network_rules import set_rules
from fieldkit.sync.network.old_text import due, retain
from marked_text import MARKER, spoken
from marked_text import words_in as words_held
from networks import Laptop, Network, Writer, op
from redacted import LONG_AGO, bodies, deputy, edit, recorded


def test_a_correction_that_was_made_meanwhile_counts(network: Network, tmp_path: Path) -> None:
    hub, laptop, record_id = recorded(network)
    edit(laptop, record_id, rating="4")
    assert hub.kit.redact("feedback", [record_id]) == 1
    assert words_held(hub, tmp_path) == []
    assert hub.kit.get(record_id).values == {**LONG_AGO, "rating": "1", "consent_record": "Y"}
    assert hub.take(*laptop.export()).status == MERGED
    left = hub.kit.get(record_id)
    assert (left.values["rating"], left.conflicts) == ("4", ())
    assert hub.kit.redact("feedback", [record_id]) == 0
    hub.state()


def test_text_that_was_added_meanwhile_is_due_next(network: Network, tmp_path: Path) -> None:
    hub, laptop, record_id = recorded(network)
    edit(laptop, record_id, rating="4", experience=f"More {MARKER}", need=f"Also {MARKER}")
    hub.kit.redact("feedback", [record_id])
    hub.merge(*laptop.export())
    assert hub.kit.get(record_id).values["experience"] == f"More {MARKER}"
    assert due(hub.kit, 24) == {"feedback": [record_id]}
    assert hub.kit.redact("feedback", [record_id]) == 1
    assert hub.kit.get(record_id).values == {**LONG_AGO, "rating": "4", "consent_record": "Y"}
    assert due(hub.kit, 24) == {}
    assert words_held(hub, tmp_path) == []


def test_a_conflict_stays_with_both_values_who_and_when(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    laptop_sees = laptop.kit.get(record_id)
    edit(hub, record_id, rating="2", need="a word")
    laptop.kit.edit(laptop_sees, {"rating": "5", "need": "another"})
    hub.merge(*laptop.export())
    before = {conflict.field: conflict for conflict in hub.kit.conflicts()}
    assert before.keys() == {"rating", "need"}
    hub.kit.redact("feedback", [record_id])
    (conflict,) = hub.kit.conflicts()
    assert conflict == before["rating"]
    hub.kit.choose(conflict, 1)
    assert hub.kit.conflicts() == []
    assert hub.kit.get(record_id).values["rating"] == before["rating"].values[1].value


@pytest.mark.parametrize("whole", [True, False])
def test_an_import_is_undone_though_its_words_are_out(network: Network, whole: bool) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    if not whole:
        other.merge(*hub.export(full=True))
    undoing = hub if whole else other
    last = hub.kit.ledger.origins()[hub.kit.origin]
    assert undoing.kit.undo([(laptop.kit.origin, 1, 9)]) == 1
    assert undoing.kit.get(record_id).deleted
    # Erasing text can't be undone.
    assert undoing.kit.undo([(hub.kit.origin, 1, last)]) == 0


def test_what_is_typed_afterwards_into_an_edit_stays(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    laptop.merge(hub.invite())
    draft = laptop.kit.drafts.keep(Draft("", "feedback", {"need": "A lift"}, record_id, {}))
    laptop.merge(hub.invite())
    edit(laptop, record_id, rating="5")
    assert [entry.values for entry in laptop.kit.drafts.all()] == [draft.values]


@pytest.mark.parametrize("kind", ["event", "person", "aaa"])
def test_another_kind_under_the_id_hinders_nobody(network: Network, tmp_path: Path, kind: str) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other = deputy(network)
    writer = Writer(laptop, [hub.me.age_public, other.me.age_public])
    text = {"experience": MARKER, "date": "2020-01-01", "role": "patient"}
    lines = [
        op(writer.origin, 1, kind=kind, record_id="hostile00000001", fields={"title": "Theirs"}),
        op(writer.origin, 2, record_id="hostile00000001", fields=text),
    ]
    path = writer.bundle(writer.lines(*lines))
    if kind == "person":
        lines[0] = op(writer.origin, 1, kind=kind, record_id="hostile00000001", fields={"name": "Theirs"})
        path = writer.bundle(writer.lines(*lines))
    assert hub.take(path).status == MERGED
    assert due(hub.kit, 24) == {"feedback": ["hostile00000001"]}
    assert hub.kit.redact("feedback", ["hostile00000001"]) == 1
    assert due(hub.kit, 24) == {}
    assert words_held(hub, tmp_path) == []
    assert {file.status for file in other.merge(*hub.export(full=True)).files} == {MERGED}
    assert hub.state() == other.state()


def test_text_of_deleted_records_and_of_earlier_days_goes(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    deleted = hub.kit.add("feedback", spoken(**LONG_AGO)).record_id
    hub.kit.delete(deleted)
    replaced = hub.kit.add("feedback", spoken(**LONG_AGO)).record_id
    edit(hub, replaced, experience=None)
    kept = hub.kit.add("feedback", {"rating": "1", "experience": "of today"}).record_id
    hub.kit.add("feedback", {"rating": "1", **LONG_AGO})
    set_rules(hub.kit, hub.me, retention_months=24)
    assert set(due(hub.kit, 24)["feedback"]) == {deleted, replaced}
    assert retain(hub.kit, hub.me) == 2
    assert words_held(hub, tmp_path) == []
    assert due(hub.kit, 24) == {}
    assert hub.kit.restore(deleted).values["rating"] == "1"
    assert hub.kit.get(kept).values["experience"] == "of today"
    assert retain(hub.kit, hub.me) == 0


# What a newer fieldkit wrote


def newer(laptop: Laptop, record_id: str, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    """An edit by a later fieldkit."""
    with monkeypatch.context() as patched, laptop.kit.writing() as connection:
        patched.setattr("fieldkit.store.journal.append.SCHEMA", SCHEMA + 1)
        append(connection, laptop.kit.origin, [Change("feedback", record_id, fields)])


def test_of_what_a_newer_kit_wrote_the_words_go_and_codes_stay(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    newer(
        laptop,
        record_id,
        monkeypatch,
        mood="glad",
        said=f"Yes {MARKER}",
        rating="newcode",
        parts=[{"a": MARKER}],
    )
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    assert words_held(hub, tmp_path) == []
    other.merge(*hub.export(full=True))
    for device in (hub, other):
        assert device.kit.get(record_id).extra == {"mood": "glad", "rating": "newcode"}
    assert hub.state() == other.state()


def test_a_field_that_was_no_text_once_is_erased_in_the_restatement(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer coordinator knows as text a field whose value looked like a code to an older one."""
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    newer(laptop, record_id, monkeypatch, mood=MARKER.lower(), experience=MARKER)
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    held = hub.export(full=True)
    other.merge(*held)
    assert other.kit.get(record_id).extra == {"mood": MARKER.lower()}
    with monkeypatch.context() as patched:
        patched.setattr("fieldkit.store.oplog.redaction._holds_words", lambda value: True)
        assert hub.kit.redact("feedback", [record_id]) == 1
    assert hub.kit.get(record_id).extra == {}
    other.merge(*hub.export())
    deputy_later = network.joins("D", trusted="coordinator")
    hub.merge(*deputy_later.export())
    deputy_later.merge(hub.invite())
    deputy_later.merge(*hub.export(full=True))
    deputy_later.merge(*held)
    for device in (hub, other, deputy_later):
        assert MARKER.lower().encode() not in b"".join(bodies(device.kit))
        assert device.state()[0] == hub.kit.state_hash()
