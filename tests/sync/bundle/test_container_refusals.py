"""Tars that are cut, changed, irregular or too large are refused before anything in them is used."""

from __future__ import annotations

import contextlib
import os
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle import container
from fieldkit.sync.bundle.container import (
    LIMITS,
    MANIFEST,
    PAYLOAD,
    SEALED_PAYLOAD,
    SIGNATURE,
    read_container,
)
from tars import CONTENT, END, GOOD, PARTS, block, described, opened_in_full, tar_of


def refusal(source: bytes | Path, limits: container.Limits = LIMITS) -> BundleRefused:
    with pytest.raises(BundleRefused) as caught:
        read_container(source, limits)
    assert caught.value.message and caught.value.kept and caught.value.hint
    return caught.value


def test_every_cut_is_refused() -> None:
    small = tar_of(PARTS)[: 6 * 512 + 1024]
    assert opened_in_full(small) == (PARTS[MANIFEST], CONTENT)
    for end in range(len(small)):
        assert refusal(small[:end]).reason == "damaged"


@given(at=st.integers(0, 6 * 512 + 1023), value=st.integers(1, 255))
def test_a_changed_byte_never_gives_other_content(at: int, value: int) -> None:
    changed = bytearray(GOOD)
    changed[at] ^= value
    with contextlib.suppress(BundleRefused, ValueError):
        assert opened_in_full(bytes(changed)) == (PARTS[MANIFEST], CONTENT)


def test_every_changed_byte_is_refused() -> None:
    # So that the property above can't pass by accepting everything.
    accepted = 0
    for at in range(6 * 512 + 1024):
        changed = bytearray(GOOD)
        changed[at] ^= 1
        try:
            opened_in_full(bytes(changed))
            accepted += 1
        except (BundleRefused, ValueError):
            pass
    assert accepted == 0


@given(st.binary(max_size=3000))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    assert refusal(rubbish).reason == "damaged"
    assert refusal(GOOD[:1024] + rubbish).reason == "damaged"


LONG_PAX = {"comment": "x" * 70_000}
ODD: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "zeros alone": lambda: bytes(10240),
    "a symbolic link": lambda: tar_of(PARTS, type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "a hard link": lambda: tar_of(PARTS, type=tarfile.LNKTYPE, linkname=SIGNATURE),
    "a plain file with a link": lambda: block(MANIFEST.encode(), link=b"x") + GOOD,
    "a device": lambda: tar_of(PARTS, type=tarfile.CHRTYPE),
    "a pipe": lambda: tar_of(PARTS, type=tarfile.FIFOTYPE),
    "a folder": lambda: tar_of({"./": b""} | PARTS, type=tarfile.DIRTYPE),
    "a sparse file": lambda: tar_of(PARTS, type=tarfile.GNUTYPE_SPARSE),
    "a contiguous file": lambda: tar_of(PARTS, type=tarfile.CONTTYPE),
    "a member twice": lambda: block(MANIFEST.encode()) * 2 + GOOD[2048:3072] + END,
    "three and one twice": lambda: block(MANIFEST.encode()) + GOOD,
    "a fourth member": lambda: tar_of(PARTS | {"x": b""}),
    "both payloads": lambda: tar_of(PARTS | {PAYLOAD: b""}),
    "two payloads and no signature": lambda: tar_of({MANIFEST: b"", PAYLOAD: b"", SEALED_PAYLOAD: b""}),
    "two members": lambda: tar_of({MANIFEST: b"", SIGNATURE: b""}),
    "a name that climbs": lambda: tar_of({"../../x": b"", SIGNATURE: b"", PAYLOAD: b""}),
    "an absolute name": lambda: tar_of({"/manifest.json": b"", SIGNATURE: b"", PAYLOAD: b""}),
    "a name in a folder": lambda: tar_of({"a/manifest.json": b"", SIGNATURE: b"", PAYLOAD: b""}),
    "a doubly dotted name": lambda: tar_of({"././manifest.json": b"", SIGNATURE: b"", PAYLOAD: b""}),
    "a name with an end inside": lambda: block(b"manifest.json\0x") + GOOD[1024:],
    "a name with a prefix": lambda: tar_of({"p" * 99 + "/manifest.json": b"", SIGNATURE: b"", PAYLOAD: b""}),
    "a renaming description": lambda: tar_of(PARTS, tarfile.PAX_FORMAT, pax_headers={"path": "x"}),
    "a resizing description": lambda: tar_of(PARTS, tarfile.PAX_FORMAT, pax_headers={"size": "1"}),
    "a sparse description": lambda: tar_of(PARTS, tarfile.PAX_FORMAT, pax_headers={"GNU.sparse.major": "1"}),
    "a long description": lambda: tar_of(PARTS, tarfile.PAX_FORMAT, pax_headers=LONG_PAX),
    "a description at the end": lambda: GOOD[:3072] + block(b"x", kind=b"x") + END,
    "two descriptions": lambda: block(b"x", kind=b"x") * 2 + GOOD,
    "a broken description": lambda: described(b"0 mtime=1\n"),
    "a description without length": lambda: described(b"mtime=1\n"),
    "a description cut short": lambda: described(b"99 mtime=1\n"),
    "a long GNU name": lambda: tar_of({"x" * 300: b""} | PARTS, tarfile.GNU_FORMAT),
    "a negative size": lambda: block(MANIFEST.encode(), b"\xff" * 12) + GOOD,
    "a binary size": lambda: block(MANIFEST.encode(), b"\x80" + bytes(11)) + GOOD[1024:],
    "a size that is none": lambda: block(MANIFEST.encode(), b"0000 000012\0") + GOOD[1024:],
    "an empty size": lambda: block(MANIFEST.encode(), bytes(12)) + GOOD[1024:],
    "a size beyond the file": lambda: block(MANIFEST.encode(), b"77777777777\0") + GOOD[1024:],
    "rubbish after the end": lambda: GOOD + b"x",
    "a block after the end": lambda: GOOD + b"x" * 512,
    "another tar after the end": lambda: GOOD + GOOD,
    "one block of zeros": lambda: GOOD[:3072] + bytes(512),
    "hidden bytes between": lambda: GOOD[:1023] + b"x" + GOOD[1024:],
    "gzip": lambda: b"\x1f\x8b\x08" + GOOD,
}


@pytest.mark.parametrize("what", ODD)
def test_anything_odd_is_refused(what: str) -> None:
    assert refusal(ODD[what]()).reason == "damaged"


def test_parts_beyond_their_limits_are_refused() -> None:
    small = replace(LIMITS, manifest=4, signature=4, packed=4)
    for big in range(3):
        parts = {name: b"12345" if number == big else b"1234" for number, name in enumerate(PARTS)}
        assert refusal(tar_of(parts), small).reason == "too-large"
    assert read_container(tar_of(dict.fromkeys(PARTS, b"1234")), small).payload == b"1234"
    assert refusal(bytes(20_000), replace(small, padding=10_000)).reason == "too-large"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.fkb"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    began = time.process_time()
    assert refusal(path).reason == "too-large"
    # Reading ten gigabytes takes seconds; checking the size takes no time.
    assert time.process_time() - began < 1


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.fkb"
    os.mkfifo(pipe)
    dangling = tmp_path / "dangling.fkb"
    dangling.symlink_to(tmp_path / "gone")
    assert "pipe" in str(refusal(pipe))
    assert "folder" in str(refusal(tmp_path))
    assert "device" in str(refusal(Path("/dev/zero")))
    assert "no file" in str(refusal(dangling))
    missing = refusal(tmp_path / "missing.fkb")
    assert "no file" in str(missing) and missing.hint == "Is the stick still in? Check the name."
    assert "can't be read" in str(refusal(Path("a\0b")))
    assert "\x1b" not in str(refusal(tmp_path / "\x1b[31mred.fkb"))


def test_a_pipe_put_in_place_of_the_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, plain = tmp_path / "pipe.fkb", tmp_path / "plain.fkb"
    os.mkfifo(pipe)
    plain.write_bytes(GOOD)
    looked = plain.stat()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: looked)
    assert "pipe" in str(refusal(pipe))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"Dear Anna", "it is not a bundle at all"),
        (b"Dear Anna" * 200, "it is not a bundle at all"),
        (b"manif", "it is cut short"),
        (b"manifest.json\0\0", "it is cut short"),
    ],
    ids=repr,
)
def test_an_empty_file_and_a_text_are_called_what_they_are(content: bytes, reason: str) -> None:
    assert refusal(content).message.endswith(f": {reason}.")
