"""`fieldkit figures`: providers' files become intervals, what no file states is asked, and one undo removes an import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.presentation.opening import identity_of
from fieldkit.presentation.undoable_changes import undoables
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")
DATA = Path(__file__).parents[1] / "data"
TALKING = DATA / "talking-therapies-2024-25-birmingham-solihull.csv"
WIDE = """Use of the memory clinic
Ethnic group,Referrals,Seen,% seen
White - British,120,61,51%
White - Irish,*,-,n/a
Asian or Asian British - Indian,33,12,36%
Asian or Asian British - Pakstani,44,21,48%
Not stated,9,3,33%
"""


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    path = tmp_path / "clinic 2024-25.csv"
    path.write_text(WIDE)
    return path


def rows(run: Run, name: str) -> dict[str, tuple[str, str, int | None, int | None]]:
    figure_rows = run("figures", "show", name, "--json").json["rows"]
    return {
        row["label"]: (row["code"], row["shown"], row["low"], row["high"])
        for row in figure_rows
        if not row["statistic"]
    }


def answers(*more: str) -> tuple[str, ...]:
    return ("--measure", "Seen", "--days", "2024-25", "--yes", *more)


def test_the_real_file_is_stored_as_intervals_and_undone_at_once(run: Run, hub: Path) -> None:
    ran = run(
        "figures", "import", TALKING, "--measure", "referrals_received", "--who", "16+", "--yes", "--json"
    )
    assert ran.code == 0
    assert ran.json["stored"] == 65 and ran.json["number"] == 1
    assert any("10,680" in line and "10,675" in line for line in ran.json["warnings"])
    held = rows(run, "referrals_received")
    assert held["Asian or Asian British: Pakistani"] == ("J", "5730", 5728, 5732)
    assert held["Jain"] == ("E", "*", 0, 4)
    assert held["Baha`i"] == ("A", "5", 5, 7)
    assert held["Total"] == ("total", "50345", 50343, 50347)
    listed = run("figures", "list", "--json").json
    assert [(each["measure"], each["organisation"], each["unit"]) for each in listed] == [
        ("referrals_received", "QHL", "referrals")
    ]
    for people_read in (
        run("figures", "list").out,
        run("list", "dataset").out,
        run("show", listed[0]["id"]).out,
    ):
        assert "referrals received" in people_read and "referrals_received" not in people_read
    assert run("figures", "show", "referrals received", "--json").json["id"] == listed[0]["id"]
    record = run("show", listed[0]["id"], "--json").json
    assert "16-over" in json.dumps(record) and "2024-04-01" in json.dumps(record)
    with Kit.open(hub) as kit:
        me = identity_of(kit)
        assert me is not None
        (undoable,), _ = undoables(kit, me)
    assert undoable.number == 66  # the data set and its figures: as many as undoing it changes
    undone = run("undo", "--import", "1")
    assert undone.code == 0 and "66" in undone.out
    assert run("figures", "list", "--json").json == []


def test_the_same_file_again_is_told_and_not_doubled(run: Run, hub: Path, tmp_path: Path) -> None:
    arguments = ("figures", "import", TALKING, "--measure", "referrals_received", "--yes")
    assert run(*arguments).code == 0
    copy = tmp_path / "another name.csv"
    copy.write_bytes(TALKING.read_bytes())
    again = run(*arguments[:2], copy, *arguments[3:])
    assert again.code == 0 and "is here already" in again.out
    assert len(run("figures", "list", "--json").json) == 1
    both = run(*arguments, "--measure", "recovery")
    assert "is here already" in both.out and "130 figures" in both.out
    assert len(run("figures", "list", "--json").json) == 2


def test_where_nobody_is_there_everything_open_is_refused_with_its_option(
    run: Run, hub: Path, wide: Path
) -> None:
    asked = " ".join(run("figures", "import", wide, "--yes").err.split())
    assert "Answer with --measure NAME, for example Referrals, Seen" in asked
    ran = run("figures", "import", wide, "--measure", "Referrals", "--days", "2024-25")
    assert ran.code != 0
    for option in ("--star 1-4", "--unit", "--who", "--publisher", "--label"):
        assert option in ran.err
    assert "--dash" in run("figures", "import", wide, "--measure", "Seen", "--days", "2024-25", "--yes").err
    assert "--days" in run("figures", "import", wide, "--measure", "Seen", "--dash", "zero", "--yes").err
    assert run("figures", "list", "--json").json == []


def test_signs_are_read_as_they_are_explained(run: Run, hub: Path, wide: Path) -> None:
    assert run("figures", "import", wide, *answers("--dash", "zero")).code == 0
    assert rows(run, "Seen")["White - Irish"] == ("B", "-", 0, 0)
    run("undo", "--import", "1")
    assert run("figures", "import", wide, *answers("--dash", "missing")).code == 0
    assert "White - Irish" not in rows(run, "Seen")
    assert "1 number was not available" in run("figures", "show", "Seen").out
    run("undo", "--import", "2")
    assert run("figures", "import", wide, *answers("--dash", "star", "--star", "1-7")).code == 0
    assert rows(run, "Seen")["White - Irish"] == ("B", "-", 1, 7)


@pytest.mark.parametrize("sign", ["x", "..", ":", "[w]"])
def test_a_usual_sign_of_no_figure_is_read_as_it_is_explained(
    run: Run, hub: Path, tmp_path: Path, sign: str
) -> None:
    path = tmp_path / "clinic.csv"
    path.write_text(WIDE.replace(",-", f",{sign}"))
    assert run("figures", "import", path, *answers("--sign", f"{sign}=star", "--star", "1-7")).code == 0
    assert rows(run, "Seen")["White - Irish"] == ("B", sign, 1, 7)


def test_percentages_are_kept_as_published_and_never_counted(run: Run, hub: Path) -> None:
    assert run("figures", "import", TALKING, "--measure", "recovery", "--yes").code == 0
    figure_rows = run("figures", "show", "recovery", "--json").json["rows"]
    derived = [row for row in figure_rows if row["statistic"]]
    assert len(derived) == 65
    assert {(row["low"], row["high"]) for row in derived} == {(None, None)}
    assert {row["statistic"] for row in derived} == {"percentage"}


def test_what_is_asked_at_the_keyboard_is_answered_by_digits(run: Run, hub: Path, wide: Path) -> None:
    # measure, dash, unit, ages, period, label (Enter takes the suggestion), publisher; cycle is not asked; store
    typed = "2\n1\n1\n3\n2024-25\n\nThe clinic\ny\n"
    ran = run("figures", "import", wide, typed=typed)
    assert ran.code == 0, ran.err
    assert "What does it mean?" in ran.err and "Pakstani" in ran.err
    held = rows(run, "Seen")
    assert held["Asian or Asian British - Pakstani"][0] == "J"
    assert held["White - Irish"] == ("B", "-", 0, 0)
    values = run("show", run("figures", "list", "--json").json[0]["id"]).out
    assert "The clinic" in values and "18 and over" in values


def test_no_answer_and_no_at_the_end_store_nothing(run: Run, hub: Path, wide: Path) -> None:
    assert run("figures", "import", wide, typed="2\n").code == 1
    assert run("figures", "import", wide, typed="2\n1\n1\n3\n2024-25\n\nX\nn\n").code == 1
    assert run("figures", "list", "--json").json == []
    assert run("list", "mapping", "--json").json == []


def test_a_decision_on_a_label_serves_every_file_and_figures_stored_before(
    run: Run, hub: Path, wide: Path
) -> None:
    assert run("figures", "import", wide, *answers("--dash", "zero")).code == 0
    assert rows(run, "Seen")["Asian or Asian British - Pakstani"][0] == ""
    [open_label] = run("figures", "match", "--json").json
    assert open_label["label"] == "Asian or Asian British - Pakstani" and open_label["suggestions"][
        0
    ].startswith("J")
    assert "no such" not in run("figures", "match", "ethnic", open_label["label"], "Pakistani").err
    assert rows(run, "Seen")["Asian or Asian British - Pakstani"][0] == "J"
    ran = run(
        "figures", "import", wide, "--measure", "Referrals", "--star", "1-4", "--days", "2024-25", "--yes"
    )
    assert ran.code == 0 and rows(run, "Referrals")["Asian or Asian British - Pakstani"][0] == "J"
    assert run("figures", "match", "--json").json == []
    assert run("figures", "match", "ethnic", "Some label", "Moon").code == 2


def test_a_label_can_be_confirmed_by_an_option(run: Run, hub: Path, wide: Path) -> None:
    label = "ethnic:Asian or Asian British - Pakstani=J"
    assert run("figures", "import", wide, *answers("--dash", "zero", "--label", label)).code == 0
    assert rows(run, "Seen")["Asian or Asian British - Pakstani"][0] == "J"
    [mapping] = run("list", "mapping", "--json").json
    assert "confirmed_on" in mapping


def test_the_shipped_census_is_stored_by_districts(run: Run, hub: Path) -> None:
    ran = run("figures", "import", "--population", "--districts", "Birmingham,Solihull", "--yes")
    assert ran.code == 0 and "1,361,162 residents of Birmingham, Solihull in 2021" in ran.err
    [held] = run("figures", "list", "--json").json
    assert (held["role"], held["unit"], held["figures"]) == ("population", "people", 38)
    figure_rows = run("figures", "show", held["id"], "--json").json["rows"]
    assert sum(row["low"] for row in figure_rows) == 1_361_162
    assert {row["area"] for row in figure_rows} == {"E08000025", "E08000029"}
    again = run("figures", "import", "--population", "--districts", "E08000025;Solihull", "--yes")
    assert "is here already" in again.out


@pytest.mark.parametrize(
    ("districts", "says"),
    [("Brimingham", "“Birmingham”"), ("QHL", "Birmingham,Solihull"), ("Moon", "fieldkit figures districts")],
)
def test_a_wrong_district_is_a_sentence_with_a_way_on(run: Run, hub: Path, districts: str, says: str) -> None:
    ran = run("figures", "import", "--population", "--districts", districts, "--yes")
    assert ran.code != 0 and says in ran.err
    assert run("figures", "list", "--json").json == []


def test_districts_are_listed_without_a_kit(run: Run) -> None:
    assert run("figures", "districts", "bristol", "--json").json == [
        {"code": "E06000023", "name": "Bristol, City of"}
    ]
    assert len(run("figures", "districts", "--json").json) == 309


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ethnic group,% of referrals\nWhite - Irish,40%\nIndian,60%\n", "no counts"),
        ("Ethnic group,Referrals\nWhite - Irish,40.5\nIndian,59.5\n", "numbers are no counts"),
        ("Ethnic group,Referrals\nWhite - Irish,40%\nIndian,60%\n", "numbers are no counts"),
        ("Ethnic group,Referrals\nIndian,4\nIndian,6\n", "comes 2 times"),
        ("Name,Town\nAnn,Leeds\n", "no column of numbers"),
    ],
)
def test_what_holds_no_counts_is_refused_with_a_sentence(
    run: Run, hub: Path, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_text(text)
    ran = run("figures", "import", path, "--days", "2024", "--yes")
    assert ran.code != 0 and says in ran.err, ran.err
    assert run("figures", "list", "--json").json == []


def test_a_few_bad_cells_are_left_out_only_when_somebody_says_so(run: Run, hub: Path, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Ethnic group,Referrals\nWhite - Irish,41\nIndian,12.5\nPakistani,7\nBangladeshi,9\n")
    ran = run("figures", "import", path, "--days", "2024", "--yes")
    assert ran.code != 0 and "line 3" in ran.err and "--leave-refused" in ran.err
    ran = run("figures", "import", path, "--days", "2024", "--yes", "--leave-refused")
    assert ran.code == 3 and len(rows(run, "Referrals")) == 3


def test_hostile_labels_stay_text(run: Run, hub: Path, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    labels = ["=HYPERLINK(1)", "[link=x]White", "\u202eehT", "x" * 100_000, "<script>", "Irish"]
    body = "".join(f'"{label}",{number}\n' for number, label in enumerate(labels, 11))
    path.write_text(f"Ethnic group,Referrals\n{body}", encoding="utf-8")
    assert run("figures", "import", path, "--days", "2024", "--dimension", "ethnic", "--yes").code == 0
    figure_rows = run("figures", "show", "Referrals", "--json").json["rows"]
    assert [row["code"] for row in figure_rows] == ["", "", "", "", "", "B"]
    assert "\u202e" not in figure_rows[2]["label"] and len(figure_rows[3]["label"]) == 300
    assert run("figures", "show", "Referrals").code == 0


def test_a_decision_travels_and_serves_another_laptop(run: Run, hub: Path, wide: Path) -> None:
    run(
        "figures",
        "import",
        wide,
        *answers("--dash", "zero", "--label", "ethnic:Asian or Asian British - Pakstani=J"),
    )
    [mapping] = run("list", "mapping", "--json").json
    assert mapping["code"] == "J" and mapping["confirmed_by"]


def test_the_places_of_a_board_are_offered_with_what_is_to_be_decided(run: Run, hub: Path) -> None:
    ran = run("figures", "import", "--population", typed="4\ny\n")
    assert ran.code == 0, ran.err
    errors = " ".join(ran.err.split())
    assert "QHL NHS Birmingham and Solihull: Birmingham, Solihull" in errors
    assert "Bradford District and Craven" in errors and "follow registration with a practice" in errors
    [held] = run("figures", "list", "--json").json
    assert held["area_name"] == "Bradford, Calderdale, Kirklees, Leeds, Wakefield"
