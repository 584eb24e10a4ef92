"""The one writer writes every file: never through a link, completely or not at all, touching nothing else."""

from __future__ import annotations

import ast
import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import fieldkit
from commanding import Run
from fieldkit import file_writing, leftover_files
from fieldkit.errors import Misuse, StorageError
from fieldkit.file_writing import NewFile, replace_file, write_private_file
from fieldkit.leftover_files import scratch_folder
from fieldkit.store.backup import backup, try_restore
from fieldkit.store.db.key_files import DATABASE
from fieldkit.store.kit import Kit

LINKS: list[Callable[[Path, Path], None]] = [
    lambda link, to: link.symlink_to(to),
    lambda link, to: os.link(to, link),
]


@pytest.fixture
def full(kit: Kit) -> Kit:
    """A kit with ten records."""
    kit.add_many("feedback", [{"rating": "1"} for _ in range(10)])
    return kit


@pytest.mark.parametrize("name", ["kit.fkbackup.part", "kit.fkbackup", "..fkbackup.part"])
@pytest.mark.parametrize("make", LINKS, ids=["symbolic", "hard"])
@pytest.mark.parametrize("of", [DATABASE, "key.not-encrypted"])
def test_a_stick_with_a_link_to_the_kit_harms_nothing(
    full: Kit, tmp_path: Path, name: str, make: Callable[[Path, Path], None], of: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    make(stick / name, full.folder / of)
    before = full.state_hash(), full.counts()
    backup(full, stick / "kit.fkbackup")
    assert try_restore(full, stick / "kit.fkbackup") == []
    assert (full.state_hash(), full.counts()) == before
    assert full.check() == []
    full.close()
    with Kit.open(full.folder) as again:
        assert (again.state_hash(), again.counts()) == before


def test_a_link_is_not_proven_and_the_kit_is_no_backup_of_itself(full: Kit, tmp_path: Path) -> None:
    backup(full, tmp_path / "real.fkbackup")
    for number, make in enumerate(LINKS):
        link = tmp_path / f"{number}.fkbackup"
        make(link, full.folder / DATABASE)
        with pytest.raises(Misuse, match="not a backup"):
            try_restore(full, link)
    (tmp_path / "link.fkbackup").symlink_to(tmp_path / "real.fkbackup")
    with pytest.raises(Misuse, match="link"):
        try_restore(full, tmp_path / "link.fkbackup")


def test_a_backup_does_not_lie_in_the_kit(full: Kit, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(full.folder)
    (full.folder / "inside").mkdir()
    before = sorted(full.folder.rglob("*"))
    for place in (full.folder, full.folder / "inside", tmp_path / "way"):
        with pytest.raises(Misuse, match="own folder"):
            backup(full, place / "kit.fkbackup")
    assert sorted(full.folder.rglob("*")) == before


def test_nothing_that_is_written_follows_a_link(
    run: Run, kits: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    hub, a, _ = kits
    victim = tmp_path / "victim"
    for arguments in (
        ("--kit", hub, "network", "invite", "-o", "out.fkn"),
        ("--kit", a, "export", "-o", "out.fkb"),
        ("--kit", hub, "receipt", "-o", "out.fkr"),
        ("--kit", hub, "tables", "-o", "out.xlsx"),
        ("--kit", hub, "backup", "-o", "out.fkbackup"),
    ):
        name = str(arguments[-1])
        for link in (tmp_path / name, tmp_path / f"{name}.part"):
            victim.write_text("precious")
            link.symlink_to(victim)
            run(*arguments)
            assert victim.read_text() == "precious", arguments
            link.unlink(missing_ok=True)
            (tmp_path / name).unlink(missing_ok=True)


def test_a_new_file_is_private_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    target.chmod(0o644)
    with pytest.raises(RuntimeError), NewFile(target) as new:
        new.file.write(b"half")
        raise RuntimeError
    assert target.read_text() == "old"
    write_private_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_program_left_is_removed_and_what_another_writes_is_not(tmp_path: Path) -> None:
    (tmp_path / ".fieldkit-0123.part").write_text("left behind")
    (tmp_path / ".fieldkit-link.part").symlink_to(tmp_path / "elsewhere")
    with NewFile(tmp_path / "one") as first, NewFile(tmp_path / "two") as second:
        for number, new in enumerate((first, second)):
            new.file.write(b"%d" % number)
            new.keep()
    assert (tmp_path / "one").read_bytes() == b"0"
    assert (tmp_path / "two").read_bytes() == b"1"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fieldkit-link.part", "one", "two"]


def _held(times: int, error: OSError, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let renaming fail `times` times, as if another program held the file; returns the pauses made."""
    pauses: list[float] = []
    honest, left = Path.replace, [times]

    def replace(source: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise error
        return honest(source, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(file_writing.time, "sleep", pauses.append)
    return pauses


def _windows(code: int) -> PermissionError:
    error = PermissionError(errno.EACCES, "Access is denied")
    error.winerror = code  # type: ignore[attr-defined]  # as on Windows
    return error


@pytest.mark.parametrize("error", [_windows(5), _windows(32), _windows(33), OSError(errno.EBUSY, "busy")])
def test_a_file_that_another_program_holds_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    pauses = _held(4, error, monkeypatch)
    write_private_file(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert len(pauses) == 4


def test_the_wait_has_an_end_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    pauses = _held(1_000, _windows(32), monkeypatch)
    with pytest.raises(StorageError):
        write_private_file(target, b"new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
    assert 1 <= sum(pauses) <= 5


def test_what_is_refused_for_good_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = _held(1_000, PermissionError(errno.EACCES, "Permission denied"), monkeypatch)
    with pytest.raises(PermissionError):
        replace_file(tmp_path / "a", tmp_path / "b")
    assert pauses == []


#: Where files are opened for writing in other ways, and why that is right.
_BY_ITSELF = {
    "file_writing.py": "the writer itself",
    "leftover_files.py": "the notes and marks of files on their way",
    "faultlog.py": "adds to a log",
    "store/db/folder_swap.py": "a lock, which stays empty",
    "__main__.py": "the null device",
    "helper_process.py": "the pipe to another process",
    "cli/error_reports.py": "the null device",
    "store/backup_file.py": "into a folder made for it alone",
}


def test_no_other_way_to_write_a_file_is_in_the_program() -> None:
    top = Path(fieldkit.__file__).parent
    writes = set()
    for path in top.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            text = [entry.value for entry in ast.walk(node) if isinstance(entry, ast.Constant)]
            if (
                called.endswith(
                    (".write_text", ".write_bytes", "os.replace", "os.rename", ".rename", ".hardlink_to")
                )
                or called
                in {"os.open", "os.fdopen", "NamedTemporaryFile", "shutil.move", "shutil.copy", "copyfile"}
                or (called.endswith(".replace") and len(node.args) == 1 and not node.keywords)
                or (called.split(".")[-1] == "open" and set(text) & {"w", "wb", "x", "xb", "a", "w+", "r+b"})
            ) and not (
                called in {"os.open", "os.fdopen"} and ("rb" in text or "O_RDONLY" in ast.unparse(node))
            ):
                writes.add(path.relative_to(top).as_posix())
    # The container's reader opens files with flags of its own.
    assert writes - _BY_ITSELF.keys() <= {"sync/bundle/container.py"}


_KILLED = """
import os, sys
from pathlib import Path
from fieldkit.store.kit import Kit
kit = Kit.open(Path(sys.argv[1]))
def killed(*_, **__):
    os._exit(9)
if sys.argv[3] == "backup":
    from fieldkit.store import backup, backup_file
    backup_file.write = killed
    backup.backup(kit, Path(sys.argv[2]) / "kit.fkbackup")
elif sys.argv[3] == "proof":
    from fieldkit.store import backup
    backup.backup(kit, Path(sys.argv[2]) / "kit.fkbackup")
    Kit.check = killed
    backup.try_restore(kit, Path(sys.argv[2]) / "kit.fkbackup")
"""


@pytest.mark.parametrize("doing", ["backup", "proof"])
def test_what_a_killed_backup_left_goes_with_the_next(full: Kit, tmp_path: Path, doing: str) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    done = subprocess.run([sys.executable, "-c", _KILLED, full.folder, stick, doing], check=False)
    assert done.returncode == 9
    assert list(stick.glob(".fieldkit-*"))
    backup(full, stick / "kit.fkbackup")
    assert try_restore(full, stick / "kit.fkbackup") == []
    assert [path.name for path in stick.iterdir()] == ["kit.fkbackup"]


def test_a_scratch_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as entry:
        (entry / "file").write_text("x")
        with scratch_folder(tmp_path) as two:
            assert entry != two
            assert (entry / "file").read_text() == "x"
        write_private_file(tmp_path / "letter", b"x")
        assert entry.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks: it removes no file that is open")
def test_a_file_made_anew_while_its_removal_waits_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs take a file for a leftover; after the first has removed it, its owner makes it again."""
    import fcntl

    path = tmp_path / ".fieldkit-0123456789abcdef.part"
    path.write_bytes(b"")
    flock = fcntl.flock

    def made_anew(handle: int, operation: int) -> None:
        path.rename(tmp_path / "removed")
        path.write_bytes(b"in use")
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", made_anew)
    leftover_files.clear_leftovers(tmp_path)
    assert path.read_bytes() == b"in use"


def test_a_scratch_folder_that_is_locked_while_its_removal_begins_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".fieldkit-0123456789abcdef.scratch"
    folder.mkdir()
    remove = Path.rmdir

    def locked_before(self: Path) -> None:
        held.append(leftover_files.open_marked(folder / "in-use"))
        remove(self)

    held: list[int] = []
    monkeypatch.setattr(Path, "rmdir", locked_before)
    leftover_files.clear_leftovers(tmp_path)
    assert (folder / "in-use").exists()
    os.close(held[0])
    monkeypatch.undo()
    leftover_files.clear_leftovers(tmp_path)
    assert not folder.exists()


def test_a_file_that_is_whole_but_has_no_name_yet_is_not_taken_for_a_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs write to one stick: the second clears leftovers just when the first renames its file."""
    meanwhile = [tmp_path / "second"]

    def replaced(source: Path, target: Path) -> None:
        if meanwhile:
            write_private_file(meanwhile.pop(), b"second")
        replace_file(source, target)

    monkeypatch.setattr(file_writing, "replace_file", replaced)
    write_private_file(tmp_path / "first", b"first")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "first": b"first",
        "second": b"second",
    }
