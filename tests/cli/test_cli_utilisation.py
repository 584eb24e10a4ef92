"""`fieldkit utilisation`: without a kit, in words and as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from commanding import Run

DATA = Path(__file__).parents[1] / "data"
PUBLISHED = DATA / "talking-therapies-2024-25-birmingham-solihull.csv"
AREA = ("--districts", "Birmingham,Solihull")
ASKED = ("utilisation", "--data", PUBLISHED, *AREA, "--org", "QHL", "--measure", "referrals_received")


def test_json_has_the_names_that_programs_read(run: Run) -> None:
    done = run(
        *ASKED,
        "--population",
        DATA / "census-2021-ethnic-group-by-district.csv",
        "--dimension",
        "ethnic",
        "--json",
    )
    assert done.code == 0 and done.err == ""
    answer = done.json
    assert answer["stated"] == 43_740 and answer["population"] == 1_361_162
    assert list(answer["groups"]) == list("ABCDEFGHJKLMNPRS")
    assert set(answer["groups"]["K"]) >= {
        *("shown", "observed", "population", "rate_per_1000", "isr", "isr_95", "isr_998"),
        *("rounding", "flag", "caveats"),
    }
    assert answer["groups"]["K"]["caveats"]


def test_words_show_every_group_with_range_flag_and_caveats(run: Run) -> None:
    done = run(*ASKED)
    assert done.code == 0
    lines = [line.split("\t") for line in done.out.splitlines()]
    assert ["Asian: Bangladeshi", "1110", "22.51", "70.1", "65.8-74.5", "low 99.8"] in lines
    assert lines.index(["Recording uncertain:"]) < lines.index(
        ["any other Mixed background", "700", "51.54", "160.4", "148.2-173.3", "high 99.8"]
    )
    assert "- This is a difference in use. It does not say that need was met or unmet." in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--measure", "nonsense"),
        ("--org", "QZZ"),
        ("--dimension", "nonsense"),
        ("--districts", "Nowhere"),
        ("--population", "no-such-file.csv"),
        ("--population", str(PUBLISHED)),
        ("--data", "no-such-file.csv"),
        ("--source", "nonsense"),
        ("--dash", "nonsense"),
        ("--ages", "nonsense"),
        ("--ages", "16+"),
        ("--period", "1066"),
    ],
)
def test_what_is_wrong_is_a_sentence(run: Run, arguments: tuple[str, str]) -> None:
    done = run(*ASKED, *arguments)
    assert done.code in {1, 2} and done.out == ""
    assert len(done.err.strip()) > 20


def test_without_the_extra_a_sentence_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in sys.modules if name.startswith(("fieldkit.insight.stat", "fieldkit.insight.util"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.startswith("fieldkit.presentation.utilisation")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy", None)
    done = run(*ASKED)
    assert done.code == 1 and done.out == ""
    assert "pip install 'fieldkit[evidence]'" in done.err


def test_a_label_of_no_group_ends_with_a_part_not_taken(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "figures.csv"
    data.write_text("ethnic_group,value\nBritish,60\nIrish,10\n[link=x]Martian\x1b[2J,7\n", "utf-8")
    done = run("utilisation", "--data", data, *AREA, "--source", "exact")
    assert done.code == 3
    assert "Martian" in done.out and "\x1b" not in done.out
