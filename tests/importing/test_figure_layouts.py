"""Layouts of other publishers, workbooks with notes and merged headings, and figures that must not be guessed."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import xlsxwriter

from fieldkit.importing.figures.figure_layouts import NoFigures
from fieldkit.importing.figures.figure_rows import FigureRow, open_figures
from fieldkit.importing.figures.shown_text import CountRules
from fieldkit.intervals import Interval


def figures(source: str | bytes, **options: object) -> list[FigureRow]:
    content = source.encode() if isinstance(source, str) else source
    return list(open_figures(content, **options).rows())  # type: ignore[arg-type]


def counts(source: str | bytes, **options: object) -> list[tuple[str, str]]:
    return [(row.code, row.shown) for row in figures(source, **options) if not row.derived]


def workbook(fill: object) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    fill(book)  # type: ignore[operator]
    book.close()
    return stream.getvalue()


def test_groups_above_indented_labels_are_their_groups() -> None:
    text = "Ethnicity,Referrals\nWhite,130\n  British,100\n  Other,30\nAsian,50\n  Indian,30\n  Other,20\nNot stated,5\n"
    assert counts(text) == [
        ("white", "130"), ("A", "100"), ("C", "30"), ("asian", "50"), ("H", "30"), ("L", "20"), ("Z", "5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Ethnicity,Referrals\nWhite British,1\nAsian Other,2\nChinese,3\nOther,4\n",
        "Ethnicity,Referrals\nWhite,9\nBritish,8\nOther,1\nAsian,5\nIndian,3\nOther,2\n",
    ],
)
def test_other_that_may_be_either_of_two_groups_is_matched_to_none(text: str) -> None:
    assert {code for code, _ in counts(text) if code == "other"} == set()
    assert [row.code for row in figures(text) if row.label == "Other"] == [""] * text.count("\nOther,")


def test_five_groups_whose_asian_may_or_may_not_hold_chinese_are_not_guessed() -> None:
    names = ("White", "Mixed", "Asian", "Black", "Other")
    body = "".join(f"{name},{number}\n" for number, name in enumerate(names, 11))
    assert [code for code, _ in counts(f"Ethnicity,Count\n{body}")] == ["white", "mixed", "", "black", ""]
    certain = body.replace("Asian", '"Asian, Asian British or Asian Welsh"')
    assert [code for code, _ in counts(f"Ethnicity,Count\n{certain}")] == [
        "white",
        "mixed",
        "asian",
        "black",
        "other",
    ]


def test_counts_go_before_rates_and_limits_are_never_added() -> None:
    rows = figures(
        "Indicator Name,Area Code,Area Name,Category Type,Category,Sex,Age,Time period,Value,"
        "Lower CI 95.0 limit,Count,Denominator\n"
        "Admissions,E1,Here,Ethnic groups,Indian,Persons,18+ yrs,2023/24,12.5,10.1,40,3200\n"
    )
    assert [(row.statistic, row.derived, row.shown, row.code, row.age, row.measure) for row in rows] == [
        ("", False, "40", "H", "18+ yrs", "Admissions"),
        ("Lower CI 95.0 limit", True, "10.1", "H", "18+ yrs", "Admissions"),
    ]


def test_a_period_of_two_columns_is_one() -> None:
    [row] = figures(
        "REPORTING_PERIOD_START,REPORTING_PERIOD_END,GROUP_TYPE,ORG_CODE,ORG_NAME,MEASURE_ID,MEASURE_NAME,VARIABLE_TYPE,VARIABLE_A,"
        "VARIABLE_B,MEASURE_VALUE_SUPPRESSED\n01/04/2024,31/03/2025,ICB,QHL,NHS B,M1,Count_Referrals,Ethnic Group,White,Irish,*\n"
    )
    assert (row.period, row.measure, row.code, row.interval) == (
        "01/04/2024 to 31/03/2025", "Count_Referrals", "B", Interval(0, 4),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "label", "dimension"),
    [
        ("Religion (10 categories)", "No religion", "religion"),
        ("Ethnic group (20 categories)", "White: Irish", "ethnic"),
        ("Sexual orientation (6 categories)", "Bisexual", "orientation"),
        ("Age (8 categories)", "Aged 15 years and under", "age"),
        ("Age (B) (8 categories)", "Aged 15 years and under", "age"),
        ("Ethnicity", "Irish", "ethnic"),
    ],
)
def test_a_heading_says_in_what_groups_differ(heading: str, label: str, dimension: str) -> None:
    [row] = figures(f"LTLA code,LTLA name,{heading},Observation\nE1,Here,{label},5\n")
    assert (row.dimension, row.organisation_name) == (dimension, "Here") and row.code


def test_sexes_across_ages_are_distinguished() -> None:
    rows = figures("Age band,Male,Female,Persons\nUnder 18,5,6,11\n18-24,7,8,15\n")
    assert [(row.code, row.sex, row.shown) for row in rows][:3] == [
        ("0-17", "Male", "5"), ("0-17", "Female", "6"), ("0-17", "Persons", "11"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "No.,Ethnicity,Count\n1,Indian,10\n2,Irish,20\n",
        "\ufeffEthnicity;Count\nIndian;10\nIrish;20\n",
        "Ethnicity\tCount\nIndian\t10\nIrish\t20\n",
        "A title\nPrinted on 3 May\n\nEthnicity,Count\nIndian,10\nIrish,20\nSource: NHS England,\n",
        "Ethnicity,Count\n\u202eIndian,10\n\u200fIrish,\u0662\u0660\n",
    ],
)
def test_the_same_table_however_it_was_saved(text: str) -> None:
    assert [(row.code, row.interval) for row in figures(text)] == [
        ("H", Interval(10, 10)),
        ("B", Interval(20, 20)),
    ]


def test_a_workbook_with_notes_first_merged_headings_and_numbers_as_text() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        notes = book.add_worksheet("Notes")
        notes.write_column("A1", ["Talking of many things", "* is 1 to 4", "Contact: somebody"])
        sheet = book.add_worksheet("Table 1")
        sheet.write("A1", "Referrals by ethnic group, 2024-25")
        sheet.merge_range("B3:C3", "White")
        sheet.merge_range("D3:E3", "Asian")
        sheet.write_row("A3", ["Provider"])
        sheet.write_row("B4", ["British", "Irish", "Indian", "Other"])
        sheet.write_row("A5", ["RXT", "1,234", "*", 12, 7.0])

    file = open_figures(workbook(fill), rules=CountRules(1, 4))
    assert file.table.sheet == "Table 1" and "“Table 1” was read" in file.notes[0]
    rows = list(file.rows())
    assert [(row.organisation, row.code, row.interval) for row in rows] == [
        ("RXT", "A", Interval(1234, 1234)),
        ("RXT", "B", Interval(1, 4)),
        ("RXT", "H", Interval(12, 12)),
        ("RXT", "L", Interval(7, 7)),
    ]


def test_hidden_rows_are_marked_and_cells_that_cannot_be_trusted_refused() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "d-mmm"})
        sheet.write_row("A1", ["Ethnic group", "Referrals"])
        for place, (label, value) in enumerate(
            [("Indian", 10), ("Irish", 20), ("Pakistani", 30), ("African", 40)], 1
        ):
            sheet.write_row(place, 0, [label, value])
        sheet.set_row(2, options={"hidden": True})
        sheet.write_datetime("B4", datetime(2024, 4, 1), day)
        sheet.write_formula("B5", "=1/0", None, "#DIV/0!")

    rows = figures(workbook(fill))
    assert [(row.label, row.hidden, row.state) for row in rows] == [
        ("Indian", False, "number"), ("Irish", True, "number"), ("Pakistani", False, "refused"), ("African", False, "refused"),
    ]  # fmt: skip
    assert all(row.interval is None and row.problem for row in rows if row.state == "refused")


def test_a_heading_that_looks_like_a_part_of_a_body_is_no_rate() -> None:
    rows = figures("Ethnicity,Upper GI referrals,Lower limb referrals\nIndian,10,20\nIrish,5,6\n")
    assert not any(row.derived for row in rows)


def test_what_somebody_says_of_a_column_counts() -> None:
    text = "Ethnicity,Share of referrals,Note\nIndian,10,a\nIrish,20,b\n"
    with pytest.raises(NoFigures, match="no column"):
        figures("Ethnicity,Note\nIndian,a\nIrish,b\n")
    rows = figures(text, roles={"value": "share of referrals"})
    assert [(row.code, row.derived, row.interval) for row in rows] == [
        ("H", False, Interval(10, 10)),
        ("B", False, Interval(20, 20)),
    ]


def test_a_hundred_thousand_rows() -> None:
    labels = ("White: British", "Asian: Indian", "Not stated", "Total")
    body = "".join(
        f"Q{org},M{measure},{label},{org * measure}\n"
        for org in range(50)
        for measure in range(500)
        for label in labels
    )
    rows = figures(f"org_code,measure,ethnic_group,value\n{body}")
    assert len(rows) == 100_000 and {row.code for row in rows} == {"A", "H", "Z", "total"}
