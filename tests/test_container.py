"""The tar around a bundle: what we write others open, what others write we open, what is odd is refused."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import subprocess
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import BundleRefused, StorageError
from fieldkit.sync import container, sshsig
from fieldkit.sync.container import (
    LIMITS,
    MANIFEST,
    NAMESPACE,
    PAYLOAD,
    SEALED_PAYLOAD,
    SIGNATURE,
    digest,
    read_container,
    write_container,
)
from fieldkit.sync.keys import SigningKey
from tools import tool

KEY = SigningKey.from_seed(bytes(range(32)))
CONTENT = b"what a payload holds"
PARTS = {
    MANIFEST: b'{"sha256": "%s"}' % digest(CONTENT).encode(),
    SIGNATURE: sshsig.sign(KEY, b'{"sha256": "%s"}' % digest(CONTENT).encode(), NAMESPACE),
    SEALED_PAYLOAD: CONTENT,
}


def tar_of(parts: dict[str, bytes], format: int = tarfile.USTAR_FORMAT, **more: object) -> bytes:
    """A tar made by the standard library; `more` sets attributes of its first member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for number, (name, content) in enumerate(parts.items()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for attribute, value in more.items() if number == 0 else ():
                setattr(info, attribute, value)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def block(name: bytes, size: bytes = b"%011o\0" % 0, kind: bytes = b"0", link: bytes = b"") -> bytes:
    """A tar header with a right checksum, whatever its fields say."""
    head = name.ljust(100, b"\0") + b"0000600\0" + b"0000000\0" * 2 + size + b"%011o\0" % 0
    tail = kind + link.ljust(100, b"\0") + b"ustar\x0000" + bytes(247)
    whole = head + b" " * 8 + tail
    return head + b"%06o\0 " % sum(whole) + tail


GOOD = tar_of(PARTS)
END = bytes(1024)


def refusal(source: bytes | Path, limits: container.Limits = LIMITS) -> BundleRefused:
    with pytest.raises(BundleRefused) as caught:
        read_container(source, limits)
    assert caught.value.message and caught.value.kept and caught.value.hint
    return caught.value


def opened_in_full(data: bytes) -> tuple[bytes, bytes]:
    """Manifest and payload, after every check that needs no network: as a merge would."""
    found = read_container(data)
    assert sshsig.verify(found.signature, found.manifest, NAMESPACE) == KEY.public
    if digest(found.payload).encode() not in found.manifest:
        raise ValueError("another payload")
    return found.manifest, bytes(found.payload)


# Writing


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "week.fkb"
    write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT)
    found = read_container(path)
    assert (found.manifest, found.signature, bytes(found.payload)) == tuple(PARTS.values())
    assert found.sealed and found.payload_name == SEALED_PAYLOAD
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["week.fkb"]
    assert read_container(path.read_bytes()).payload == found.payload


def test_the_same_input_gives_the_same_file_from_bytes_or_from_a_file(tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.write_bytes(CONTENT)
    for name, payload in (("a", CONTENT), ("b", memoryview(CONTENT)), ("c", held)):
        write_container(tmp_path / name, PARTS[MANIFEST], PARTS[SIGNATURE], payload, PAYLOAD)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == (tmp_path / "c").read_bytes()
    assert not read_container(tmp_path / "a").sealed


def test_tar_opens_what_we_write(tmp_path: Path) -> None:
    tar = tool("tar")
    path, out = tmp_path / "week.fkb", tmp_path / "out"
    out.mkdir()
    write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT)
    done = subprocess.run([tar, "xf", path, "-C", out], capture_output=True, timeout=20, check=True)
    assert done.stderr == b""
    assert {entry.name: entry.read_bytes() for entry in out.iterdir()} == PARTS


def test_a_leftover_part_or_link_is_replaced_not_followed(tmp_path: Path) -> None:
    path, victim = tmp_path / "week.fkb", tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "week.fkb.part").symlink_to(victim)
    write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT)
    assert victim.read_text() == "precious"
    assert read_container(path).payload == CONTENT


def test_a_disk_that_gives_back_something_else_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "week.fkb"
    path.write_bytes(b"the bundle of last week")
    honest = container._write_part

    def forgetful(part: Path, *rest: object) -> str:
        written: str = honest(part, *rest)  # type: ignore[arg-type]
        data = bytearray(part.read_bytes())
        data[data.index(CONTENT)] ^= 1
        part.write_bytes(data)
        return written

    monkeypatch.setattr(container, "_write_part", forgetful)
    with pytest.raises(StorageError, match="gave back"):
        write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT)
    assert path.read_bytes() == b"the bundle of last week"
    assert not (tmp_path / "week.fkb.part").exists()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "week.fkb"
    path.write_bytes(b"the bundle of last week")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(StorageError, match="disk is full"):
        write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT)
    assert path.read_bytes() == b"the bundle of last week"
    assert not (tmp_path / "week.fkb.part").exists()


def test_what_nobody_could_read_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "week.fkb"
    for limits in (replace(LIMITS, packed=19), replace(LIMITS, manifest=3), replace(LIMITS, signature=3)):
        with pytest.raises(BundleRefused) as caught:
            write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT, limits=limits)
        assert caught.value.reason == "too-large"
    with pytest.raises(ValueError):
        write_container(path, b"", b"", b"", "../../x")
    with pytest.raises(StorageError, match="does not exist"):
        write_container(tmp_path / "no" / "such.fkb", b"", b"", b"")
    with pytest.raises(StorageError, match="is a folder"):
        write_container(tmp_path, b"", b"", b"")
    assert list(tmp_path.iterdir()) == []


# Tars of other programs


@pytest.mark.parametrize("format", ["gnu", "ustar", "pax"])
@pytest.mark.parametrize("prefix", ["", "./"])
def test_we_open_what_tar_writes(tmp_path: Path, format: str, prefix: str) -> None:
    tar = tool("tar")
    for name, content in PARTS.items():
        (tmp_path / name).write_bytes(content)
    names = [prefix + name for name in reversed(PARTS)]
    subprocess.run([tar, "cf", "x.fkb", f"--format={format}", *names], cwd=tmp_path, timeout=20, check=True)
    found = read_container(tmp_path / "x.fkb")
    assert (found.manifest, found.signature, bytes(found.payload)) == tuple(PARTS.values())


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT])
def test_we_open_what_python_writes(format: int) -> None:
    assert opened_in_full(tar_of(PARTS, format)) == (PARTS[MANIFEST], CONTENT)


def test_harmless_descriptions_are_passed_over() -> None:
    assert opened_in_full(described(b"11 mtime=1\n")) == (PARTS[MANIFEST], CONTENT)
    for headers in (
        {"mtime": "1.5", "uname": "Łucja"},
        {"SCHILY.xattr.user.x": "a=b\nc"},
        {"comment": "x" * 5000},
    ):
        assert opened_in_full(tar_of(PARTS, tarfile.PAX_FORMAT, pax_headers=headers)) == (
            PARTS[MANIFEST],
            CONTENT,
        )


# Refusals


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


def described(records: bytes) -> bytes:
    return block(b"x", b"%011o\0" % len(records), b"x") + records.ljust(512, b"\0") + GOOD


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
    # Reading ten gigabytes takes seconds; a look at the size takes none.
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
    assert "no file" in str(refusal(tmp_path / "missing.fkb"))
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


def test_a_bundle_is_signed_and_opened_with_tools_alone(tmp_path: Path) -> None:
    tar, keygen = tool("tar"), tool("ssh-keygen")
    key = tmp_path / "key"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", key], timeout=20, check=True)
    (tmp_path / MANIFEST).write_bytes(PARTS[MANIFEST])
    (tmp_path / SEALED_PAYLOAD).write_bytes(CONTENT)
    sign = [keygen, "-Y", "sign", "-q", "-f", key, "-n", NAMESPACE, tmp_path / MANIFEST]
    subprocess.run(sign, timeout=20, check=True, capture_output=True)
    subprocess.run([tar, "cf", "hand.fkb", *PARTS], cwd=tmp_path, timeout=20, check=True)
    found = read_container(tmp_path / "hand.fkb")
    public = sshsig.verify(found.signature, found.manifest, NAMESPACE)
    assert public.ssh_line() in Path(f"{key}.pub").read_text()
    shutil.copy(tmp_path / "hand.fkb", tmp_path / "copy.fkb")
    assert read_container(tmp_path / "copy.fkb").payload == CONTENT
