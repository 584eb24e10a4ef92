"""The demonstration kit: events as printed, real comments unchanged, and one of everything that waits."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from fieldkit.demo import build
from fieldkit.demo.comments import comments, themes_of
from fieldkit.errors import Misuse
from fieldkit.presentation.cycle.cycle_view import cycle_lines, cycle_view
from fieldkit.presentation.cycle.printable_quotes import printable_quotes
from fieldkit.presentation.cycle.quotes import proposed_quotes
from fieldkit.presentation.cycle.stages import State
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity
from fieldkit.sync.setup import trust
from fieldkit.text import clean
from project_files import DATA

ORIGINAL = DATA / "fft-comments.csv"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    with build(tmp_path_factory.mktemp("demo") / "kit") as kit:
        yield kit


def test_the_twelve_events_are_the_frameworks_own(kit: Kit) -> None:
    events = [event.values for event in kit.page("event")]
    events = [event for event in events if not event["title"].startswith("Example ")]
    assert len(events) == 12
    by_kind = {
        kind: sum(event["event_kind"] == kind for event in events) for kind in code_list("event_kind").codes
    }
    assert by_kind == {
        "reverse-commissioning-workshop": 4,
        "leadership-workshop": 3,
        "community-partners-workshop": 1,
        "health-fair": 2,
        "board-seminar": 1,
        "symposium": 1,
        "other": 0,
    }
    assert sorted(event["date"] for event in events if "date" in event) == [
        "2011-06-15",
        "2011-07-04",
        "2011-07-06",
        "2011-07-08",
        "2011-07-11",
        "2011-07-15",
        "2011-07-18",
        "2011-07-26",
        "2011-10-27",
        "2011-10-29",
        "2012-03-14",
    ]
    (seminar,) = (event for event in events if "date" not in event)
    assert seminar["event_kind"] == "board-seminar"
    assert "September 2011" in seminar["notes"]


def test_places_stand_as_printed_with_their_typing_errors(kit: Kit) -> None:
    places = {place for (place,) in kit.columns("event", ["place"])}
    assert "Hillside Bridge Health Care Centre 4 Butler Street West Bradford BD3 OBS" in places


def test_there_are_partners_of_every_kind_and_examples_say_that_they_are(kit: Kit) -> None:
    partners = [partner.values for partner in kit.page("partner")]
    assert {partner["partner_kind"] for partner in partners} == set(code_list("partner_kind").codes)
    named = {partner["name"] for partner in partners if not partner["name"].startswith("Example ")}
    assert named == {"Church of God of Prophecy", "Mary Seacole Centre", "NCVS", "BME cancer communities"}


def test_every_person_is_plainly_made_up(kit: Kit) -> None:
    assert all(name.startswith("Example ") for (name,) in kit.columns("person", ["name"]))


def test_every_comment_is_somebodys_real_words_with_their_own_rating(kit: Kit) -> None:
    with ORIGINAL.open(encoding="utf-8-sig", newline="") as file:
        original = {row["Comment ID"]: row for row in csv.DictReader(file)}
    records = [record.values for record in kit.page("feedback", limit=1_000)]
    assert len(records) >= 250
    for values in records:
        rows = [original[reference] for reference in values["reference"].split(", ")]
        answers = sorted(clean(row["FFT answer"]) for row in rows)
        shown = sorted(values[name] for name in ("experience", "need") if name in values)
        # If one respondent answered two questions of one sort, the answers follow each other.
        assert shown == answers or shown == ["\n".join(clean(row["FFT answer"]) for row in rows)]
        assert {row["FFT categorical answer"] for row in rows} == {values["rating"]}
        day, month, year = (int(part) for part in rows[0]["Date"].split("/"))
        # Some of the source's dates do not exist; those are left out, not guessed.
        assert values.get("date") == (f"{year}-{month:02}-{day:02}" if month <= 12 else None)
        assert values["rating"] in code_list("fft_rating").codes


def test_the_packaged_comments_say_where_they_come_from() -> None:
    sources = files("fieldkit.demo").joinpath("SOURCES.md").read_text(encoding="utf-8")
    assert "pxtextmining" in sources
    assert "MIT" in sources


def test_services_follow_the_source(kit: Kit) -> None:
    terms = kit.terms()["service_area"]
    known = set(code_list("service_area").codes) | set(terms)
    spoken_of = {(comment.values["provider"], comment.values["service_area"]) for comment in comments()}
    assert {area for _, area in spoken_of} - {None} <= known
    assert ("NEAS 111", "emergency") in spoken_of
    assert ("NEAS See and Convey", "emergency") in spoken_of
    assert ("NEAS PTS - Patient Transport", "patient-transport") in spoken_of
    assert ("NHFT Local partnerships- MH", "mental-health") in spoken_of
    assert ("NHFT Local partnerships- MH", "learning-disabilities") in spoken_of
    assert ("NHFT", None) in spoken_of


def test_themes_are_codes_of_the_list_and_never_more_than_three() -> None:
    themes = set(code_list("theme").codes)
    for comment in comments():
        assert set(comment.values["themes"]) <= themes
        assert len(comment.values["themes"]) <= 3
    assert themes_of("The driver was kind, we waited for hours") == [
        "staff-manner",
        "access-timeliness",
        "travel-transport",
    ]


def test_mentoring_has_four_levels_whose_ratings_change(kit: Kit) -> None:
    pairs = {pair.record_id: pair.values["level"] for pair in kit.page("mentorship")}
    assert sorted(pairs.values()) == ["1", "2", "3", "4"]
    for pair in pairs:
        sessions = sorted(
            (session.values for session in kit.page("session", where={"mentorship": pair})),
            key=lambda values: str(values["date"]),
        )
        assert len(sessions) >= 4
        for rating in ("confidence", "knowledge", "skills"):
            assert sessions[0][rating] < sessions[-1][rating]


def test_a_draft_a_conflict_and_a_quarantined_file_wait_for_the_visitor(kit: Kit) -> None:
    assert [draft.kind for draft in kit.drafts.all()] == ["feedback"]
    (conflict,) = kit.conflicts()
    assert (conflict.kind, conflict.field, len(conflict.values)) == ("event", "notes", 2)
    (file,) = kit.ledger.quarantine()
    assert file.reason == "unknown-sender"
    assert kit.check() == []


def test_the_waiting_laptop_can_be_trusted_and_its_comments_then_count(tmp_path: Path) -> None:
    with build(tmp_path / "kit") as kit:
        before = kit.counts()["feedback"]
        (file,) = kit.ledger.quarantine()
        _, report = trust(kit, identity(kit), file.words)
        assert report.total("new_records") == kit.counts()["feedback"] - before == 20
        assert kit.ledger.quarantine() == []


def test_two_builds_hold_the_same_words(kit: Kit, tmp_path: Path) -> None:
    with build(tmp_path / "kit") as again:
        for kind in ("partner", "event", "person", "feedback", "term"):
            assert [record.values.get("name") for record in again.page(kind)] == [
                record.values.get("name") for record in kit.page(kind)
            ]
        fields = ["date", "minutes", "mode", "confidence", "knowledge", "skills"]
        assert sorted(again.columns("session", fields)) == sorted(kit.columns("session", fields))
        counted = ["attendee_group", "head_count", "arrived"]
        assert sorted(again.columns("attendance", counted), key=str) == sorted(
            kit.columns("attendance", counted), key=str
        )


def test_progress_ends_at_its_total(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    build(tmp_path / "kit", lambda done, total, what: steps.append((done, total))).close()
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


def test_a_folder_with_a_kit_is_left_alone(tmp_path: Path) -> None:
    build(tmp_path / "kit").close()
    with pytest.raises(Misuse):
        build(tmp_path / "kit")
    with Kit.open(tmp_path / "kit") as kit:
        assert kit.counts()["event"] == 14


def test_nothing_in_the_package_names_a_place_on_a_disk() -> None:
    for resource in files("fieldkit.demo").iterdir():
        if resource.name.endswith((".py", ".md", ".csv")):
            assert not re.search(r"/(?:home|root|Users|tmp)/", resource.read_text(encoding="utf-8"))


def test_one_cycle_is_finished_and_one_is_under_way(kit: Kit) -> None:
    lines = {line.title: line for line in cycle_lines(kit, date.today())}
    finished = lines["Talking therapies in Birmingham and Solihull"]
    under_way = lines["Patient transport in the North East"]
    assert (finished.missing, finished.state, finished.late) == (0, State.DONE, 0)
    assert under_way.missing and under_way.late == 1
    view = cycle_view(kit, finished.record_id, date.today())
    assert [row.status for row in view.rows] == ["done", "done", "declined"]
    assert view.rows[2].reason


def test_its_figures_are_as_published(kit: Kit) -> None:
    (cell,) = kit.page("cell", where={"dimension": "ethnic", "code": "K"})
    with files("fieldkit.demo").joinpath("talking-therapies-2024-25.csv").open(encoding="utf-8") as file:
        (row,) = (
            row
            for row in csv.DictReader(file)
            if (row["org_code"], row["measure_name"]) == ("QHL", "referrals_received")
            and "Bangladeshi" in (row["variable_a"], row["variable_b"])
        )
    assert cell.values["shown"] == row["value"]
    assert cell.values["low"] < int(row["value"]) < cell.values["high"]


def test_quotes_are_real_words_and_one_waits_for_a_second_person(kit: Kit) -> None:
    with ORIGINAL.open(encoding="utf-8") as file:
        original = " ".join(clean(row["FFT answer"]) for row in csv.DictReader(file)).split()
    all_text = " ".join(original)
    printable = printable_quotes(kit)
    assert len(printable) == 3 and len(proposed_quotes(kit)) == 1
    for quote in printable:
        assert all(piece.strip() in all_text for piece in quote.words.split("…"))
