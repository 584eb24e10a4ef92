"""Text from hostile senders stays text, names stay on one line, and impossible times stop nothing."""

from __future__ import annotations

import json

import pytest

from fieldkit.store.local.known_settings import DEVICE_NAMES
from fieldkit.store.oplog.ops import LARGEST
from fieldkit.sync.merge.report import KNOWN, MERGED
from fieldkit.sync.network.old_text import due
from fieldkit.sync.peers.erasure_status import erasures
from fieldkit.sync.setup import read_invitation
from hostile import CONTROLS, FIXTURES
from networks import NEXT, Laptop, Network, Writer, op

TEXTS = {
    "markup": "[/] [@click=app.quit]x[/]",
    "escapes": "\x1b[2J\x1b]0;owned\x07red\x1b[31m \x9b31m \x08\x08",
    "formula": '=HYPERLINK("http://x","y")',
    "sql": "'); DROP TABLE feedback; --",
    "bidi": "\u202eright to left\u2066",
    "nul": "a\x00b",
    "scripts": "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ שלום 👩‍👩‍👧 e\u0301",
    "long": "x" * 60_000,
}

network, hub, writer, goes_on = FIXTURES


@pytest.mark.parametrize("name", TEXTS)
def test_what_people_write_stays_text(hub: Laptop, writer: Writer, name: str) -> None:
    record_id = f"text{next(NEXT):08d}"
    fields = {"experience": TEXTS[name], "unheard_of": {"deep": [TEXTS[name]]}}
    if name == "long":
        fields = {"experience": TEXTS[name]}
    lines = writer.lines(op(writer.origin, record_id=record_id, fields=fields))
    result = hub.take(writer.bundle(lines))
    assert result.status == MERGED
    shown = hub.kit.get(record_id)
    if name == "long":
        # Longer than any form of this version allows: kept as another version's.
        assert (shown.values, shown.extra) == ({}, fields)
        assert result.not_understood == 1
        return
    for text in (shown.values["experience"], json.dumps(shown.extra, ensure_ascii=False)):
        assert not any(letter in text for letter in CONTROLS)
        assert "\u202e" not in text
    assert shown.values["experience"] == TEXTS[name] or name in {"escapes", "bidi", "nul", "scripts"}
    # What was written is relayed as it was signed.
    with hub.kit.ledger.outgoing() as outgoing:
        assert list(outgoing.lines(writer.span(lines))) == lines


def test_names_of_laptops_and_networks_are_one_plain_line(
    hub: Laptop, writer: Writer, network: Network
) -> None:
    evil = "\x1b]0;x\x07[@click=app.quit]\nx" + "y" * 500
    lines = writer.lines(op(writer.origin))
    spans = [writer.span(lines)]
    header = writer.header(spans, device_name=evil, age="age1\x1b[31m\nx", seen={"\x1b": 2**62})
    assert hub.take(writer.bundle(lines, spans, header=header)).status == MERGED
    for name in hub.kit.settings.get(DEVICE_NAMES).values():
        assert len(name) <= 80
        assert not any(letter in name for letter in (*CONTROLS, "\n"))
    # The same in an invitation, which is read before anybody is trusted.
    lines = writer.lines(op(writer.origin))
    open_writer = Writer(network.hub, [])
    spans = [open_writer.span(lines)]
    path = open_writer.bundle(
        lines,
        spans,
        header=open_writer.header(spans, network_name=evil, device_name=evil),
        purpose="invitation",
    )
    read = read_invitation(path)
    assert not any(letter in read.network_name + read.coordinator for letter in (*CONTROLS, "\n"))


def test_times_that_can_not_be_stop_nothing(hub: Laptop, writer: Writer) -> None:
    """The greatest stamp that an op may have is not a date."""
    lines = writer.lines(
        op(writer.origin, stamp=LARGEST - 1, record_id="endoftime"),
        op(writer.origin, 2, stamp=0, record_id="beginning"),
    )
    assert hub.take(writer.bundle(lines)).status == MERGED
    assert isinstance(due(hub.kit, 12), dict)
    assert erasures(hub.kit, hub.me) == []
    (bundle,) = hub.export()
    assert hub.take(bundle).status == KNOWN
