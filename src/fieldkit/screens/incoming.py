"""Files that may come in, as rows: what lies on the sticks, what each would change, what there is to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.screens.places import Found, Place, files_at, places
from fieldkit.screens.wording import counted, six_words, size_of, when
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit, Progress
    from fieldkit.sync.identity import Identity
    from fieldkit.sync.merge import MergedFile, MergeReport

_KINDS = {".fkb": "bundle", ".fkn": "network file", ".fkr": "receipt"}
CHOICES = (
    Column("file", "file", 3, 22),
    Column("kind", "what", 0, 12),
    Column("size", "size", 0, 9, "right"),
    Column("when", "written", 0, 11),
    Column("where", "where", 2, 10),
)
FILES = (
    Column("file", "file", 3, 18),
    Column("from", "from", 2, 10),
    Column("new", "new", 0, 6, "right"),
    Column("changed", "changed", 0, 7, "right"),
    Column("clashes", "clashes", 0, 7, "right"),
    Column("what", "what", 0, 12),
)


@dataclass(frozen=True)
class Choice:
    """One row to choose: a file, or all files of a place."""

    paths: tuple[Path, ...]
    place: Place
    found: Found | None = None


@dataclass
class Seen:
    """A file as the screen shows it: the report's line, and the six words of a laptop not known."""

    file: MergedFile
    words: str = ""


def choices(last: str) -> list[Choice]:
    """What lies on the sticks and in the other places. For a thread."""
    rows: list[Choice] = []
    for place in places(last):
        found = files_at(place)
        if len(found) > 1:
            rows.append(Choice(tuple(one.path for one in found), place))
        rows += [Choice((one.path,), place, one) for one in found]
    return rows


def look(
    kit: Kit, me: Identity, paths: Sequence[Path], on_progress: Progress
) -> tuple[MergeReport, list[Seen]]:
    """What merging these files would do. For a thread."""
    from fieldkit.sync.merge import files_in, merge

    report = merge(kit, me, files_in(paths), dry_run=True, on_progress=on_progress)
    return report, [seen(one) for one in report.files]


def seen(one: MergedFile) -> Seen:
    if one.reason != "unknown-sender":
        return Seen(one)
    from fieldkit.errors import FieldkitError
    from fieldkit.sync.container import read_container
    from fieldkit.sync.manifest import open_container

    try:
        return Seen(one, open_container(read_container(Path(one.path))).signer.words)
    except FieldkitError:
        return Seen(one)


def totals(report: MergeReport) -> str:
    """What all files bring together: new records, changed ones, clashes, and how many are set aside."""
    verb, ending = ("would bring", "would be set aside") if report.dry_run else ("brought", "set aside")
    new, changed, clashes = (
        report.total(name) for name in ("new_records", "changed_records", "new_conflicts")
    )
    aside = f"; {counted(len(report.aside), 'file')} {ending}" if report.aside else ""
    return (
        f"{counted(len(report.files), 'file')} {verb} {counted(new, 'new record')}, "
        f"{counted(changed, 'changed one')} and {counted(clashes, 'clash', 'clashes')}{aside}."
    )


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
        return Row(str(number), (one.name, one.device or "not known", "", "", "", "set aside"), "!")
    what = {"merged": "merged" if done else "to merge"}.get(one.status, one.status)
    figures = (
        f"{value:,}" if value else "" for value in (one.new_records, one.changed_records, one.new_conflicts)
    )
    return Row(str(number), (one.name, one.device, *figures, what), "×" if one.new_conflicts else "")


def told(seen: Seen, coordinating: bool) -> Content:
    """What there is to say about one file."""
    one = seen.file
    if seen.words:
        then = "If they agree, press t." if coordinating else "A coordinator can trust it."
        return Content.assemble(
            ("! ", "bold $warning"),
            "This laptop is not known here yet. Ask its keeper to read out its six words:\n",
            (six_words(seen.words), "bold"),
            f"\n{then} Until then its file is set aside, unopened.",
        )
    if one.status == "set aside":
        return Content.assemble(("! ", "bold $warning"), plain(f"{one.sentence} {one.kept}"))
    if one.status == "nothing new":
        return plain("Everything in this file is here already.")
    kinds = ", ".join(f"{number:,} {name}" for name, number in sorted(one.kinds.items()))
    return plain(f"{counted(one.new_ops, 'change')} from {one.device}: {kinds}")
