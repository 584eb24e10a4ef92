"""The stanzas of a bundle's seal are counted before it is opened: a header made to cost hours is refused at once."""

from __future__ import annotations

import base64
import os

import pytest

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.encryption import sealed_keys
from fieldkit.sync.bundle.limits import LIMITS
from fieldkit.sync.bundle.payload import pack, unpack
from fieldkit.sync.merge.report import MERGED
from hostile import FIXTURES, hurt
from networks import Laptop, Writer, op

network, hub, writer, goes_on = FIXTURES


def stanza() -> bytes:
    """A stanza to a key that nobody has, as another program may write it."""
    parts = (base64.b64encode(os.urandom(32)).rstrip(b"=") for _ in range(2))
    return b"-> X25519 %b\n%b\n" % tuple(parts)


def with_stanzas(sealed: bytes, count: int) -> bytes:
    """`sealed` with `count` more stanzas."""
    first, rest = sealed.split(b"\n", 1)
    return first + b"\n" + b"".join(stanza() for _ in range(count)) + rest


def sealed(writer: Writer) -> bytes:
    """A payload of one change, sealed to the coordinator."""
    lines = writer.lines(op(writer.origin))
    return pack([writer.header([writer.span(lines)]), *lines], writer.to)


def opens(payload: bytes) -> str:
    """The reason why `payload` is refused before any key is tried."""
    with pytest.raises(BundleRefused) as refused:
        list(unpack(payload, ["not a key: no key is looked at"]))
    return refused.value.reason


def test_more_stanzas_than_a_network_has_coordinators_are_not_opened(writer: Writer) -> None:
    payload = with_stanzas(sealed(writer), LIMITS.stanzas)
    assert opens(payload) == "too-large"


def test_a_hundred_thousand_stanzas_are_not_opened(writer: Writer) -> None:
    assert opens(with_stanzas(sealed(writer), 100_000)) == "too-large"


def test_a_long_stanza_is_not_opened(writer: Writer) -> None:
    first, rest = sealed(writer).split(b"\n", 1)
    assert opens(first + b"\n-> grease\n" + (b"A" * 64 + b"\n") * 2_000 + rest) == "too-large"


def test_a_header_without_end_is_damaged() -> None:
    assert opens(b"age-encryption.org/v1\n" + stanza()) == "damaged"


def test_such_a_bundle_is_quarantined_and_the_next_is_merged(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(op(writer.origin))
    spans = [writer.span(lines)]
    assert hurt(hub, writer.bundle(lines, spans, payload=with_stanzas(sealed(writer), 12_000))) == "too-large"
    assert hub.take(writer.bundle(lines, spans)).status == MERGED


def test_a_bundle_sealed_to_more_keys_than_its_manifest_names_is_damaged(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(op(writer.origin))
    payload = with_stanzas(sealed(writer), 1)
    assert hurt(hub, writer.bundle(lines, [writer.span(lines)], payload=payload)) == "damaged"


def test_keys_are_counted_and_other_stanzas_are_not(writer: Writer) -> None:
    payload = sealed(writer)
    first, rest = payload.split(b"\n", 1)
    assert sealed_keys(payload) == 1
    assert sealed_keys(first + b"\n-> other\n\n" + rest) == 1
    assert sealed_keys(with_stanzas(payload, 3)) == 4


def test_nothing_is_sealed_to_more_keys_than_a_reader_takes(writer: Writer) -> None:
    with pytest.raises(BundleRefused) as refused:
        pack([b"{}"], writer.to * LIMITS.stanzas)
    assert refused.value.reason == "too-large"
