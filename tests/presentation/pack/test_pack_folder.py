"""The folder of a pack: complete or absent, never overwriting anything, and verified file by file."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from faulty import fill
from fieldkit import output_folder
from fieldkit.errors import DiskFull, Misuse, NotFound, StorageError
from fieldkit.output_folder import demand_free, write_folder
from fieldkit.presentation.pack.pack_manifest import FORMAT, MANIFEST, manifest_file, pack_id
from fieldkit.presentation.pack.pack_verifying import verify_folder


def files() -> dict[str, bytes]:
    from hashlib import sha256

    plain = {"pack.html": b"<p>", "csv/a.csv": b"a,b\r\n"}
    content = {
        "format": FORMAT,
        "files": {name: sha256(data).hexdigest() for name, data in plain.items()},
        "statements": [],
    }
    return {**plain, MANIFEST: manifest_file(content)}


def test_a_pack_is_written_whole_and_private(tmp_path: Path) -> None:
    write_folder(tmp_path / "deep" / "pack", files())
    written = {
        path.relative_to(tmp_path / "deep" / "pack").as_posix()
        for path in (tmp_path / "deep" / "pack").rglob("*")
        if path.is_file()
    }
    assert written == set(files())
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["pack"]
    assert (tmp_path / "deep" / "pack" / "pack.html").stat().st_mode & 0o077 == 0


def test_an_empty_folder_is_taken_and_another_is_left(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_folder(tmp_path / "empty", files())
    with pytest.raises(Misuse, match="is not empty"):
        write_folder(tmp_path / "empty", {"x": b"y"})
    assert verify_folder(tmp_path / "empty") == []
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("file", "link"):
        with pytest.raises(Misuse):
            demand_free(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


def test_nothing_is_left_where_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, content: bytes) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(output_folder, "write_private_file", refuse)
    with pytest.raises(StorageError):
        write_folder(tmp_path / "pack", files())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("leave", [0, 20_000])
def test_a_full_disk_is_named_by_the_folder_that_was_asked_for(small_disk: Path, leave: int) -> None:
    filler, pack = fill(small_disk, leave), small_disk / "deep" / "pack"
    with pytest.raises(DiskFull) as refused:
        write_folder(pack, files() | {"tables.xlsx": bytes(100_000)})
    assert refused.value.message == f"The disk is full: {pack}."
    assert list(small_disk.iterdir()) == [filler]
    filler.unlink()
    write_folder(pack, files())
    assert verify_folder(pack) == []


def test_every_difference_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_folder(folder, files())
    assert verify_folder(folder) == []
    (folder / "pack.html").write_bytes(b"<p>!")
    (folder / "csv" / "a.csv").unlink()
    (folder / "notes.txt").write_text("mine")
    assert verify_folder(folder) == [
        "“csv/a.csv” is missing.",
        "“pack.html” was changed.",
        "“notes.txt” does not belong to the pack.",
    ]
    changed = json.loads((folder / MANIFEST).read_bytes())
    changed["statements"] = [["ratings", "Good", "People", "99"]]
    (folder / MANIFEST).write_text(json.dumps(changed))
    assert verify_folder(folder)[0] == "manifest.json was changed: it does not give its own id."


def test_what_is_no_plain_file_is_said_and_never_read(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_folder(folder, files())
    (folder / "elsewhere").symlink_to(tmp_path)
    (folder / "empty").mkdir()
    (folder / "pack.html").unlink()
    os.mkfifo(folder / "pack.html")
    moved = tmp_path / "moved"
    (folder / "csv").rename(moved)
    (folder / "csv").symlink_to(moved)
    assert verify_folder(folder) == [
        "“csv/a.csv” is missing.",
        "“pack.html” is not a file.",
        "“csv” is a link, not a folder.",
        "“elsewhere” does not belong to the pack.",
        "“empty” does not belong to the pack.",
    ]


def test_a_link_and_a_huge_file_in_place_of_a_file_are_said(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_folder(folder, files())
    (folder / "csv" / "a.csv").rename(tmp_path / "a.csv")
    (folder / "csv" / "a.csv").symlink_to(tmp_path / "a.csv")
    os.truncate(folder / "pack.html", 300_000_000)
    assert verify_folder(folder) == [
        "“csv/a.csv” is a link, not a file.",
        "“pack.html” was changed: it is larger than any file of a pack.",
    ]
    (folder / MANIFEST).rename(tmp_path / MANIFEST)
    (folder / MANIFEST).symlink_to(tmp_path / MANIFEST)
    with pytest.raises(NotFound, match="holds no pack"):
        verify_folder(folder)


def test_a_name_in_a_manifest_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    content = {"format": FORMAT, "files": {"../secret": "0" * 64, "\x1b[31mred": "0" * 64}, "statements": []}
    write_folder(tmp_path / "pack", {MANIFEST: manifest_file(content)})
    assert verify_folder(tmp_path / "pack") == ["“[31mred” is missing.", "“../secret” is missing."]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"format": "other"}',
        b"[" * 100_000,
        b'{"format": "fieldkit-evidence@v1", "files": {}, "x": "\\ud800"}',
    ],
)
def test_a_manifest_that_can_not_be_read_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(Misuse, match="can't be read"):
        verify_folder(tmp_path)


def test_a_strangers_manifest_takes_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    names = {"a/" * 100_000: "x", "a/" * 99_999 + "b": "x"}
    (tmp_path / MANIFEST).write_text(json.dumps({"format": FORMAT, "files": names}))
    tracemalloc.start()
    try:
        differences = verify_folder(tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()
    assert len(differences) == 3
    (tmp_path / MANIFEST).write_text(f'{{"format": "{FORMAT}", "files": {{}}, "x": [{"[]," * 2_000_000}0]}}')
    with pytest.raises(Misuse, match="can't be read"):
        verify_folder(tmp_path)


def test_a_folder_without_a_manifest_holds_no_pack(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="holds no pack"):
        verify_folder(tmp_path)


def test_the_id_of_a_pack_follows_from_everything_else() -> None:
    content = {"b": [1, 2], "a": "ü"}
    assert pack_id(content) == pack_id({"a": "ü", "b": [1, 2], "pack_id": "anything"})
    assert pack_id(content) != pack_id({"a": "ü", "b": [2, 1]})
