"""The questions of an import at the keyboard, its refusals where nobody is there, and the mappings that it keeps."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run

pytestmark = pytest.mark.usefixtures("surroundings")

STARS = "ref,stars,words\ns1,5,wonderful care\ns2,1,left in a corridor\n"
MAPS = ("--map", "ref=reference", "--map", "stars=rating", "--map", "words=experience")


@pytest.fixture
def stars(tmp_path: Path) -> tuple[str | Path, ...]:
    """An import of two ratings in stars, of which five are best."""
    path = tmp_path / "stars.csv"
    path.write_text(STARS)
    return ("record", "feedback", "--from", path, *MAPS)


def ratings(run: Run) -> dict[str, str]:
    return {
        record["reference"]: record["rating"]
        for record in run("list", "feedback", "--json").json
        if "rating" in record
    }


def test_where_nobody_is_there_what_is_doubtful_is_refused(
    run: Run, hub: Path, stars: tuple[str, ...]
) -> None:
    ran = run(*stars, "--consent", "signed forms")
    assert ran.code == 2
    assert "5 → very poor: 1 row" in ran.err
    assert "Nothing was stored." in ran.err
    assert "--understood" in ran.err and "--other-way" in ran.err and '--map "stars="' in ran.err
    assert ratings(run) == {}
    ran = run(*stars, "--understood")
    assert ran.code == 2
    assert "--consent" in ran.err
    assert run(*stars, "--understood", "--consent", "signed forms").code == 0
    assert ratings(run) == {"s1": "5", "s2": "1"}


def test_a_dry_run_says_how_it_would_be_understood(run: Run, hub: Path, stars: tuple[str, ...]) -> None:
    ran = run(*stars, "--dry-run")
    assert ran.code == 3
    assert "How it was understood:" in ran.out
    assert "  stars → Overall, how was your experience of the service" in ran.out
    assert "    5 → very poor: 1 row" in ran.out
    assert "Look at this first:" in ran.out
    assert "--consent" in ran.out
    answer = run(*stars, "--dry-run", "--json").json
    assert {item["code"] for item in answer["doubts"]} == {"numbers"}
    assert answer["ground_missing"] is True
    [column] = [item for item in answer["understood"] if item["column"] == "stars"]
    assert column["values"][0] == {"value": "5", "meaning": "very poor", "rows": 1, "problem": ""}


def test_the_other_way_round_is_an_option(run: Run, hub: Path, stars: tuple[str, ...]) -> None:
    ran = run(*stars, "--consent", "signed forms", "--other-way", "Stars")
    assert ran.code == 0
    assert ratings(run) == {"s1": "1", "s2": "5"}
    assert run(*stars, "--consent", "x", "--other-way", "words").code == 2
    assert "no other way round" in run(*stars, "--consent", "x", "--other-way", "words").err


@pytest.mark.parametrize(
    ("answers", "stored"),
    [
        ("y\nsigned forms\n\n", {"s1": "5", "s2": "1"}),
        ("what?\no\nsigned forms\n\n", {"s1": "1", "s2": "5"}),
        ("l\nsigned forms\n\n", {}),
    ],
)
def test_somebody_at_the_keyboard_is_asked_with_the_table_in_view(
    run: Run, hub: Path, stars: tuple[str, ...], answers: str, stored: dict[str, str]
) -> None:
    ran = run(*stars, typed=answers)
    assert ran.code == 0
    table, _, question = ran.err.partition("  y  right as shown")
    assert "5 → very poor: 1 row" in table
    assert "  o  the other way round: the highest number means very good" in question
    assert ratings(run) == stored
    assert len(run("list", "feedback", "--json").json) == 2


def test_a_question_is_broken_into_lines_for_a_terminal_alone(
    run: Run, hub: Path, stars: tuple[str, ...]
) -> None:
    doubts = run(*stars, "--dry-run", "--json").json["doubts"]
    lines = run(*stars, typed="n\n").err.splitlines()
    assert doubts and all(doubt["sentence"] in lines for doubt in doubts)


@pytest.mark.parametrize("answers", ["n\n", "\n", "y\n\n", ""])
def test_whoever_stops_stores_nothing(run: Run, hub: Path, stars: tuple[str, ...], answers: str) -> None:
    assert run(*stars, typed=answers).code != 0
    assert run("list", "feedback", "--json").json == []
    assert run("imports", "--json").json == []


# Mappings


def test_a_mapping_is_saved_read_and_suggested(
    run: Run, hub: Path, stars: tuple[str, ...], tmp_path: Path
) -> None:
    mapping = tmp_path / "stars.toml"
    options = ("--consent", "signed forms", "--other-way", "stars", "--set", "whose_words=own")
    assert run(*stars, *options, "--save-mapping", mapping).code == 0
    content = tomllib.loads(mapping.read_text())
    assert content["columns"]["stars"] == {"field": "rating", "direction": "reversed"}
    assert content["consent"] == "signed forms"
    assert content["set"] == {"whose_words": "own"}
    (tmp_path / "next.csv").write_text("ref,stars,words\ns3,4,good\n")
    ran = run("record", "feedback", "--from", tmp_path / "next.csv", *MAPS)
    assert ran.code == 2
    assert '--mapping "stars"' in ran.err
    for name, file in (("stars", "next.csv"), (mapping, "last.csv")):
        (tmp_path / "last.csv").write_text("ref,stars,words\ns4,2,poor\n")
        assert run("record", "feedback", "--from", tmp_path / file, "--mapping", name).code == 0
    assert ratings(run) == {"s1": "1", "s2": "5", "s3": "2", "s4": "4"}
    assert {record["whose_words"] for record in run("list", "feedback", "--json").json} == {"own"}


def test_answers_are_kept_by_name_and_offered_for_the_next_file(
    run: Run, hub: Path, stars: tuple[str, ...], tmp_path: Path
) -> None:
    assert run(*stars, typed="o\nsigned forms\nStar survey\n").code == 0
    (tmp_path / "next.csv").write_text("ref,stars,words\ns3,4,good\n")
    ran = run("record", "feedback", "--from", tmp_path / "next.csv", *MAPS, typed="y\n")
    assert ran.code == 0
    assert "the mapping “Star survey” that was used before. Use it?" in ran.err
    assert ratings(run) == {"s1": "1", "s2": "5", "s3": "2"}


def test_the_other_way_round_of_an_option_holds_over_a_kept_mapping(
    run: Run, hub: Path, stars: tuple[str, ...], tmp_path: Path
) -> None:
    assert run(*stars, typed="y\nsigned forms\nStar survey\n").code == 0
    (tmp_path / "next.csv").write_text("ref,stars,words\ns3,4,good\n")
    ran = run(
        "record", "feedback", "--from", tmp_path / "next.csv", *MAPS, "--other-way", "stars", typed="y\n"
    )
    assert ran.code == 0
    assert "the mapping “Star survey” that was used before. Use it?" in ran.err
    assert ratings(run) == {"s1": "5", "s2": "1", "s3": "2"}


def test_a_line_says_what_a_mapping_gives_every_row(
    run: Run, hub: Path, stars: tuple[str, ...], tmp_path: Path
) -> None:
    first = run(*stars, "--set", "date=6/10/2025", typed="o\nforms of 6 October\nStar survey\n")
    assert first.code == 0
    line = "Every row gets: date = {}, ground of consent = “forms of 6 October”"
    assert line.format("“6/10/2025”") in first.out
    (tmp_path / "next.csv").write_text("ref,stars,words\ns3,4,good\n")
    (tmp_path / "last.csv").write_text("ref,stars,words\ns4,4,good\n")
    asked = run("record", "feedback", "--from", tmp_path / "next.csv", *MAPS, typed="n\nn\n")
    before, question, _ = asked.err.partition("These headings fit the mapping “Star survey”")
    assert question and line.format("“6/10/2025”") in before
    later = ("--set", "date=9/11/2025")
    asked = run("record", "feedback", "--from", tmp_path / "next.csv", *MAPS, *later, typed="y\n")
    assert (
        asked.code == 0
        and line.format("“9/11/2025”") in asked.err
        and line.format("“9/11/2025”") in asked.out
    )
    named = run("record", "feedback", "--from", tmp_path / "last.csv", "--mapping", "Star survey")
    assert named.code == 0 and line.format("“6/10/2025”") in named.out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kind = 3", "kind is text"),
        ('kind = "event"', "It is for event"),
        ("nonsense = 1", "“nonsense” is not known"),
        ("kind = ", "not valid TOML"),
        ('dates = "sideways"', "dates is one of: day-first, month-first"),
        ("heading_rows = 99", "heading_rows is a number"),
        ("heading_rows = true", "heading_rows is a number"),
        ("columns = 1", "columns is a table"),
        ("[columns]\nx = 1", "is no table"),
        ('[columns.x]\nfield = "nope"', "not a field"),
        ('[columns.x]\nfield = "disability/nope"', "not an answer"),
        ('[columns.x]\ndirection = "up"', "direction is one of"),
        ("[columns.x.values]\na = 1", "each value is text"),
        ("[set]\nnope = 'x'", "not a field"),
        ("[ticks]\nx = 3", "true or false"),
        ("headings = [1]", "headings is a list"),
        ("a = " + "[" * 5_000, "not valid TOML"),
        ('"\\u001b[2Jx" = 1', "is not known"),
        ("x" * 300_000, "too long"),
    ],
)
def test_a_mapping_that_is_none_is_refused_in_a_sentence(
    run: Run, hub: Path, tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "rows.csv").write_text("x,experience\n1,y\n")
    (tmp_path / "m.toml").write_text(text)
    ran = run("record", "feedback", "--from", tmp_path / "rows.csv", "--mapping", tmp_path / "m.toml")
    assert ran.code == 2
    assert sentence in ran.err
    assert "Nothing was stored." in ran.err
    assert "\x1b" not in ran.err
    assert "Traceback" not in ran.err


def test_a_mapping_that_is_not_there_or_no_text(run: Run, hub: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("experience\ny\n")
    arguments = ("record", "feedback", "--from", tmp_path / "rows.csv", "--mapping")
    assert "no mapping “gone.toml”" in run(*arguments, "gone.toml").err
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe\x00")
    assert run(*arguments, tmp_path / "m.toml").code == 2
    assert run(*arguments, tmp_path).code != 0


# Links


def test_what_lists_show_is_accepted_everywhere(run: Run, hub: Path) -> None:
    for day in ("1", "8"):
        run("record", "event", *with_answers("title=Drop-in clinic", f"date={day}/11/2025"))
    shown = run("list", "event").out.splitlines()[1].split("\t")
    assert run("show", shown[0]).code == 0
    assert run("show", "Drop-in clinic · 8 Nov 2025").code == 0
    assert run("show", "event drop in clinic 8/11/2025").code == 0
    several = run("show", "Drop-in clinic")
    assert several.code == 1
    assert "Drop-in clinic · 1 Nov 2025 (" in several.err
    assert run("edit", "Drop-in clinic · 8 Nov 2025", "--set", "place=Hall").code == 0
    assert run("history", "Drop-in clinic · 8 Nov 2025 · Hall", "--json").code == 0
    arguments = ("record", "attendance", *with_answers("attendee_group=all", "head_count=3"), "--set")
    for name in ("Drop-in clinic · 1 Nov 2025", "drop-in clinic, 1 November 2025", shown[0]):
        assert run(*arguments, f"event={name}").code == 0
    refused = run(*arguments, "event=Drop-in clinic")
    assert refused.code != 0
    assert "2 events fit “Drop-in clinic”" in refused.err


def test_each_doubt_has_a_line_and_an_option_that_answers_it(run: Run, hub: Path, tmp_path: Path) -> None:
    rows = ("ref,stars,date,experience", "a,5,02/11/2025,Kind.", "b,1,03/12/2025,Slow.", "Total,,,")
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n")
    arguments = (
        "record",
        "feedback",
        "--from",
        tmp_path / "rows.csv",
        "--map",
        "ref=reference",
        "--map",
        "stars=rating",
    )
    ran = run(*arguments)
    assert ran.code == 2
    for column in ("ref → Reference", "date → Date", "experience → What happened"):
        assert f"  {column}" in ran.err
    lines = ran.err.partition("Look at this first:\n")[2].splitlines()
    assert lines[-1] == "Nothing was stored."
    options = [line.rpartition(": ")[2] for line in lines if line.startswith("    If ")]
    assert options == ["--totals keep", '--other-way "stars"', "--dates month-first"]
    assert '--consent "GROUND"' in ran.err
    answers = [option.replace('"', "").split() for option in options]
    done = run(*arguments, *(word for option in answers for word in option), "--consent", "forms")
    assert done.code == 3  # the total is read as a record, and refused because it holds nothing
    held = {
        record["reference"]: (record["rating"], record["date"])
        for record in run("list", "feedback", "--json").json
    }
    assert held == {"a": ("1", "2025-02-11"), "b": ("5", "2025-03-12")}


def test_a_refusal_in_json_is_json_alone(run: Run, hub: Path, stars: tuple[str, ...]) -> None:
    ran = run(*stars, "--json")
    assert (ran.code, ran.out) == (2, "")
    refused = json.loads(ran.err)
    assert "5 was read as very poor" in refused["error"]
    assert refused["kept"] == "Nothing was stored."
    assert "--understood" in refused["hint"]


@pytest.mark.parametrize("typed", ["", "o\n", "o\nsigned forms"])
def test_whoever_leaves_is_told_that_nothing_was_stored(
    run: Run, hub: Path, stars: tuple[str, ...], typed: str
) -> None:
    ran = run(*stars, typed=typed)
    if typed.endswith("forms"):
        assert ran.code == 0  # a last line without a line ending is an answer too
    else:
        assert ran.code == 1
        assert "Nothing was stored." in ran.err
        assert run("list", "feedback", "--json").json == []


def test_the_last_question_is_asked_with_the_number_of_rows_in_view(
    run: Run, hub: Path, stars: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "stars.csv").write_text("ref,stars,words,note\ns1,5,fine,x\ns2,1,slow,y\ns3,99,,z\n")
    ran = run(*stars, typed="y\nsigned forms\nn\n")
    assert "3 rows: 2 would be stored as feedback, 1 would be refused." in ran.err
    assert ran.err.index("3 rows: 2 would be") < ran.err.index("Store the rows anyway?")
    assert ratings(run) == {}


def test_nothing_to_store_is_not_offered_and_leaves_no_import(
    run: Run, hub: Path, stars: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "stars.csv").write_text("ref,stars,words,note\ns1,99,,x\ns2,98,,y\n")
    ran = run(*stars, typed="signed forms\n")
    assert "anyway" not in ran.err
    assert ran.code == 3
    assert "2 rows: 0 stored as feedback, 2 refused." in ran.out
    assert "stars.refused.csv" in ran.out
    assert "99" in (tmp_path / "stars.refused.csv").read_text()
    assert run("imports", "--json").json == []
    assert run("imports").out == "Nothing was imported here.\n"
    assert run("summary", "--json").json["refused"] == [{"file": "stars.csv", "kind": "feedback", "rows": 2}]


def test_the_list_of_imports_names_kinds_in_words(run: Run, hub: Path) -> None:
    figures = Path(__file__).parents[1] / "data" / "talking-therapies-2024-25-birmingham-solihull.csv"
    assert run("figures", "import", figures, "--measure", "referrals_received", "--yes").code == 0
    assert "data sets" in run("imports").out
    assert "dataset" not in run("imports").out.replace("data sets", "")
    assert run("imports", "--json").json[0]["kind"] == "dataset"


def test_the_list_of_imports_counts_rows_and_the_changes_that_undo_counts(run: Run, hub: Path) -> None:
    figures = Path(__file__).parents[1] / "data" / "talking-therapies-2024-25-birmingham-solihull.csv"
    assert run("figures", "import", figures, "--measure", "referrals_received", "--yes").code == 0
    [entry] = run("imports", "--json").json
    changed = run("undo", "--import", "1", "--json").json["changed_records"]
    assert entry["changes"] == changed == entry["stored"] + 1, "the data set itself is one more"
    assert f"\t{entry['stored']}\t{entry['changes']}\t" in run("imports").out
