"""Old text of every kind that travels: found by the records' own fields, and erased without anything else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Stored
from fieldkit.sync.network.network_rules import rules, set_rules
from fieldkit.sync.network.old_text import due, due_oldest_first, retain, spoken_kinds
from marked_text import MARKER, spoken, words_in
from networks import Laptop, Network

OLD = "2020-01-01"


def person(laptop: Laptop, name: str) -> str:
    """A new person's id."""
    return laptop.kit.add("person", {"name": name, "consent_record": "Y"}).record_id


def mentored(laptop: Laptop, day: str) -> tuple[Stored, Stored]:
    """A mentorship that began on a day and a session of that day, both with text."""
    pair = laptop.kit.add(
        "mentorship",
        {
            "mentor": person(laptop, "Asha"),
            "mentee": person(laptop, "Bela"),
            "level": "2",
            "start_date": day,
            "goals": f"To {MARKER} with ease",
        },
    )
    meeting = {"mentorship": pair.record_id, "date": day, "mode": "telephone", "minutes": 45, "confidence": 6}
    return pair, laptop.kit.add("session", {**meeting, "next_actions": f"Ask {MARKER} for a room"})


def test_the_kinds_with_free_text_that_travel_are_found() -> None:
    result = spoken_kinds()
    assert {"feedback", "mentorship", "session"} <= set(result)
    for name in result:
        assert kinds()[name].shared
        assert not kinds()[name].network
    assert not {"note", "concern", "event", "partner", "person"} & set(result)


def test_the_text_of_every_such_kind_goes_everywhere_and_nothing_else(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    records = [*mentored(laptop, OLD), laptop.kit.add("feedback", spoken(date=OLD))]
    note = laptop.kit.add("note", {"session": records[1].record_id, "notes": f"Privately {MARKER}"})
    hub.merge(*laptop.export())
    set_rules(hub.kit, hub.me, retention_months=24)
    assert due(hub.kit, 24) == {
        name: [record.record_id for record in records if record.kind == name]
        for name in ("feedback", "mentorship", "session")
    }
    assert retain(hub.kit, hub.me) == 3
    assert due(hub.kit, 24) == {}
    assert words_in(hub, tmp_path) == []
    laptop.merge(hub.invite())
    assert due(laptop.kit, 24) == {}
    for kit in (hub.kit, laptop.kit):
        for record in records:
            specs = kinds()[record.kind].fields
            left = {name: value for name, value in record.values.items() if specs[name].shape != "text"}
            assert len(left) < len(record.values)
            assert kit.get(record.record_id).values == left
        assert kit.check() == []
    assert hub.kit.state_hash() == laptop.kit.state_hash()
    assert MARKER in laptop.kit.get(note.record_id).values["notes"]


def test_a_record_without_a_day_of_its_own_is_as_old_as_its_entry(network: Network) -> None:
    kit, today = network.hub.kit, date.today()
    two = {"mentor": person(network.hub, "Asha"), "mentee": person(network.hub, "Bela")}
    kit.add("mentorship", {**two, "start_date": OLD})
    kit.add("mentorship", {**two, "goals": "begun today", "start_date": today.isoformat()})
    undated = kit.add("mentorship", {**two, "goals": "undated"}).record_id
    kit.add("mentorship", {**two, "goals": "yet to begin", "start_date": f"{today.year + 3}-06-01"})
    assert due(kit, 24) == {}
    later = due(kit, 24, date(today.year + 3, 1, 1))
    assert len(later["mentorship"]) == 2
    assert undated in later["mentorship"]


def test_the_oldest_of_all_kinds_comes_first(network: Network) -> None:
    hub = network.hub
    comments = [hub.kit.add("feedback", spoken(date=day)) for day in ("2020-01-03", "2020-01-01")]
    records = [*mentored(hub, "2020-01-02"), *comments]
    listed = [record_id for _, record_id in due_oldest_first(hub.kit, 24)]
    assert listed[0] == records[3].record_id and listed[-1] == records[2].record_id
    assert len(listed) == 4


def test_a_field_laptop_erases_none(laptop: Laptop) -> None:
    mentored(laptop, OLD)
    with pytest.raises(Misuse, match="Only a coordinator"):
        retain(laptop.kit, laptop.me)


def disputed(network: Network) -> tuple[Laptop, str]:
    """A coordinator's laptop with old text, which a deputy gave another time at once; the record with the text."""
    hub, deputy = network.hub, network.joins("deputy", trusted="deputy")
    record_id = hub.kit.add("feedback", spoken(date=OLD)).record_id
    set_rules(hub.kit, hub.me, retention_months=36)
    deputy.take(hub.invite())
    set_rules(hub.kit, hub.me, retention_months=60)
    set_rules(deputy.kit, deputy.me, retention_months=6)
    hub.merge(*deputy.export())
    assert [conflict.field for conflict in hub.kit.conflicts()] == ["retention_months"]
    return hub, record_id


def test_no_text_is_erased_by_a_time_that_coordinators_disagree_about(network: Network) -> None:
    hub, record_id = disputed(network)
    with pytest.raises(Misuse, match="Coordinators disagree about how long"):
        retain(hub.kit, hub.me)
    assert hub.kit.get(record_id).values["experience"]
    set_rules(hub.kit, hub.me, retention_months=rules(hub.kit).retention_months)
    assert hub.kit.conflict_count() == 0
    assert retain(hub.kit, hub.me) == 1


def test_the_command_lists_nothing_by_a_disputed_time(run: Run, network: Network) -> None:
    hub, _ = disputed(network)
    folder, months = hub.kit.folder, str(rules(hub.kit).retention_months)
    hub.kit.close()
    for arguments in (["--dry-run"], ["--yes"]):
        refused = run("--kit", folder, "retain", *arguments)
        assert refused.code == 2
        assert "Coordinators disagree" in refused.err and "fieldkit conflicts" in refused.err
        assert MARKER not in refused.out
    assert run("--kit", folder, "network", "rules", "--retention-months", months).code == 0
    assert run("--kit", folder, "conflicts", "--json").json == []
    assert MARKER in run("--kit", folder, "retain", "--dry-run").out


def test_the_look_before_counts_them_by_kind(run: Run, network: Network) -> None:
    hub = network.hub
    pair, session = mentored(hub, OLD)
    message = hub.kit.add("feedback", spoken(date=OLD))
    hub.kit.add("feedback", spoken(date=OLD))
    set_rules(hub.kit, hub.me, retention_months=12)
    folder = hub.kit.folder
    hub.kit.close()
    dry = run("--kit", folder, "retain", "--dry-run")
    assert dry.code == 0
    assert "4 records with free text older than 12 months" in dry.out
    assert "2 feedback records, 1 mentorship, 1 mentoring session" in dry.out
    assert dry.out.count(MARKER) == 4
    assert "private notes" in dry.out.lower()
    result = run("--kit", folder, "retain", "--dry-run", "--json").json
    assert result["due"]["session"] == [session.record_id]
    assert result["due"]["mentorship"] == [pair.record_id]
    assert message.record_id in result["due"]["feedback"]
    done = run("--kit", folder, "retain", "--yes", "--json").json
    assert (done["taken"], run("--kit", folder, "retain", "--dry-run", "--json").json["due"]) == (4, {})
