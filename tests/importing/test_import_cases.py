"""Small files of types that were once misunderstood, and what they must become."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fieldkit.importing.choices import Choices
from fieldkit.importing.imported import Doubtful, Imported
from fieldkit.importing.importer import import_rows
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from import_steps import GROUND, understood
from project_files import DATA

CASES = DATA / "cases"

pytestmark = pytest.mark.usefixtures("in_a_folder")


def bring(kit: Kit, case: str, kind: str = "feedback", /, *mapping: str, **choices: Any) -> Imported:
    """Import one of the files; only what `choices` say is resolved."""
    pairs = [(column, field) for column, _, field in (entry.rpartition("=") for entry in mapping)]
    message = understood(kind, **{"understood": False, **choices})
    return import_rows(
        kit, kind, CASES / case, mapping=pairs, choices=message, refused_to=Path("refused.csv")
    )


def doubted(kit: Kit, case: str, kind: str = "feedback", /, *mapping: str, **choices: Any) -> Imported:
    """The result for a file that is refused for its doubts; nothing of it is stored."""
    before = kit.counts()[kind]
    with pytest.raises(Doubtful) as caught:
        bring(kit, case, kind, *mapping, **choices)
    assert kit.counts()[kind] == before
    assert caught.value.kept == "Nothing was stored."
    return caught.value.imported


def meanings(done: Imported, column: str) -> dict[str, str]:
    """What each value of a column became."""
    [result] = [row for row in done.understood if row.column == column]
    return {value.value: value.meaning for value in result.values}


def of(kit: Kit, kind: str, key: str, field: str) -> dict[Any, Any]:
    return {record.values.get(key): record.values.get(field) for record in kit.page(kind, limit=100)}


def other_way(kit: Kit, case: str, kind: str, *mapping: str) -> Choices:
    """Choices that resolve every doubt of a file the other way round, where there is one."""
    choices = understood(kind, understood=False)
    for doubt in doubted(kit, case, kind, *mapping).doubts:
        choices = choices.resolve(doubt, "other" if doubt.other_way else "understood")
    return choices


def test_a_column_named_after_one_answer_is_that_answers_tick(kit: Kit) -> None:
    columns = ["Ref=reference", "Rating=rating"]
    ticks = [f"Disability/{name}=disability" for name in ("Hearing", "Mobility", "Sight")]
    bring(kit, "exploded-multiselect/survey.csv", "feedback", *columns, *ticks, understood=True)
    assert of(kit, "feedback", "reference", "disability") == {
        "r1": ["02"],
        "r2": ["05"],
        "r3": ["02", "09"],
        "r4": None,
    }


def test_stars_are_asked_about_before_they_are_stored_and_may_run_the_other_way(kit: Kit) -> None:
    columns = ("ref=reference", "stars=rating", "words=experience")
    imported = doubted(kit, "scale-inverted/stars.csv", "feedback", *columns)
    assert meanings(imported, "stars")["5"] == "very poor"
    choices = other_way(kit, "scale-inverted/stars.csv", "feedback", *columns)
    bring(kit, "scale-inverted/stars.csv", "feedback", *columns, columns=choices.columns)
    assert of(kit, "feedback", "reference", "rating") == {
        "s1": "1", "s2": "1", "s3": "2", "s4": "5", "s5": "1", "s6": "4",
    }  # fmt: skip


def test_points_in_counts_are_no_decimals(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    columns = ("group=attendee_group", "count=head_count")
    imported = doubted(kit, "dot-thousands/heads.csv", "attendance", *columns)
    assert meanings(imported, "count") == {
        "1.000": "", "12.000": "", "1.250": "", "1,000": "1,000", "3,000": "3,000",
    }  # fmt: skip
    choices = other_way(kit, "dot-thousands/heads.csv", "attendance", *columns)
    done = bring(
        kit, "dot-thousands/heads.csv", "attendance", *columns, columns=choices.columns, understood=True
    )
    assert sorted(record.values["head_count"] for record in kit.page("attendance")) == [1_000, 1_250, 12_000]
    assert (done.stored, done.refused) == (3, 2)


def test_dates_that_the_spreadsheet_swapped_are_doubtful(kit: Kit) -> None:
    imported = doubted(kit, "excel-mixed-dates/feedback.xlsx")
    assert "mixed-dates" in {doubt.code for doubt in imported.doubts}
    assert meanings(imported, "date")["2026-03-04"] == "3 Apr 2026"
    bring(kit, "excel-mixed-dates/feedback.xlsx", understood=True)
    days = {record.values["date"] for record in kit.page("feedback")}
    assert {"2026-04-03", "2026-04-05"} <= days
    assert all(day.startswith("2026-04") for day in days)


def test_stamps_with_the_month_first_are_all_read_so(kit: Kit) -> None:
    columns = ("Timestamp=date", "How was it?=rating")
    imported = doubted(kit, "month-first/google.csv", "feedback", *columns)
    assert "order-of-dates" in {doubt.code for doubt in imported.doubts}
    bring(kit, "month-first/google.csv", "feedback", *columns, dates="month-first", understood=True)
    assert {record.values["date"] for record in kit.page("feedback")} == {
        "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26",
    }  # fmt: skip


def test_an_event_that_ends_before_it_starts_is_asked_about(kit: Kit) -> None:
    imported = doubted(kit, "afternoon-times/events.csv", "event")
    assert {(doubt.code, doubt.column) for doubt in imported.doubts} >= {
        ("times", "starts"),
        ("times", "ends"),
    }
    choices = other_way(kit, "afternoon-times/events.csv", "event")
    bring(kit, "afternoon-times/events.csv", "event", columns=choices.columns, understood=True)
    assert {(record.values["starts"], record.values["ends"]) for record in kit.page("event")} == {
        ("12:30", "14:30"),
        ("10:00", "16:00"),
        ("19:00", "21:00"),
    }


def test_an_event_as_it_is_written_is_refused_where_it_contradicts_itself(kit: Kit) -> None:
    done = bring(kit, "afternoon-times/events.csv", "event", understood=True)
    assert (done.stored, done.refused) == (1, 2)
    assert "14:30" in done.problems[0].reason


def test_days_counted_from_1904_are_no_four_years_out(kit: Kit) -> None:
    done = bring(kit, "epoch-1904/feedback.xlsx", understood=True)
    assert not any("2022" in problem.reason for problem in done.problems)
    assert all(record.values["date"].startswith("2026-11") for record in kit.page("feedback"))


def test_an_export_that_grows_is_stored_once(kit: Kit) -> None:
    bring(kit, "cumulative-export/week1.csv", understood=True)
    done = bring(kit, "cumulative-export/week2.csv", understood=True)
    assert (done.stored, done.here) == (1, 2)
    assert [row.line for row in done.left] == [2, 3]
    assert kit.counts()["feedback"] == 3
    again = bring(kit, "cumulative-export/week2.csv", understood=True, again=True)
    assert again.stored == 3


def test_a_register_twice_makes_no_second_visit_and_no_second_person(kit: Kit) -> None:
    kit.add("event", {"title": "Open day"})
    bring(kit, "register-twice/people.csv", "person")
    bring(kit, "register-twice/register.csv", "attendance")
    done = bring(kit, "register-twice/register2.csv", "attendance")
    assert (done.stored, done.here) == (0, 3)
    assert kit.counts()["attendance"] == 2
    people = bring(kit, "register-twice/people2.csv", "person")
    assert (people.stored, people.here) == (1, 2)


def test_totals_are_shown_and_not_stored(kit: Kit) -> None:
    kit.add("event", {"title": "Autumn fair"})
    heads = bring(kit, "totals-row/heads.csv", "attendance")
    assert (heads.stored, heads.totals) == (2, 1)
    assert sum(record.values["head_count"] for record in kit.page("attendance")) == 19
    comments = bring(
        kit, "totals-row/comments.csv", "feedback", "Comment=experience", "Score=rating", understood=True
    )
    assert (comments.stored, comments.totals) == (3, 2)
    assert [row.line for row in comments.left] == [6, 7]


def test_a_second_row_of_headings_is_no_comment(kit: Kit) -> None:
    done = bring(
        kit, "two-header-rows/survey.csv", "feedback", "What went well or badly?=experience", understood=True
    )
    assert done.stored == 3
    assert "Open-Ended Response" not in {record.values["experience"] for record in kit.page("feedback")}


@pytest.mark.parametrize(("keep", "stored"), [("leave", 3), ("keep", 6)])
def test_hidden_rows_are_shown_with_a_choice(kit: Kit, keep: str, stored: int) -> None:
    imported = doubted(kit, "hidden-rows/feedback.xlsx")
    (hidden,) = (doubt for doubt in imported.doubts if doubt.code == "hidden-rows")
    assert (hidden.sentence[:15], hidden.other_words) == ("3 rows are hidd", "they count like the other rows")
    done = bring(kit, "hidden-rows/feedback.xlsx", hidden_rows=keep, understood=True)
    assert (done.stored, done.hidden) == (stored, 6 - stored)


def test_one_hidden_row_is_told_of_as_one(kit: Kit, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "one.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((("reference", "rating"), ("r1", "1"), ("r2", "2"))):
            sheet.write_row(at, 0, row)
        sheet.set_row(1, options={"hidden": True})
    with pytest.raises(Doubtful) as caught:
        import_rows(kit, "feedback", tmp_path / "one.xlsx")
    (hidden,) = (doubt for doubt in caught.value.imported.doubts if doubt.code == "hidden-rows")
    assert (hidden.sentence[:12], hidden.other_words) == ("1 row is hid", "it counts like the other rows")


def test_one_event_is_found_in_every_spelling(kit: Kit) -> None:
    kit.add("event", {"title": "St Mary’s fair"})
    assert bring(kit, "smart-apostrophe/att.csv", "attendance").stored == 1


def test_one_of_several_events_of_a_title_is_named_by_its_date(kit: Kit) -> None:
    events = kit.add_many(
        "event", [{"title": "Drop-in clinic", "date": f"2026-11-{day:02}"} for day in (1, 8, 15)]
    )
    kit.add("person", {"name": "Ann", "consent_record": "Y"})
    register = (
        (CASES / "recurring-event/register.csv").read_text().replace("xv5rtf9c", events[0].record_id[-8:])
    )
    done = import_rows(kit, "attendance", register.encode())
    # The first two rows name the same event: by title and date, and by its label.
    assert (done.stored, done.here, done.refused) == (2, 1, 0)
    assert {record.values["event"] for record in kit.page("attendance")} == {
        events[2].record_id,
        events[0].record_id,
    }


def test_a_pair_is_named_by_its_label_or_by_its_two_people(kit: Kit) -> None:
    ann, bea = kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in ("Ann", "Bea")])
    pair = kit.add("mentorship", {"mentor": ann.record_id, "mentee": bea.record_id})
    done = bring(kit, "sessions-by-name/sessions.csv", "session", understood=True)
    assert (done.stored, done.here, done.refused) == (2, 1, 0)
    assert {record.values["mentorship"] for record in kit.page("session")} == {pair.record_id}


def test_a_heading_with_a_line_break_is_found_below_a_title(kit: Kit) -> None:
    done = bring(
        kit,
        "structure/header_linebreak_below_title.csv",
        "feedback",
        "Date of visit=date",
        "How was your experience?=rating",
        "Comment=experience",
        understood=True,
    )
    assert done.stored == 1
    [record] = kit.page("feedback")
    assert (record.values["date"], record.values["rating"], record.values["experience"]) == (
        "2026-11-02",
        "1",
        "ok",
    )
    assert record.values["consent_ground"] == GROUND


def test_every_import_says_how_it_was_understood(kit: Kit) -> None:
    done = bring(kit, "cumulative-export/week1.csv", understood=True)
    assert {row.column: row.field for row in done.understood} == {
        "reference": "reference", "date": "date", "rating": "rating", "experience": "experience",
    }  # fmt: skip
    assert meanings(done, "rating") == {"1": "very good", "4": "poor"}
    assert meanings(done, "date") == {"02/11/2026": "2 Nov 2026", "03/11/2026": "3 Nov 2026"}


def test_merged_cells_fill_their_rows(kit: Kit) -> None:
    done = bring(kit, "merged-cells/stall.xlsx", understood=True)
    assert (done.stored, done.refused) == (5, 0)
    rows = [record.values for record in reversed(kit.page("feedback", limit=10))]
    assert [row["date"] for row in rows] == ["2026-11-02"] * 3 + ["2026-11-03"] * 2
    assert [row["service_area"] for row in rows] == ["gp"] * 3 + ["cancer"] * 2
    assert all(row["provider"] for row in rows)


def test_errors_in_cells_of_an_ods_are_refused_by_name(kit: Kit) -> None:
    done = bring(kit, "error-cells-ods/feedback.ods", understood=True)
    assert (done.stored, done.refused) == (1, 2)
    assert "The cell B2 shows the error #N/A." in done.problems[0].reason
    assert "The cell D3 shows the error #VALUE!." in done.problems[1].reason


def test_a_formula_without_a_value_is_refused_by_name(kit: Kit) -> None:
    done = bring(kit, "formula-no-value/feedback.xlsx", understood=True)
    assert (done.stored, done.refused) == (1, 1)
    for cell in ("B2", "C2"):
        assert f"The cell {cell} has a formula without a stored value." in done.problems[0].reason


@pytest.mark.parametrize("spelling", ["çelik", "ZOË", "zoe", "O'Neill", "lukasz"])
def test_each_spelling_finds_its_person(kit: Kit, spelling: str) -> None:
    bring(kit, "case-search/people.csv", "person", consent="asked")
    assert kit.count("person") == 4
    [person] = kit.page("person", text=spelling)
    assert folded(person.values["name"]).find(folded(spelling)) >= 0
