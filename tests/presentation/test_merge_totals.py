"""The totals of a merge add up for a reader: only files that were read bring something, and each other file is accounted for."""

from __future__ import annotations

import pytest

from fieldkit.presentation.exchange.merge_report import totals
from fieldkit.sync.merge.report import KNOWN, LEFT, MERGED, PASSED, QUARANTINED, MergedFile, MergeReport

ONE_MERGED = MergedFile("a.fkb", "/a.fkb", MERGED, new_records=3)
NEW_RECORDS = "brought 3 new records, no changed ones and no conflicts"


def _report(*statuses: str, dry_run: bool = False) -> MergeReport:
    files = [MergedFile(f"{place}.fkb", f"/{place}.fkb", status) for place, status in enumerate(statuses)]
    return MergeReport([ONE_MERGED, *files], dry_run=dry_run)


@pytest.mark.parametrize(
    ("statuses", "sentence"),
    [
        ([], f"1 file {NEW_RECORDS}."),
        ([KNOWN], f"2 files {NEW_RECORDS}."),
        ([QUARANTINED] * 4, f"1 of 5 files {NEW_RECORDS}; 4 files were quarantined."),
        (
            [QUARANTINED, PASSED, LEFT, LEFT],
            f"1 of 5 files {NEW_RECORDS}; 1 file was quarantined; 1 file is not for this laptop; "
            "2 files are left where they are.",
        ),
    ],
)
def test_only_files_that_were_read_bring_something(statuses: list[str], sentence: str) -> None:
    assert totals(_report(*statuses)) == sentence


def test_a_preview_says_what_would_become_of_the_files() -> None:
    preview = totals(_report(QUARANTINED, dry_run=True))
    assert preview.startswith("1 of 2 files would bring 3 new records")
    assert preview.endswith("; 1 file would be quarantined.")


@pytest.mark.parametrize(
    ("dry_run", "sentence"),
    [
        (False, "Nothing was merged: 1 file was quarantined; 2 files are not for this laptop."),
        (True, "Nothing would be merged: 1 file would be quarantined; 2 files are not for this laptop."),
    ],
)
def test_files_of_which_none_was_read_bring_nothing(dry_run: bool, sentence: str) -> None:
    files = [MergedFile(status, status, status) for status in (QUARANTINED, PASSED, PASSED)]
    assert totals(MergeReport(files, dry_run=dry_run)) == sentence
