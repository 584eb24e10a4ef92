"""Records sorted by one of their fields."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from fieldkit.presentation.lists.sort_order import SortOrder, ids_of, sorted_ids
from fieldkit.records.schema.kind import kind
from sync_desk import FIXTURES

(net,) = FIXTURES


def names(kit, order: SortOrder, text: str = "") -> list[str]:
    held = kit.many("person", ids := sorted_ids(kit, kind("person"), order, text, {}))
    return [str(held[record_id].values.get("name")) for record_id in ids]


def test_names_are_sorted_in_whatever_spelling_and_back(net: SimpleNamespace) -> None:
    for name in ("Zoë Evans", "Łukasz Żak", "amina khan", "Ali Çelik", "Nguyễn Văn An"):
        net.a.add("person", {"name": name, "consent_record": "Y"})
    wanted = ["Ali Çelik", "amina khan", "Łukasz Żak", "Nguyễn Văn An", "Zoë Evans"]
    assert names(net.a, SortOrder("name")) == wanted
    assert names(net.a, SortOrder("name", reverse=True)) == wanted[::-1]
    assert names(net.a, SortOrder("name"), "z") == [name for name in wanted if "z" in name.casefold()]


def test_answers_are_sorted_as_their_list_is_and_what_is_empty_comes_last(net: SimpleNamespace) -> None:
    for rating in ("5", None, "1", "3", None):
        net.a.add("feedback", {"rating": rating, "experience": "x", "consent_record": "Y"})
    for reverse in (False, True):
        ids = sorted_ids(net.a, kind("feedback"), SortOrder("rating", reverse), "", {})
        held = net.a.many("feedback", ids)
        ratings = [held[each].values.get("rating") for each in ids]
        assert ratings == [*(["5", "3", "1"] if reverse else ["1", "3", "5"]), None, None]


def test_links_are_sorted_by_the_names_that_they_lead_to(net: SimpleNamespace) -> None:
    events = [net.a.add("event", {"title": name, "event_kind": "health-fair"}) for name in ("Beta", "Alpha")]
    for event in events:
        net.a.add("feedback", {"event": event.record_id, "experience": "x", "consent_record": "Y"})
    ids = sorted_ids(net.a, kind("feedback"), SortOrder("event"), "", {})
    held = net.a.many("feedback", ids)
    assert [held[each].values["event"] for each in ids] == [events[1].record_id, events[0].record_id]


@pytest.mark.parametrize(
    "name", ["feedback", "person", "event", "attendance", "partner", "session", "mentorship"]
)
def test_every_field_can_be_sorted_by(net: SimpleNamespace, name: str) -> None:
    event = net.a.add("event", {"title": "Fair", "event_kind": "health-fair", "date": "2026-11-01"})
    theme = kind("feedback").fields["themes"].code_list.entries[0].code
    net.a.add(
        "feedback", {"event": event.record_id, "experience": "x", "consent_record": "Y", "themes": [theme]}
    )
    for spec in kind(name).fields.values():
        for reverse in (False, True):
            ids = sorted_ids(net.a, kind(name), SortOrder(spec.name, reverse), "", {})
            assert sorted(ids) == sorted(ids_of(net.a, kind(name), "", {}))
