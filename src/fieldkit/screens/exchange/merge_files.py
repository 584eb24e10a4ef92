"""Files to merge, as rows: what is on the sticks, what each would change, and what to say about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.content import Content

from fieldkit.commands.table import with_keys
from fieldkit.errors import FieldkitError
from fieldkit.presentation.exchange.devices import ALONE_BY_KEY
from fieldkit.presentation.exchange.merge_report import kinds_sentence, totals
from fieldkit.presentation.exchange.new_receipts import CONFIRMED
from fieldkit.presentation.wording import all_counted, counted, day, six_words, size_of, when
from fieldkit.quarantine_reasons import Reason
from fieldkit.removable_media import short_name
from fieldkit.screens.base.places import ListedFile, Place, files_at, places
from fieldkit.store.kit import Kit, Progress
from fieldkit.sync.bundle.container import read_container
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.bundle.manifest import open_container
from fieldkit.sync.merge.files import files_in
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.report import MergedFile, MergeReport
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.copies import Copies, copies
from fieldkit.widgets.plain import plain
from fieldkit.widgets.sources import Column, Row

_KINDS = {".fkb": "bundle", ".fkn": "network file", ".fkr": "receipt"}
_NUMBERED = re.compile(r"fieldkit-([a-z2-7]+)-(\d{1,9})-")
CHOICES = (
    Column("file", "File", 3, 22, path=True),
    Column("kind", "What", 0, 12),
    Column("size", "Size", 0, 9, "right"),
    Column("when", "Written", 0, 11),
    Column("where", "Where", 2, 12),
)
FILES = (
    Column("from", "From", 3, 20),
    Column("file", "File", 1, 17, path=True),
    Column("new", "New", 0, 5, "right", optional=True),
    Column("changed", "Changed", 0, 7, "right", optional=True),
    Column("same", "Same", 0, 5, "right", optional=True),
    Column("conflicts", "Conflicts", 0, 9, "right", optional=True),
    Column("what", "What", 0, 13),
)

#: Refusals whose hint names no command, so that it can be followed from a screen.
_HINTED = frozenset({"newer-format", "not-for-us"})


@dataclass(frozen=True)
class Choice:
    """One row to choose: a file, or all files of a place."""

    paths: tuple[Path, ...]
    place: Place
    file: ListedFile | None = None


@dataclass
class Seen:
    """A file as the screen shows it: the report's line, the six words and the key of an unknown laptop, what a receipt says.

    `before` marks a file merged when its laptop was trusted; `copies` says that the laptop has been in use as several copies
    since.
    """

    file: MergedFile
    fingerprint: str = ""
    key: str = ""
    before: bool = False
    copies: str = ""
    receipt: str = ""

    @property
    def is_receipt(self) -> bool:
        """Whether the file is a coordinator's receipt."""
        return self.file.path.lower().endswith(".fkr")


def choices(last: str, me: Identity) -> list[Choice]:
    """The files on the sticks and in the other places, except this laptop's own network files. Call it in a thread."""
    rows: list[Choice] = []
    for place in places(last):
        files = [file for file in files_at(place) if not _is_own(file.path, me)]
        if len(files) > 1:
            rows.append(Choice(tuple(file.path for file in files), place))
        rows += [Choice((file.path,), place, file) for file in files]
    return rows


def _is_own(path: Path, me: Identity) -> bool:
    """Whether this laptop wrote the network file or receipt: merging it would bring nothing."""
    if path.suffix.lower() not in {".fkn", ".fkr"}:
        return False
    signer = _signer(path)
    return signer is not None and signer.device_id == me.device


def _signer(path: Path) -> PublicKey | None:
    """Who signed a file; None if that is not known."""
    try:
        return open_container(read_container(path)).signer
    except FieldkitError:
        return None


def look(
    kit: Kit, me: Identity, paths: Sequence[Path], on_progress: Progress
) -> tuple[MergeReport, list[Seen]]:
    """What merging these files would do. Call it in a thread."""
    report = merge(kit, me, files_in(paths), dry_run=True, on_progress=on_progress)
    return report, [seen(file) for file in report.files]


def seen(file: MergedFile) -> Seen:
    signer = _signer(Path(file.path)) if file.reason == Reason.UNKNOWN_SENDER.code else None
    return Seen(file, signer.six_words, signer.ssh_line()) if signer else Seen(file)


def note_copies(kit: Kit, me: Identity, files: Sequence[Seen], known: Mapping[str, Copies]) -> None:
    """Note beside its file that a laptop is in use as several copies, if that was not `known` before. Call it in a thread."""
    more = {device: several for device, several in copies(kit).items() if several != known.get(device)}
    if not more or not files:
        return
    roster = Roster(kit, me)
    for device, several in more.items():
        name = roster.name_of(device)
        from_laptop = next((seen_file for seen_file in files if seen_file.file.device == name), files[0])
        sentence = several.sentence(day(several.since, kit.clock()), with_keys(ALONE_BY_KEY))
        from_laptop.copies = f"{name}: {sentence}"


def choice_row(number: int, choice: Choice, now: int) -> Row:
    name = short_name(choice.place.path)
    if choice.file is None:
        return Row(
            str(number),
            (f"{all_counted(len(choice.paths), 'file')} on {name}", "", "", "", choice.place.what),
            "▪",
        )
    path = choice.file.path
    kind = _KINDS.get(path.suffix.lower(), "file")
    return Row(
        str(number),
        (path.name, kind, size_of(choice.file.size), when(choice.file.when, now), short_name(path.parent)),
    )


def file_row(number: int, seen: Seen, done: bool) -> Row:
    file = seen.file
    if file.status == "quarantined":
        what = "quarantined" if done else "not trusted" if seen.fingerprint else "to quarantine"
        label = label_of(file.name, is_known=bool(file.device))
        return Row(str(number), (file.device or "not known", label, "", "", "", "", what), "!")
    what = {
        "merged": "merged" if done or seen.before else "to merge",
        "not for this laptop": "passed over",
    }.get(file.status, file.status)
    if file.status == "left where it is":
        return Row(str(number), ("", label_of(file.name), "", "", "", "", "a backup"), "!")
    values = (file.new_records, file.changed_records, file.known_ops, file.new_conflicts)
    figures = (f"{value:,}" if value else "" for value in values)
    return Row(
        str(number),
        (file.device, label_of(file.name), *figures, what),
        "!" if file.new_conflicts or file.parted or seen.copies else "",
    )


def label_of(name: str, *, is_known: bool = True) -> str:
    """What a file is, by its name: bundle 3, network file, receipt; the name itself if it does not tell.

    The bundles of laptops that are not known here are distinguished by the code in their names: bundle 3 · k7q2m.
    """
    kind = _KINDS.get(Path(name).suffix.lower(), "")
    if kind != "bundle":
        return kind if kind and is_known else name
    numbered = _NUMBERED.match(name)
    if numbered is None:
        return name
    return f"bundle {int(numbered[2])}" + ("" if is_known else f" · {numbered[1]}")


def merged_sentence(files: Sequence[Seen], report: MergeReport) -> str:
    """What receipts confirmed, which people wait for, and what other files brought: for a heading."""
    confirmed = [line for file in files for line in file.receipt.splitlines() if line.startswith(CONFIRMED)]
    others = not all(file.is_receipt for file in files)
    return " ".join([*confirmed, *([totals(report)] if others or not confirmed else [])])


def detail_of(seen: Seen, coordinating: bool) -> Content:
    """The file's name, and what to say about it."""
    return Content.assemble(plain(seen.file.name, "$text-muted"), "\n", _detail_of(seen, coordinating))


def _detail_of(seen: Seen, coordinating: bool) -> Content:
    file = seen.file
    if seen.fingerprint:
        then = (
            with_keys("If all six agree, press {merge[trust]} to trust it.")
            if coordinating
            else "A coordinator can trust it."
        )
        return Content.assemble(
            ("! ", "bold $warning"),
            "Its laptop is not trusted here yet. Its six words:\n",
            (six_words(seen.fingerprint), "bold"),
            f"\nCompare them with its user. {then} Until then the file is quarantined, unopened.",
        )
    if coordinating and file.reason == Reason.MANY_ERASURES.code:
        where = with_keys("Decide in the quarantine: {sync[quarantine]} on “send and receive”.")
        return Content.assemble(
            ("! ", "bold $warning"), plain(f"{file.sentence} Nothing was erased. {where}")
        )
    if file.status in {"quarantined", "left where it is"}:
        then = file.hint if file.status == "left where it is" or file.reason in _HINTED else ""
        return Content.assemble(("! ", "bold $warning"), plain(f"{file.sentence} {file.kept} {then}"))
    if file.status == "not for this laptop":
        return plain(f"{file.sentence} There is nothing to do with it here.")
    if seen.is_receipt:
        newer = "A newer receipt is here already: nothing new."
        text = (
            newer if file.status == "nothing new" else f"A receipt from {file.device}: it says what arrived."
        )
        return plain(seen.receipt or text)
    if file.status == "nothing new":
        return plain("Everything in this file is here already.")
    text = f"{counted(file.new_ops, 'change')} from {file.device}: {kinds_sentence(file.kinds)}"
    if file.erased:
        text += f"\nIt erased {counted(file.erased, 'record')} for good."
    if file.redacted:
        text += f"\nIt erased old text from {counted(file.redacted, 'change')} for good."
    if file.sentence:
        return Content.assemble(
            ("! ", "bold $warning"), plain(f"{file.sentence} {file.kept} {file.hint}"), "\n", plain(text)
        )
    if seen.copies:
        return Content.assemble(("! ", "bold $warning"), plain(seen.copies), "\n", plain(text))
    return plain(text)
