"""An import of figures step by step: what is open, what an answer changes, what is stored; decisions that travel."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.importing.figures.figure_checks import differences
from fieldkit.importing.figures.figure_periods import period_of
from fieldkit.importing.figures.figure_storage import dataset_rows, decisions
from fieldkit.importing.figures.schemes import LabelMatch
from fieldkit.intervals import Interval
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_datasets import new_datasets, store_figures
from fieldkit.presentation.figures.figure_overview import decide, open_labels
from fieldkit.presentation.figures.figure_questions import questions
from fieldkit.presentation.figures.figure_report import population_line, sample, warnings
from fieldkit.presentation.figures.figure_session import FigureSession
from fieldkit.store.kit import Kit
from networks import Network

TODAY = date(2026, 11, 26)
HEAD = "Ethnic group,Referrals\n"
READY = FigureChoices(
    unit="referrals", who="all", period_days=("2024-04-01", "2025-03-31"), publisher="A trust"
)


def session(tmp_path: Path, text: str, choices: FigureChoices = READY) -> FigureSession:
    path = tmp_path / "f.csv"
    path.write_text(text, encoding="utf-8")
    return FigureSession(path, choices)


def asked(open_session: FigureSession) -> list[str]:
    return [question.code for question in questions(open_session)]


def test_only_what_the_file_leaves_open_is_asked(tmp_path: Path) -> None:
    plain = session(tmp_path, f"{HEAD}White - Irish,41\nIndian,12\n", FigureChoices())
    assert asked(plain) == ["unit", "who", "period-days", "publisher"]
    assert asked(session(tmp_path, f"{HEAD}White - Irish,41\nIndian,12\n")) == []
    assert asked(session(tmp_path, f"{HEAD}White - Irish,*\nIndian,12\n")) == ["star"]
    assert asked(session(tmp_path, f"{HEAD}White - Irish,-\nIndian,s\nAfrican,3\n")) == ["sign", "sign"]
    assert asked(session(tmp_path, f"{HEAD}White - Irish,40\nIndian,15\nAfrican,35\nCaribbean,10\n")) == [
        "round"
    ]
    assert asked(session(tmp_path, f"{HEAD}Moon,41\nIndian,12\n")) == ["label"]
    assert asked(session(tmp_path, "Ethnicity,Count\nWhite,41\nAsian,12\nOther,3\n"))[0] == "scheme"
    assert asked(session(tmp_path, "Group,Count\nTall,41\nShort,12\n"))[0] == "dimension"


def test_an_answer_changes_how_figures_are_read(tmp_path: Path) -> None:
    first = session(tmp_path, f"{HEAD}White - Irish,*\nIndian,40\nAfrican,35\nCaribbean,10\n")
    star, rounding = questions(first)
    second = first.saying(star.answer("1-7"))
    third = second.saying(questions(second)[0].answer("1"))
    assert rounding.code == "round" and asked(third) == []
    assert [row.interval for row in third.rows] == [
        Interval(1, 7),
        Interval(38, 42),
        Interval(33, 37),
        Interval(8, 12),
    ]
    assert [row.interval for row in first.rows][1] == Interval(40, 40)
    with pytest.raises(Misuse):
        star.answer("7-1")


def test_rounding_that_the_numbers_do_not_have_is_told(tmp_path: Path) -> None:
    read = session(tmp_path, f"{HEAD}White - Irish,41\nIndian,40\n", READY.with_(round_base=5))
    assert "multiple of 5" in questions(read)[0].text


def test_percentages_alone_and_doubled_labels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no counts"):
        session(tmp_path, "Ethnic group,% of people\nIrish,40\nIndian,60\n")
    with pytest.raises(Misuse, match="comes 2 times"):
        questions(session(tmp_path, f"{HEAD}Irish,40\nIrish,61\n"))


def test_sums_that_differ_are_a_warning_that_says_what_rounding_can_explain(tmp_path: Path) -> None:
    text = "Group,Ethnic group,Referrals\nWhite,All,{}\nWhite,British,20\nWhite,Irish,15\nAsian,Indian,10\n"
    rounded = READY.with_(round_base=5)
    assert warnings(session(tmp_path, text.format(35), rounded)) == []
    assert "Rounding can explain it." in warnings(session(tmp_path, text.format(30), rounded))[0]
    assert "can't explain it" in warnings(session(tmp_path, text.format(90), rounded))[0]
    assert not differences(session(tmp_path, text.format("*"), rounded.with_(star=Interval(0, None))).rows)


def test_signs_and_labels_of_any_length_are_stored(tmp_path: Path, kit: Kit) -> None:
    sign, label = "suppressed " * 5_000, "a very long label " * 5_000
    read = session(
        tmp_path, f"{HEAD}{label},4\nIndian,{sign}\nIrish,3\nAfrican,41\n", READY.with_(understood=True)
    )
    read = read.saying(questions(read)[0].answer("1"))
    done = store_figures(kit, read, TODAY, "")
    back = dataset_rows(kit, done.datasets[0])
    assert len(back[0].label) == 300 and len(back[1].shown) == 200 and back[1].interval == Interval(0, 0)


def test_figures_are_stored_although_their_file_is_gone_since_it_was_read(tmp_path: Path, kit: Kit) -> None:
    read = session(tmp_path, f"{HEAD}Indian,33\nAfrican,41\n", READY.with_(understood=True))
    assert read.source is not None
    read.source.unlink()
    assert store_figures(kit, read, TODAY, "").figures == 2


def test_organisations_of_one_name_are_chosen_by_code(tmp_path: Path) -> None:
    text = "Practice code,Practice name,Ethnic group,Value\n" + "".join(
        f"{code},{name},Indian,{people}\n{code},{name},African,9\n"
        for code, name, people in (("A1", "The Surgery", 10), ("B2", "The Surgery", 20), ("C3", "A1", 30))
    )
    with pytest.raises(NotFound) as refused:
        session(tmp_path, text, READY.with_(organisation="the surgery"))
    assert "A1 The Surgery, B2 The Surgery" in refused.value.hint
    for typed, people in (("b2", "20"), ("A1", "10"), ("C3", "30")):
        assert [row.shown for row in session(tmp_path, text, READY.with_(organisation=typed)).rows] == [
            people,
            "9",
        ]


def test_a_population_is_of_the_year_that_was_chosen(tmp_path: Path) -> None:
    path = tmp_path / "estimates-2023.csv"
    path.write_text(
        "Area code,Area name,Year,Ethnic group,Population\n"
        + "".join(f"E08000035,Leeds,{year},Indian,{year}\n" for year in (2021, 2022, 2023))
    )
    chosen = FigureChoices(population=True, districts="Leeds", understood=True)
    for year, first in (("2021", "2021-03-21"), ("2022", "2022-01-01")):
        read = FigureSession(path, chosen.with_(period=year))
        [stored] = new_datasets(read, TODAY)
        assert stored.values["period_from"] == first
        assert population_line(read) == f"2,{year[1:]} residents of Leeds in {year}, by 1 group."


def test_sheets_of_one_workbook_are_told_apart(tmp_path: Path, kit: Kit) -> None:
    path = tmp_path / "both.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, heading, labels in (
            ("Ethnicity", "Ethnic group", ("Indian", "African")),
            ("Faith", "Religion", ("Sikh", "Hindu")),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [heading, "Referrals"])
            for number, label in enumerate(labels, 1):
                sheet.write_row(number, 0, [label, 30 + number])
    sheets = [FigureSession(path, READY.with_(sheet=name)) for name in ("Ethnicity", "Faith", "ethnicity")]
    stored = [store_figures(kit, read, TODAY, "") for read in sheets]
    assert [(done.figures, len(done.here)) for done in stored] == [(2, 0), (2, 0), (0, 1)]


def test_residents_of_places_without_codes_are_told_apart_by_their_names(tmp_path: Path, kit: Kit) -> None:
    text = "District,Ethnic group,Population\nLeeds,Indian,40\nLeeds,African,30\nBradford,Indian,50\nBradford,African,10\n"
    choices = READY.with_(population=True, understood=True)
    stored = [
        store_figures(kit, session(tmp_path, text, choices.with_(districts=names)), TODAY, "")
        for names in ("Leeds", "Bradford", "Leeds,Bradford", "Bradford,Leeds", "leeds")
    ]
    assert [done.figures for done in stored] == [2, 2, 4, 0, 0]
    assert [len(done.here) for done in stored] == [0, 0, 0, 1, 1]


def test_a_number_that_a_star_should_hide_is_pointed_out(tmp_path: Path) -> None:
    text = f"{HEAD}White - Irish,*\nIndian,3\nAfrican,41\n"
    [warning] = warnings(session(tmp_path, text, READY.with_(star=Interval(1, 4))))
    assert warning.startswith("3 is shown, although a star should be 1 to 4.")
    assert warnings(session(tmp_path, text, READY.with_(star=Interval(1, 2)))) == []


def test_what_is_stored_comes_back_as_the_same_figures(tmp_path: Path, kit: Kit) -> None:
    read = session(
        tmp_path,
        f"{HEAD}White - Irish,*\nAsian: Other,41\nMoon,3\n",
        READY.with_(star=Interval(1, 4), understood=True),
    )
    [new] = new_datasets(read, TODAY)
    done = store_figures(kit, read, TODAY, "me")
    back = dataset_rows(kit, done.datasets[0])
    assert [(row.label, row.shown, row.interval, row.code, row.level) for row in back] == [
        (row.label, row.shown, row.interval, row.code, row.level) for row in new.rows
    ]
    assert sample(read)[0] == ("White - Irish", "*", "1 to 4", "Irish (B)")


def test_a_decision_travels_and_serves_figures_of_another_laptop(tmp_path: Path) -> None:
    network = Network.create(tmp_path / "network")
    deputy = network.joins("deputy", trusted="coordinator")
    read = session(tmp_path, f"{HEAD}Moon people,12\nIndian,3\n", READY.with_(understood=True))
    done = store_figures(network.hub.kit, read, TODAY, "hub")
    assert [row.code for row in dataset_rows(network.hub.kit, done.datasets[0])] == ["", "H"]
    sentence, _ = decide(deputy.kit, "ethnic", "Moon people", "S")
    assert sentence.startswith("“Moon people” means ")
    long = "Moon people of the far side of the moon, of whom no other group is known, and " * 3
    assert decide(deputy.kit, "ethnic", long, "S")[0].partition("” means")[0] == f"“{long.strip()}", (
        "what was decided on is named whole"
    )
    network.hub.merge(*deputy.export())
    assert ("ethnic", "moonpeople") in decisions(network.hub.kit)
    assert [row.code for row in dataset_rows(network.hub.kit, done.datasets[0])] == ["S", "H"]
    again = FigureSession(tmp_path / "f.csv", READY, decisions(network.hub.kit))
    assert asked(again) == []
    network.close()


def test_coordinators_who_match_a_label_differently_see_both_and_use_neither(tmp_path: Path) -> None:
    network = Network.create(tmp_path / "network")
    deputy = network.joins("deputy", trusted="coordinator")
    both = (network.hub, deputy)
    held = []
    for desk, code, number in zip(both, "SH", (13, 14), strict=True):
        ready = READY.label("ethnic", "moonpeople", LabelMatch(code, "nhs16", "group"))
        read = session(tmp_path, f"{HEAD}Moon people,12\nIndian,{number}\n", ready)
        held += store_figures(desk.kit, read, TODAY, code).datasets
        assert dataset_rows(desk.kit, held[-1])[0].code == code

    def exchange() -> None:
        network.hub.merge(*deputy.export())
        deputy.merge(*network.hub.export())

    def codes() -> set[str]:
        return {dataset_rows(desk.kit, dataset)[0].code for desk in both for dataset in held}

    exchange()
    assert codes() == {""}
    for desk in both:
        [found_label] = open_labels(desk.kit)
        assert {each["code"] for each in found_label["conflict"]} == {"S", "H"}
    # Both decide again, independently.
    decide(network.hub.kit, "ethnic", "Moon people", "A")
    decide(deputy.kit, "ethnic", "Moon people", "B")
    exchange()
    assert codes() == {""}
    assert {each["code"] for each in open_labels(deputy.kit)[0]["conflict"]} == {"A", "B"}
    decide(deputy.kit, "ethnic", "Moon people", "J")
    exchange()
    assert codes() == {"J"}
    assert not network.hub.kit.conflicts()
    network.close()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-25", "2024-04-01", "2025-03-31"),
        ("2024/2025", "2024-04-01", "2025-03-31"),
        ("FY 2024-25", "2024-04-01", "2025-03-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-25 Q1", "2024-04-01", "2024-06-30"),
        ("Q4 2024/25", "2025-01-01", "2025-03-31"),
        ("Q3 2024-25", "2024-10-01", "2024-12-31"),
        ("April 2024", "2024-04-01", "2024-04-30"),
        ("Dec-2024", "2024-12-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("01/04/2024 to 31/03/2025", "2024-04-01", "2025-03-31"),
        ("2024-04-01", "2024-04-01", "2024-04-01"),
    ],
)
def test_periods_as_publishers_write_them(text: str, first: str, last: str) -> None:
    days = period_of(text)
    assert days is not None and (days[0].isoformat(), days[1].isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "2024-26", "soon", "31/02/2024", "2025 to 2024", "Moon 2024", "20245"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert period_of(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_period_or_none(text: str) -> None:
    days = period_of(text)
    assert days is None or days[0] <= days[1]


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), min_size=2, max_size=8))
def test_any_table_ends_in_questions_or_a_sentence(rows: list[list[str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8", errors="replace")
        try:
            read = FigureSession(path, FigureChoices())
            questions(read)
            warnings(read)
            sample(read)
        except FieldkitError as error:
            assert str(error)
