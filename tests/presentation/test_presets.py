"""What a command stores without being typed: today and the chosen event, which it reports each time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit.presentation.forms import presets_of
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def event(run: Run, hub: Path) -> str:
    """The id of the event chosen on this laptop."""
    made = run("record", "event", "--set", "title=Fair", "--json")
    assert "preset" not in made.json, "an event's own day is not preset"
    with Kit.open(hub) as kit:
        kit.settings.put(EVENT, made.json["id"])
    return str(made.json["id"])


def test_set_stores_today_and_the_chosen_event_and_says_so(run: Run, event: str, today: date) -> None:
    ran = run("record", "feedback", *with_answers("rating=2", "consent_record=Y"))
    assert f"Date: {short_date(today.isoformat())} (today; change with --set date=…)" in ran.out
    assert "Event: Fair" in ran.out and "(chosen on this laptop; change with --set event=…)" in ran.out
    (record,) = run("list", "feedback", "--json").json
    assert (record["date"], record["event"]) == (today.isoformat(), event)


def test_at_an_event_that_is_over_its_day_is_preset_and_no_time(run: Run, hub: Path, today: date) -> None:
    day = (today - timedelta(days=3)).isoformat()
    made = run("record", "event", *with_answers("title=Last week", f"date={day}"), "--json").json
    with Kit.open(hub) as kit:
        kit.settings.put(EVENT, made["id"])
        assert presets_of(kit, kind("feedback"))["date"] == day
        assert "arrived" not in presets_of(kit, kind("attendance"))
    ran = run("record", "feedback", *with_answers("rating=2", "consent_record=Y"))
    assert f"Date: {short_date(day)} (the day of the event; change with --set date=…)" in ran.out


@pytest.mark.parametrize("days", [0, 1])
def test_at_an_event_of_today_or_to_come_today_is_preset(run: Run, hub: Path, today: date, days: int) -> None:
    day = (today + timedelta(days=days)).isoformat()
    made = run("record", "event", *with_answers("title=Fair", f"date={day}"), "--json").json
    with Kit.open(hub) as kit:
        kit.settings.put(EVENT, made["id"])
        assert presets_of(kit, kind("feedback"))["date"] == today.isoformat()
        assert ("arrived" in presets_of(kit, kind("attendance"))) == (days == 0)


def test_what_is_set_is_not_preset_and_empty_is_set(run: Run, event: str) -> None:
    arguments = ["record", "feedback", *with_answers("rating=2", "consent_record=Y")]
    record = run(*arguments, *with_answers("date=1/3/2026", "event="), "--json").json
    assert record["date"] == "2026-03-01" and "event" not in record and "preset" not in record
    two = run(*arguments, "--set", "date=", "--json").json
    assert "date" not in two and two["event"] == event and two["preset"] == ["event"]


def test_a_dry_run_says_what_it_would_preset(run: Run, event: str) -> None:
    arguments = ["record", "feedback", *with_answers("rating=2", "consent_record=Y"), "--dry-run"]
    assert "(today; change with --set date=…)" in run(*arguments).out
    assert run(*arguments, "--json").json["preset"] == ["date", "event"]


def test_an_event_that_is_gone_is_not_preset(run: Run, hub: Path, event: str) -> None:
    with Kit.open(hub) as kit:
        kit.delete(event)
    made = run("record", "feedback", *with_answers("rating=2", "consent_record=Y"), "--json").json
    assert "event" not in made and made["preset"] == ["date"]


def test_plain_lines_show_the_event_and_the_day_and_enter_keeps_them(
    run: Run, hub: Path, event: str, today: date
) -> None:
    with Kit.open(hub) as kit:
        person = kit.add("person", {"name": "Amina Khan", "consent_record": "Y"}).record_id
    ran = run("record", "attendance", piped=f"\n{person}\n\n\n\n\n")
    assert "[Fair" in ran.out, ran.out
    (record,) = run("list", "attendance", "--json").json
    assert record["event"] == event and record["person"] == person and len(record["arrived"]) == 5
    asked = run("record", "feedback", piped="\n" * 3).out
    assert f"Date: {short_date(today.isoformat())}" in asked and "Event: Fair" in asked
