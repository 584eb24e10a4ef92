"""Hostile files: memory and time of each command on them, against an honest file of the same size."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fieldkit.store.backup import backup
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import PLACE
from fieldkit.sync.export.export import invite
from fieldkit.sync.network.identity import identity
from fieldkit.sync.setup import create_network, join, trust

# The files are made as in tests: without fieldkit's own code.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import hostile_files as made
from foreign_backups import ForeignBackup
from hostile_files import Sender

#: The most megabytes that a command may take, whatever it is given.
MOST = 256
#: Exit codes of refusals: a command that fails, an incomplete command line, a file in quarantine.
FAILED, ASKED, QUARANTINED = 1, 2, 3


#: Commands that are measured on a bundle merged beforehand.
LATER = ("check", "show", "history")


@dataclass(frozen=True)
class Case:
    """A hostile file and the command that gets it; `honest` makes an honest file of a size in bytes."""

    name: str
    arguments: tuple[str, ...]
    hostile: Callable[[Path], Path]
    honest: Callable[[Path, int], Path]
    code: int = 0
    """The exit code of the command on the hostile file: 0 if it is accepted, otherwise that of a refusal."""


class Stage:
    """A coordinator's kit, a field laptop's and a deputy's, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kit, _ = Kit.create(folder / "hub", None)
        me = create_network(kit, "Hostile")
        kit.add_many("feedback", [{"rating": "2", "experience": f"held {n}"} for n in range(2_000)])
        invitation = invite(kit, me, folder)
        senders = []
        for name, role in (("field", "field"), ("deputy", "deputy")):
            other, _ = Kit.create(folder / name, None)
            who = join(other, invitation, name)
            trust(kit, me, who.key.public.ssh_line(), role=role, name=name)
            senders.append(Sender(who.key.seed, me.network, me.age_public))
            other.close()
        self.field, self.deputy = senders
        self.origin = kit.origin
        self.hub_sender = Sender(me.key.seed, me.network, me.age_public)
        backup(kit, folder / "hub.fkbackup")
        invitation = invite(kit, me, folder / "network.fkn")
        kit.close()
        with Kit.open(folder / "deputy") as other:
            from fieldkit.sync.merge.merge import merge

            merge(other, identity(other), [invitation])

    def run(self, arguments: tuple[str, ...], path: Path) -> tuple[float, float, int]:
        """The seconds, peak megabytes and exit code of a command on a copy of the coordinator's kit."""
        kit = self.folder / "copy"
        shutil.rmtree(kit, ignore_errors=True)
        for left in self.folder.glob("copy.before-*"):
            shutil.rmtree(left)
        if arguments[0] != "join":
            shutil.copytree(self.folder / "hub", kit)
            # A copy in another place would continue as a new replica.
            with Kit.open(kit) as copied:
                copied.settings.put(PLACE, None)
        command = [sys.executable, "-m", "fieldkit", "--kit", str(kit), *arguments]
        command = [str(path) if word == "FILE" else word for word in command]
        # A process inherits its parent's peak when it is started, so start it from a small process in between.
        done = subprocess.run(
            [sys.executable, "-c", _BETWEEN, *command], capture_output=True, text=True, check=True
        )
        seconds, peak, code = json.loads(done.stdout)
        return seconds, peak, code


_BETWEEN = """
import json, os, subprocess, sys, time
began = time.perf_counter()
quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
process = subprocess.Popen(sys.argv[1:], **quiet)
_, status, usage = os.wait4(process.pid, 0)
print(json.dumps([time.perf_counter() - began, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]))
"""


def cases(stage: Stage) -> Iterator[Case]:
    """Every kind of hostile file that a command may be given."""
    field, deputy, hub = stage.field, stage.deputy, stage.hub_sender
    merge = ("merge", "FILE")

    def honest(path: Path, size: int) -> Path:
        return field.file(path.with_suffix(".fkb"), made.honest(field, size))

    def bundle(lines: Callable[[Sender], Iterator[bytes]], sender: Sender = field) -> Callable[[Path], Path]:
        return lambda path: sender.file(path.with_suffix(".fkb"), lines(sender))

    def many_names(path: Path) -> Path:
        lines, ranges = made.incarnations(field)
        return field.file(path.with_suffix(".fkb"), lines, ranges=ranges)

    for name, lines in (
        ("1,900,000 refs to one value", made.references),
        ("500 MB of long texts", made.long_lines),
        ("200 MB of unknown fields", made.unknown_fields),
        ("24,000,000 lists in lists", made.nested),
        ("100,000 withdrawals of a laptop", made.withdrawals),
    ):
        yield Case(f"merge: {name}", merge, bundle(lines), honest, QUARANTINED)
        if lines is made.long_lines:
            look = ("merge", "--dry-run", "FILE")
            yield Case(f"look beforehand: {name}", look, bundle(lines), honest, QUARANTINED)
    yield Case(
        "merge: 500 MB of a deputy's long texts", merge, bundle(made.long_lines, deputy), honest, QUARANTINED
    )
    yield Case("merge: 30,000 accents on one letter", merge, bundle(made.marks), honest)
    yield Case("merge: the most that is taken of one record", merge, bundle(made.most_taken), honest)
    yield Case("merge: 10,000 names of one laptop", merge, many_names, honest, QUARANTINED)
    yield Case(
        "merge: a seal of 60,000 stanzas",
        merge,
        lambda path: made.stanzas(field, path.with_suffix(".fkb"), honest(path.with_name("sealed"), 2_000)),
        honest,
        QUARANTINED,
    )
    yield Case(
        "merge: 4 MB of reports on others",
        merge,
        lambda path: deputy.file(path.with_suffix(".fkb"), [], ranges=[], more=made.reports(deputy)),
        honest,
    )
    yield Case(
        "merge: a receipt of 18,000,000 runs",
        merge,
        lambda path: deputy.file(
            path.with_suffix(".fkr"), made.receipt(deputy, stage.origin), ranges=[], purpose="receipt"
        ),
        honest,
        QUARANTINED,
    )
    joining = ("join", "FILE", "--as", "New", "--no-passphrase")

    def invitation(lines: Callable[[Sender], Iterator[bytes]]) -> Callable[[Path], Path]:
        more = {"network_name": "Hostile", "device_name": "Hub"}
        return lambda path: hub.file(path.with_suffix(".fkn"), lines(hub), purpose="invitation", more=more)

    def honest_invitation(path: Path, size: int) -> Path:
        def events(sender: Sender) -> Iterator[bytes]:
            for number, op_line in enumerate(made.honest(sender, size), 1):
                yield (
                    op_line.replace(b'"feedback"', b'"event"').replace(b'"experience"', b'"notes"')
                    if number
                    else op_line
                )

        return invitation(events)(path)

    yield Case("join: 100,000 withdrawals", joining, invitation(made.withdrawals), honest_invitation, FAILED)
    most = partial(made.withdrawals, count=10_000)
    yield Case(
        "join: 10,000 withdrawals, the most that is taken", joining, invitation(most), honest_invitation
    )
    yield Case("merge: a deputy's 10,000 withdrawals", merge, bundle(most, deputy), honest)
    yield Case(
        "join: 200 MB of unknown fields", joining, invitation(made.unknown_fields), honest_invitation, FAILED
    )
    restoring = ("restore", "FILE", "--yes", "--other-laptop")

    def changed(*statements: str) -> Callable[[Path], Path]:
        def make(path: Path) -> Path:
            foreign = ForeignBackup(stage.folder / "hub.fkbackup", path.with_name(f"{path.name}-parts"))
            foreign.change(*statements)
            return foreign.written()

        return make

    def hole(path: Path) -> Path:
        target = changed()(path)
        with target.open("r+b") as file:
            file.seek(0, 2)
            file.truncate(file.tell() + (2 << 30))
        return target

    def honest_backup(path: Path, size: int) -> Path:
        folder = path.with_name(f"{path.name}-kit")
        kit, _ = Kit.create(folder, None)
        create_network(kit, "Honest")
        rows = max(1, min(size, 200 << 20) // 1_500)
        kit.add_many("feedback", [{"rating": "2", "experience": f"{n} " + "word " * 90} for n in range(rows)])
        backup(kit, target := path.with_suffix(".fkbackup"))
        kit.close()
        return target

    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'a' AS `key`, i AS value FROM n"
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
    yield Case(
        "restore: a view without end",
        restoring,
        changed("DROP TABLE setting", f"CREATE VIEW setting AS {endless}"),
        honest_backup,
        FAILED,
    )
    yield Case(
        "restore: settings of 200 MB",
        restoring,
        changed(
            f"INSERT INTO setting {numbers.format(20)} SELECT 'a' || i, printf('\"%.9000000c\"', 'a') FROM n"
        ),
        honest_backup,
        FAILED,
    )
    yield Case(
        "restore: 200 operations of 1 MB",
        restoring,
        changed(
            f"INSERT INTO op (origin, seq, record, hash, body) {numbers.format(200)} SELECT 1, "
            "100000 + i, 'hostile' || i, zeroblob(32), zeroblob(1000000) FROM n"
        ),
        honest_backup,
        FAILED,
    )
    yield Case("restore: a hole of 2 GB", restoring, hole, honest_backup, FAILED)
    importing = ("record", "feedback", "--from", "FILE", "--dry-run", "--understood", "--consent", "none")
    for name, make in (
        ("100,000 equal headings", made.many_columns),
        ("a workbook of 600 MB", made.packed_workbook),
    ):
        ending = ".csv" if make is made.many_columns else ".xlsx"
        yield Case(
            f"import: {name}",
            importing,
            lambda path, make=make, ending=ending: make(path.with_suffix(ending)),  # type: ignore[misc]  # bound here
            lambda path, size: made.honest_table(path.with_suffix(".csv"), size),
            ASKED if make is made.many_columns else FAILED,
        )
    for name in LATER:
        arguments = (name,) if name == "check" else (name, "RECORD")
        yield Case(
            f"{name}: the most that is taken of one record", arguments, bundle(made.most_taken), honest
        )


def _stored(stage: Stage, arguments: tuple[str, ...], path: Path) -> tuple[float, float, int]:
    """The same as `Stage.run`, with a bundle first merged into the kit that is copied."""
    hub, plain = stage.folder / "hub", stage.folder / "plain-hub"
    *_, code = stage.run(("merge", "FILE"), path)
    if code:
        raise AssertionError(f"{path.name} was not merged: exit {code}")
    record = f"feedback:{made.MOST_RECORD if path.name.startswith('hostile') else made.HONEST_RECORD}"
    hub.rename(plain)
    shutil.copytree(stage.folder / "copy", hub)
    try:
        return stage.run(tuple(record if word == "RECORD" else word for word in arguments), path)
    finally:
        shutil.rmtree(hub)
        plain.rename(hub)


def compare(quick: bool) -> Iterator[tuple[str, float, float, float, float, int]]:
    """(name, megabytes, hostile seconds, honest seconds, bytes of the file, exit code) for each case."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        folder = Path(name)
        stage = Stage(folder)
        for number, case in enumerate(cases(stage)):
            if quick and "500 MB" in case.name and not case.name.startswith("merge: 500 MB of long"):
                continue
            path = case.hostile(folder / f"hostile-{number}")
            size = path.stat().st_size
            like = case.honest(folder / f"honest-{number}", size)
            if case.arguments[0] in LATER:
                results = [_stored(stage, case.arguments, file) for file in (path, like)]
            else:
                results = [stage.run(case.arguments, file) for file in (path, like)]
            (seconds, peak, code), (honest, _, plain_code) = results
            # A case with another exit code measures something else than its name says.
            if (code, plain_code) != (case.code, 0):
                raise AssertionError(f"{case.name}: exit {code} and {plain_code}, wanted {case.code} and 0")
            yield case.name, peak, seconds, honest, size, code
            for left in (path, like):
                left.unlink(missing_ok=True)
