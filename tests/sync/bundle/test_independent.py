"""The program written only from docs/bundle-format.md reads what fieldkit writes, and fieldkit reads what it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from other_program import Writer, erasing_numbers, fold, read_bundle, read_receipt, ssh_line


@pytest.fixture
def network(tmp_path: Path) -> Any:
    """A coordinator's kit and identity, and the network file."""
    from fieldkit.store.kit import Kit
    from fieldkit.sync.export.export import invite
    from fieldkit.sync.setup import create_network

    kit, _ = Kit.create(tmp_path / "hub", None)
    with kit:
        me = create_network(kit, "Fair")
        kit.add("event", {"title": "Fair", "place": "ਬਰਮਿੰਘਮ"})
        yield kit, me, invite(kit, me, tmp_path / "fair.fkn")


def test_it_reads_what_fieldkit_writes(network: Any, tmp_path: Path) -> None:
    from fieldkit.sync.export.export import export

    kit, me, invitation = network
    secret_words = "erased WORDS"
    feedback = kit.add("feedback", {"rating": "2", "experience": "They said “wait” ☂"})
    kit.edit(feedback, {"rating": "4"})
    kit.erase(kit.add("feedback", {"rating": "1", "experience": secret_words}).record_id)
    header, operations = read_bundle(invitation, {me.key.public.ssh_line()})
    assert header["age"] == me.age_public
    assert {operation["kind"] for operation in operations if "kind" in operation} >= {"event", "device"}
    (bundle,) = export(kit, me, tmp_path / "hub.fkb", full=True)
    header, operations = read_bundle(bundle.path, {me.key.public.ssh_line()}, me.age_secret)
    mine = [operation for operation in operations if operation["record_id"] == feedback.record_id]
    assert [entry["fields"] for entry in mine] == [
        {"rating": "2", "experience": "They said “wait” ☂"},
        {"rating": "4"},
    ]
    assert mine[1]["preds"] == {"rating": [f"{mine[0]['origin']}:{mine[0]['seq']}"]}
    assert any("gone" in operation for operation in operations)
    assert secret_words not in json.dumps(operations)


def test_it_makes_the_same_erasing_numbers(network: Any, tmp_path: Path) -> None:
    from fieldkit.sync.export.export import export

    kit, me, _ = network
    for number in range(3):
        kit.erase(kit.add("feedback", {"rating": "1", "experience": f"{number}"}).record_id)
    _, code = kit.add_with_code("feedback", {"rating": "1"})
    kit.withdraw(code)
    kit.redact("feedback", [kit.add("feedback", {"rating": "1", "experience": "old"}).record_id])
    (bundle,) = export(kit, me, tmp_path / "hub.fkb", full=True)
    header, operations = read_bundle(bundle.path, {me.key.public.ssh_line()}, me.age_secret)
    reported = {
        name.removesuffix("#erasing"): number
        for name, number in header["seen"].items()
        if name.endswith("#erasing")
    }
    assert reported == erasing_numbers(operations)
    assert set(reported) == {me.origin}
    assert header["origin"] == me.origin


def test_a_stranger_is_not_read(network: Any) -> None:
    with pytest.raises(AssertionError):
        read_bundle(network[2], {ssh_line(bytes(SigningKey.generate().verify_key))})


def test_fieldkit_reads_what_it_writes(network: Any, tmp_path: Path) -> None:
    from fieldkit.sync.merge.merge import merge
    from fieldkit.sync.setup import trust

    kit, me, invitation = network
    header, operations = read_bundle(invitation, {me.key.public.ssh_line()})
    event = next(operation for operation in operations if operation["kind"] == "event")
    writer = Writer()
    first = writer.write("feedback", "0handmade01", {"rating": "4", "experience": "Waited — ਦੋ hours"}, {})
    writer.write("feedback", "0handmade01", {"rating": "2"}, {"rating": [first]})
    writer.write("event", event["record_id"], {"place": "Walsall"}, {})
    writer.write("not_yet_a_kind", "0newkind0001", {"anything": [1, {"deep": None}]}, {})
    path = tmp_path / "other.fkb"
    writer.bundle(path, header["network"], header["age"])
    trust(kit, me, ssh_line(writer.public))
    (merged,) = merge(kit, me, [path]).files
    assert (merged.status, merged.new_ops, merged.reason) == ("merged", 4, "")
    assert kit.get("0handmade01").values == {"rating": "2", "experience": "Waited — ਦੋ hours"}
    (conflict,) = kit.conflicts()
    assert (conflict.field, {claim.value for claim in conflict.values}) == ("place", {"ਬਰਮਿੰਘਮ", "Walsall"})
    assert kit.check() == []


def test_it_makes_the_same_records_of_what_fieldkit_writes(network: Any, tmp_path: Path) -> None:
    secret_words = "erased WORDS"
    from fieldkit.store.kit import Kit
    from fieldkit.sync.export.export import export, invite
    from fieldkit.sync.merge.merge import merge
    from fieldkit.sync.setup import join, trust

    kit, me, invitation = network
    other, _ = Kit.create(tmp_path / "other", None)
    with other:
        laptop = join(other, invitation, "Another laptop")
        trust(kit, me, laptop.key.public.ssh_line())
        (event,) = kit.page("event")
        other.edit(other.get(event.record_id), {"place": "Walsall", "notes": None, "title": "Fair, Walsall"})
        kit.edit(kit.get(event.record_id), {"place": "Dudley"})
        kept, erased, conflict = (
            kit.add("feedback", {"rating": str(n + 1), "experience": f"{n}"}) for n in range(3)
        )
        kit.edit(kept, {"rating": "5", "experience": None})
        kit.delete(erased.record_id)
        kit.erase(conflict.record_id)
        old = kit.add("feedback", {"rating": "1", "experience": secret_words, "need": secret_words})
        kit.edit(kit.edit(old, {"rating": "2", "need": "less"}), {"experience": "short"})
        kit.redact("feedback", [old.record_id])
        both = kit.add("event", {"title": "Deleted here, changed there"})
        merge(other, laptop, [invite(kit, me, tmp_path / "again.fkn")])
        other.edit(other.get(both.record_id), {"title": "Changed"})
        kit.delete(both.record_id)
        (sent,) = export(other, laptop, tmp_path / "other.fkb")
        assert [file.status for file in merge(kit, me, [sent.path]).files] == ["merged"]
    (bundle,) = export(kit, me, tmp_path / "all.fkb", full=True)
    _, operations = read_bundle(bundle.path, {me.key.public.ssh_line()}, me.age_secret)
    records: dict[str, list[dict[str, Any]]] = {}
    for operation in operations:
        records.setdefault(operation["record_id"], []).append(operation)
    folded = {record_id: fold(many) for record_id, many in records.items()}
    listed = {
        record.record_id: (record.values, set(record.conflicts), record.deleted)
        for kind in ("event", "feedback")
        for deleted in (False, True)
        for record in kit.page(kind, deleted=deleted)
    }
    assert {name: folded[name] for name in listed} == listed
    assert folded[conflict.record_id] == ({}, set(), True)
    assert folded[old.record_id] == ({"rating": "2"}, set(), False)
    assert secret_words not in json.dumps(operations)
    assert folded[event.record_id][1] == {"place"}
    assert folded[both.record_id][1] == {"deleted"}


def test_it_reads_a_receipt_and_knows_what_is_confirmed(network: Any, tmp_path: Path) -> None:
    from fieldkit.sync.merge.merge import merge
    from fieldkit.sync.receipts.receipt_file import write_receipt
    from fieldkit.sync.setup import trust

    kit, me, invitation = network
    header, _ = read_bundle(invitation, {me.key.public.ssh_line()})
    writer = Writer()
    for number in range(4):
        writer.write("feedback", f"0handmade{number:02}", {"rating": "4"}, {})
    writer.bundle(tmp_path / "other.fkb", header["network"], header["age"])
    trust(kit, me, ssh_line(writer.public))
    merge(kit, me, [tmp_path / "other.fkb"])
    lines = read_receipt(write_receipt(kit, me, tmp_path / "all.fkr"), {me.key.public.ssh_line()})
    (hub,) = [line for line in lines if line["line"] == "hub"]
    assert hub["origin"] == me.origin
    (held,) = [line for line in lines if line["line"] == "held" and line["origin"] == writer.origin]
    assert (held["runs"], held["missing"], held["hash"]) == ([[1, 4]], [], writer.last.hex())
