"""Files that may come in, as rows: what lies on the sticks, what each would change, what there is to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.screens.merge_figures import kinds_words
from fieldkit.screens.places import Found, Place, files_at, places
from fieldkit.screens.wording import counted, six_words, size_of, when
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit, Progress
    from fieldkit.sync.identity import Identity
    from fieldkit.sync.keys import PublicKey
    from fieldkit.sync.merge_report import MergedFile, MergeReport

_KINDS = {".fkb": "bundle", ".fkn": "network file", ".fkr": "receipt"}
CHOICES = (
    Column("file", "file", 3, 22, path=True),
    Column("kind", "what", 0, 12),
    Column("size", "size", 0, 9, "right"),
    Column("when", "written", 0, 11),
    Column("where", "where", 2, 10),
)
FILES = (
    Column("file", "file", 3, 16, path=True),
    Column("from", "from", 2, 10),
    Column("new", "new", 0, 5, "right"),
    Column("changed", "changed", 0, 7, "right"),
    Column("same", "same", 0, 5, "right"),
    Column("clashes", "clashes", 0, 7, "right"),
    Column("what", "what", 0, 11),
)


@dataclass(frozen=True)
class Choice:
    """One row to choose: a file, or all files of a place."""

    paths: tuple[Path, ...]
    place: Place
    found: Found | None = None


@dataclass
class Seen:
    """A file as the screen shows it: the report's line, the six words of a laptop not known, what a receipt
    says.
    """

    file: MergedFile
    words: str = ""
    receipt: str = ""

    @property
    def is_receipt(self) -> bool:
        """Whether the file is a coordinator's receipt."""
        return self.file.path.lower().endswith(".fkr")


def choices(last: str, me: Identity) -> list[Choice]:
    """What lies on the sticks and in the other places, but for this laptop's own network files. For a thread."""
    rows: list[Choice] = []
    for place in places(last):
        found = [one for one in files_at(place) if not _is_own(one.path, me)]
        if len(found) > 1:
            rows.append(Choice(tuple(one.path for one in found), place))
        rows += [Choice((one.path,), place, one) for one in found]
    return rows


def _is_own(path: Path, me: Identity) -> bool:
    """Whether this laptop wrote the network file or receipt: taking it in would bring nothing."""
    if path.suffix.lower() not in {".fkn", ".fkr"}:
        return False
    signer = _signer(path)
    return signer is not None and signer.device_id == me.device


def _signer(path: Path) -> PublicKey | None:
    """Who signed a file; None where that can't be told."""
    from fieldkit.errors import FieldkitError
    from fieldkit.sync.container import read_container
    from fieldkit.sync.manifest import open_container

    try:
        return open_container(read_container(path)).signer
    except FieldkitError:
        return None


def look(
    kit: Kit, me: Identity, paths: Sequence[Path], on_progress: Progress
) -> tuple[MergeReport, list[Seen]]:
    """What merging these files would do. For a thread."""
    from fieldkit.sync.merge import files_in, merge

    report = merge(kit, me, files_in(paths), dry_run=True, on_progress=on_progress)
    return report, [seen(one) for one in report.files]


def seen(one: MergedFile) -> Seen:
    signer = _signer(Path(one.path)) if one.reason == "unknown-sender" else None
    return Seen(one, signer.words if signer else "")


def choice_row(number: int, one: Choice, now: int) -> Row:
    name = one.place.path.name or str(one.place.path)
    if one.found is None:
        return Row(
            str(number), (f"all {counted(len(one.paths), 'file')} on {name}", "", "", "", one.place.what), "▪"
        )
    path = one.found.path
    kind = _KINDS.get(path.suffix.lower(), "file")
    return Row(
        str(number), (path.name, kind, size_of(one.found.size), when(one.found.when, now), path.parent.name)
    )


def file_row(number: int, seen: Seen, done: bool) -> Row:
    one = seen.file
    if one.status == "set aside":
        what = "not trusted" if seen.words and not done else "set aside"
        return Row(str(number), (one.name, one.device or "not known", "", "", "", "", what), "!")
    what = {"merged": "merged" if done else "to merge"}.get(one.status, one.status)
    values = (one.new_records, one.changed_records, one.known_ops, one.new_conflicts)
    figures = (f"{value:,}" if value else "" for value in values)
    return Row(
        str(number), (one.name, one.device, *figures, what), "×" if one.new_conflicts or one.parted else ""
    )


def told(seen: Seen, coordinating: bool) -> Content:
    """What there is to say about one file."""
    one = seen.file
    if seen.words:
        then = "If all six agree, press t to trust it." if coordinating else "A coordinator can trust it."
        return Content.assemble(
            ("! ", "bold $warning"),
            "This file is from a laptop that is not trusted here yet. Its six words:\n",
            (six_words(seen.words), "bold"),
            f"\nIts keeper reads the same ones out from “send and receive”. {then} Until then the file is set "
            "aside, unopened.",
        )
    if one.status == "set aside":
        return Content.assemble(("! ", "bold $warning"), plain(f"{one.sentence} {one.kept}"))
    if seen.is_receipt:
        newer = "The receipt is older than the one that is held: nothing new."
        said = newer if one.status == "nothing new" else f"A receipt from {one.device}: it says what arrived."
        return plain(seen.receipt or said)
    if one.status == "nothing new":
        return plain("Everything in this file is here already.")
    said = f"{counted(one.new_ops, 'change')} from {one.device}: {kinds_words(one.kinds)}"
    if one.erased:
        said += f"\n{counted(one.erased, 'record')} erased by it, for good."
    if one.parted:
        return Content.assemble(
            ("! ", "bold $warning"), plain(f"{one.sentence} {one.kept} {one.hint}"), "\n", plain(said)
        )
    return plain(said)
