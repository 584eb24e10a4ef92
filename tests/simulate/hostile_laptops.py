"""Laptops run by another program: an enrolled liar and a stolen deputy. What they write must change nothing on any kit."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from pathlib import Path

from nacl.signing import SigningKey

from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.merge import merge, merge_decided
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.setup import trust
from other_program import Writer, device_id, ssh_line

from .laptop import Laptop, Skip, journal

MANY = 12
"""Erasures in one file of the stolen deputy: enough that the coordinator is asked, as no story has many records."""


class HostileLaptops:
    """The lying part of a world; `do` finds its methods by the names of steps."""

    folder: Path
    laptops: dict[str, Laptop]
    files: dict[str, Path]
    hostile: set[str]
    """The device ids of lying laptops: their places in a journal may be empty."""

    def _id(self, record: str) -> str:
        raise NotImplementedError

    def _writing(self, laptop: Laptop) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _lie(self, laptop: Laptop, name: str, record: str, lie: str) -> None:
        """Make an enrolled laptop's file, which every coordinator refuses; `laptop` merges it."""
        hub, record_id = self.laptops["hub"], self._id(record)
        writer = self._enrolled(name, "field")
        match lie:
            case "foreign kind":
                writer.write("partner", record_id, {"name": "planted", "deleted": True}, {})
            case "device id":
                writer.write("feedback", hub.me.device, {"experience": "planted"}, {})
            case "roster":
                writer.write("device", hub.me.device, {"role": "field"}, {})
            case "erasure":
                writer.write("event", record_id, {"erased": True}, {})
            case "private":
                writer.write("note", "planted00001", {"notes": "planted"}, {})
        self._changes_nothing(laptop, name, writer)

    def _steal(self, laptop: Laptop, name: str, record: str, refused: bool) -> None:
        """Make a stolen deputy's file that erases one record and many others; the coordinator may refuse it for everybody."""
        hub, record_id = self.laptops["hub"], self._id(record)
        writer = self._enrolled(name, "deputy")
        for number in range(MANY):
            # An id made by fieldkit contains its kind, and a change of another kind under it is refused.
            kind = hub.kit.get(record_id).kind if not number else "feedback"
            writer.write(kind, record_id if not number else f"planted{number:06}", {"erased": True}, {})
        self._changes_nothing(laptop, name, writer)
        if refused and laptop is hub:
            waiting = [file for file in hub.kit.ledger.quarantine() if name == file.name.partition(".")[0]]
            for file in waiting:
                with self._writing(hub):
                    report = merge_decided(hub.kit, hub.me, file, Erasing.REFUSED)
                if [file.status for file in report.files] != [MERGED]:
                    raise AssertionError(f"a refused file is not merged: {report.files}")

    def _enrolled(self, name: str, role: str) -> Writer:
        hub = self.laptops["hub"]
        writer = Writer()
        writer.key = SigningKey(hashlib.sha256(name.encode()).digest())
        writer.public = bytes(writer.key.verify_key)
        writer.origin = f"{device_id(writer.public)}.0000beef"
        with self._writing(hub):
            trust(hub.kit, hub.me, ssh_line(writer.public), role=role, name=f"Liar {name}")
        self.hostile.add(device_id(writer.public))
        return writer

    def _changes_nothing(self, laptop: Laptop, name: str, writer: Writer) -> None:
        if not laptop.joined:
            raise Skip
        path = self.folder / f"{name}.fkb"
        hub = self.laptops["hub"]
        writer.bundle(path, hub.me.network, hub.me.age_public)
        self.files[name] = path
        before = {row.digest for row in journal(laptop.kit)}, laptop.kit.state_hash()
        report = merge(laptop.kit, laptop.me, [path])
        after = {row.digest for row in journal(laptop.kit)}, laptop.kit.state_hash()
        if before != after or any(file.status == MERGED for file in report.files):
            raise AssertionError(f"{laptop.name} took what a hostile laptop wrote: {report.files}")
