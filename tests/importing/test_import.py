"""Importing spreadsheets: every row of a real file is stored or refused with its reason, none is lost."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.store.kit import Kit
from import_steps import bring, import_understood
from project_files import DATA

pytestmark = pytest.mark.usefixtures("in_a_folder")


REAL = DATA / "fft-comments.csv"
#: The mapping in the README.
MAPPING = {
    "FFT answer": "experience",
    "FFT categorical answer": "rating",
    "Date": "date",
    "Trust": "provider",
    "Comment ID": "reference",
}


def real(folder: Path) -> Path:
    copy = folder / "fft-comments.csv"
    copy.write_bytes(REAL.read_bytes())
    return copy


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_real_file_as_it_is(kit: Kit, tmp_path: Path) -> None:
    path = real(tmp_path)
    given_rows = rows_of(path)
    done = import_understood(kit, "feedback", path, mapping=MAPPING, settings={"whose_words": "own"})
    assert done.rows == len(given_rows) == 420
    assert done.stored + done.refused == done.rows
    assert kit.counts()["feedback"] == done.stored
    # Every row, identified by its reference, is in exactly one place.
    stored = Counter(record.values["reference"] for record in kit.page("feedback", limit=1_000))
    refused_rows = rows_of(Path(done.refused_file))
    refused = Counter(row["Comment ID"] for row in refused_rows)
    assert stored + refused == Counter(row["Comment ID"] for row in given_rows)
    assert set(done.unmapped) == set(given_rows[0]) - set(MAPPING) - {
        "Respondent ID"
    }  # the column is named like the field
    # Each has its reason: an answer in no list, a month that does not exist.
    problems = {(problem.column, problem.value) for problem in done.problems}
    assert len(done.problems) == done.refused
    sevens = [row for row in given_rows if row["FFT categorical answer"] == "7"]
    assert sevens
    assert {row["Comment ID"] for row in sevens} <= set(refused)
    assert ("FFT categorical answer", "7") in problems
    assert all(problem.reason and problem.line > 1 for problem in done.problems)
    wrong_months = [
        row for row in given_rows if row["Date"].count("/") == 2 and int(row["Date"].split("/")[1]) > 12
    ]
    assert {row["Comment ID"] for row in wrong_months} <= set(refused)
    # Everything that can be understood is understood.
    unknown = [
        row for row in given_rows if row["FFT categorical answer"] == "Unknown" or row["Date"] == "Unknown"
    ]
    by_reference = {record.values["reference"]: record.values for record in kit.page("feedback", limit=1_000)}
    for row in unknown:
        if row["Comment ID"] in by_reference and row["Date"] == "Unknown":
            assert "date" not in by_reference[row["Comment ID"]]
    for row in given_rows:
        values = by_reference.get(row["Comment ID"])
        if values is not None:
            text = row["FFT answer"].replace("\xa0", " ").replace("\r\n", "\n").strip()
            assert values.get("experience", "").split() == text.split()
            assert "\xa0" not in values.get("experience", "")
            assert values["whose_words"] == "own"
            assert values.get("rating", row["FFT categorical answer"]) == row["FFT categorical answer"]
    assert any("\n" in values.get("experience", "") for values in by_reference.values())
    assert kit.check() == []


def test_what_was_refused_can_be_mended_and_imported(kit: Kit, tmp_path: Path) -> None:
    first = import_understood(kit, "feedback", real(tmp_path), mapping=MAPPING)
    mended = Path(first.refused_file)
    rows = rows_of(mended)
    for row in rows:
        row["FFT categorical answer"] = row["FFT categorical answer"].replace("7", "6")
        row["Date"] = ""
        row["FFT answer"] = row["FFT answer"] or "nothing was said"
    again = tmp_path / "mended.csv"
    with again.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    second = import_understood(kit, "feedback", again, mapping=MAPPING)
    assert (second.rows, second.refused) == (first.refused, 0)
    assert second.refused_file == ""
    assert kit.counts()["feedback"] == 420


def test_a_dry_run_stores_nothing_and_writes_no_file(kit: Kit, tmp_path: Path) -> None:
    path = real(tmp_path)
    state = kit.state_hash()
    planned = import_understood(kit, "feedback", path, mapping=MAPPING, dry_run=True)
    assert kit.state_hash() == state
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == [path.name]
    done = import_understood(kit, "feedback", path, mapping=MAPPING)
    assert (planned.rows, planned.stored, planned.problems) == (done.rows, done.stored, done.problems)
    assert planned.dry_run
    # A dry run is not an import, so the next run is the first.
    assert not any("before" in note for note in done.notes)


def test_the_same_file_twice_is_stated(kit: Kit, tmp_path: Path) -> None:
    path = real(tmp_path)
    first = import_understood(kit, "feedback", path, mapping=MAPPING)
    again = import_understood(kit, "feedback", path, mapping=MAPPING)
    assert "imported here before" in again.notes[0]
    assert (again.stored, again.here) == (0, first.stored)
    assert kit.counts()["feedback"] == first.stored
    # Rows without a reference can't be told from others with the same text; another file is not an earlier import.
    for name in ("2.csv", "3.csv"):
        assert not any("before" in note for note in bring(kit, f"rating,experience\n1,{name}\n").notes)
    twice = bring(kit, "rating,experience\n1,2.csv\n")
    assert (twice.stored, twice.here) == (1, 0)
    assert "fieldkit undo --import 5" in twice.notes[0]


# All or nothing


def test_a_fault_in_the_middle_leaves_nothing(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("rating,experience\n" + "".join(f"{1 + n % 9},row {n}\n" for n in range(5_000)))
    before = kit.state_hash()

    class Pulled(Exception):
        pass

    def pulled(done: int, total: int, what: str) -> None:
        if done >= 2_500:
            raise Pulled

    with pytest.raises(Pulled):
        import_understood(kit, "feedback", path, on_progress=pulled)
    assert kit.state_hash() == before
    assert kit.check() == []
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["many.csv"]
    done = import_understood(kit, "feedback", path)
    assert not any("before" in note for note in done.notes)
    assert done.stored + done.refused == 5_000
    assert kit.counts()["feedback"] == done.stored


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_no_row_is_ever_lost(kit: Kit, tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(
            [["rating", "experience", "reference"], *rows, ["1", "", ""]]
        )
    before = kit.counts()["feedback"]
    done = import_understood(kit, "feedback", path)
    assert done.rows == done.stored + done.refused + done.here + done.totals
    assert kit.counts()["feedback"] == before + done.stored
    blank = sum(not any(cell.strip().strip("\0") for cell in row) for row in rows)
    assert len(rows) + 1 - blank <= done.rows <= len(rows) + 1


def test_whole_postcodes_are_cut_to_their_first_half_and_counted(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Name,postcode_area\nAsha,LE4 6BY\nBilal,LE5\nCarys,le1-2ab\n", encoding="utf-8")
    done = import_understood(kit, "person", path, settings={"consent_record": "Y"})
    assert [record.values["postcode_area"] for record in kit.page("person", limit=9)] == ["LE1", "LE5", "LE4"]
    assert "2 rows held a whole postcode: only the first half is kept." in done.notes
