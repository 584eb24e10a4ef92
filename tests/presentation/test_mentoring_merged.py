"""Mentoring actions on several laptops: after merging in any order, each is there once, with one state."""

from __future__ import annotations

from itertools import permutations

import pytest

from fieldkit.presentation.mentoring.agreed_actions import DONE, DROPPED, actions_of, close, open_actions
from networks import Network


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_actions_merge_in_any_order_to_one_state(network: Network, order: tuple[int, ...]) -> None:
    hub = network.hub
    people = [
        hub.kit.add("person", {"name": name, "consent_record": "Y"}).record_id for name in ("Amina", "Ben")
    ]
    pair = hub.kit.add("mentorship", dict(zip(("mentor", "mentee"), people, strict=True))).record_id
    session = hub.kit.add(
        "session", {"mentorship": pair, "date": "2026-10-01", "next_actions": "Read the code\nRing the union"}
    ).record_id
    laptops = [network.joins(name, trusted="field") for name in ("A", "B", "C")]
    for laptop, (what, state) in zip(
        laptops, (("Read the code", DONE), ("Read the code", DONE), ("Ring the union", DROPPED)), strict=True
    ):
        values = {"mentorship": pair, "session": session, "what": what, "agreed": "2026-10-01"}
        laptop.kit.add("action", {**values, "state": state})
    laptops[0].kit.add("action", {"mentorship": pair, "what": "Write the form", "agreed": "2026-11-01"})
    for number in order:
        hub.merge(*laptops[number].export())
    actions = actions_of(hub.kit, pair)[pair]
    assert [(action.what, action.state) for action in actions] == [
        ("Read the code", DONE),
        ("Ring the union", DROPPED),
        ("Write the form", "open"),
    ]
    close(hub.kit, open_actions(actions)[0], DONE, "2026-11-26")
    assert open_actions(actions_of(hub.kit, pair)[pair]) == []
