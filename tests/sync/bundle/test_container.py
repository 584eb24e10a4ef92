"""The tar round a bundle: others open what we write, and we open what others write."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from fieldkit.errors import BundleRefused, StorageError
from fieldkit.file_writing import NewFile
from fieldkit.sync.bundle import sshsig
from fieldkit.sync.bundle.container import (
    LIMITS,
    MANIFEST,
    NAMESPACE,
    PAYLOAD,
    SEALED_PAYLOAD,
    SIGNATURE,
    read_container,
    write_container,
)
from tars import CONTENT, PARTS, described, opened_in_full, tar_of
from tools import tool

# Writing


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "week.fkb"
    write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT)
    result = read_container(path)
    assert (result.manifest, result.signature, bytes(result.payload)) == tuple(PARTS.values())
    assert result.sealed and result.payload_name == SEALED_PAYLOAD
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["week.fkb"]
    assert read_container(path.read_bytes()).payload == result.payload


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
    honest = NewFile.finish

    def forgetful(new: NewFile) -> None:
        honest(new)
        data = bytearray(new.path.read_bytes())
        data[data.index(CONTENT)] ^= 1
        new.path.write_bytes(data)

    monkeypatch.setattr(NewFile, "finish", forgetful)
    with pytest.raises(StorageError, match="gave back"):
        write_container(path, PARTS[MANIFEST], PARTS[SIGNATURE], CONTENT)
    assert path.read_bytes() == b"the bundle of last week"
    assert [entry.name for entry in tmp_path.iterdir()] == ["week.fkb"]


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
    assert [entry.name for entry in tmp_path.iterdir()] == ["week.fkb"]


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
    result = read_container(tmp_path / "x.fkb")
    assert (result.manifest, result.signature, bytes(result.payload)) == tuple(PARTS.values())


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


def test_a_bundle_is_signed_and_opened_with_tools_alone(tmp_path: Path) -> None:
    tar, keygen = tool("tar"), tool("ssh-keygen")
    key = tmp_path / "key"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", key], timeout=20, check=True)
    (tmp_path / MANIFEST).write_bytes(PARTS[MANIFEST])
    (tmp_path / SEALED_PAYLOAD).write_bytes(CONTENT)
    sign = [keygen, "-Y", "sign", "-q", "-f", key, "-n", NAMESPACE, tmp_path / MANIFEST]
    subprocess.run(sign, timeout=20, check=True, capture_output=True)
    subprocess.run([tar, "cf", "hand.fkb", *PARTS], cwd=tmp_path, timeout=20, check=True)
    result = read_container(tmp_path / "hand.fkb")
    public = sshsig.verify(result.signature, result.manifest, NAMESPACE)
    assert public.ssh_line() in Path(f"{key}.pub").read_text()
    shutil.copy(tmp_path / "hand.fkb", tmp_path / "copy.fkb")
    assert read_container(tmp_path / "copy.fkb").payload == CONTENT
