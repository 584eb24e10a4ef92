"""Headings of survey tools and grouped tables: their second and third rows are never stored as answers."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from fieldkit.importing.headings import distinct_names
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.reading.sheets import Sheet
from sheet_tables import table, values

IMPORT_IDS = '"{""ImportId"":""startDate""}","{""ImportId"":""QID1_TEXT""}","{""ImportId"":""QID2""}"'


def both(text: str, tmp_path: Path) -> list[Sheet]:
    """The table as .csv and as .xlsx."""
    sheet = table(text)
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        page = book.add_worksheet()
        for row, record in enumerate(sheet._records()):
            for column, cell in enumerate(record.cells):
                page.write_string(row, column, cell) if cell else None
    return [sheet, read_sheet(tmp_path / "x.xlsx")]


@pytest.mark.parametrize(
    ("text", "rows", "columns"),
    [
        pytest.param(
            "Respondent ID,Start Date,What went well or badly?,Which service?,\n"
            ",,Open-Ended Response,Response,Other\n101,02/11/2026,The porter was kind,Cancer,x\n",
            2,
            [
                "Respondent ID",
                "Start Date",
                "What went well or badly?",
                "Which service?",
                "Which service? / Other",
            ],
            id="SurveyMonkey",
        ),
        pytest.param(
            "Respondent ID,Collector ID,Start Date,How likely?,,\n,,,1,2,3\n101,1,02/11/2026,,2,3\n",
            2,
            [
                "Respondent ID",
                "Collector ID",
                "Start Date",
                "How likely? / 1",
                "How likely? / 2",
                "How likely? / 3",
            ],
            id="SurveyMonkey, numbers over ticks",
        ),
        pytest.param(
            f'StartDate,Q1,Q2\nStart Date,"What went\nwell?",How was it?\n{IMPORT_IDS}\n2026-11-02 10:00:00,Kind,1\n',
            3,
            ["StartDate", "Q1", "Q2"],
            id="Qualtrics",
        ),
        pytest.param(
            "StartDate,EndDate,Q1\nStart Date,End Date,What went well?\n2026-11-02 10:00:00,2026-11-02 10:03:00,Kind\n",
            2,
            ["StartDate", "EndDate", "Q1"],
            id="Qualtrics, older",
        ),
        pytest.param(
            "start,visit/rating,_id,_submission_time\nstart,How was it?,_id,_submission_time\n2026-11-02T10:00,1,5,2026-11-02\n",
            2,
            ["start", "visit/rating", "_id", "_submission_time"],
            id="Kobo, names and labels",
        ),
        pytest.param(
            "start,How was it?,_id,_submission_time\nstart,visit/rating,_id,_submission_time\n2026-11-02T10:00,1,5,2026-11-02\n",
            2,
            ["start", "How was it?", "_id", "_submission_time"],
            id="Kobo, labels and names",
        ),
        pytest.param(
            'Timestamp,"How was\nit?",Which services? [GP]\n11/2/2026 10:00:00,Good,yes\n',
            1,
            ["Timestamp", "How was it?", "Which services? [GP]"],
            id="Google Forms",
        ),
        pytest.param(
            "ID,Start time,Completion time,Email,Name,How was it?\xa0\n1,11/2/26 10:00,11/2/26 10:01,anonymous,Ann,Good\n",
            1,
            ["ID", "Start time", "Completion time", "Email", "Name", "How was it?"],
            id="MS Forms",
        ),
        pytest.param(
            "title,date,start,end\nFair,02/11/2026,,\n",
            1,
            ["title", "date", "start", "end"],
            id="times not known",
        ),
        pytest.param(
            "title,start,end\nFair,noon,evening\n", 1, ["title", "start", "end"], id="times in words"
        ),
    ],
)
def test_headings_of_survey_tools(text: str, rows: int, columns: list[str], tmp_path: Path) -> None:
    for sheet in both(text, tmp_path):
        assert (sheet.heading_rows, sheet.columns, sheet.doubtful_heading) == (rows, columns, "")
        assert len(list(sheet.rows())) == 1
        assert (f"take up {rows} rows" in " ".join(sheet.notes)) == (rows > 1)


def test_what_stands_over_a_column_is_its_path() -> None:
    sheet = table(
        f"StartDate,Q1,Q2\nStart Date,What went well?,How was it?\n{IMPORT_IDS}\n2026-11-02 10:00:00,Kind,1\n"
    )
    assert sheet.paths["Q1"] == "Q1 / What went well?"
    groups = table("start,visit/rating,visit/services,visit/services/gp,_id\n2026-11-02T10:00:00,1,gp,1,5\n")
    assert groups.paths["visit/services/gp"] == "visit / services / gp"
    ticks = table("Ref,Disability/Hearing,Disability/Sight\nr1,1,0\n")
    assert ticks.paths == {
        "Disability/Hearing": "Disability / Hearing",
        "Disability/Sight": "Disability / Sight",
    }
    assert table("Ref,and/or\nr1,1\n").paths == {}


@pytest.mark.parametrize(
    "text",
    [
        "Date,Rating,Comment\n(dd/mm/yyyy),1-6,text\n02/11/2026,1,kind\n03/11/2026,2,fine\n",
        "Name,Visit,,\n,Date,Provider,Ward\nAnn,02/11/2026,Hill,A\n",
        "Respondent ID,Start Date,Comment\n,,Please write it here\n2,02/11/2026,slow\n",
        "Date,Heads,Comment\nwhen,how many,what\n02/11/2026,1,kind\n03/11/2026,2,fine\n",
    ],
)
def test_a_row_that_may_be_a_heading_is_asked_about(text: str) -> None:
    sheet = table(text)
    assert sheet.heading_rows == 1 and "Line 2" in sheet.doubtful_heading
    as_heading = read_sheet(text.encode(), heading_rows=2)
    assert as_heading.heading_rows == 2 and not as_heading.doubtful_heading
    as_answer = read_sheet(text.encode(), heading_rows=1)
    assert not as_answer.doubtful_heading
    assert len(values(as_heading)) == len(values(as_answer)) - 1


@pytest.mark.parametrize(
    "text",
    [
        "Date,Rating\nunknown,Very good\n02/11/2026,1\n03/11/2026,2\n",
        "Comment,Score\nKind,x\nSlow,1\nOk,2\n",
        "provider,experience\nHill,kind\nCity,slow\n",
        "name,rating,\n,1,kind\n,2,slow\n",
    ],
)
def test_answers_in_words_are_no_headings(text: str) -> None:
    sheet = table(text)
    assert (sheet.heading_rows, sheet.doubtful_heading) == (1, "")


def test_headings_that_are_repeated_further_down_are_refused() -> None:
    sheet = table("provider,experience\nHill,kind\n Provider,EXPERIENCE\nCity,slow\n")
    assert [bool(row.problem) for row in sheet.rows()] == [False, True, False]
    labels = table(
        "Respondent ID,Why?\n,Open-Ended Response\n1,so\n,Open-Ended Response\nRespondent ID,Why?\n"
    )
    assert [row.problem for row in labels.rows()] == ["", "", "This row repeats the headings."]


def test_line_breaks_in_headings_below_a_title() -> None:
    text = b'Autumn survey 2026\n\n"Date\nof visit","How was\nyour experience?",Comment\n02/11/2026,1,ok\n'
    sheet = read_sheet(text, known=lambda cells, below: "Date of visit" in cells)
    assert sheet.columns == ["Date of visit", "How was your experience?", "Comment"]
    assert [(row.line, list(row.cells.values())) for row in sheet.rows()] == [(6, ["02/11/2026", "1", "ok"])]
    assert "line 3" in sheet.notes[0]


def test_refused_rows_have_one_row_of_headings() -> None:
    sheet = table(
        "line,column,value,reason,Respondent ID,Start Date,Which? / A\n3,Which? / A,x,No.,,,Response\n"
    )
    assert (sheet.heading_rows, sheet.columns) == (1, ["Respondent ID", "Start Date", "Which? / A"])
    assert values(sheet) == [["", "", "Response"]]


def test_names_are_distinct_in_a_time_that_grows_with_their_number() -> None:
    names = distinct_names(["a"] * 100_000 + ["a (2)", "", "b"])
    assert len(set(names)) == 100_003 and names[:3] == ["a", "a (2)", "a (3)"]
    assert names[-2:] == ["column 100002", "b"]
