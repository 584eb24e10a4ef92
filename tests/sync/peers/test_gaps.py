"""What is missing of a laptop's changes: reported exactly, and sent again with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY, ORIGIN
from fieldkit.sync.bundle.ranges import missing, without
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.peers.streams import lacking
from fieldkit.sync.receipts.receipts import confirmed, not_wanted, receipts, unconfirmed
from laptop_steps import say, say_and_send
from networks import Laptop, Network, Writer, op


def test_what_a_receipt_misses_goes_out_again_and_nothing_more(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    bundles = []
    for number in range(5):
        say(laptop, f"{number}")
        bundles += laptop.export()
        # Each stick carries what is new since the last receipt, so here each bundle has a single change.
        hub_copy = hub.receipt()
        assert laptop.take(hub_copy).status == MERGED
        if number in {1, 3}:
            continue
        lost = [path for place, path in enumerate(bundles) if place in {1, 3}]
        hub.merge(*(path for path in bundles if path not in lost))
    runs = hub.kit.ledger.held(laptop.me.origin)
    gaps = missing(runs)
    laptop.merge(hub.receipt())
    assert confirmed(receipts(laptop.kit), laptop.me.origin) == runs
    assert unconfirmed(laptop.kit, laptop.me).ops == 5 - sum(b - a + 1 for a, b in runs)
    (again,) = laptop.export()
    ingested = hub.take(again)
    assert ingested.new_ops == ingested.ops == sum(b - a + 1 for a, b in gaps) + (5 - runs[-1][1])
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 5)]


def test_a_lost_stick_leaves_a_gap_that_is_shown_and_filled(network: Network, laptop: Laptop) -> None:
    """A stick is lost after another coordinator had confirmed it."""
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    for other in (deputy, laptop):
        other.merge(hub.invite())
    say(laptop, "one")
    say(laptop, "two")
    deputy.merge(*laptop.export())
    laptop.merge(deputy.receipt())
    say_and_send(laptop, hub, "three")
    assert hub.kit.ledger.held(laptop.me.origin) == [(3, 3)]
    assert confirmed(receipts(laptop.kit), laptop.me.origin) == [(1, 2)]
    # The first coordinator states what it lacks: that a deputy has it is true, but no reason not to send it.
    laptop.merge(hub.receipt())
    assert confirmed(receipts(laptop.kit), laptop.me.origin) == [(1, 3)]
    assert not_wanted(receipts(laptop.kit), laptop.me.origin) == [(3, 3)]
    hub.merge(*laptop.export())
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 3)]
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert hub.kit.check() == []


def test_what_is_lost_at_the_end_is_shown_too(
    network: Network, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each bundle states how far its laptop's stream goes, so the loss of the last of several is noticed too."""
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    for other in (deputy, laptop):
        other.merge(hub.invite())
    monkeypatch.setattr("fieldkit.sync.export.export.MOST_OPS", 3)
    for number in range(6):
        say(laptop, f"{number}")
    first, second = laptop.export()
    deputy.merge(first, second)
    laptop.merge(deputy.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    hub.merge(first)
    assert lacking(hub.kit, laptop.me.origin) == [(4, 6)]
    laptop.merge(hub.receipt())
    assert not_wanted(receipts(laptop.kit), laptop.me.origin) == [(1, 3)]
    hub.merge(*laptop.export())
    assert lacking(hub.kit, laptop.me.origin) == []
    assert hub.kit.counts()["feedback"] == 6
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0


@pytest.mark.parametrize("last", [2**53, 10**4_000, -1])
def test_an_end_that_can_not_be_is_not_missed(network: Network, laptop: Laptop, last: int) -> None:
    hub, other = network.hub, network.joins("B", trusted="field")
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(op(writer.origin))
    spans = [writer.span(lines)]
    header = writer.header(spans)[:-1] + f',"seen":{{"{writer.origin}":{last}}}}}'.encode()
    hub.merge(writer.bundle(lines, spans, header=header.replace(b',"seen":{}', b"")))
    assert lacking(hub.kit, writer.origin) == []
    assert other.take(hub.receipt()).status == MERGED


# Arithmetic
Runs = list[tuple[int, int]]


def runs_of(numbers: set[int]) -> Runs:
    collected: Runs = []
    for number in sorted(numbers):
        if collected and collected[-1][1] == number - 1:
            collected[-1] = (collected[-1][0], number)
        else:
            collected.append((number, number))
    return collected


def numbers_of(runs: Runs) -> list[int]:
    return [number for first, last in runs for number in range(first, last + 1)]


@given(held=st.sets(st.integers(1, 60)))
def test_gaps_are_exactly_the_complement(held: set[int]) -> None:
    gaps = missing(runs_of(held))
    assert numbers_of(gaps) == sorted(set(range(1, max(held, default=0) + 1)) - held)
    assert gaps == runs_of(set(numbers_of(gaps)))


@given(held=st.sets(st.integers(1, 60)), holes=st.sets(st.integers(1, 60)))
def test_without_is_the_difference(held: set[int], holes: set[int]) -> None:
    assert without(runs_of(held), runs_of(holes)) == runs_of(held - holes)


@settings(deadline=None, max_examples=25)
@given(kept=st.lists(st.booleans(), min_size=1, max_size=12))
def test_what_is_held_is_what_came(kept: list[bool], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same in a real kit, whichever of a laptop's bundles arrive."""
    network, sticks = _stream(tmp_path_factory)
    kit, _ = Kit.create(tmp_path_factory.mktemp("held") / "kit", None)
    with kit:
        kit.settings.put_all(
            {IDENTITY: network.hub.kit.settings.get(IDENTITY), ORIGIN: network.hub.me.origin}
        )
        hub = Laptop(kit, network.hub.me, network.folder)
        hub.merge(network.hub.invite())
        hub.merge(*(stick for stick, came in zip(sticks, kept, strict=False) if came))
        held = {number for number, came in enumerate(kept, 1) if came}
        origin = network.others[0].me.origin
        assert kit.ledger.held(origin) == runs_of(held)
        assert missing(kit.ledger.held(origin)) == runs_of(set(range(1, max(held, default=0) + 1)) - held)


_STREAMS: list[tuple[Network, list[Path]]] = []


def _stream(factory: pytest.TempPathFactory) -> tuple[Network, list[Path]]:
    """A laptop's bundles of one change each: a coordinator confirms each, so the next holds only what is new."""
    if not _STREAMS:
        network = Network.create(factory.mktemp("stream") / "network")
        laptop = network.joins("A", trusted="field")
        sticks = []
        for number in range(12):
            say(laptop, f"{number}")
            sticks += laptop.export()
            network.hub.merge(sticks[-1])
            laptop.merge(network.hub.receipt())
        _STREAMS.append((network, sticks))
    return _STREAMS[0]
