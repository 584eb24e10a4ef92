"""What a merge did, file by file, by kind and by laptop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from fieldkit.errors import BundleRefused

MERGED, KNOWN, QUARANTINED, PASSED = "merged", "nothing new", "quarantined", "not for this laptop"
#: A file that is not a bundle: nothing of it is kept here.
LEFT = "left where it is"


@dataclass
class MergedFile:
    """What happened to one file. `status`: merged, nothing new, quarantined, not for this laptop, left where it is."""

    name: str
    path: str
    status: str
    device: str = ""
    ops: int = 0
    new_ops: int = 0
    new_records: int = 0
    changed_records: int = 0
    new_conflicts: int = 0
    parted: dict[str, int] = field(default_factory=dict)
    erased: int = 0
    redacted: int = 0
    """Changes whose old text was erased."""
    not_understood: int = 0
    """Changes with an answer or a field that a newer version added; kept as they came."""
    known_ops: int = 0
    """Ops that were held here already: identical."""
    kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    """Kind -> new, changed and conflicts, in records."""
    reason: str = ""
    sentence: str = ""
    kept: str = ""
    hint: str = ""
    fingerprint: str = ""
    orders: list[tuple[str, str]] = field(default_factory=list)
    """(kind, record id) of each new order to erase that counts, of a file that somebody decides about. Not in JSON: there may be
    very many.
    """

    def refuse(self, refusal: BundleRefused) -> None:
        """Mark the file as quarantined, with the reason: nothing of it was stored."""
        self.status, self.reason = QUARANTINED, refusal.reason
        self.sentence, self.kept, self.hint = refusal.message, refusal.kept, refusal.hint
        self.new_ops = self.new_records = self.changed_records = self.new_conflicts = 0
        self.known_ops = self.erased = self.redacted = self.not_understood = 0
        self.kinds, self.parted, self.orders = {}, {}, []


@dataclass
class MergeReport:
    """What a merge did, or with `dry_run` would do."""

    files: list[MergedFile] = field(default_factory=list)
    dry_run: bool = False
    removed: list[str] = field(default_factory=list)
    """Names of files that were removed to make room in quarantine."""

    def total(self, name: str) -> int:
        """The sum over all files of one of their numbers."""
        return sum(getattr(file, name) for file in self.files)

    def by_kind(self) -> dict[str, dict[str, int]]:
        """Kind -> new, changed and conflicts, in records, over all files."""
        return _summed(file.kinds for file in self.files)

    def by_device(self) -> dict[str, dict[str, int]]:
        """Laptop -> new, changed, conflicts (in records), identical (in ops); quarantined, left, and refused, which counts both
        (in files).

        Files that are for others are left out.
        """
        return _summed(
            {
                file.device or "unknown laptop": {
                    "new": file.new_records,
                    "changed": file.changed_records,
                    "conflicts": file.new_conflicts,
                    "identical": file.known_ops,
                    "quarantined": int(file.status == QUARANTINED),
                    "left": int(file.status == LEFT),
                    "refused": int(file.status in {QUARANTINED, LEFT}),
                }
            }
            for file in self.files
            if file.status != PASSED
        )

    @property
    def quarantined(self) -> list[MergedFile]:
        """The files that were quarantined."""
        return [file for file in self.files if file.status == QUARANTINED]

    @property
    def left(self) -> list[MergedFile]:
        """The files that are not bundles, and were left in place."""
        return [file for file in self.files if file.status == LEFT]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "dry_run": self.dry_run,
            "merged": sum(file.status == MERGED for file in self.files),
            "nothing_new": sum(file.status == KNOWN for file in self.files),
            "set_aside": len(self.quarantined),
            "passed_over": sum(file.status == PASSED for file in self.files),
            "left": len(self.left),
            "removed_from_quarantine": self.removed,
            "new_ops": self.total("new_ops"),
            "new_records": self.total("new_records"),
            "changed_records": self.total("changed_records"),
            "new_conflicts": self.total("new_conflicts"),
            "not_understood": self.total("not_understood"),
            "by_kind": self.by_kind(),
            "by_device": self.by_device(),
            "files": [
                {name: value for name, value in asdict(file).items() if name != "orders"}
                for file in self.files
            ],
        }


def _summed(many: Iterable[dict[str, dict[str, int]]]) -> dict[str, dict[str, int]]:
    total: dict[str, Counter[str]] = {}
    for counts in many:
        for name, counted in counts.items():
            total.setdefault(name, Counter()).update(counted)
    return {name: dict(counted) for name, counted in total.items()}
