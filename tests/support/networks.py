"""Whole networks of kits in one folder, and bundles as a hostile enrolled laptop would make them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from fieldkit.store.backup import restore
from fieldkit.store.journal.bundle_reader import Span
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.ops import GENESIS, Op, chain, encode
from fieldkit.sync.bundle.container import write_container
from fieldkit.sync.bundle.keys import SigningKey
from fieldkit.sync.bundle.limits import Limits
from fieldkit.sync.bundle.manifest import FORMAT, RECORDS, Header, Range, write_manifest
from fieldkit.sync.bundle.payload import pack
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.report import MergedFile, MergeReport
from fieldkit.sync.network.identity import Identity, identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.receipts.receipt_file import write_receipt
from fieldkit.sync.setup import create_network, join, trust

NEXT = count()
#: For writers that ignore all limits.
BOUNDLESS = Limits(packed=1 << 30, unpacked=1 << 40, line=1 << 30)


@cache
def _empty_kit() -> dict[str, bytes]:
    """File -> content, for an empty kit without a passphrase."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "kit"
        Kit.create(folder, None)[0].close()
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def new_kit(folder: Path) -> Kit:
    """An empty kit without a passphrase: a copy, since making one takes as long as the rest of a test."""
    folder.mkdir(mode=0o700, parents=True)
    for name, content in _empty_kit().items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    return Kit.open(folder)


@dataclass
class Laptop:
    """An open kit, its identity, and the sticks that carry its files."""

    kit: Kit
    me: Identity
    sticks: Path

    def again(self) -> None:
        """Read its identity again, after a restore or a renewal."""
        self.me = identity(self.kit)

    def restore(self, backup: Path) -> None:
        """Replace this kit, which has no passphrase, by a backup of it."""
        self.kit.close()
        self.kit = restore(backup, self.kit.folder, None)
        self.again()

    def lose(self, backup: Path) -> None:
        """Lose the kit with all its contents, and restore its backup to an empty folder: no other replica is in use."""
        self.kit.close()
        shutil.rmtree(self.kit.folder)
        self.kit = restore(backup, self.kit.folder, None, lambda _: False)
        self.again()

    def export(self, *, full: bool = False) -> list[Path]:
        """Export its bundles, each time to a new stick."""
        return [bundle.path for bundle in export(self.kit, self.me, self._stick(), full=full)]

    def invite(self) -> Path:
        """The network's file."""
        return invite(self.kit, self.me, self._stick())

    def receipt(self) -> Path:
        """A receipt for all laptops."""
        return write_receipt(self.kit, self.me, self._stick())

    def merge(self, *paths: Path, dry_run: bool = False) -> MergeReport:
        """Merge files."""
        return merge(self.kit, self.me, paths, dry_run=dry_run)

    def take(self, path: Path) -> MergedFile:
        """Merge one file."""
        return self.merge(path).files[0]

    def trust(self, other: Laptop, role: str = "", name: str = "") -> MergeReport:
        """Trust another laptop, by its public key."""
        return trust(self.kit, self.me, other.me.key.public.ssh_line(), role=role, name=name)[1]

    def state(self) -> tuple[str, dict[str, int]]:
        """What must be equal on two kits with the same contents; first checks the kit for damage."""
        assert self.kit.check() == []
        return self.kit.state_hash(), self.kit.counts()

    def _stick(self) -> Path:
        folder = self.sticks / f"stick-{next(NEXT)}"
        folder.mkdir()
        return folder


@dataclass
class Network:
    """A coordinator's kit and those of laptops that have joined; close it when done."""

    folder: Path
    hub: Laptop
    others: list[Laptop]

    @classmethod
    def create(cls, folder: Path, name: str = "West Midlands fair") -> Network:
        """A network with only its coordinator."""
        folder.mkdir(exist_ok=True)
        kit = new_kit(folder / "hub")
        return cls(folder, Laptop(kit, create_network(kit, name), folder), [])

    @classmethod
    def open(cls, folder: Path, names: Sequence[str]) -> Network:
        """Open a network that was closed, or a copy of one; `names` are the laptops that had joined."""
        hub, *others = [Kit.open(folder / name) for name in ("hub", *names)]
        return cls(
            folder,
            Laptop(hub, identity(hub), folder),
            [Laptop(kit, identity(kit), folder) for kit in others],
        )

    def joins(self, name: str, *, trusted: str = "", invitation: Path | None = None) -> Laptop:
        """Add a laptop; with a role in `trusted`, the coordinator trusts it at once."""
        kit = new_kit(self.folder / name)
        laptop = Laptop(kit, join(kit, invitation or self.hub.invite(), name), self.folder)
        self.others.append(laptop)
        if trusted:
            self.hub.trust(laptop, trusted, name)
        return laptop

    def close(self) -> None:
        """Close every kit."""
        for laptop in (self.hub, *self.others):
            laptop.kit.close()


def op(origin: str, seq: int = 1, **changes: Any) -> Op:
    """A valid op, except for what is changed."""
    plain = Op(origin, seq, 1_800_000_000_000 + seq, "feedback", f"hostile{seq:08d}", {"experience": "plain"})
    return replace_op(plain, **changes)


def replace_op(plain: Op, **changes: Any) -> Op:
    """An op with other values."""
    return msgspec.structs.replace(plain, **changes)


class Writer:
    """Signs anything, as an enrolled laptop with a modified program could."""

    def __init__(self, laptop: Laptop, to: Sequence[str], key: SigningKey | None = None) -> None:
        self.me, self.to, self.folder = laptop.me, list(to), laptop.sticks
        self.key = key or laptop.me.key
        self.origin = f"{laptop.me.device}.0000beef"

    def lines(self, *ops: Op) -> list[bytes]:
        """The lines of some ops."""
        return [encode(op) for op in ops]

    def span(
        self, lines: Sequence[bytes], *, origin: str = "", first: int = 1, prev: bytes = GENESIS
    ) -> Span:
        """The span of these lines."""
        last = prev
        for line in lines:
            last = chain(last, line)
        return Span(origin or self.origin, first, first + len(lines) - 1, prev, last)

    def payload(self, lines: Sequence[bytes], spans: Sequence[Span], *, header: bytes | None = None) -> bytes:
        """A sealed payload."""
        return pack([self.header(spans) if header is None else header, *lines], self.to, BOUNDLESS)

    def header(self, spans: Sequence[Span], **changes: Any) -> bytes:
        """The first line of the payload."""
        plain = Header(
            FORMAT,
            self.me.network,
            self.key.public.ssh_line(),
            [Range.of(span) for span in spans],
            self.me.network_name,
            self.me.name,
            self.me.age_public,
        )
        return msgspec.json.encode(msgspec.structs.replace(plain, **changes))

    def bundle(
        self,
        lines: Sequence[bytes],
        spans: Sequence[Span] | None = None,
        *,
        header: bytes | None = None,
        payload: bytes | None = None,
        purpose: str = RECORDS,
        network: str = "",
    ) -> Path:
        """A bundle of these lines; everything that is not given is valid."""
        spans = [self.span(lines)] if spans is None else spans
        content = self.payload(lines, spans, header=header) if payload is None else payload
        manifest, signature, name = write_manifest(
            self.key,
            purpose=purpose,
            network=network or self.me.network,
            made=1_800_000_000_000,
            number=1,
            payload=content,
            recipients=self.to,
            spans=spans,
        )
        path = self.folder / f"hostile-{next(NEXT)}.fkb"
        write_container(path, manifest, signature, content, name)
        return path


def renamed(span: Span, **changes: Any) -> Span:
    """A span with other values."""
    return replace(span, **changes)


def invite_all(hub: Laptop, *laptops: Laptop) -> None:
    """Bring the newest network file to each laptop, and the coordinators' own changes back to the first."""
    for _ in range(2):
        invitation = hub.invite()
        for laptop in laptops:
            laptop.merge(invitation)
            if Roster(laptop.kit, laptop.me).coordinating:
                hub.merge(*laptop.export())
