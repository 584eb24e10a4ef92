"""Home, check-in, the list, the summary on the screen, in words and as JSON, and the tables all give the same number.

The kit is full of what has made figures differ: duplicates, everybody beside its groups, two laptops at one event, deleted
records, invalid dates and missing ones. The tables are recounted here with plain loops.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from commanding import Run
from desk import says, shown
from fieldkit.presentation.event_figures import event_figures
from fieldkit.presentation.home import figures
from fieldkit.presentation.record_page import read
from fieldkit.presentation.stall.board_state import state as board_state
from fieldkit.presentation.summary_texts import read_summary
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from import_steps import import_understood
from networks import Network
from project_files import DATA
from waiting import until

SURVEY = """reference,respondent,provider,service_area,date,rating,experience
r1,P1,St Mary's,cancer,01/10/2026,1,Kind
r2,P1,St Mary's,cancer,01/10/2026,1,No parking
r3,P2,ST MARY’S,prostate cancer,02/10/2026,5,Slow
r4,P3,St Mary's,prostate cancer,,2,Fine
"""


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A coordinator whose kit holds what two laptops recorded at two events, and a file that both imported."""
    net = Network.create(tmp_path)
    hub = net.hub.kit
    fair, workshop = hub.add_many(
        "event", [{"title": "Fair", "date": "2026-10-27"}, {"title": "Workshop", "date": "2026-10-28"}]
    )
    people = hub.add_many(
        "person", [{"name": name, "consent_record": "Y"} for name in ("Amina", "Bina", "Chen")]
    )
    amina, bina, chen = (person.record_id for person in people)
    at_fair, at_workshop = {"event": fair.record_id}, {"event": workshop.record_id}
    a, b = (net.joins(name, trusted="field") for name in ("a", "b"))
    for laptop, everybody in ((a, 86), (b, 80)):
        kit = laptop.kit
        kit.add("attendance", {**at_fair, "attendee_group": "all", "head_count": everybody})
        kit.add("attendance", {**at_fair, "person": amina})
        kit.add_many("feedback", [{**at_fair, "rating": code, "date": "2026-10-27"} for code in "112"])
        kit.delete(kit.add("feedback", {**at_fair, "rating": "5", "date": "2026-10-27"}).record_id)
        kit.delete(kit.add("attendance", {**at_fair, "person": chen}).record_id)
        import_understood(kit, "feedback", SURVEY.encode(), settings={"event": workshop.record_id})
    b.kit.add("attendance", {**at_fair, "attendee_group": "carer", "head_count": 5})
    b.kit.add("attendance", {**at_fair, "person": bina})
    a.kit.add("attendance", {**at_workshop, "attendee_group": "patient", "head_count": 12})
    b.kit.add("attendance", {**at_workshop, "attendee_group": "carer", "head_count": 7})
    a.kit.add("attendance", {**at_workshop, "person": amina})
    for undated in ({}, {"date": "1926-10-27"}):
        a.kit.add("feedback", {**at_fair, "rating": "3", **undated})
    for laptop in (a, b):
        net.hub.merge(*laptop.export())
    hub.settings.put(EVENT, fair.record_id)
    yield net
    net.close()


def _tables(run: Run, folder: Path, target: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each table, as another program reads them."""
    assert run("--kit", folder, "tables", "-o", f"{target}/").code == 0
    tables = {}
    for path in target.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def _recounted(tables: dict[str, list[dict[str, str]]]) -> dict[str, dict[str, int]]:
    """Event title -> its figures, by plain loops over the tables."""
    counts: dict[str, dict[str, int]] = {}
    for event in tables["event"]:
        rows = [row for row in tables["attendance"] if row["event"] == event["id"]]
        by_laptop: dict[tuple[str, str], int] = {}
        for row in rows:
            if row["head_count"]:
                key = (row["attendee_group"], row["device"])
                by_laptop[key] = by_laptop.get(key, 0) + int(row["head_count"])
        groups: dict[str, int] = {}
        for (group, _), number in by_laptop.items():
            groups[group] = max(groups.get(group, 0), number)
        everybody = groups.pop("all", 0)
        comments = {
            row["id"] for row in tables["feedback"] if row["event"] == event["id"] and not row["repeats"]
        }
        counts[event["title"]] = {
            "named": len({row["person"] for row in rows if row["person"]}),
            "counted": max(everybody, sum(groups.values())),
            "feedback": len(comments),
        }
    return counts


def test_every_place_gives_one_number(network: Network, run: Run, tmp_path: Path) -> None:
    hub, me = network.hub.kit, network.hub.me
    tables = _tables(run, hub.folder, tmp_path / "tables")
    expected = _recounted(tables)
    assert expected == {
        "Fair": {"named": 2, "counted": 86, "feedback": 8},
        "Workshop": {"named": 1, "counted": 19, "feedback": 4},
    }
    ran = run("--kit", hub.folder, "summary", "--json")
    as_json: dict[str, Any] = ran.json
    by_title = {row["title"]: {name: row[name] for name in expected["Fair"]} for row in as_json["events"]}
    assert by_title == expected
    home, fair = figures(hub, me), expected["Fair"]
    assert (home.named, home.counted, home.feedback) == tuple(fair.values())
    door = board_state(hub, me)
    assert door is not None and (door.named, door.counted) == (fair["named"], fair["counted"])
    page = {title: shown for step, title, shown, _ in read(hub, home.event_id).answers if step == "Who came"}
    assert (page["By name"], page["In all"]) == ("2", "88")
    assert {
        event.values["title"]: event_figures(hub, event.record_id).people for event in hub.page("event")
    } == {title: numbers["named"] for title, numbers in expected.items()}

    # The list shows records; the summary says how many of them repeat a row.
    listed = run("--kit", hub.folder, "list", "feedback", "--json").json
    repeated = sum(double["records"] - 1 for double in as_json["doubles"])
    assert len(listed) == as_json["records"]["feedback"] == len(tables["feedback"]) == 16
    counted = [row for row in tables["feedback"] if not row["repeats"]]
    assert len(listed) - repeated == as_json["comments"] == len(counted) == 12
    assert {row["repeats"] for row in tables["feedback"] if row["repeats"]} <= {row["id"] for row in counted}

    # People: three in the file, and one for each comment taken by hand.
    assert (as_json["people"], as_json["named_people"], as_json["visits"]) == (11, 2, 3)
    services = {row["label"]: row["total"] for row in as_json["services"]}
    assert services == {"service not said": 8, "cancer": 3, "prostate cancer": 2}
    assert [row["label"] for row in as_json["services"]][:2] == ["cancer", "prostate cancer"]
    providers = {row["label"]: row["total"] for row in as_json["providers"]}
    assert providers == {"St Mary's": 3, "provider not said": 8}
    assert as_json["all_services"]["total"] == 11
    assert (as_json["first_day"], as_json["last_day"]) == ("2026-10-01", "2026-10-28")
    assert as_json["dates"]["undated"] == {"feedback": 2} and as_json["dates"]["apart"] == {"feedback": 1}
    assert as_json["units"]["services"] == "people" and as_json["units"]["comments"] == "comments"
    assert as_json == _as_json(read_summary(hub).as_dict())

    # The same in words, with units.
    shown = run("--kit", hub.folder, "summary").out
    for sentence in (
        "Feedback: 11 people in 12 comments.",
        "Attendance by event: 2 people by name in 3 visits",
        "4 feedback records repeat a row that is here already: each row counts once.",
        "1 head count of a second laptop was not added: of two counts of one group the greater number counts.",
        "2 comments without a date: in no period.",
        "St Mary's, reference r1: 2 records",
        "1 comment dated over a year from all others (27 Oct 1926): counted, but not in the period.",
    ):
        assert sentence in shown
    for row in as_json["events"]:
        assert f"{row['title']}\t" in shown
        assert f"\t{row['named']}\t{row['counted']}\t{row['feedback']}\n" in shown


def _as_json(values: Any) -> Any:
    """The values as JSON gives them: lists for tuples."""
    import json

    return json.loads(json.dumps(values))


async def test_the_screens_give_that_number(network: Network) -> None:
    hub, me = network.hub.kit, network.hub.me
    async with shown(hub, me, "home") as (app, pilot):
        await until(pilot, lambda: app.screen.COMMANDS_FOR == "stall" and app.screen.takes_keys)
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "2 checked in", "86 counted, not named", "8 feedback records"))
    async with shown(hub, me, "stall") as (app, pilot):
        await until(pilot, lambda: says(app, "2 here", "86 counted", "8 feedback records"))
    async with shown(hub, me, "summary") as (app, pilot):
        await until(pilot, lambda: says(app, "ALL SERVICES, 11 people rated", "11 people in 12 comments"))
        await pilot.press("3")
        await until(
            pilot,
            lambda: says(app, "2 people by name in 3 visits", "27 Oct 2026 2 86 8", "28 Oct 2026 1 19 4"),
        )
        await pilot.press("6")
        await until(pilot, lambda: says(app, "4 feedback records repeat a row that is here already"))


# Real comments

REAL = DATA / "fft-comments.csv"
COLUMNS = {
    "Comment ID": "reference",
    "Trust": "provider",
    "Respondent ID": "respondent",
    "FFT categorical answer": "rating",
    "FFT answer": "experience",
    "Date": "",
}


def test_real_comments_recounted_in_pandas(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / REAL.name
    path.write_bytes(REAL.read_bytes())
    done = import_understood(kit, "feedback", path, mapping=COLUMNS)
    summary = read_summary(kit)

    real = pd.read_csv(REAL, dtype=str)
    valid = real[real["FFT categorical answer"].isin(list("123456"))]
    assert (len(real), len(valid), done.stored) == (420, 394, 394)
    people = valid.groupby(["Trust", "Respondent ID"])["FFT categorical answer"]
    assert (people.nunique() == 1).all()  # nobody rated twice differently, so any of their rows will do
    ratings = people.first()
    every = summary.all_services
    assert (summary.comments, summary.people, every.total) == (394, len(ratings), 386)
    assert every.answers == {code: int((ratings == code).sum()) for code in "123456"}
    good, bad = int(ratings.isin(["1", "2"]).sum()), int(ratings.isin(["4", "5"]).sum())
    assert (good, every.positive_percent) == (323, 84)
    assert (bad * 200 + 386) // (2 * 386) == every.negative_percent == 10
    by_trust = ratings.groupby("Trust").size()
    assert {row.label: row.total for row in summary.providers} == by_trust.to_dict()
    assert [(refused.file, refused.kind, refused.rows) for refused in summary.refused] == [
        (REAL.name, "feedback", 26)
    ]
    assert summary.caveats[0] == f"26 rows of {REAL.name} were refused at import and are not counted."
