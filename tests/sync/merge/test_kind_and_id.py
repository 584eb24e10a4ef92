"""Records are addressed by kind and id: nothing written under an id by another laptop reaches a record of another kind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.records.schema.kind import kinds
from fieldkit.store.backup import backup
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.oplog.record_ids import kind_mark
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from networks import Laptop, Network, Writer, op
from planted import planted

SHARED = sorted(name for name, kind in kinds().items() if kind.shared and not kind.coordinator_only)
FREE_ID = "0123456789abcdefghjkmnpq"


@pytest.mark.parametrize("kind", SHARED)
@pytest.mark.parametrize("role", ["field", "deputy"])
def test_no_change_of_another_kind_is_taken_under_the_id_of_a_record(
    network: Network, kind: str, role: str
) -> None:
    hub = network.hub
    event = hub.kit.add("event", {"title": "The fair"})
    other = kind if kind != "event" else "partner"
    for record_id in (event.record_id, hub.me.device):
        path = planted(hub, (other, record_id, {"notes": "planted", "deleted": True}), role=role)
        before = hub.state()
        refused = hub.take(path)
        assert (refused.status, refused.reason) == (QUARANTINED, "not-allowed")
        assert "id of a record of another kind" in refused.sentence
        assert hub.state() == before


def test_it_is_refused_whatever_comes_first(network: Network) -> None:
    """A coordinator that does not know the record refuses it all the same: every order leads to one state."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    event = laptop.kit.add("event", {"title": "The fair"})
    files = [
        planted(hub, ("feedback", event.record_id, {"experience": "planted"})),
        planted(hub, ("aaa_newer", event.record_id, {"words": "planted"})),
        *laptop.export(),
    ]
    backup = hub.kit.folder / "before.db"
    hub.kit.copy_to(backup)
    states = set()
    for number, order in enumerate(permutations(files)):
        folder = network.folder / f"order-{number}"
        folder.mkdir()
        (folder / "fieldkit.db").write_bytes(backup.read_bytes())
        with Kit.with_key(folder, hub.kit.key) as kit:
            ingested = Laptop(kit, hub.me, hub.sticks).merge(*order).files
            assert sorted(entry.status for entry in ingested) == [MERGED, QUARANTINED, QUARANTINED]
            assert kit.check() == []
            states.add(kit.state_hash())
    assert len(states) == 1


def _orders(hub: Laptop, files: Sequence[Path]) -> None:
    for path in files:
        assert hub.take(path).status == MERGED


@pytest.mark.parametrize("first", [0, 1])
def test_ids_that_name_no_kind_are_of_two_records(network: Network, run: Run, first: int) -> None:
    """Ids from other programs and older kits: each record is reached by its kind, and nothing reaches the other."""
    hub = network.hub
    files = [
        planted(hub, ("event", FREE_ID, {"title": "The fair"})),
        planted(hub, ("feedback", FREE_ID, {"rating": "2", "experience": "planted"})),
    ]
    _orders(hub, files if first == 0 else files[::-1])
    before = hub.kit.get(f"event:{FREE_ID}")
    path = hub.kit.folder
    shown = run("--kit", path, "show", FREE_ID)
    assert f"event:{FREE_ID}" in shown.err and f"feedback:{FREE_ID}" in shown.err
    assert run("--kit", path, "show", f"feedback:{FREE_ID}", "--json").json["experience"] == "planted"
    run("--kit", path, "edit", f"feedback:{FREE_ID}", "--set", "rating=3")
    history = run("--kit", path, "history", f"feedback:{FREE_ID}", "--json").json
    assert {name for step in history for name in step["fields"]} == {"rating", "experience"}
    edit = next(step["ref"] for step in history if step["origin"] == hub.kit.origin)
    run("--kit", path, "undo", f"feedback:{FREE_ID}", edit)
    assert hub.kit.get(FREE_ID, "feedback").values["rating"] == "2"
    run("--kit", path, "delete", f"feedback:{FREE_ID}")
    assert hub.kit.get(FREE_ID, "feedback").deleted and not hub.kit.get(FREE_ID, "event").deleted
    run("--kit", path, "restore", f"feedback:{FREE_ID}")
    run("--kit", path, "erase", f"feedback:{FREE_ID}", "--yes")
    assert hub.kit.count("feedback") == 0
    assert hub.kit.get(FREE_ID) == before
    assert hub.kit.check() == []
    # A later change to the erased record stays erased, and leaves the other alone.
    _orders(hub, [planted(hub, ("feedback", FREE_ID, {"experience": "again"}))])
    assert hub.kit.count("feedback") == 0
    assert hub.kit.get(FREE_ID) == before


def test_a_draft_of_another_kind_outlives_an_erasure(network: Network) -> None:
    hub = network.hub
    _orders(
        hub,
        [
            planted(hub, ("event", FREE_ID, {"title": "The fair"})),
            planted(hub, ("feedback", FREE_ID, {"experience": "planted"})),
        ],
    )
    hub.kit.drafts.keep(Draft("draft1", "event", {"title": "The great fair"}, FREE_ID))
    hub.kit.erase(FREE_ID, "feedback")
    assert [draft.kind for draft in hub.kit.drafts.all()] == ["event"]


def test_a_conflict_is_resolved_in_its_own_record(network: Network, run: Run) -> None:
    hub = network.hub
    _orders(
        hub,
        [
            planted(hub, ("event", FREE_ID, {"place": "Library"})),
            planted(hub, ("event", FREE_ID, {"place": "Mosque"})),
            planted(hub, ("partner", FREE_ID, {"notes": "one"})),
            planted(hub, ("partner", FREE_ID, {"notes": "two"})),
        ],
    )
    assert hub.kit.conflict_count() == 2
    listed = run("--kit", hub.kit.folder, "conflicts", "--json").json
    assert {(file["kind"], file["field"]) for file in listed} == {("event", "place"), ("partner", "notes")}
    run("--kit", hub.kit.folder, "conflicts", "resolve", f"partner:{FREE_ID}", "notes=#1")
    run("--kit", hub.kit.folder, "conflicts", "resolve", f"event:{FREE_ID}", "place=#1")
    assert hub.kit.conflict_count() == 0
    assert hub.kit.check() == []


def test_what_was_erased_before_a_restore_is_one_record(network: Network) -> None:
    hub = network.hub
    _orders(
        hub,
        [
            planted(hub, ("event", FREE_ID, {"title": "The fair"})),
            planted(hub, ("feedback", FREE_ID, {"experience": "planted"})),
        ],
    )
    backup(hub.kit, hub.sticks / "kept.fkbackup")
    hub.kit.erase(FREE_ID, "feedback")
    hub.restore(hub.sticks / "kept.fkbackup")
    assert hub.kit.count("feedback") == 0
    assert hub.kit.get(FREE_ID).kind == "event"


def test_kinds_are_distinguished_by_their_ids() -> None:
    assert len({kind_mark(name) for name in kinds()}) == len(kinds())


def test_what_deleting_says_restores_the_record_that_was_deleted(network: Network, run: Run) -> None:
    """The command that it names works as printed, although two records have that id."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    writer = Writer(laptop, [hub.me.age_public])
    record_id = "anotherprogram0000000000001"
    lines = writer.lines(
        op(writer.origin, 1, record_id=record_id, fields={"rating": "2"}),
        op(writer.origin, 2, kind="event", record_id=record_id, fields={"title": "The fair"}),
    )
    assert hub.take(writer.bundle(lines)).status == MERGED
    deleted = run("--kit", hub.kit.folder, "delete", f"event:{record_id}")
    assert deleted.code == 0
    named = deleted.out.split("fieldkit restore ")[1].split()[0]
    assert run("--kit", hub.kit.folder, "restore", named).code == 0
    assert (hub.kit.counts()["event"], hub.kit.counts()["feedback"]) == (1, 1)
