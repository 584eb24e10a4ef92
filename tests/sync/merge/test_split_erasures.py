"""A stolen deputy spreads an erasure over laptops that it trusts itself, and inflates the number of records with their files."""

from __future__ import annotations

import pytest

from fieldkit.sync.merge.report import MERGED
from networks import Laptop, Network
from other_program import Writer, device_id, ssh_line
from planted import enrolled, sent

REASON = "many-erasures"


def recorded(hub: Laptop, number: int) -> list[str]:
    return [hub.kit.add("feedback", {"experience": f"said {at}"}).record_id for at in range(number)]


def let_in(hub: Laptop, thief: Writer, role: str) -> Writer:
    """Another laptop of the thief, which the thief itself trusts."""
    more = Writer()
    fields = {"name": "Extra", "role": role, "status": "trusted", "public_key": ssh_line(more.public)}
    hub.take(sent(hub, thief, ("device", device_id(more.public), fields)))
    return more


def erasing(hub: Laptop, writer: Writer, ids: list[str]) -> str:
    return hub.take(sent(hub, writer, *(("feedback", each, {"erased": True}) for each in ids))).reason


def test_deputies_that_it_made_share_its_part(network: Network) -> None:
    hub = network.hub
    ids = recorded(hub, 40)
    thief = enrolled(hub, "deputy", "Stolen")
    first, second = let_in(hub, thief, "deputy"), let_in(hub, thief, "deputy")
    assert erasing(hub, thief, ids[:8]) == ""
    assert erasing(hub, first, ids[8:16]) == REASON
    assert erasing(hub, second, ids[16:24]) == REASON
    assert hub.kit.count("feedback") == 32


@pytest.mark.parametrize("own", [True, False])
def test_records_of_laptops_that_came_in_the_same_days_hide_nothing(network: Network, own: bool) -> None:
    hub = network.hub
    ids = recorded(hub, 30)
    thief = enrolled(hub, "deputy", "Stolen")
    padder = let_in(hub, thief, "field") if own else enrolled(hub, "field", "Colluding")
    made_up = (("feedback", f"madeup{at:08}", {"rating": "1"}) for at in range(400))
    assert hub.take(sent(hub, padder, *made_up)).status == MERGED
    assert erasing(hub, thief, ids) == REASON
    assert hub.kit.count("feedback") == 430


def test_a_field_laptop_is_emptied_by_no_network_files_of_a_thief_that_pads_first(network: Network) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    thief = network.joins("Stolen", trusted="deputy")
    thief.merge(hub.invite())
    ids = [hub.kit.add("event", {"title": f"Event {at}"}).record_id for at in range(24)]
    for laptop in (field, thief):
        laptop.merge(hub.invite())
    thief.kit.add_many("event", [{"title": f"Made up {at}"} for at in range(400)])
    assert field.take(thief.invite()).status == MERGED
    for each in ids:
        thief.kit.erase(each, "event")
    assert field.take(thief.invite()).reason == REASON
    assert field.kit.count("event") == 424
