"""The packed and sealed lines: round trips, bombs, cuts, and checks with age, zstd and jq."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.limits import LIMITS, Limits
from fieldkit.sync.bundle.payload import pack, unpack
from tools import tool

IDENTITY = pyrage.x25519.Identity.generate()
SECRET, PUBLIC = str(IDENTITY), str(IDENTITY.to_public())
LINES = [
    json.dumps({"seq": number, "text": "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ"}, ensure_ascii=False).encode() for number in range(50)
]
SEALED = pack(LINES, [PUBLIC])
PLAIN = pack(LINES, [])
MIB = 1 << 20

lines = st.lists(st.binary(max_size=200).map(lambda line: line.replace(b"\n", b"")), max_size=40)


def zstd(data: bytes, level: int = 3, **parameters: int) -> bytes:
    settings = zstandard.ZstdCompressionParameters.from_level(level, **parameters)
    return zstandard.ZstdCompressor(compression_params=settings).compress(data)


def refusal(payload: bytes, secrets: list[str] | None = None, limits: Limits = LIMITS) -> BundleRefused:
    with pytest.raises(BundleRefused) as caught:
        for _ in unpack(payload, secrets, limits):
            pass
    assert caught.value.message and caught.value.kept and caught.value.hint
    return caught.value


# Round trips


@given(lines)
def test_lines_come_back(given_lines: list[bytes]) -> None:
    assert list(unpack(pack(given_lines, []), None)) == given_lines
    assert list(unpack(pack(given_lines, [PUBLIC]), [SECRET])) == given_lines


def test_lines_come_back_from_large_payloads() -> None:
    # Longer than the pieces that streams are cut into, with lines across every boundary.
    many = [b"%d " % number + b"x" * (number % 3000) for number in range(3000)] + [b"y" * LIMITS.line]
    assert list(unpack(memoryview(pack(many, [PUBLIC])), [SECRET])) == many
    noise = [line.replace(b"\n", b"") for line in (bytes(range(256)) * 40, SEALED, PLAIN) * 30]
    assert list(unpack(pack(noise, []), None)) == noise


def test_any_of_several_people_can_open_it() -> None:
    other, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    sealed = pack(LINES, [PUBLIC, str(other.to_public())])
    assert list(unpack(sealed, [SECRET])) == LINES
    assert list(unpack(sealed, [str(stranger), str(other)])) == LINES
    assert refusal(sealed, [str(stranger)]).reason == "not-for-us"
    assert refusal(sealed, []).reason == "not-for-us"
    assert refusal(sealed, None).reason == "not-for-us"


def test_a_failing_source_of_lines_is_raised() -> None:
    def failing() -> Iterator[bytes]:
        yield b"{}"
        raise LookupError("the disk is gone")

    for recipients in ([], [PUBLIC]):
        with pytest.raises(LookupError, match="the disk is gone"):
            pack(failing(), recipients)


def test_misuse_is_a_plain_error() -> None:
    for recipients in ([], [PUBLIC]):
        with pytest.raises(ValueError, match="line break"):
            pack([b"{\n}"], recipients)
    with pytest.raises(ValueError, match="not an age public key"):
        pack(LINES, ["age1nonsense"])
    with pytest.raises(ValueError, match="not an age secret key"):
        unpack(SEALED, ["AGE-SECRET-KEY-1NONSENSE"])


# With age, zstd and jq


def test_age_zstd_and_jq_open_what_we_write(tmp_path: Path) -> None:
    age, unzstd, jq = tool("age"), tool("zstd"), tool("jq")
    key, sealed = tmp_path / "key.txt", tmp_path / "payload.jsonl.zst.age"
    key.write_text(SECRET + "\n")
    sealed.write_bytes(SEALED)
    opened = subprocess.run(
        [age, "-d", "-i", key, sealed], capture_output=True, timeout=20, check=True
    ).stdout
    text = subprocess.run([unzstd, "-dc"], input=opened, capture_output=True, timeout=20, check=True).stdout
    assert text == b"".join(line + b"\n" for line in LINES)
    read = subprocess.run([jq, "-c", ".seq"], input=text, capture_output=True, timeout=20, check=True).stdout
    assert read.split() == [b"%d" % number for number in range(50)]


@pytest.mark.parametrize("options", [[], ["-1"], ["-19"], ["--no-check"], ["-9", "--long=23"]])
def test_we_open_what_age_and_zstd_write(options: list[str]) -> None:
    age, packer = tool("age"), tool("zstd")
    text = b"".join(line + b"\n" for line in LINES)
    packed = subprocess.run(
        [packer, "-c", *options], input=text, capture_output=True, timeout=20, check=True
    ).stdout
    sealed = subprocess.run(
        [age, "-r", PUBLIC], input=packed, capture_output=True, timeout=20, check=True
    ).stdout
    assert list(unpack(packed, None)) == LINES
    assert list(unpack(sealed, [SECRET])) == LINES


def test_a_passphrase_is_not_ours() -> None:
    assert refusal(pyrage.passphrase.encrypt(b"x", "a"), [SECRET]).reason == "not-for-us"


def test_packing_has_a_checksum_and_a_bounded_window() -> None:
    header = zstandard.get_frame_parameters(PLAIN)
    assert header.has_checksum
    assert header.window_size <= LIMITS.window


# Damage


def test_every_cut_is_refused() -> None:
    for end in range(len(PLAIN)):
        assert refusal(PLAIN[:end]).reason == "damaged"
    for end in range(len(SEALED)):
        assert refusal(SEALED[:end], [SECRET]).reason == "damaged"


def test_no_changed_byte_of_a_sealed_payload_gives_other_lines() -> None:
    for at in range(len(SEALED)):
        changed = bytearray(SEALED)
        changed[at] ^= 1
        assert refusal(bytes(changed), [SECRET]).reason in ("damaged", "not-for-us")


@given(at=st.integers(0, len(PLAIN) - 1), value=st.integers(1, 255))
def test_no_changed_byte_of_an_open_payload_gives_other_lines(at: int, value: int) -> None:
    changed = bytearray(PLAIN)
    changed[at] ^= value
    with contextlib.suppress(BundleRefused):
        assert list(unpack(bytes(changed), None)) == LINES


@given(st.binary(max_size=300))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    assert refusal(b"\0" + rubbish).reason == "damaged"
    assert refusal(rubbish, [SECRET]).reason == "damaged"
    assert refusal(pyrage.encrypt(b"\0" + rubbish, [IDENTITY.to_public()]), [SECRET]).reason == "damaged"
    header = SEALED[: SEALED.index(b"\n--- ")]
    assert refusal(header + rubbish, [SECRET]).reason in ("damaged", "not-for-us")


def test_the_end_must_be_clean() -> None:
    assert list(unpack(zstd(b"{}\n") + zstd(b"[") + zstd(b"]\n"), None)) == [b"{}", b"[]"]
    assert list(unpack(zstd(b""), None)) == []
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    assert list(unpack(zstd(b"{}\n") + skippable, None)) == [b"{}"]
    assert list(unpack(zstd(b"{}\n\n"), None)) == [b"{}", b""]
    for tail in (b"x", b"garbage after it", zstd(b"x\n")[:-1], skippable[:-1], bytes(4)):
        assert refusal(zstd(b"{}\n") + tail).reason == "damaged"
    assert "last line" in str(refusal(zstd(b"{}\n{}")))
    assert refusal(b"").reason == "damaged"


# Bounds


def test_each_limit_holds_on_the_way_in() -> None:
    text = b"1234\n" * 4
    for name, fits, size in (("unpacked", 20, 19), ("line", 4, 3), ("ops", 3, 2)):
        assert len(list(unpack(zstd(text), None, replace(LIMITS, **{name: fits})))) == 4
        assert refusal(zstd(text), None, replace(LIMITS, **{name: size})).reason == "too-large"
    assert refusal(PLAIN, None, replace(LIMITS, packed=len(PLAIN) - 1)).reason == "too-large"
    assert refusal(zstd(b"") * 11, None, replace(LIMITS, frames=10)).reason == "too-large"


def test_each_limit_holds_on_the_way_out() -> None:
    four = [b"1234"] * 4
    sizes = {"packed": len(pack(four, [])), "unpacked": 20, "line": 4, "ops": 3}
    for name, size in sizes.items():
        assert pack(four, [], replace(LIMITS, **{name: size}))
        for recipients in ([], [PUBLIC]):
            with pytest.raises(BundleRefused) as caught:
                pack(four, recipients, replace(LIMITS, **{name: size - 1}))
            assert caught.value.reason == "too-large"
    # What age adds counts as well.
    with pytest.raises(BundleRefused):
        pack(four, [PUBLIC], replace(LIMITS, packed=sizes["packed"]))


def test_a_large_window_is_refused() -> None:
    for log, accepted in ((23, True), (24, False)):
        packer = zstandard.ZstdCompressor(
            compression_params=zstandard.ZstdCompressionParameters.from_level(3, window_log=log)
        ).compressobj()
        payload = packer.compress(b"{}\n") + packer.flush()
        if accepted:
            assert list(unpack(payload, None)) == [b"{}"]
        else:
            assert refusal(payload).reason == "too-large"


def bomb(beginning: bytes, unit: bytes, size: int) -> bytes:
    """A frame of a few KB that unpacks to `size` bytes of `unit`, without stating so in its header."""
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    filling = unit * (MIB // len(unit))
    pieces = [
        packer.compress(beginning),
        *(packer.compress(filling) for _ in range(size // MIB)),
        packer.flush(),
    ]
    return b"".join(pieces)


@pytest.mark.parametrize(
    ("unit", "what"),
    [(b"\0", "line"), (b"\n", "changes"), (b"x" * 1023 + b"\n", "MB")],
    ids=["one long line", "line breaks alone", "many lines"],
)
def test_a_bomb_is_refused_in_little_memory(unit: bytes, what: str) -> None:
    limits = replace(LIMITS, unpacked=48 * MIB)
    payload = bomb(b"{}\n", unit, 64 * MIB)
    assert len(payload) < 16_000
    sealed = pyrage.encrypt(payload, [IDENTITY.to_public()])
    tracemalloc.start()
    try:
        refused = refusal(sealed, [SECRET], limits)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.reason == "too-large"
    assert what in str(refused)
    assert peak < 24 * MIB


def test_packing_and_unpacking_hold_little_memory() -> None:
    tracemalloc.start()
    try:
        payload = pack((b"%07d " % number + b"a comment " * 20 for number in range(100_000)), [PUBLIC])
        count = sum(1 for _ in unpack(payload, [SECRET]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 100_000
    assert peak < 4 * MIB + 3 * len(payload) < 20 * MIB
