"""What coded, counted, dated and linked columns mean, in files of many kinds; what is doubtful is never stored unasked."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from fieldkit.importing.choices import Choices
from fieldkit.importing.imported import Doubtful, GroundMissing, Imported
from fieldkit.importing.importer import import_rows
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import IMPORTS
from fieldkit.store.undo_log import key_of_import, undo_spans
from import_steps import bring, understood

pytestmark = pytest.mark.usefixtures("in_a_folder")


def doubts(kit: Kit, text: str, kind: str = "feedback", **more: Any) -> set[tuple[str, str]]:
    """(doubt, column) of everything that is doubtful in a file; () where it is stored without asking."""
    more.setdefault("choices", understood(kind, understood=False))
    imported = import_rows(kit, kind, text.encode(), dry_run=True, **more)
    if imported.doubts:
        with pytest.raises(Doubtful):
            import_rows(kit, kind, text.encode(), **more)
    return {(doubt.code, doubt.column) for doubt in imported.doubts}


def values(kit: Kit, name: str, kind: str = "feedback") -> list[Any]:
    """The values of a field, the oldest first."""
    return [record.values.get(name) for record in reversed(kit.page(kind, limit=1_000))]


# Numbers and letters of coded columns


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("experience,gender\nx,1\ny,2\n", "feedback", {("numbers", "gender")}),
        ("experience,religion\nx,C\ny,M\n", "feedback", {("numbers", "religion")}),
        ("experience,disability\nx,1\ny,9;2\n", "feedback", {("numbers", "disability")}),
        ("experience,carer\nx,1\ny,0\n", "feedback", {("numbers", "carer")}),
        ("experience,ethnic_group\nx,7\ny,13\n", "feedback", {("numbers", "ethnic_group")}),
        ("name,band\nx,5\ny,8a\n", "person", set()),
        ("experience,carer\nx,Y\ny,N\n", "feedback", set()),
        ("experience,gender\nx,f\ny,m\n", "feedback", set()),
        ("experience,rating\nx,Very good\ny,poor\n", "feedback", set()),
        ("experience,rating\nx,1 very good\ny,4 - poor\n", "feedback", set()),
        ("experience,age_band\nx,25-34\ny,85+\nz,25 to 34\n", "feedback", set()),
    ],
)
def test_only_words_say_by_themselves_what_they_mean(
    kit: Kit, text: str, kind: str, expected: set[tuple[str, str]]
) -> None:
    assert doubts(kit, text, kind) == expected


def test_one_stranger_makes_the_others_doubtful_even_when_the_scale_was_resolved(kit: Kit) -> None:
    choices = understood(understood=False).with_column("rating", direction="as-listed")
    assert doubts(kit, "rating\n1\n5\n", choices=choices) == set()
    assert doubts(kit, "rating\n1\n5\n9\n", choices=choices) == {("others", "rating")}


@pytest.mark.parametrize("cells", ["7,8,6", "3,11,4", "80%,90%,10", "0,10,5"])
def test_ratings_of_a_session_say_in_which_direction_they_run(kit: Kit, cells: str) -> None:
    ann, bea = kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in ("Ann", "Bea")])
    kit.add("mentorship", {"mentor": ann.record_id, "mentee": bea.record_id})
    rows = "\n".join(f"Ann · Bea,2026-11-{day:02},{cell}" for day, cell in enumerate(cells.split(","), 1))
    text = f"mentorship,date,confidence\n{rows}\n"
    assert ("numbers", "confidence") in doubts(kit, text, "session")


def test_a_scale_that_runs_the_other_way(kit: Kit) -> None:
    choices = understood().with_column("stars", direction="reversed")
    done = bring(
        kit,
        "ref,stars\na,5\nb,1.0\nc,6\n",
        mapping=[("ref", "reference"), ("stars", "rating")],
        choices=choices,
    )
    assert values(kit, "rating") == ["1", "5"]
    assert "from 1 to 5" in done.problems[0].reason


def test_answers_of_a_files_own_are_mapped_word_by_word(kit: Kit) -> None:
    choices = understood(understood=False).with_column(
        "q", values={folded("loved it"): "very good", "meh": "3"}
    )
    bring(kit, "q,experience\nLoved it,x\nmeh,y\n", mapping=[("q", "rating")], choices=choices)
    assert values(kit, "rating") == ["1", "3"]


# Ticks


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("Which? [Hearing]", ("Yes", "No"), [["02"], None]),
        ("Disability - Hearing", ("x", ""), [["02"], None]),
        ("disability/02", ("1", "0"), [["02"], None]),
        ("about/disability/02", ("True", "False"), [["02"], None]),
        ("Disability: hearing", ("Hearing", ""), [["02"], None]),
        ("Disability (hearing)", ("✓", "-"), [["02"], None]),
        ("Do you have any of these? Hearing", ("Hearing", ""), [["02"], None]),
    ],
)
def test_columns_of_one_answer(
    kit: Kit, heading: str, cells: tuple[str, str], expected: list[list[str] | None]
) -> None:
    text = f'experience,"{heading}"\na,{cells[0]}\nb,{cells[1]}\n'
    done = bring(kit, text, mapping=[(heading, "disability")], choices=understood(understood=False))
    assert done.mapping[heading] == "disability/02"
    assert values(kit, "disability") == expected


def test_columns_of_answers_need_no_mapping_where_they_name_their_question(kit: Kit) -> None:
    text = "experience,disability/02,disability/09,themes/parking\na,1,1,0\nb,0,0,1\n"
    done = bring(kit, text, choices=understood(understood=False))
    assert done.unmapped == []
    assert values(kit, "disability") == [["02", "09"], None]
    assert values(kit, "themes") == [None, ["travel-parking"]]


def test_a_tick_that_is_none_makes_the_column_doubtful(kit: Kit) -> None:
    text = "experience,disability/02\na,1\nb,2\n"
    assert doubts(kit, text) == {("others", "disability/02")}
    done = bring(kit, text)
    assert (done.stored, done.refused) == (1, 1)
    ticks = understood(understood=False, ticks={"2": False})
    assert bring(kit, text, choices=ticks).refused == 0


def test_one_answer_of_several_columns(kit: Kit) -> None:
    columns = [("Role [patient]", "role"), ("Role [carer]", "role")]
    done = bring(
        kit,
        "experience,Role [patient],Role [carer]\na,1,0\nb,0,1\nc,1,1\n",
        mapping=columns,
        choices=understood(understood=False),
    )
    assert values(kit, "role") == ["patient", "carer"]
    assert "two answers" in done.problems[0].reason


@pytest.mark.parametrize(
    "joined", ["hearing;sight;", "Hearing, Sight", "hearing\nsight", "02 09", "hearing|sight"]
)
def test_answers_that_survey_tools_join(kit: Kit, joined: str) -> None:
    bring(kit, f'experience,disability\na,"{joined}"\n')
    assert values(kit, "disability") == [["02", "09"]]


# Counts


@pytest.mark.parametrize(
    ("cells", "doubtful"),
    [
        ("1.000;12", {("points", "head_count")}),
        ("1.000;12.500.000", {("points", "head_count")}),
        ("12,5;12", {("others", "head_count")}),
        ("50%;40", {("others", "head_count")}),
        ("1,250;1.0", set()),
        ("about 30;12", set()),
    ],
)
def test_counts(kit: Kit, cells: str, doubtful: set[tuple[str, str]]) -> None:
    kit.add("event", {"title": "Fair"})
    groups = ("patient", "carer")
    rows = "\n".join(f"Fair;{group};{cell}" for group, cell in zip(groups, cells.split(";"), strict=True))
    assert doubts(kit, f"event;attendee_group;head_count\n{rows}\n", "attendance") == doubtful


# Dates and times


@pytest.mark.parametrize(
    ("days", "doubtful", "first"),
    [
        (("27/10/2025", "03/11/2025"), False, "2025-10-27"),
        (("10/27/2025", "11/03/2025"), True, "2025-10-27"),
        (("01/02/2025", "02/02/2025", "03/02/2025"), False, "2025-02-01"),
        (("02/01/2025", "02/02/2025", "02/03/2025"), True, "2025-01-02"),
        (("03/04/2025",), True, "2025-04-03"),
        (("3 April 2025", "2025-04-05"), False, "2025-04-03"),
        (("Monday 27/10/2025", "28/10/2025"), False, "2025-10-27"),
        (("31/10/2025", "10/31/2025", "01/02/2025"), True, "2025-10-31"),
        (
            ("13/10/2025", "14/10/2025", "15/10/2025", "16/10/2025", "20/10/2025", "10/01/2025"),
            False,
            "2025-10-13",
        ),
        (
            ("13/10/2025", "14/10/2025", "15/10/2025", "16/10/2025", "20/11/2025", "11/02/2025"),
            True,
            "2025-10-13",
        ),
        (("12/05/1926", "30/05/1926"), True, "1926-05-12"),
    ],
)
def test_dates_of_a_column(kit: Kit, days: tuple[str, ...], doubtful: bool, first: str) -> None:
    text = "experience,date\n" + "".join(f"x{number},{day}\n" for number, day in enumerate(days))
    assert bool(doubts(kit, text)) == doubtful
    bring(kit, text)
    assert values(kit, "date")[0] == first


@pytest.mark.parametrize("day", ["Tuesday 27/10/2025", "Sun 28 October 2025", "Fri, 2025-10-27"])
def test_a_day_of_the_week_that_the_date_does_not_have(kit: Kit, day: str) -> None:
    done = bring(kit, f'experience,date\nx,"{day}"\n')
    assert done.refused == 1
    assert "contradicts itself" in done.problems[0].reason


@pytest.mark.parametrize(
    ("start", "end", "doubtful"),
    [
        ("10.00", "4.00", True),
        ("2:00", "4:00", True),
        ("14:00", "16:00", False),
        ("09:00", "12:30", False),
        ("2pm", "4pm", False),
        ("20:00", "01:00", True),
    ],
)
def test_times_without_am_or_pm(kit: Kit, start: str, end: str, doubtful: bool) -> None:
    assert bool(doubts(kit, f"title,starts,ends\nx,{start},{end}\n", "event")) == doubtful


def test_the_evening_may_end_after_midnight(kit: Kit) -> None:
    assert bring(kit, "title,starts,ends\nx,20:00,01:00\n", "event").stored == 1
    assert kit.page("event")[0].values["ends"] == "01:00"


# Rows that are no new records


@pytest.mark.parametrize(
    ("rows", "stored", "left"),
    [
        ("a,1\nb,4\nTotal,5\n", 2, 1),
        ("a,1\nb,4\nGrand total: 2,\n", 2, 1),
        ("a,1\nb,4\n\nMean,2.5\n", 2, 1),
        ("a,1\nb,4\nTotal (all wards),5\n", 2, 1),
        ("a,1\nb,4\n\nPrinted by the survey tool,\n", 2, 1),
        ("Total waste of time,5\nTotals are not my thing,4\n", 2, 0),
        ("Average,3\nb,4\n", 2, 0),
        ("Sum of it all: good,1\nMean nurse,5\n", 2, 0),
    ],
)
def test_totals_are_left_out_and_comments_that_sound_so_are_not(
    kit: Kit, rows: str, stored: int, left: int
) -> None:
    done = bring(kit, f"experience,rating\n{rows}")
    assert (done.stored, done.totals) == (stored, left)


def test_a_sum_without_a_word_is_asked_about(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    text = "event,attendee_group,head_count\nFair,patient,12\nFair,carer,7\nFair,other,19\n"
    assert doubts(kit, text, "attendance") == {("totals", "")}
    assert bring(kit, text, "attendance", choices=understood("attendance", totals="keep")).stored == 3
    assert bring(kit, text, "attendance", choices=understood("attendance")).totals == 1


def test_everybody_is_kept_where_it_is_no_sum(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    text = "event,attendee_group,head_count\nFair,patient,12\nFair,carer,7\nFair,all,40\n"
    assert bring(kit, text, "attendance").stored == 3


def test_the_same_row_twice_in_one_file_is_stored_once(kit: Kit) -> None:
    done = bring(kit, "reference,rating\nA,1\na ,1\nB,2\n")
    assert (done.stored, done.here) == (2, 1)
    assert done.left[0].reason == "The same as line 2."


def test_one_reference_with_two_stories_is_refused_and_can_be_stored(kit: Kit) -> None:
    text = "reference,experience\nA,one\nA,two\n"
    done = bring(kit, text)
    assert (done.stored, done.refused) == (1, 1)
    assert "Line 2 has the same reference" in done.problems[0].reason
    assert bring(kit, text, choices=understood(again=True)).stored == 2


def test_a_reference_of_another_provider_is_another(kit: Kit) -> None:
    bring(kit, "reference,provider,rating\nA,St Mary's,1\n")
    done = bring(kit, "reference,provider,rating\nA,St Mary’s,1\nA,Trust,1\n")
    assert (done.stored, done.here) == (1, 1)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("name,organisation\nZoe Adams,\n", 0),
        ("name,organisation\nZoë Adams,Church\n", 1),
        ("name,reference\nZoë Adams,P2\n", 0),
    ],
)
def test_people_are_known_again(kit: Kit, text: str, stored: int) -> None:
    kit.add("person", {"name": "Zoë Adams", "consent_record": "Y"})
    assert bring(kit, text, "person").stored == stored


def test_two_people_of_one_name_with_references_are_two(kit: Kit) -> None:
    assert bring(kit, "name,reference\nAnn,P1\nAnn,P2\n", "person").stored == 2
    assert bring(kit, "name,reference\nAnn,P3\n", "person").stored == 1
    assert bring(kit, "name,reference\nAnn,P3\n", "person").here == 1


def test_a_long_comment_of_one_day_is_known_again_without_a_reference(kit: Kit) -> None:
    text = "experience,date,rating\nThe porter found me a chair and some tea,2025-10-05,1\nVery good,2025-10-05,1\n"
    assert bring(kit, text).stored == 2
    done = bring(kit, text + "The porter found me a chair and some tea,2025-10-06,1\n")
    assert (done.stored, done.here) == (2, 1)


def test_words_of_another_scale_make_the_others_doubtful(kit: Kit) -> None:
    assert doubts(kit, "rating\nExcellent\nGood\nFair\nPoor\n") == {("others", "rating")}


def test_columns_that_a_mapping_misses_are_named(kit: Kit) -> None:
    text = "experience,Marks\nx,good\n"
    choices = understood(understood=False).with_column("Score", field="rating")
    imported = import_rows(kit, "feedback", text.encode(), choices=choices, dry_run=True)
    [doubt] = imported.doubts
    assert "The mapping has columns that are not in this file, for: rating." in doubt.sentence
    assert "Its columns without a field: Marks." in doubt.sentence
    assert doubts(kit, text, choices=choices, mapping=[("Marks", "rating")]) == set()
    assert bring(kit, text, choices=replace(choices, understood=True)).stored == 1


def test_what_was_undone_can_be_imported_anew(kit: Kit) -> None:
    bring(kit, "reference,rating\nA,1\n")
    kit.delete(kit.page("feedback")[0].record_id)
    assert bring(kit, "reference,rating\nA,1\n").stored == 1


# Links


def test_what_was_said_on_a_day_belongs_to_the_event_of_that_day(kit: Kit) -> None:
    events = kit.add_many("event", [{"title": "Clinic", "date": f"2025-10-{day}"} for day in (13, 14)])
    done = bring(kit, "event,date,rating\nClinic,14/10/2025,1\nClinic,15/10/2025,2\n")
    assert (done.stored, done.refused) == (1, 1)
    assert values(kit, "event") == [events[1].record_id]
    assert "2 events fit “Clinic”" in done.problems[0].reason


@pytest.mark.parametrize(
    "text", ["Clinic 13/10/2025", "Clinic, 13 October 2025", "13 Oct 2025 Clinic", "CLINIC (13.10.2025)"]
)
def test_a_title_with_a_date_in_any_form(kit: Kit, text: str) -> None:
    event, _ = kit.add_many("event", [{"title": "Clinic", "date": f"2025-10-{day}"} for day in (13, 14)])
    bring(kit, f'event,rating\n"{text}",1\n')
    assert values(kit, "event") == [event.record_id]


def test_columns_of_a_pair_need_no_third(kit: Kit) -> None:
    people = kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in ("Ann", "Bea", "Cy")])
    ann, bea, cy = (person.record_id for person in people)
    pairs = kit.add_many("mentorship", [{"mentor": ann, "mentee": bea}, {"mentor": ann, "mentee": cy}])
    done = bring(kit, "Mentor,Mentee,date\nAnn,cy,2025-10-13\nAnn,Dee,2025-10-13\n", "session")
    assert (done.stored, done.refused) == (1, 1)
    assert values(kit, "mentorship", "session") == [pairs[1].record_id]


# Consent


def test_without_a_ground_nothing_is_stored(kit: Kit) -> None:
    with pytest.raises(GroundMissing):
        import_rows(kit, "feedback", b"experience\nx\n", choices=Choices(understood=True))
    with pytest.raises(GroundMissing):
        import_rows(
            kit, "person", b"name\nx\n", choices=Choices(understood=True), settings={"consent_record": "Y"}
        )
    assert import_rows(kit, "event", b"title\nx\n").stored == 1
    planned = import_rows(kit, "feedback", b"experience\nx\n", dry_run=True)
    assert planned.ground_missing
    assert kit.counts()["feedback"] == kit.counts()["person"] == 0


def test_a_column_of_answers_is_a_ground_and_a_no_is_refused(kit: Kit) -> None:
    done = import_rows(kit, "feedback", b"experience,consent_record\nx,yes\ny,no\nz,\n")
    assert (done.stored, done.refused) == (1, 2)
    [record] = kit.page("feedback")
    assert record.values["consent_record"] == "Y"
    assert record.values["consent_ground"] == "Answered in the file standard input, column consent_record"
    assert "consent_date" not in record.values and "consent_by" not in record.values


def test_the_ground_is_kept_with_each_record(kit: Kit) -> None:
    done: Imported = bring(kit, "experience\nx\ny\n", choices=Choices(consent="  signed\nforms "))
    assert done.stored == 2
    assert set(values(kit, "consent_ground")) == {"signed forms"}
    assert set(values(kit, "consent_record")) == {"Y"}


# Exports of survey tools, as they are

KOBO = """start;about/date;about/rating;about/disability;about/disability/02;about/disability/09;experience;_id
2025-10-05T09:12:31.000+01:00;2025-10-05;very good;02 09;1;1;Kind;1
2025-10-06T09:12:31.000+01:00;2025-10-06;poor;;0;0;Slow;2
"""
GOOGLE = """"Timestamp","Overall, how was your experience of the service?","Disability","What happened?","Age"
"10/19/2025 9:12:31","Very good","Hearing, Sight","Kind","25 to 34"
"10/20/2025 9:12:31","Poor","","Slow","35-44"
"""
MS_FORMS = """ID,Start time,"Overall, how was your experience of the service?",Disability,What happened?
1,10/19/25 9:12:31,Very good,Hearing;Sight;,Kind
2,10/20/25 9:12:31,Poor,,Slow
"""
SURVEY_MONKEY = """Respondent ID,Start Date,Do you have any of these?,,,"Overall, how was your experience?",What happened?
,,Hearing,Sight,Other (please specify),Response,Open-Ended Response
114,10/19/2025 11:00:00 AM,Hearing,Sight,,Very good,Kind
115,10/20/2025 11:00:00 AM,,,arthritis,Poor,Slow
"""
QUALTRICS = (
    "StartDate,ResponseId,Q1,Q2_1,Q2_2,Q3\n"
    'Start Date,Response ID,"Overall, how was your experience of the service?",Disability - Hearing,'
    "Disability - Sight,What happened?\n"
    + ",".join(
        '"{""ImportId"":""' + name + '""}"' for name in ("startDate", "_recordId", "Q1", "Q2_1", "Q2_2", "Q3")
    )
    + "\n2025-10-19 09:12:31,R_1,Very good,Hearing,Sight,Kind\n2025-10-20 09:12:31,R_2,Poor,,,Slow\n"
)


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        (KOBO, [("_id", "reference")]),
        (GOOGLE, [("Timestamp", "date"), ("What happened?", "experience")]),
        (MS_FORMS, [("Start time", "date"), ("What happened?", "experience")]),
        (
            SURVEY_MONKEY,
            [
                ("Start Date", "date"),
                ("What happened?", "experience"),
                ("Do you have any of these?", "disability"),
                ("Overall, how was your experience?", "rating"),
            ],
        ),
        (QUALTRICS, [("StartDate", "date"), ("Q3", "experience")]),
    ],
    ids=["kobo", "google", "ms", "monkey", "qualtrics"],
)
def test_exports_of_survey_tools(kit: Kit, text: str, mapping: list[tuple[str, str]]) -> None:
    done = bring(kit, text, mapping=mapping)
    assert (done.stored, done.refused) == (2, 0)
    assert values(kit, "rating") == ["1", "4"]
    assert values(kit, "disability") == [["02", "09"], None]
    assert values(kit, "experience") == ["Kind", "Slow"]
    days = values(kit, "date")
    assert days in (["2025-10-19", "2025-10-20"], ["2025-10-05", "2025-10-06"])


# Dates that a spreadsheet program swapped


@pytest.mark.parametrize(
    ("cells", "expected", "doubtful"),
    [
        ([(2025, 5, 10), "10/19/2025"], ["2025-10-05", "2025-10-19"], True),
        ([(2025, 3, 4), "13/04/2025"], ["2025-04-03", "2025-04-13"], True),
        ([(2025, 3, 4), "05/04/2025"], ["2025-03-04", "2025-04-05"], True),
        ([(2025, 3, 14), "13/04/2025"], ["2025-03-14", "2025-04-13"], False),
        ([(2025, 3, 4), (2025, 3, 5)], ["2025-03-04", "2025-03-05"], False),
    ],
)
def test_real_dates_among_texts(
    kit: Kit, tmp_path: Path, cells: list[Any], expected: list[str], doubtful: bool
) -> None:
    with xlsxwriter.Workbook(tmp_path / "days.xlsx") as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["experience", "date"])
        for row, cell in enumerate(cells, 1):
            sheet.write(row, 0, f"words {row}")
            if isinstance(cell, str):
                sheet.write_string(row, 1, cell)
            else:
                sheet.write_datetime(row, 1, datetime.datetime(*cell), form)
    choices = understood(understood=False)
    imported = import_rows(kit, "feedback", tmp_path / "days.xlsx", choices=choices, dry_run=True)
    assert bool(imported.doubts) == doubtful
    assert import_rows(kit, "feedback", tmp_path / "days.xlsx", choices=understood()).stored == 2
    assert values(kit, "date") == expected


def test_a_refused_value_makes_the_words_beside_it_doubtful(kit: Kit) -> None:
    text = "reference,age,rating\na,34,good\nb,25-34,good\n"
    imported = doubts(kit, text, mapping=[("age", "age_band")])
    assert imported == {("others", "age")}


@pytest.mark.parametrize(
    "text",
    [
        "name\nAnn\nTotal\nBea\n",
        "name,organisation\nAnn,NHS\nTotal,\n",
    ],
)
def test_somebody_may_be_called_total(kit: Kit, text: str) -> None:
    assert doubts(kit, text, "person") == {("totals", "")}
    before = kit.counts()["person"]
    kept = import_rows(
        kit, "person", text.encode(), choices=understood("person", totals="keep", understood=False)
    )
    assert kept.stored == kept.rows
    assert kit.counts()["person"] == before + kept.rows


@pytest.mark.parametrize("last", ["n = 2", "Responses: 2", "Average 3.2", "Total: 2"])
def test_a_figure_below_the_comments_is_no_comment(kit: Kit, last: str) -> None:
    text = f"experience,rating\nThe nurse was kind.,good\nWe waited long.,poor\n{last},\n"
    done = bring(kit, text)
    assert (done.stored, done.totals) == (2, 1)


def test_one_row_below_a_blank_one_is_a_record(kit: Kit) -> None:
    assert doubts(kit, "experience,rating\n\nThe nurse was kind.,\n") == set()


def test_what_a_total_holds_is_counted_as_no_answer(kit: Kit) -> None:
    text = "experience,rating\nKind.,good\nSlow.,poor\nTotal comments: 2,2.5\n"
    imported = import_rows(kit, "feedback", text.encode(), choices=understood(understood=False))
    [rating] = [column for column in imported.understood if column.field == "rating"]
    assert {value.value: value.rows for value in rating.values} == {"good": 1, "poor": 1}
    assert (imported.stored, imported.totals) == (2, 1)


def test_head_counts_of_a_file_are_known_again(kit: Kit) -> None:
    kit.add("event", {"title": "Fair", "date": "2026-10-27"})
    text = "event,attendee_group,head_count\nFair,patients,12\nFair,carers,7\nFair,patients,12\n"
    first = bring(kit, text, "attendance")
    assert (first.stored, first.here) == (3, 0)
    again = bring(kit, text, "attendance")
    assert (again.stored, again.here, again.again) == (0, 3, "")


def test_a_file_is_known_again_until_its_import_was_undone(kit: Kit, tmp_path: Path) -> None:
    text = "experience\nFine\n"
    assert bring(kit, text).again == ""
    done = bring(kit, text)
    assert "1 row was stored then; 1 row is stored now, and may be here twice." in done.again
    assert done.notes[0] == done.again
    imports = kit.settings.get(IMPORTS)
    for number in (1, 2):
        undo_spans(kit, imports[number - 1]["spans"], key_of_import(number))
    assert bring(kit, text).again == ""


# Dates and long numbers


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2026-13-02", "2026-03-02"), {"year-day-month"}),
        (("2026-03-02", "2026-10-15"), set()),
        (("2/11/2016", "13/10/2026", "15/10/2026"), {"century"}),
        (("1/1/99", "13/10/2026"), {"century"}),
        (("13/10/2019", "15/10/2026"), set()),
        (("13/10/2026",), set()),
    ],
)
def test_years_far_from_the_others_and_days_in_the_middle(
    kit: Kit, days: tuple[str, ...], expected: set[str]
) -> None:
    text = "date,rating\n" + "".join(f"{day},good\n" for day in days)
    assert {code for code, _ in doubts(kit, text)} == expected


@pytest.mark.parametrize("day", ["02/11/2569", "1448-05-13"])
def test_a_year_of_another_calendar_is_named(kit: Kit, day: str) -> None:
    done = bring(kit, f"date,rating\n{day},good\n13/10/2026,good\n")
    [problem] = done.problems
    assert f"the year {'2569' if '2569' in day else '1448'}" in problem.reason


def test_a_shortened_number_is_refused_and_a_name_like_one_is_not(kit: Kit) -> None:
    text = "name,telephone\nAnn,4.47701E+11\nCy,1.23456789012346e+18\nBea,+447700900123\n1E5,07700 900456\n"
    done = bring(kit, text, "person")
    assert (done.stored, done.refused) == (2, 2)
    assert all("digits are lost" in problem.reason for problem in done.problems)


def test_digits_that_a_workbook_has_lost(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [("reference", "rating"), (1234567890123456789, "good"), (447701000123, "good")]
        ):
            sheet.write_row(row, 0, cells)
    done = import_rows(kit, "feedback", path, choices=understood())
    assert (done.stored, done.refused) == (1, 1)
    assert "more than 15 digits" in done.problems[0].reason
    assert values(kit, "reference") == ["447701000123"]


def test_a_file_that_numbers_its_rows_from_1_again_is_not_dropped(kit: Kit) -> None:
    assert bring(kit, "reference,date,experience\n1,13/10/2026,Kind.\n2,14/10/2026,Slow.\n").stored == 2
    text = "reference,date,experience\n1,13/10/2026,Kind.\n2,15/11/2026,Never again.\n3,16/11/2026,Good.\n"
    done = bring(kit, text)
    assert (done.stored, done.here, done.refused) == (1, 1, 1)
    assert done.problems[0].line == 3
    assert done.problems[0].reason.startswith("A record here has the same reference and other answers.")
    assert bring(kit, text, choices=understood(again=True)).stored == 3


def test_a_row_without_the_answers_of_the_record_is_the_record(kit: Kit) -> None:
    bring(kit, "reference,date,rating\n1,13/10/2026,good\n")
    assert bring(kit, "reference,rating,role\n1,good,patient\n").here == 1


@pytest.mark.parametrize(
    "row",
    ["a,2026-11-02,Good.,Survey Preview", "EXAMPLE,2026-01-01,Type here.,", "a,2026-11-02,test,IP Address"],
)
def test_trials_of_a_survey_are_asked_about(kit: Kit, row: str) -> None:
    text = f"reference,date,experience,Status\n{row}\nb,2026-11-02,The test was late.,IP Address\n"
    assert doubts(kit, text) == {("totals", "")}
    done = bring(kit, text)
    assert (done.stored, done.totals) == (1, 1)
