"""What a merge would bring, or has brought, in sentences: by file, by kind of record, and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fieldkit.presentation.exchange.quarantine_notes import made_room
from fieldkit.presentation.record_names import plural_of
from fieldkit.presentation.wording import all_counted, counted, not_understood
from fieldkit.sync.merge.report import KNOWN, LEFT, PASSED, QUARANTINED, MergedFile, MergeReport
from fieldkit.text import plural

#: Placeholders that screens fill with keys.
CONFLICTS_KEY, TRUST_KEY, RECEIPT_KEY = "{merge[conflicts]}", "{merge[trust]}", "{merge[receipt]}"
_LEADS = {QUARANTINED: "quarantined.", PASSED: "passed over.", LEFT: "not merged."}


def outcome(file: MergedFile) -> str:
    """What a merge did or would do with one file, in a line."""
    if file.status in _LEADS:
        return f"{_LEADS[file.status]} {file.sentence}"
    if file.status == KNOWN:
        return "everything in it is here already"
    if not file.ops:
        return "merged"
    by_kind = kinds_sentence(file.kinds)
    parts = [f"{counted(file.new_ops, 'change')}{f': {by_kind}' if by_kind else ''}"]
    if file.erased:
        parts.append(f"{counted(file.erased, 'record')} erased for good")
    if file.redacted:
        parts.append(f"old text erased from {counted(file.redacted, 'change')} for good")
    return "; ".join(parts)


def kinds_sentence(kinds: Mapping[str, Mapping[str, int]]) -> str:
    """feedback 3 new, 1 changed; events 1 in conflict."""
    parts_by_kind = []
    for kind, figures in sorted(kinds.items()):
        parts = [
            f"{figures[key]:,} {word}"
            for key, word in (("new", "new"), ("changed", "changed"), ("conflicts", "in conflict"))
            if figures.get(key)
        ]
        if parts:
            parts_by_kind.append(f"{plural_of(kind)} {', '.join(parts)}")
    return "; ".join(parts_by_kind)


def totals(report: MergeReport) -> str:
    """What the files that were read bring together: new and changed records, conflicts; and what became of the others."""
    number = len(report.files)
    others = _not_read(report)
    read = number - sum(files for files, _ in others)
    if len(report.quarantined) == number > 0:
        verb = "would be" if report.dry_run else plural(number, "was", "were")
        files = "The file" if number == 1 else all_counted(number, "file").capitalize()
        return f"{files} {verb} quarantined."
    fates = [sentence for _, sentence in others]
    if not read and fates:
        return f"Nothing {'would be' if report.dry_run else 'was'} merged: {'; '.join(fates)}."
    new, changed, conflicts, known = (
        report.total(name) for name in ("new_records", "changed_records", "new_conflicts", "known_ops")
    )
    subject = f"{read:,} of {counted(number, 'file')}" if fates else counted(number, "file")
    first = (
        f"{subject} {'would bring' if report.dry_run else 'brought'} {counted(new, 'new record')}, "
        f"{counted(changed, 'changed one')} and {counted(conflicts, 'conflict')}"
    )
    same = [counted(known, "change is", "changes are") + " here already"] if known else []
    return f"{'; '.join([first, *same, *fates])}."


def _not_read(report: MergeReport) -> list[tuple[int, str]]:
    """How many files were quarantined, passed over and left, each with its words; none that is 0."""
    quarantined, left = len(report.quarantined), len(report.left)
    passed = sum(file.status == PASSED for file in report.files)
    verb = "would be" if report.dry_run else plural(quarantined, "was", "were")
    return [
        (files, f"{counted(files, 'file')} {rest}")
        for files, rest in (
            (quarantined, f"{verb} quarantined"),
            (passed, f"{plural(passed, 'is', 'are')} not for this laptop"),
            (left, plural(left, "is left where it is", "are left where they are")),
        )
        if files
    ]


def together(report: MergeReport, before: Sequence[MergedFile]) -> MergeReport:
    """The report including the files that were merged earlier, when their laptop was trusted; each file once."""
    names = {file.name for file in before}
    rest = [file for file in report.files if file.status != KNOWN or file.name not in names]
    return replace(report, files=[*before, *rest])


def preview_sentence(report: MergeReport, before: Sequence[MergedFile]) -> str:
    """The start of a preview: what the files would bring, after what `before` brought when a laptop was trusted."""
    if not before:
        return f"{totals(report)} {next_sentence(report)}"
    changes, conflicts = sum(file.new_ops for file in before), sum(file.new_conflicts for file in before)
    also = f" with {counted(conflicts, 'conflict')} ({CONFLICTS_KEY})" if conflicts else ""
    stored_already = f"Stored already, as it was in quarantine before: {counted(changes, 'change')}{also}."
    if all(file.status == KNOWN for file in report.files):
        return f"{stored_already} There is nothing more to merge."
    return f"{stored_already} {totals(report)} Enter merges the rest."


def unknown_sentence(files: int, coordinating: bool) -> str:
    """The start of a preview if all files come from laptops that are not trusted."""
    if files == 1:
        subject, whose, them = "1 file is from a laptop", "its six words", "it"
    else:
        subject, whose, them = f"{files:,} files are from laptops", "the six words of each", "them"
    what = (
        f"Compare {whose}, then press {TRUST_KEY} to trust it"
        if coordinating
        else "Only a coordinator trusts laptops"
    )
    return (
        f"{subject} not trusted here yet. {what}; Enter quarantines {them} until then. Nothing is stored yet."
    )


def untrusted_sentence(files: int, coordinating: bool) -> str:
    """The sentence after the start of a preview if `files` of several come from laptops not trusted here; "" for none."""
    if not files or not coordinating:
        return ""
    whose = plural(files, "1 file is from a laptop", "{n} files are from laptops")
    return f" {whose} not trusted here yet: point at one and press {TRUST_KEY}."


def next_sentence(report: MergeReport) -> str:
    """What Enter does after the preview."""
    ready = any(file.status == "merged" for file in report.files)
    enter = (
        "Enter merges"
        if ready
        else "Enter quarantines"
        if report.quarantined
        else "There is nothing to merge"
    )
    return f"{enter}; nothing is stored yet."


def done_sentence(report: MergeReport, coordinating: bool) -> str:
    """What to do after a merge."""
    sentences = f" {made_room(report.removed)}" if report.removed else ""
    unclear = not_understood(report.total("not_understood"))
    sentences += f" {unclear}" if unclear else ""
    sentences += f" Press {CONFLICTS_KEY} to look at the conflicts." if report.total("new_conflicts") else ""
    if report.quarantined and len(report.quarantined) == len(report.files):
        sentences += " Nothing in quarantine is in your records. Point at a file to read why, and what to do."
    if coordinating and confirms(report):
        sentences += f" Press {RECEIPT_KEY} to write a receipt: it tells the laptops what has arrived."
    return sentences


def confirms(report: MergeReport) -> bool:
    """Whether a receipt would confirm anything in these files: changes that were merged or were already here."""
    return any(file.new_ops or file.known_ops for file in report.files if file.status not in _LEADS)
