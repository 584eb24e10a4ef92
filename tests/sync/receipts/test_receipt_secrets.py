"""A receipt is not encrypted: it contains nothing from a refused file, and its laptop still recognises the file."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
import zstandard

from commanding import Run
from fieldkit.presentation.exchange.new_receipts import news_since
from fieldkit.quarantine_reasons import Reason, reason_of
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.setup import revoke
from networks import Network, Writer, op
from other_program import device_id, read_receipt
from planted import enrolled, sent

SECRET = "Mrs Kaur, diabetic, 07700 900123"


def contents(path: Path) -> bytes:
    """Everything in a receipt, unpacked."""
    result = path.read_bytes()
    with tarfile.open(path) as tar:
        for member in tar.getmembers():
            file = tar.extractfile(member)
            assert file is not None
            data = file.read()
            if member.name.endswith(".zst"):
                data = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
            result += data
    return result


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("feedback", {"rating": [SECRET]}),
        ("event", {"date": SECRET}),
        ("person", {"name": {"first": SECRET}}),
        ("feedback", {"rating": "1", SECRET: "x"}),
    ],
)
def test_no_value_name_of_a_field_or_file_is_in_it(
    network: Network, kind: str, fields: dict[str, object]
) -> None:
    hub = network.hub
    writer = enrolled(hub)
    path = sent(hub, writer, (kind, "planted00001", fields))
    named = path.rename(path.with_name(f"{SECRET}.fkb"))
    refused = hub.take(named)
    assert (refused.status, refused.reason) == (QUARANTINED, "damaged")
    receipt = hub.receipt()
    for part in (SECRET, "Kaur", "900123"):
        assert part.encode() not in contents(receipt)
    lines = [
        file
        for file in read_receipt(receipt, {hub.me.key.public.ssh_line()})
        if file["line"] == "quarantined"
    ]
    with tarfile.open(named) as tar:
        payload = tar.extractfile("payload.jsonl.zst.age")
        assert payload is not None
        from hashlib import sha256

        digest = sha256(payload.read()).hexdigest()
    assert lines == [
        {"line": "quarantined", "device": device_id(writer.public), "sha256": digest, "reason": "damaged"}
    ]


def test_a_refusal_of_others_things_names_nothing_of_them(network: Network) -> None:
    """Conflicts, and files of a laptop that waits or was revoked."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    writer = Writer(laptop, [hub.me.age_public])
    hub.take(writer.bundle(writer.lines(op(writer.origin, fields={"experience": SECRET}))))
    revoke(hub.kit, hub.me, laptop.me.device)
    laptop.kit.add("feedback", {"rating": "1", "experience": SECRET})
    refused = hub.take(laptop.export()[0].rename(hub.sticks / f"{SECRET}.fkb"))
    assert refused.reason == "revoked-sender"
    assert b"Kaur" not in contents(hub.receipt())


def test_names_of_fields_and_kinds_that_nobody_knows_are_not_in_it(network: Network) -> None:
    """Two laptops disagree on a field and a kind whose unknown names are words that one of them chose."""
    hub = network.hub
    for laptop, rating in (
        (network.joins("A", trusted="field"), "1"),
        (network.joins("B", trusted="field"), "2"),
    ):
        writer = Writer(laptop, [hub.me.age_public])
        lines = writer.lines(
            op(
                writer.origin,
                1,
                record_id="planted00001",
                fields={"mrs_kaur_diabetic": rating, "rating": rating},
            ),
            op(writer.origin, 2, record_id="planted00002", kind="mrs_kaur_of_leeds", fields={"x": rating}),
        )
        assert hub.take(writer.bundle(lines)).status == MERGED
    assert len(hub.kit.conflicts()) == 3
    receipt = hub.receipt()
    assert b"kaur" not in contents(receipt)
    lines_read = read_receipt(receipt, {hub.me.key.public.ssh_line()})
    assert [line["field"] for line in lines_read if line["line"] == "conflict"] == ["rating"]


def test_the_laptop_finds_its_own_bundle_by_the_digest(network: Network, run: Run) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    revoke(hub.kit, hub.me, laptop.me.device)
    (bundle,) = laptop.export()
    name = bundle.name
    assert hub.take(bundle.rename(bundle.with_name("called otherwise.fkb"))).status == QUARANTINED
    laptop.merge(hub.receipt())
    (receipt_lines,) = news_since(laptop.kit, laptop.me, [])
    assert [file["name"] for file in receipt_lines.quarantined] == [name]
    message = " ".join(receipt_lines.lines(laptop.kit.clock(), "x"))
    assert f"Quarantined there: {name}. The coordinator revoked this laptop." in message


def test_each_reason_has_its_words() -> None:
    assert len({reason.code for reason in Reason}) == len(Reason)
    for reason in Reason:
        assert reason_of(reason.code) is reason
        assert reason.short and reason.at_sender
        assert len(reason.at_sender.split()) <= 20
