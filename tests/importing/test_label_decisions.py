"""Decisions on labels: a label has one key in a file and in a record, and differing decisions are a conflict."""

from __future__ import annotations

from pathlib import Path

import pytest

from commanding import Run
from fieldkit.importing.figures.figure_storage import decision_key
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")
GROUPED = "Group,Ethnic group,Referrals\nWhite,Irish,40\nAsian or Asian British,Pakstani,21\nMixed,Other,9\n"
LABEL = "Asian or Asian British: Pakstani"


@pytest.fixture
def grouped(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.csv"
    path.write_text(GROUPED)
    return path


def imported(run: Run, path: Path, *more: str) -> None:
    ran = run("figures", "import", path, "--days", "2024-25", "--yes", *more)
    assert ran.code == 0, ran.err


def group_of(run: Run, label: str = LABEL, title: str = "Referrals") -> str:
    rows = run("figures", "show", title, "--json").json["rows"]
    return str(next(row["code"] for row in rows if row["label"] == label))


def another_decision(hub: Path, code: str, label: str = LABEL) -> None:
    """A decision arriving from a coordinator who did not know of the decision here."""
    with Kit.open(hub) as kit:
        kit.add(
            "mapping",
            {
                "dimension": "ethnic",
                "label_key": decision_key(label),
                "code": code,
                "scheme": "nhs16",
                "confirmed_by": "Bob",
            },
        )


def test_a_label_has_one_key_in_a_file_and_in_a_record() -> None:
    assert decision_key("Pakstani", "Asian or Asian British") == decision_key(LABEL)
    assert decision_key("Other", "Asian") != decision_key("Other")


def test_a_decision_on_a_label_with_a_group_serves_figures_stored_before_and_files_to_come(
    run: Run, hub: Path, grouped: Path, tmp_path: Path
) -> None:
    imported(run, grouped)
    assert group_of(run) == ""
    run("figures", "match", "ethnic", LABEL, "J")
    assert group_of(run) == "J"
    later = tmp_path / "later.csv"
    later.write_text(GROUPED.replace("40", "41").replace("Referrals", "Seen"))
    imported(run, later)
    assert group_of(run, title="Seen") == "J"


def test_a_decision_on_a_bare_label_does_not_reach_into_groups(run: Run, hub: Path, grouped: Path) -> None:
    run("figures", "match", "ethnic", "Pakstani", "S")
    imported(run, grouped)
    assert group_of(run) == ""


@pytest.mark.parametrize("stored_first", [True, False])
def test_decisions_that_differ_are_a_conflict_and_neither_is_used(
    run: Run, hub: Path, grouped: Path, stored_first: bool
) -> None:
    arguments = ("--label", f"ethnic:{LABEL}=J")
    if stored_first:
        imported(run, grouped, *arguments)
        another_decision(hub, "K")
    else:
        run("figures", "match", "ethnic", LABEL, "J")
        another_decision(hub, "K")
        imported(run, grouped)
    assert group_of(run) == ""
    [match] = [each for each in run("figures", "match", "--json").json if each["label"] == LABEL]
    assert sorted(each["code"] for each in match["conflict"]) == ["J", "K"]
    listed = " ".join(run("figures", "match").out.split())
    assert "J Pakistani" in listed and "K Bangladeshi (Bob)" in listed and "differently" in listed


def test_a_decision_resolves_the_conflict_for_everybody(run: Run, hub: Path, grouped: Path) -> None:
    imported(run, grouped, "--label", f"ethnic:{LABEL}=J")
    another_decision(hub, "K")
    run("figures", "match", "ethnic", LABEL, "K")
    assert group_of(run) == "K"
    assert {each["code"] for each in run("list", "mapping", "--json").json} == {"K"}


def test_an_import_asks_again_about_a_label_in_conflict_and_its_answer_resolves_it(
    run: Run, hub: Path, grouped: Path
) -> None:
    run("figures", "match", "ethnic", LABEL, "J")
    another_decision(hub, "K")
    ran = run("figures", "import", grouped, "--days", "2024-25")
    assert ran.code != 0 and "matched differently: J Pakistani" in " ".join(ran.err.split())
    imported(run, grouped, "--label", f"ethnic:{LABEL}=K")
    assert group_of(run) == "K"
    assert {each["code"] for each in run("list", "mapping", "--json").json} == {"K"}


def test_the_same_decision_twice_is_no_conflict(run: Run, hub: Path, grouped: Path) -> None:
    imported(run, grouped, "--label", f"ethnic:{LABEL}=J")
    another_decision(hub, "J")
    assert group_of(run) == "J"
