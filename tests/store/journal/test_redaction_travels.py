"""Text redacted on one laptop is redacted on the others, and no backup restores it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.store.backup import backup
from fieldkit.store.local.drafts import Draft
from fieldkit.sync.merge.report import KNOWN, MERGED
from fieldkit.sync.peers.erasure_status import erasures
from marked_text import MARKER, spoken
from marked_text import words_in as words_held
from networks import Network
from other_program import read_bundle
from redacted import deputy, edit, recorded


def test_a_coordinator_who_never_held_the_text_has_the_same(network: Network, tmp_path: Path) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    edit(hub, record_id, rating="3", need=MARKER)
    hub.kit.redact("feedback", [record_id])
    other.merge(*hub.export(full=True))
    assert words_held(other, tmp_path) == []
    assert hub.state() == other.state()
    fields = [(step.origin, step.stamp, step.fields) for step in hub.kit.history(record_id)]
    assert [(step.origin, step.stamp, step.fields) for step in other.kit.history(record_id)] == fields
    assert fields[-1][2] == {"redacts": "experience, need"}
    # The laptop sends everything again with its text, and nothing changes.
    for device in (hub, other):
        device.merge(*laptop.export(full=True))
        assert words_held(device, tmp_path) == []
    edit(laptop, record_id, rating="5")
    for device in (hub, other):
        device.merge(*laptop.export())
        assert {conflict.field for conflict in device.kit.conflicts()} == {"rating"}
    assert hub.state() == other.state()
    for device in (hub, other):
        state = device.state()
        device.kit.rebuild()
        assert device.state() == state


def test_a_field_laptop_keeps_its_codes_and_an_invitation_tells_nobody_any(
    network: Network, tmp_path: Path
) -> None:
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    invitation = hub.invite()
    _, message = read_bundle(invitation, {hub.me.key.public.ssh_line()})
    (order,) = [entry for entry in message if entry.get("record_id") == record_id]
    assert order["fields"].keys() == {"redacts"}
    laptop.kit.drafts.keep(
        Draft("", "feedback", spoken(rating="3", need="typed this morning"), record_id, {})
    )
    assert words_held(laptop, tmp_path)
    report = laptop.take(invitation)
    assert (report.status, report.redacted) == (MERGED, 1)
    assert words_held(laptop, tmp_path) == []
    assert laptop.kit.get(record_id).values == hub.kit.get(record_id).values
    (draft,) = laptop.kit.drafts.all()
    assert draft.values == {"rating": "3", "consent_record": "Y", "need": "typed this morning"}
    edit(laptop, record_id, rating="5")
    hub.merge(*laptop.export(full=True))
    assert hub.kit.get(record_id).values["rating"] == "5"
    assert hub.kit.conflicts() == []
    assert hub.state()[0] == hub.kit.state_hash()
    assert laptop.kit.check() == []


def test_who_has_not_erased_the_text_is_shown(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    (order,) = erasures(hub.kit, hub.me)
    assert (order.record_id, order.text_only, order.waiting) == (record_id, True, ["A"])
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    assert erasures(hub.kit, hub.me)[0].waiting == []


def test_a_skeleton_alone_is_no_erasure(network: Network, tmp_path: Path) -> None:
    """A change relayed as a skeleton before the order arrived is not erased: after a restore its text may still come."""
    hub, laptop, record_id = recorded(network)
    other = deputy(network)
    hub.kit.redact("feedback", [record_id])
    laptop.merge(hub.invite())
    other.merge(*laptop.export(full=True))
    other.kit.erase(other.kit.add("feedback", spoken()).record_id)
    backup(other.kit, tmp_path / "c.fkbackup")
    other.restore(tmp_path / "c.fkbackup")
    other.merge(*hub.export(full=True))
    assert other.kit.get(record_id).values == hub.kit.get(record_id).values


@pytest.mark.parametrize("who", ["hub", "laptop"])
def test_a_backup_from_before_restores_no_text(network: Network, tmp_path: Path, who: str) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    device = hub if who == "hub" else laptop
    backup(device.kit, tmp_path / "before.fkbackup")
    hub.kit.redact("feedback", [record_id])
    laptop.merge(hub.invite())
    values = hub.kit.get(record_id).values
    for _ in range(2):
        device.restore(tmp_path / "before.fkbackup")
        assert words_held(device, tmp_path) == []
        assert device.kit.get(record_id).values == values
    # Whatever the restored laptop sends, the others hold the record without its text.
    assert {file.status for file in hub.merge(*laptop.export(full=True)).files} <= {MERGED, KNOWN}
    other.merge(*hub.export(full=True))
    assert words_held(other, tmp_path) == []
    assert other.kit.get(record_id).values == values
    assert hub.state() == other.state()


def test_a_field_laptop_that_is_restored_sends_no_erasure_of_others(network: Network, tmp_path: Path) -> None:
    hub, laptop, record_id = recorded(network)
    backup(laptop.kit, tmp_path / "before.fkbackup")
    hub.kit.erase(record_id)
    laptop.merge(hub.invite())
    laptop.restore(tmp_path / "before.fkbackup")
    assert words_held(laptop, tmp_path) == []
    laptop.kit.add("feedback", {"rating": "4"})
    assert {file.status for file in hub.merge(*laptop.export()).files} == {MERGED}
    assert [record.values for record in hub.kit.page("feedback")] == [{"rating": "4"}]
