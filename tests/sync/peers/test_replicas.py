"""Which replicas of a laptop are in use: docs/replicas.md, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pytest

from fieldkit.store.backup import KitOwner, backup, restore
from fieldkit.store.local.known_settings import Ancestor
from fieldkit.store.renewal import ENDED, ONGOING
from fieldkit.sync.peers.erasure_status import erasures
from fieldkit.sync.peers.known_replicas import KnownReplicas, retire_others
from fieldkit.sync.peers.replicas_in_use import heads
from fieldkit.sync.receipts.receipts import progress_of_change, unconfirmed
from laptop_steps import copied, say, say_and_send
from networks import Laptop, Network


@dataclass(frozen=True)
class Node:
    ancestors: tuple[Ancestor, ...] = ()


def node(*ancestors: tuple[str, int]) -> Node:
    return Node(tuple(Ancestor(origin, number, 0) for origin, number in ancestors))


def in_use(
    replicas: dict[str, Node], numbers: dict[str, int], branches: dict[str, int] | None = None
) -> set[str]:
    return heads(replicas, numbers, branches or {}, "bundle")


@pytest.mark.parametrize(
    ("number", "fork", "expected"),
    [
        (3, 3, {"b"}),
        (4, 3, {"a", "b"}),
        (2, 3, {"b"}),
        (9, ENDED, {"b"}),
        (0, ONGOING, {"a", "b"}),
    ],
)
def test_a_parent_is_in_use_again_when_a_file_with_a_higher_number_arrives(
    number: int, fork: int, expected: set[str]
) -> None:
    assert in_use({"a": node(), "b": node(("a", fork))}, {"a": number, "b": 1}) == expected


def test_only_direct_descendants_follow() -> None:
    """In a forked stream two replicas must continue; a child of the one that did is not a second."""
    replicas = {"a": node(), "b": node(("a", ENDED)), "c": node(("b", 5), ("a", ENDED))}
    numbers = {"a": 9, "b": 5, "c": 6}
    assert in_use(replicas, numbers, {"a": 1}) == {"a", "c"}
    assert in_use(replicas | {"d": node(("a", ENDED))}, numbers, {"a": 1}) == {"c", "d"}
    # The replica between was never heard from: its child counts in its place.
    del replicas["b"]
    assert in_use(replicas, numbers) == {"c"}


def test_a_program_that_names_no_replica_is_followed_by_any_that_does() -> None:
    assert in_use({"": node()}, {"": 4}) == {""}
    assert in_use({"": node(), "a": node()}, {"": 4, "a": 1}) == {"a"}


def test_in_a_ring_of_ancestors_all_are_in_use() -> None:
    ring = {"a": node(("b", 9)), "b": node(("a", 9))}
    assert in_use(ring, {"a": 1, "b": 1}) == {"a", "b"}


def test_the_order_of_arrival_changes_nothing(network: Network, laptop: Laptop) -> None:
    deputies = [network.joins(name, trusted="deputy") for name in ("B", "C", "D")]
    for deputy in deputies:
        network.hub.merge(*deputy.export())
    for device in (laptop, *deputies):
        device.merge(network.hub.invite())
    say(laptop)
    copy = copied(network, laptop)
    files = []
    for device in (laptop, copy, laptop):
        say(device, "more")
        files += device.export()
    for deputy, order in zip(deputies, list(permutations(files))[::2], strict=True):
        for file in order:
            deputy.merge(file)
        assert KnownReplicas(deputy.kit).in_use(laptop.me.device) == {laptop.me.origin, copy.me.origin}


def restored(hub: Laptop, source: Path, folder: Path, agree: Callable[[KitOwner], bool | None]) -> None:
    """Lose the hub's kit, and restore its backup to another folder."""
    hub.kit.close()
    hub.kit = restore(source, folder, None, agree)
    hub.again()


@pytest.mark.parametrize(("answer", "kept"), [(False, False), (None, False), (True, True)])
def test_what_a_lost_kit_confirmed_counts_only_if_it_is_still_in_use(
    network: Network, laptop: Laptop, tmp_path: Path, answer: bool | None, kept: bool
) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "backup")
    mine = say_and_send(laptop, hub)
    laptop.merge(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, mine) == "confirmed"
    late = hub.receipt()
    restored(hub, tmp_path / "backup", tmp_path / "elsewhere", lambda _: answer)
    laptop.merge(hub.receipt())
    laptop.merge(late)
    # If both are in use, what both hold counts: the restored one does not hold it yet.
    assert progress_of_change(laptop.kit, laptop.me, mine) == "in bundle 1"
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 1
    laptop.merge(hub.receipt())
    assert progress_of_change(laptop.kit, laptop.me, mine) == "confirmed"
    later = say_and_send(laptop, hub, "later")
    laptop.merge(hub.receipt())
    assert (progress_of_change(laptop.kit, laptop.me, later) == "confirmed") is not kept


def test_a_person_says_on_the_laptop_itself_that_no_other_kit_is_left(
    network: Network, laptop: Laptop, tmp_path: Path
) -> None:
    hub = network.hub
    backup(hub.kit, tmp_path / "backup")
    restored(hub, tmp_path / "backup", tmp_path / "second", lambda _: False)
    say_and_send(laptop, hub)
    laptop.merge(hub.invite(), hub.receipt())
    restored(hub, tmp_path / "backup", tmp_path / "third", lambda _: False)
    say(laptop, "after the second was lost")
    for _ in range(2):
        hub.merge(*laptop.export())
        laptop.merge(hub.receipt())
    # The backup does not know the second kit, and the laptop can't know which of the two is left.
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    assert retire_others(hub.kit, hub.me.device) == 1
    assert retire_others(hub.kit, hub.me.device) == 0
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert erasures(hub.kit, hub.me) == []
