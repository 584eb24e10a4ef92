"""Columns of spreadsheets: the field of each, and what its cells may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.importing.imported import Imported
from fieldkit.presentation.import_report import listed_rows
from fieldkit.store.kit import Kit
from import_steps import bring, import_understood

pytestmark = pytest.mark.usefixtures("in_a_folder")


def answers(kit: Kit) -> dict[str, Any]:
    """The answers of the newest record, except the consent that came with its file."""
    values = kit.page("feedback")[0].values
    return {name: value for name, value in values.items() if not name.startswith("consent_")}


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
    assert {record.values["rating"] for record in kit.page("feedback")} == {"1", "5", "2"}
    assert 'Said "no"' in {record.values["experience"] for record in kit.page("feedback")}


def test_columns_that_bear_a_fields_name_or_title_need_no_mapping(kit: Kit) -> None:
    done = bring(kit, "EXPERIENCE,Date,Other\nGood,2026-02-03,x\n")
    assert done.mapping == {"EXPERIENCE": "experience", "Date": "date"}
    assert done.unmapped == ["Other"]
    assert answers(kit) == {"experience": "Good", "date": "2026-02-03"}


def test_a_column_can_be_left_out_though_it_bears_a_fields_name(kit: Kit) -> None:
    done = bring(kit, "experience,date\nGood,some day\n", mapping=[("date", "")])
    assert (done.stored, done.refused) == (1, 0)
    assert done.unmapped == []
    assert answers(kit) == {"experience": "Good"}


def test_labels_are_as_good_as_codes(kit: Kit) -> None:
    done = bring(kit, "rating,experience\nVery good,a\nvery poor,b\n4,c\n,d\nsplendid,e\n")
    assert (done.stored, done.refused) == (4, 1)
    assert {record.values["experience"]: record.values.get("rating") for record in kit.page("feedback")} == {
        "a": "1",
        "b": "5",
        "c": "4",
        "d": None,
    }
    (problem,) = done.problems
    assert (problem.line, problem.column, problem.value) == (6, "rating", "splendid")


def test_a_refused_row_names_each_column_once_as_the_file_does(kit: Kit) -> None:
    done = bring(
        kit,
        "When,Heritage,experience\nlast week,Martian,a\n",
        mapping=[("When", "date"), ("Heritage", "ethnic_group")],
    )
    (line,) = listed_rows(done.problems)
    assert line.startswith("  Line 2, When: “last week” is not a date") and "Date:" not in line
    assert " Heritage: “Martian” is not one of the answers" in line and "Ethnic group:" not in line


def test_several_columns_into_one_field_of_words(kit: Kit) -> None:
    done = bring(
        kit,
        "Good,Bad,Themes1,Themes2\nThe nurse,The wait,,\n,Parking,,\n",
        mapping=[("Good", "experience"), ("Bad", "experience")],
    )
    assert done.stored == 2
    assert {record.values["experience"] for record in kit.page("feedback")} == {
        "The nurse\nThe wait",
        "Parking",
    }
    with pytest.raises(Misuse, match="holds one answer"):
        bring(kit, "a,b\n1,2\n", mapping=[("a", "rating"), ("b", "rating")])


def test_hostile_cells_are_text(kit: Kit) -> None:
    for number, text in enumerate(
        ("[/] [@click=app.quit]x[/]", "\x1b[31mred\x1b[0m", "=1+1", "\u202eabc", "a\x00b")
    ):
        done = bring(kit, f"rating,experience,reference\n1,{text},{number}\n")
        assert (done.stored, done.refused) == (1, 0)
    kept = {record.values["reference"]: record.values["experience"] for record in kit.page("feedback")}
    assert kept["0"] == "[/] [@click=app.quit]x[/]"
    assert kept["1"] == "[31mred[0m"
    assert kept["2"] == "=1+1"
    done = bring(kit, "rating,experience\n\x1b[2J7,x\n")
    assert all("\x1b" not in f"{problem.value}{problem.reason}{problem.column}" for problem in done.problems)


def test_private_things_in_words_are_pointed_out(kit: Kit) -> None:
    done = bring(kit, "experience\nCall me on 07700 900123\nMy number is 943 476 5919\nFine\n")
    assert done.stored == 3
    assert len(done.warnings) >= 2
    assert done.warnings[0].startswith("Line 2")


def test_what_is_to_be_looked_at_is_known_before_anything_is_kept(kit: Kit) -> None:
    content = b"experience\nCall me on 07700 900123\nFine\n"
    seen: list[tuple[int, int, int]] = []

    def look(imported: Imported) -> None:
        seen.append((imported.rows, len(imported.warnings), kit.count("feedback")))

    import_understood(kit, "feedback", content, look=look)
    assert seen == [(2, 1, 0)]

    def refuse(_: Imported) -> None:
        raise FieldkitError("not that")

    with pytest.raises(FieldkitError, match="not that"):
        import_understood(kit, "feedback", content + b"More\n", look=refuse)
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
    done = import_understood(kit, "feedback", path, mapping=mapping)
    assert (done.rows, done.stored, done.refused) == (6, 5, 1)
    assert {record.values["date"] for record in kit.page("feedback")} == {
        f"2026-03-0{day}" for day in range(1, 6)
    }
    assert {record.values["rating"] for record in kit.page("feedback")} == set("12345")
    assert Path(done.refused_file).exists()


# Links and lists


def test_links_are_found_by_name(kit: Kit) -> None:
    bring(kit, "title,place\nHealth fair,Hall\nWalk,Park\nTwice,A\nTwice,B\n", "event")
    done = bring(kit, "rating,event\n1,Health fair\n2,health FAIR\n3,Nowhere\n4,Twice\n5,\n", "feedback")
    assert (done.stored, done.refused) == (3, 2)
    assert [problem.value for problem in done.problems] == ["Nowhere", "Twice"]
    fair = next(record.record_id for record in kit.page("event") if record.values["title"] == "Health fair")
    assert {record.values["rating"]: record.values.get("event") for record in kit.page("feedback")} == {
        "1": fair,
        "2": fair,
        "5": None,
    }


def test_open_lists_take_new_terms_only_when_asked(kit: Kit) -> None:
    rows = "name,kind\nOne,church\nTwo,Reading room\nThree,Reading room\n"
    refused = bring(kit, rows, "partner")
    assert (refused.stored, refused.refused) == (1, 2)
    added = bring(kit, rows + "Four,\n", "partner", add_terms=True)
    assert (added.stored, added.refused, added.here) == (3, 0, 1)
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
