"""Ancestors, numbers and reports invented by a stolen deputy or an enrolled laptop, in another program's files."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from fieldkit.store.local.known_settings import Ancestor
from fieldkit.store.renewal import ENDED, ONGOING
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.peers.erasure_status import erasures, what_is_seen
from fieldkit.sync.peers.known_replicas import KnownReplicas
from fieldkit.sync.peers.replicas_in_use import heads
from fieldkit.sync.receipts.receipts import receipts, unconfirmed
from fieldkit.sync.setup import revoke
from hostile_files import Sender, line
from laptop_steps import exchange, say, say_and_send
from networks import Laptop, Network
from other_program import following, ssh_line
from planted import enrolled

NUMBERS = count(1)


def thief(hub: Laptop, role: str = "deputy") -> Sender:
    writer = enrolled(hub, role, "Thief")
    return Sender(bytes(writer.key), hub.me.network, hub.me.age_public)


def receipt_of(sender: Sender, folder: Path, origin: str, ancestors: list[Any], made: int = 0) -> Path:
    number = next(NUMBERS)
    hub_line = {"line": "hub", "origin": origin, "made": made or number, "ancestors": ancestors}
    return sender.file(
        folder / f"{number}.fkr", [json.dumps(hub_line).encode()], ranges=[], purpose="receipt"
    )


def bundle_of(sender: Sender, folder: Path, **header: Any) -> Path:
    number = next(NUMBERS)
    stream = f"{sender.device}.{number:08x}"
    sent = line(stream, 1, "feedback", f"hostile{number:08}", {"rating": "1"})
    span = {"origin": stream, "from": 1, "to": 1, "prev": "00" * 32, "hash": following(bytes(32), sent).hex()}
    return sender.file(folder / f"{number}.fkb", [sent], ranges=[span], more=header)


def test_replicas_that_follow_each_other_stop_nobody(network: Network, laptop: Laptop) -> None:
    """Four receipts, each accepted when it comes; of those that are kept, each follows another."""
    hub = network.hub
    sender = thief(hub)
    laptop.merge(hub.invite())
    first, second, third, fourth = (f"{sender.device}.{number:08x}" for number in range(4))
    for origin, ancestors in (
        (first, [[second, ONGOING, ONGOING], [third, ENDED, ENDED], [fourth, ENDED, ENDED]]),
        (second, [[name, ONGOING, ONGOING] for name in (first, third, fourth)]),
        (third, [[second, ONGOING, ONGOING], [first, ENDED, ENDED]]),
        (fourth, [[second, ENDED, ENDED]]),
    ):
        assert laptop.take(receipt_of(sender, hub.sticks, origin, ancestors)).status == MERGED
    say(laptop)
    assert [receipt.held for receipt in receipts(laptop.kit)] == [{}]
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    laptop.merge(hub.receipt())
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0


@pytest.mark.parametrize(
    "incarnation", ["a" * 200_000, "00000000~00000000", "0000000", "GGGGGGGG", "0000000\x1b", ""]
)
def test_a_receipt_under_no_name_of_a_replica_is_refused(
    network: Network, laptop: Laptop, incarnation: str
) -> None:
    """The origin that a receipt states for its writer is in each later bundle of the laptop that keeps it."""
    sender = thief(network.hub)
    laptop.merge(network.hub.invite())
    file = laptop.take(receipt_of(sender, network.hub.sticks, f"{sender.device}.{incarnation}", []))
    assert (file.status, file.reason) == (QUARANTINED, "damaged")
    assert receipts(laptop.kit) == []


@pytest.mark.parametrize("number", [-(10**30), 10**30, -2, ENDED + 1])
def test_numbers_that_no_kit_counts_to_are_bounded(network: Network, laptop: Laptop, number: int) -> None:
    hub = network.hub
    sender = thief(hub)
    laptop.merge(hub.invite())
    former, origin = f"{sender.device}.0000aaaa", f"{sender.device}.0000bbbb"
    stated = [[former, number, number]]
    laptop.merge(receipt_of(sender, hub.sticks, origin, stated))
    hub.merge(bundle_of(sender, hub.sticks, origin=origin, ancestors=stated))
    bounded = [Ancestor(former, *[max(ONGOING, min(number, ENDED))] * 2)]
    assert receipts(laptop.kit)[0].ancestors == bounded
    assert KnownReplicas(hub.kit).of(sender.device)[origin].ancestors == bounded


@pytest.mark.parametrize("role", ["field", "deputy"])
def test_nobody_states_the_ancestors_of_another_laptop(network: Network, laptop: Laptop, role: str) -> None:
    """What a laptop states about its own ancestors affects neither an erasure nor a receipt of another."""
    hub = network.hub
    sender = thief(hub, role)
    hub.merge(*laptop.export())
    laptop.merge(hub.invite())
    hub.kit.erase(say(hub))
    text = say_and_send(laptop, hub)
    laptop.merge(hub.receipt())
    stated = [[name, ENDED, ENDED] for name in (laptop.me.origin, hub.me.origin)] * 20
    origin = f"{sender.device}.0000bbbb"
    seen = {laptop.me.origin: 99, hub.me.origin: 99, f"{hub.me.origin}#erasing": 1}
    assert (
        hub.take(bundle_of(sender, hub.sticks, origin=origin, ancestors=stated, seen=seen)).status == MERGED
    )
    laptop.merge(receipt_of(sender, hub.sticks, origin, stated, made=ENDED))
    assert laptop.me.name in erasures(hub.kit, hub.me)[0].waiting
    assert KnownReplicas(hub.kit).in_use(laptop.me.device) == {laptop.me.origin}
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert laptop.kit.get(text)


def passed(hub: Laptop, laptop: Laptop, number: int) -> dict[str, Any]:
    """An invented report that the laptop holds every erasure; it states that the true replica has ended."""
    made_up = f"{laptop.me.device}.0000cccc"
    seen = what_is_seen(hub.kit)
    mark = [hub.me.origin, seen[hub.me.origin], seen[f"{hub.me.origin}#erasing"]]
    ended = [[laptop.me.origin, ENDED, ENDED]]
    return {
        "marks": [mark],
        "reports": {made_up: {"number": number, "at": 1, "ancestors": ended, "marks": [0]}},
    }


def test_what_a_thief_reported_of_others_goes_with_it_through_whatever_hands(network: Network) -> None:
    """The coordinator passes on what its deputies passed on. A revoked laptop's reports don't count, there or elsewhere."""
    hub = network.hub
    field = network.joins("Field", trusted="field")
    true_deputy = network.joins("True deputy", trusted="deputy")
    sender = thief(hub)
    for _ in range(2):
        exchange(hub, field, true_deputy)
    hub.kit.erase(say(hub))
    hub.merge(bundle_of(sender, hub.sticks, passed_on=passed(hub, field, ENDED)))
    true_deputy.merge(*hub.export(), hub.invite())
    revoke(hub.kit, hub.me, ssh_line(bytes(sender.key.verify_key)))
    true_deputy.merge(hub.invite())
    for coordinator in (hub, true_deputy):
        (erasure,) = erasures(coordinator.kit, coordinator.me)
        assert field.me.name in erasure.waiting
        assert KnownReplicas(coordinator.kit).in_use(field.me.device) == {field.me.origin}


def test_what_a_revoked_laptop_reported_keeps_no_true_report_away(network: Network) -> None:
    """A number that no kit reaches exceeds every true one, as long as it counts."""
    hub = network.hub
    field = network.joins("Field", trusted="field")
    true_deputy = network.joins("True deputy", trusted="deputy")
    sender = thief(hub)
    for other in (field, true_deputy):
        other.merge(hub.invite())
    hub.merge(*true_deputy.export())
    true_deputy.merge(hub.invite())
    say(field)
    false = {"marks": [], "reports": {field.me.origin: {"number": ENDED, "at": 1}}}
    hub.merge(bundle_of(sender, hub.sticks, passed_on=false))
    revoke(hub.kit, hub.me, ssh_line(bytes(sender.key.verify_key)))
    erased = say(hub)
    hub.kit.erase(erased)
    invitation = hub.invite()
    field.merge(invitation)
    true_deputy.merge(invitation)
    say(field, "later")
    true_deputy.merge(*field.export())
    hub.merge(*true_deputy.export())
    assert field.me.name not in erasures(hub.kit, hub.me)[0].waiting


def test_looking_for_heads_takes_no_time_that_grows_with_the_fourth_power() -> None:
    """32 replicas that state the same 32 ancestors each: each origin is looked up once for each pair and what lies between."""

    looked_at = 0

    class Counted(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal looked_at
            looked_at += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    names = [Counted(f"{number:032}") for number in range(32)]

    class Node:
        ancestors = tuple(Ancestor(Counted(name), 1, 1) for name in names)

    heads(dict.fromkeys(names, Node()), dict.fromkeys(names, 1), {}, "bundle")
    assert looked_at < 32**3 * 4
