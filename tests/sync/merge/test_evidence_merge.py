"""Records of cycles on two coordinators' laptops: one state in any order; erasures and old text as with other kinds."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from fieldkit.presentation.cycle.cycle_view import cycle_lines, cycle_view
from fieldkit.presentation.cycle.providers import bind
from fieldkit.presentation.cycle.quotes import approve, propose
from fieldkit.presentation.cycle.releases import record_release
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit
from fieldkit.sync.network.network_rules import set_rules
from fieldkit.sync.network.old_text import due, retain, spoken_kinds
from networks import Laptop, Network
from redacted import bodies, deputy

TODAY = date(2026, 6, 1)
CYCLE = {"title": "Therapies", "service_area": "gp", "date_from": "2026-01-01", "date_to": "2026-12-31"}
RELEASE = {
    "preset": "ten",
    "statements": "[]",
    "state_hash": "0" * 64,
    "pack_hash": "1" * 64,
    "released_by": "Asha K",
    "date": "2026-06-01",
}


def a_cycle(laptop: Laptop, name: str) -> str:
    """A cycle with a record of every kind that belongs to it; returns its id."""
    kit = laptop.kit
    provider = kit.add("provider", {"name": f"Trust {name}"}).record_id
    bind(kit, f"T. {name}", provider)
    event = kit.add("event", {"title": f"Fair {name}", "date": "2026-02-01"}).record_id
    cycle = kit.add("cycle", {**CYCLE, "title": name, "provider": provider, "area": ["E08000025"]}).record_id
    kit.add("engagement", {"cycle": cycle, "event": event, "purpose": "share", "summary": f"secret {name}"})
    message = kit.add(
        "feedback",
        {
            "provider": f"T. {name}", "service_area": "gp", "date": "2026-02-01", "experience": f"They were kind, {name}.",
            "whose_words": "own", "consent_record": "Y", "consent_quote": "Y",
        },
    ).record_id  # fmt: skip
    dataset = kit.add(
        "dataset",
        {
            "title": name, "measure": "referrals", "unit": "referrals", "publisher": "NHS", "retrieved": "2026-01-05",
            "period_from": "2025-01-01", "period_to": "2025-12-31", "star_low": 0, "star_high": 4, "sha256": "a" * 64,
            "cycle": cycle, "role": "counts",
        },
    ).record_id  # fmt: skip
    kit.add_many(
        "cell",
        [
            {"dataset": dataset, "dimension": "ethnic", "label": label, "shown": "*", "low": 0, "high": high}
            for label, high in (("Indian", 4), ("Roma", None))
        ],
    )
    kit.add("mapping", {"dimension": "ethnic", "label_key": "indian", "code": "H", "scheme": "nhs16"})
    change = kit.add(
        "change", {"cycle": cycle, "title": "Open", "what": "Open.", "status": "proposed"}
    ).record_id
    kit.add(
        "support",
        {"change": change, "support_kind": "feedback", "feedback": message, "note": f"secret {name}"},
    )
    kit.add("response", {"change": change, "date": "2026-03-01", "words": f"We did, {name}."})
    kit.add(
        "case_study",
        {"title": name, "story": f"secret {name}", "consent_quote": "Y", "looked_on": "2026-01-05"},
    )
    source = kit.add("desk_source", {"title": name, "finding": "It helps."}).record_id
    kit.add(
        "rationale", {"cycle": cycle, "claim": "It helps", "because": "So they say.", "sources": [source]}
    )
    quote = approve(
        kit, propose(kit, message, "experience", "", "Asha K").record_id, "Ben O", TODAY
    ).record_id
    record_release(kit, laptop.me, {**RELEASE, "cycle": cycle, "quotes": [quote]})
    return cycle


def rows(kit: Kit) -> dict[str, Any]:
    """Every record of every shared kind, including releases and the roster."""
    return {
        name: sorted(
            (record.record_id, sorted(record.values.items(), key=str), record.conflicts)
            for record in kit.page(name, 0, kit.count(name))
        )
        for name, kind in kinds().items()
        if kind.shared
    }


def test_every_kind_of_a_cycle_is_in_it(network: Network) -> None:
    a_cycle(network.hub, "A")
    counts = network.hub.kit.counts()
    assert all(counts[name] for name, kind in kinds().items() if kind.desk)


def test_two_coordinators_in_any_order_come_to_one_state(network: Network) -> None:
    first, second = network.hub, deputy(network)
    ours, theirs = a_cycle(first, "A"), a_cycle(second, "B")
    first.merge(*second.export())
    second.merge(*first.export())
    first.kit.edit(first.kit.get(theirs, "cycle"), {"question": "Why?"})
    second.kit.edit(second.kit.get(theirs, "cycle"), {"question": "How?"})
    second.kit.edit(second.kit.get(ours, "cycle"), {"date_to": "2026-11-30"})
    first.merge(*second.export(full=True))
    second.merge(*first.export(full=True))
    assert rows(first.kit) == rows(second.kit)
    assert first.kit.state_hash() == second.kit.state_hash()
    assert cycle_lines(first.kit, TODAY) != [] and first.kit.check() == [] == second.kit.check()
    for cycle in (ours, theirs):
        left_one, other = (cycle_view(laptop.kit, cycle, TODAY) for laptop in (first, second))
        assert (left_one.stages, left_one.rows, left_one.facts) == (other.stages, other.rows, other.facts)
        assert left_one.facts.feedback.people == 1
        assert [each.kit.count("release", where={"cycle": cycle}) for each in (first, second)] == [1, 1]


@pytest.mark.parametrize("seed", [1, 2])
def test_files_of_both_in_any_order_and_again_change_nothing(network: Network, seed: int) -> None:
    first, second = network.hub, deputy(network)
    third = network.joins("E", trusted="coordinator")
    first.merge(*third.export())
    for laptop in (second, third):
        laptop.merge(first.invite())
    files = []
    for laptop, name in ((first, "A"), (second, "B"), (first, "C"), (second, "D")):
        a_cycle(laptop, name)
        files += laptop.export(full=True)
    random.Random(seed).shuffle(files)
    for path in [*files, *files[:2]]:
        assert third.take(path).status in {"merged", "nothing new"}
    first.merge(*second.export(full=True))
    for name, kind in kinds().items():
        if kind.desk or name in {"provider", "feedback"}:
            assert rows(third.kit)[name] == rows(first.kit)[name], name
    assert third.kit.state_hash() == first.kit.state_hash()


def test_old_text_of_people_goes_and_statements_stay(network: Network) -> None:
    first, second = network.hub, deputy(network)
    cycle = a_cycle(first, "A")
    second.merge(*first.export())
    assert {"engagement", "support", "case_study"} <= set(spoken_kinds())
    assert not {"cycle", "change", "response", "release", "dataset", "rationale", "desk_source"} & set(
        spoken_kinds()
    )
    set_rules(first.kit, first.me, retention_months=1)
    later = first.kit.clock() + 400 * 86_400_000
    first.kit.clock = lambda: later
    assert set(due(first.kit, 1, date(2027, 7, 1))) == {"engagement", "support", "case_study", "feedback"}
    first.kit.redact("engagement", due(first.kit, 1, date(2027, 7, 1))["engagement"])
    first.kit.redact("support", due(first.kit, 1, date(2027, 7, 1))["support"])
    first.kit.redact("case_study", due(first.kit, 1, date(2027, 7, 1))["case_study"])
    second.merge(*first.export())
    for laptop in (first, second):
        assert b"secret A" not in b"".join(bodies(laptop.kit))
        view = cycle_view(laptop.kit, cycle, TODAY)
        assert view.rows[0].answers[0].words == "We did, A."
    assert retain(first.kit, first.me) >= 0


def test_a_field_laptop_gets_providers_and_nothing_of_a_desk(network: Network) -> None:
    laptop = network.joins("F", trusted="field")
    a_cycle(network.hub, "A")
    laptop.merge(network.hub.invite())
    counts = laptop.kit.counts()
    assert counts["provider"] == 1
    assert not any(counts[name] for name, kind in kinds().items() if kind.desk)
    assert laptop.kit.provider_names().name_of("t. a") == "Trust A"
