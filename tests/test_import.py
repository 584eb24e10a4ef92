"""Importing spreadsheets: every row is stored or refused with its reason, none is lost, whatever the file looks like."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.store.kit import Kit
from fieldkit.sync.intake import Imported, import_rows

REAL = Path(__file__).parent / "data" / "fft-comments.csv"
#: As the README has it.
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


def bring(kit: Kit, text: str | bytes, kind: str = "feedback", **more: object) -> Imported:
    """Import what a file would hold, and look that the sum is right."""
    before = kit.counts()[kind]
    done = import_rows(kit, kind, text if isinstance(text, bytes) else text.encode(), **more)  # type: ignore[arg-type]
    assert done.rows == done.stored + done.refused
    assert kit.counts()[kind] == before + (0 if done.dry_run else done.stored)
    return done


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# The real file


def test_the_real_file_as_it_is(kit: Kit, tmp_path: Path) -> None:
    path = real(tmp_path)
    given_rows = rows_of(path)
    done = import_rows(kit, "feedback", path, mapping=MAPPING, settings={"whose_words": "own"})
    assert done.rows == len(given_rows) == 420
    assert done.stored + done.refused == done.rows
    assert kit.counts()["feedback"] == done.stored
    # Every row is in exactly one place, known by its reference.
    stored = Counter(one.values["reference"] for one in kit.page("feedback", limit=1_000))
    refused_rows = rows_of(Path(done.refused_file))
    refused = Counter(row["Comment ID"] for row in refused_rows)
    assert stored + refused == Counter(row["Comment ID"] for row in given_rows)
    assert set(done.unmapped) == set(given_rows[0]) - set(MAPPING)
    # Each has its reason: an answer that no list knows, a month that there is not.
    problems = {(one.column, one.value) for one in done.problems}
    assert len(done.problems) == done.refused
    sevens = [row for row in given_rows if row["FFT categorical answer"] == "7"]
    assert sevens
    assert {row["Comment ID"] for row in sevens} <= set(refused)
    assert ("FFT categorical answer", "7") in problems
    assert all(one.reason and one.line > 1 for one in done.problems)
    wrong_months = [
        row for row in given_rows if row["Date"].count("/") == 2 and int(row["Date"].split("/")[1]) > 12
    ]
    assert {row["Comment ID"] for row in wrong_months} <= set(refused)
    # What can be understood, is.
    unknown = [
        row for row in given_rows if row["FFT categorical answer"] == "Unknown" or row["Date"] == "Unknown"
    ]
    by_reference = {one.values["reference"]: one.values for one in kit.page("feedback", limit=1_000)}
    for row in unknown:
        if row["Comment ID"] in by_reference and row["Date"] == "Unknown":
            assert "date" not in by_reference[row["Comment ID"]]
    for row in given_rows:
        values = by_reference.get(row["Comment ID"])
        if values is not None:
            words = row["FFT answer"].replace("\xa0", " ").replace("\r\n", "\n").strip()
            assert values.get("experience", "").split() == words.split()
            assert "\xa0" not in values.get("experience", "")
            assert values["whose_words"] == "own"
            assert values.get("rating", row["FFT categorical answer"]) == row["FFT categorical answer"]
    assert any("\n" in values.get("experience", "") for values in by_reference.values())
    assert kit.check() == []


def test_what_was_refused_can_be_mended_and_imported(kit: Kit, tmp_path: Path) -> None:
    first = import_rows(kit, "feedback", real(tmp_path), mapping=MAPPING)
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
    second = import_rows(kit, "feedback", again, mapping=MAPPING)
    assert (second.rows, second.refused) == (first.refused, 0)
    assert second.refused_file == ""
    assert kit.counts()["feedback"] == 420


def test_a_dry_run_stores_nothing_and_writes_no_file(kit: Kit, tmp_path: Path) -> None:
    path = real(tmp_path)
    state = kit.state_hash()
    planned = import_rows(kit, "feedback", path, mapping=MAPPING, dry_run=True)
    assert kit.state_hash() == state
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == [path.name]
    done = import_rows(kit, "feedback", path, mapping=MAPPING)
    assert (planned.rows, planned.stored, planned.problems) == (done.rows, done.stored, done.problems)
    assert planned.dry_run
    # A dry run is no import: what follows it is the first.
    assert not any("before" in note for note in done.notes)


def test_the_same_file_twice_is_said(kit: Kit, tmp_path: Path) -> None:
    path = real(tmp_path)
    import_rows(kit, "feedback", path, mapping=MAPPING)
    again = import_rows(kit, "feedback", path, mapping=MAPPING)
    assert "imported here before" in again.notes[0]
    assert "fieldkit undo --import 2" in again.notes[0]
    assert kit.counts()["feedback"] == 2 * again.stored
    # Another file, or the same for another kind, is none of that.
    assert bring(kit, "rating\n1\n").notes == []


# Other files


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter(kit: Kit, delimiter: str) -> None:
    rows = [
        ["Comment", "Score"],
        ["Kind, quick; tidy", "1"],
        ["Late\tagain | twice", "5"],
        ['Said "no"', "2"],
    ]
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    done = bring(kit, "\r\n".join(lines), mapping={"Comment": "experience", "Score": "rating"})
    assert (done.stored, done.refused) == (3, 0)
    assert {one.values["rating"] for one in kit.page("feedback")} == {"1", "5", "2"}
    assert 'Said "no"' in {one.values["experience"] for one in kit.page("feedback")}


def test_columns_that_bear_a_fields_name_or_title_need_no_mapping(kit: Kit) -> None:
    done = bring(kit, "EXPERIENCE,Date,Other\nGood,2026-02-03,x\n")
    assert done.mapping == {"EXPERIENCE": "experience", "Date": "date"}
    assert done.unmapped == ["Other"]
    assert kit.page("feedback")[0].values == {"experience": "Good", "date": "2026-02-03"}


def test_a_column_can_be_left_out_though_it_bears_a_fields_name(kit: Kit) -> None:
    done = bring(kit, "experience,date\nGood,some day\n", mapping=[("date", "")])
    assert (done.stored, done.refused) == (1, 0)
    assert done.unmapped == []
    assert kit.page("feedback")[0].values == {"experience": "Good"}


def test_labels_are_as_good_as_codes(kit: Kit) -> None:
    done = bring(kit, "rating,experience\nVery good,a\nvery poor,b\n4,c\n,d\nsplendid,e\n")
    assert (done.stored, done.refused) == (4, 1)
    assert {one.values["experience"]: one.values.get("rating") for one in kit.page("feedback")} == {
        "a": "1",
        "b": "5",
        "c": "4",
        "d": None,
    }
    (problem,) = done.problems
    assert (problem.line, problem.column, problem.value) == (6, "rating", "splendid")


def test_several_columns_into_one_field_of_words(kit: Kit) -> None:
    done = bring(
        kit,
        "Good,Bad,Themes1,Themes2\nThe nurse,The wait,,\n,Parking,,\n",
        mapping=[("Good", "experience"), ("Bad", "experience")],
    )
    assert done.stored == 2
    assert {one.values["experience"] for one in kit.page("feedback")} == {"The nurse\nThe wait", "Parking"}
    with pytest.raises(Misuse, match="holds one answer"):
        bring(kit, "a,b\n1,2\n", mapping=[("a", "rating"), ("b", "rating")])


def test_every_reason_of_a_row_is_named_and_the_others_are_kept(kit: Kit) -> None:
    done = bring(
        kit,
        "rating,date,experience\n9,31/31/2026,x\n1,2026-01-01,ok\n,,\n2,,too,many\n",
    )
    assert (done.rows, done.stored) == (3, 1)
    assert [one.line for one in done.problems] == [2, 5]
    assert "9" in done.problems[0].value
    assert any("blank" in note for note in done.notes)


def test_hostile_cells_are_text(kit: Kit) -> None:
    for number, words in enumerate(
        ("[/] [@click=app.quit]x[/]", "\x1b[31mred\x1b[0m", "=1+1", "\u202eabc", "a\x00b")
    ):
        done = bring(kit, f"rating,experience,reference\n1,{words},{number}\n")
        assert (done.stored, done.refused) == (1, 0)
    words = {one.values["reference"]: one.values["experience"] for one in kit.page("feedback")}
    assert words["0"] == "[/] [@click=app.quit]x[/]"
    assert words["1"] == "[31mred[0m"
    assert words["2"] == "=1+1"
    done = bring(kit, "rating,experience\n\x1b[2J7,x\n")
    assert all("\x1b" not in f"{one.value}{one.reason}{one.column}" for one in done.problems)


def test_private_things_in_words_are_pointed_out(kit: Kit) -> None:
    done = bring(kit, "experience\nCall me on 07700 900123\nMy number is 943 476 5919\nFine\n")
    assert done.stored == 3
    assert len(done.warnings) >= 2
    assert done.warnings[0].startswith("Line 2")


def test_what_is_to_be_looked_at_is_known_before_anything_is_kept(kit: Kit) -> None:
    content = b"experience\nCall me on 07700 900123\nFine\n"
    seen: list[tuple[int, int, int]] = []

    def look(found: Imported) -> None:
        seen.append((found.rows, len(found.warnings), kit.count("feedback")))

    import_rows(kit, "feedback", content, look=look)
    assert seen == [(2, 1, 0)]

    def refuse(_: Imported) -> None:
        raise FieldkitError("not that")

    with pytest.raises(FieldkitError, match="not that"):
        import_rows(kit, "feedback", content + b"More\n", look=refuse)
    assert kit.count("feedback") == 2


def test_a_workbook(kit: Kit, tmp_path: Path) -> None:
    import datetime

    path = tmp_path / "feedback.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Answers")
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["When", "Score", "Words"])
        for row in range(1, 6):
            sheet.write_datetime(row, 0, datetime.datetime(2026, 3, row), date)
            sheet.write_number(row, 1, row)
            sheet.write_string(row, 2, f"words {row}\nand more")
        sheet.write_row(6, 0, ["Unknown", 9, "bad score"])
    mapping = {"When": "date", "Score": "rating", "Words": "experience"}
    done = import_rows(kit, "feedback", path, mapping=mapping)
    assert (done.rows, done.stored, done.refused) == (6, 5, 1)
    assert {one.values["date"] for one in kit.page("feedback")} == {f"2026-03-0{day}" for day in range(1, 6)}
    assert {one.values["rating"] for one in kit.page("feedback")} == set("12345")
    assert Path(done.refused_file).exists()


# Other kinds


def test_links_are_found_by_name(kit: Kit) -> None:
    bring(kit, "title,place\nHealth fair,Hall\nWalk,Park\nTwice,A\nTwice,B\n", "event")
    done = bring(kit, "rating,event\n1,Health fair\n2,health FAIR\n3,Nowhere\n4,Twice\n5,\n", "feedback")
    assert (done.stored, done.refused) == (3, 2)
    assert [one.value for one in done.problems] == ["Nowhere", "Twice"]
    fair = next(one.record_id for one in kit.page("event") if one.values["title"] == "Health fair")
    assert {one.values["rating"]: one.values.get("event") for one in kit.page("feedback")} == {
        "1": fair,
        "2": fair,
        "5": None,
    }


def test_open_lists_take_new_terms_only_when_asked(kit: Kit) -> None:
    rows = "name,kind\nOne,church\nTwo,Reading room\nThree,Reading room\n"
    refused = bring(kit, rows, "partner")
    assert (refused.stored, refused.refused) == (1, 2)
    added = bring(kit, rows + "Four,\n", "partner", add_terms=True)
    assert (added.stored, added.refused) == (4, 0)
    assert kit.counts()["term"] == 1
    assert any("1 new term" in note for note in added.notes)
    assert bring(kit, "name,kind\nFive,Reading room\n", "partner").stored == 1
    planned = bring(kit, "name,kind\nSix,Tea house\n", "partner", add_terms=True, dry_run=True)
    assert planned.stored == 1
    assert kit.counts()["term"] == 1


def test_an_answer_may_hold_several_new_terms(kit: Kit) -> None:
    rows = "name,role,consent_record\nOne,mentor; Tea maker; Driver,Y\nTwo,Driver,Y\n"
    assert bring(kit, rows, "person").refused == 2
    added = bring(kit, rows, "person", add_terms=True)
    assert (added.stored, added.refused) == (2, 0)
    assert kit.terms() == {"person_role": {"Tea maker": "Tea maker", "Driver": "Driver"}}


def test_a_refused_row_adds_no_term(kit: Kit) -> None:
    done = bring(kit, "name,kind\n,Tea house\nOne,church\n", "partner", add_terms=True)
    assert (done.stored, done.refused) == (1, 1)
    assert kit.counts()["term"] == 0
    assert kit.terms() == {}


# What can't be


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"mapping": {"Nope": "experience"}}, "no column"),
        ({"mapping": {"words": "nope"}}, "not a field"),
        ({"settings": {"rating": "77"}}, "77"),
        ({"settings": {"nope": "1"}}, "not a field"),
        ({}, "No column"),
    ],
)
def test_misuse_is_said_before_anything_is_stored(kit: Kit, more: dict[str, object], words: str) -> None:
    with pytest.raises(Misuse, match=words):
        import_rows(kit, "feedback", b"words\nx\n", **{"mapping": {}, **more})  # type: ignore[arg-type]
    assert kit.counts()["feedback"] == 0


def test_unknown_kinds_and_files(kit: Kit, tmp_path: Path) -> None:
    for act in (
        lambda: import_rows(kit, "nonsense", b"a\n1\n"),
        lambda: import_rows(kit, "feedback", tmp_path / "missing.csv"),
        lambda: import_rows(kit, "feedback", tmp_path),
        lambda: import_rows(kit, "feedback", b""),
        lambda: import_rows(kit, "feedback", b"%PDF-1.4 nothing"),
    ):
        with pytest.raises(FieldkitError):
            act()
    assert kit.check() == []


def test_a_stick_that_can_only_be_read_gets_no_file(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, here = tmp_path / "stick", tmp_path / "here"
    stick.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != stick)
    path = stick / "rows.csv"
    path.write_text("rating\n1\n9\n")
    done = import_rows(kit, "feedback", path)
    assert (done.stored, done.refused) == (1, 1)
    assert Path(done.refused_file).parent == here


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
        import_rows(kit, "feedback", path, on_progress=pulled)
    assert kit.state_hash() == before
    assert kit.check() == []
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["many.csv"]
    done = import_rows(kit, "feedback", path)
    assert done.notes == []
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
    done = import_rows(kit, "feedback", path)
    assert done.rows == done.stored + done.refused
    assert kit.counts()["feedback"] == before + done.stored
    blank = sum(not any(cell.strip().strip("\0") for cell in row) for row in rows)
    assert len(rows) + 1 - blank <= done.rows <= len(rows) + 1


# Titles above the headings


@pytest.mark.parametrize(
    "text",
    [
        "Friends and Family Test\n\nScore,Comment\n1,Kind\n7,Slow\n",
        "Friends and Family Test, October,,\nprinted 1/11/2026,,\nScore,Comment,Ward\n1,Kind,A\n7,Slow,B\n",
        "Friends and Family Test\tOctober\nScore;Comment\n1;Kind\n7;Slow\n",
        "About,About\nScore,Comment\n1,Kind\n7,Slow\n",
        '"A title\nof two lines"\nScore|Comment\n1|Kind\n7|Slow\n',
    ],
)
def test_headings_that_were_asked_for_are_found_under_a_title(kit: Kit, text: str) -> None:
    done = bring(kit, text, mapping={"comment": "experience", "Score": "rating"})
    assert (done.rows, done.stored, done.refused) == (2, 1, 1)
    assert [one.values["experience"] for one in kit.page("feedback")] == ["Kind"]
    lines = text.splitlines()
    assert done.problems[0].line == 1 + next(n for n, line in enumerate(lines) if line.startswith("7"))
    heading = 1 + next(n for n, line in enumerate(lines) if line.startswith("Score"))
    assert f"The headings were found in line {heading}" in done.notes[0]


def test_one_column_under_a_title_keeps_its_commas(kit: Kit) -> None:
    done = bring(kit, "Our comments\nComment\nKind, very kind\n", mapping={"Comment": "experience"})
    assert (done.stored, done.refused) == (1, 0)
    assert kit.page("feedback")[0].values["experience"] == "Kind, very kind"


def test_headings_that_name_fields_are_found_under_a_title(kit: Kit, tmp_path: Path) -> None:
    done = bring(kit, "Our comments\nrating,experience\n1,Kind\n")
    assert done.stored == 1
    book = xlsxwriter.Workbook(tmp_path / "title.xlsx")
    sheet = book.add_worksheet()
    sheet.merge_range("A1:B1", "Our comments")
    sheet.write_row("A3", ["rating", "experience"])
    sheet.write_row("A4", ["1", "Kind"])
    sheet.write_row("A5", ["x", "Slow"])
    book.close()
    done = import_rows(kit, "feedback", tmp_path / "title.xlsx")
    assert (done.rows, done.stored, done.problems[0].line) == (2, 1, 5)
    again = import_rows(kit, "feedback", Path(done.refused_file))
    assert (again.rows, again.problems[0].value) == (1, "x")


def test_a_first_row_that_is_known_is_the_heading_whatever_comes_below(kit: Kit) -> None:
    done = bring(kit, "experience,x\nrating,experience\n1,2\n")
    assert (done.rows, done.stored) == (2, 2)
    with pytest.raises(Misuse) as caught:
        bring(kit, "Our comments\nNote,Score\nKind,1\n")
    assert "delete the lines above" in caught.value.hint
    with pytest.raises(Misuse) as caught:
        bring(kit, "Our comments\nNote,Score\nKind,1\n", mapping={"Remark": "experience"})
    assert "delete the lines above" in caught.value.hint


def test_days_that_a_spreadsheet_counted_are_said_to_be_so(kit: Kit, tmp_path: Path) -> None:
    done = bring(kit, "date,experience\n45567,Kind\n45567.5,Slow\n123,Odd\n")
    assert done.refused == 3
    for one in done.problems[:2]:
        assert "2 Oct 2024" in one.reason and "as a date" in one.reason
    assert "write day/month/year" in done.problems[2].reason
    book = xlsxwriter.Workbook(tmp_path / "days.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row("A1", ["date", "experience"])
    sheet.write_row("A2", [45567, "Kind"])
    book.close()
    done = import_rows(kit, "feedback", tmp_path / "days.xlsx")
    assert "2 Oct 2024" in done.problems[0].reason


def test_only_dates_with_the_month_first_are_said_to_be_so(kit: Kit) -> None:
    done = bring(kit, "date,experience\n31/02/2025,a\nnever,b\n2025-13-01,c\n")
    assert done.refused == 3
    assert not any("month first" in note for note in done.notes)
    done = bring(kit, "rating,date,experience\n9,10/27/2025,a\n1,1-31-25,b\n1,3/4/2025,c\n")
    assert (done.stored, done.refused) == (1, 2)
    assert any(note.startswith("2 dates have the month first and were refused.") for note in done.notes)
    done = bring(kit, "date,experience\n10/27/2025,a\n\n3/4/2025,c\n")
    assert any(note.startswith("1 date has the month first and was refused.") for note in done.notes)
    assert "1 blank row was passed over." in done.notes


def test_the_wrong_sheet_is_named(kit: Kit, tmp_path: Path) -> None:
    for cells in (["Read me first"], ["Read me first", "Please"]):
        book = xlsxwriter.Workbook(tmp_path / "cover.xlsx")
        cover = book.add_worksheet("Cover")
        cover.write_column("A1", cells)
        book.add_worksheet("Rows").write_row("A1", ["experience"])
        book.close()
        with pytest.raises(FieldkitError) as caught:
            import_rows(kit, "feedback", tmp_path / "cover.xlsx")
        assert "“Rows”" in str(caught.value) and "--sheet" in str(caught.value)


def test_the_value_of_a_refused_cell_is_shown_as_the_spreadsheet_shows_it(kit: Kit, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "seven.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row("A1", ["rating", "experience"])
    sheet.write_row("A2", [7, "Kind"])
    book.close()
    assert import_rows(kit, "feedback", tmp_path / "seven.xlsx").problems[0].value == "7"
