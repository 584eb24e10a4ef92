"""Skeletons invented by a deputy: under another record's id, of an erased record, or beyond what was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.receipts.receipts import unconfirmed
from hostile_files import Sender
from networks import Laptop, Network
from other_program import following
from streams import parcels


@pytest.fixture
def thief(network: Network) -> Sender:
    """A deputy that the coordinator trusts, run by another program."""
    stolen = network.joins("Deputy", trusted="deputy")
    return Sender(stolen.me.key.seed, network.hub.me.network, network.hub.me.age_public)


def skeletons(
    laptop: Laptop, thief: Sender, path: Path, record_id: str = "", *, more: int = 0, first: int = 1
) -> Path:
    """A bundle of skeletons of all that the laptop recorded from `first` on, with the right hashes, but under this id instead of
    their own, and with `more` invented ones after them."""
    ((_, lines),) = parcels(laptop.kit, [laptop.kit.origin])
    digest = bytes(32)
    prev, held = digest, []
    for line in lines:
        op, digest = json.loads(line), following(digest, line)
        if op["seq"] < first:
            prev = digest
            continue
        held.append((op["seq"], digest, record_id or op["record_id"]))
    for number in range(more):
        digest = bytes([number + 1]) * 32
        held.append((held[-1][0] + 1, digest, record_id or "madeup00001"))
    rows = [
        {"origin": laptop.kit.origin, "seq": seq, "gone": digest.hex(), "record_id": record}
        for seq, digest, record in held
    ]
    span = {"origin": laptop.kit.origin, "from": first, "to": held[-1][0], "prev": prev.hex()}
    return thief.file(
        path, [json.dumps(row).encode() for row in rows], ranges=[{**span, "hash": digest.hex()}]
    )


def test_under_another_records_id_the_words_still_come_to_their_own(
    network: Network, laptop: Laptop, thief: Sender, tmp_path: Path
) -> None:
    hub = network.hub
    other = hub.kit.add("feedback", {"experience": "Another's"}).record_id
    record = laptop.kit.add("feedback", {"experience": "The nurse was kind", "rating": "1"}).record_id
    laptop.kit.edit(laptop.kit.get(record), {"rating": "2"})
    assert hub.take(skeletons(laptop, thief, tmp_path / "s.fkb", other)).status == MERGED
    hub.merge(*laptop.export())
    assert hub.kit.check() == []
    assert hub.kit.get(record).values == {"experience": "The nurse was kind", "rating": "2"}
    assert hub.kit.get(other).values["experience"] == "Another's"
    hub.kit.erase(record)
    assert hub.kit.get(other).values["experience"] == "Another's"
    assert hub.kit.counts()["feedback"] == 1
    assert hub.kit.check() == []


def test_under_the_id_of_an_erased_record_nothing_is_confirmed(
    network: Network, laptop: Laptop, thief: Sender, tmp_path: Path
) -> None:
    hub = network.hub
    erased = hub.kit.add("feedback", {"experience": "Gone"}).record_id
    hub.kit.erase(erased)
    record = laptop.kit.add("feedback", {"experience": "The nurse was kind"}).record_id
    hub.merge(skeletons(laptop, thief, tmp_path / "s.fkb", erased))
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 1
    hub.merge(*laptop.export())
    assert hub.kit.get(record).values["experience"] == "The nurse was kind"


def test_skeletons_of_what_comes_later_swallow_nothing(
    network: Network, laptop: Laptop, thief: Sender, tmp_path: Path
) -> None:
    hub = network.hub
    laptop.kit.add("feedback", {"experience": "first"})
    hub.merge(skeletons(laptop, thief, tmp_path / "s.fkb", more=3))
    for text in ("second", "third"):
        laptop.kit.add("feedback", {"experience": text})
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    laptop.again()
    laptop.kit.add("feedback", {"experience": "fourth"})
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert sorted(stored.values["experience"] for stored in hub.kit.page("feedback")) == [
        "first", "fourth", "second", "third",
    ]  # fmt: skip
    assert hub.kit.check() == []


def test_a_skeleton_in_the_middle_is_filled_whatever_comes_around_it(
    network: Network, laptop: Laptop, thief: Sender, tmp_path: Path
) -> None:
    hub = network.hub
    erased = hub.kit.add("feedback", {"experience": "Gone"}).record_id
    hub.kit.erase(erased)
    laptop.kit.add("feedback", {"experience": "first"})
    hub.merge(*laptop.export())
    laptop.merge(hub.receipt())
    laptop.kit.add("feedback", {"experience": "second"})
    hub.merge(skeletons(laptop, thief, tmp_path / "s.fkb", erased, first=2))
    laptop.kit.add("feedback", {"experience": "third"})
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 2
    hub.merge(*laptop.export())
    assert hub.kit.count("feedback") == 3
    laptop.merge(hub.receipt())
    assert unconfirmed(laptop.kit, laptop.me).ops == 0
    assert hub.kit.state_hash() != ""
    assert hub.kit.check() == []


def test_a_withdrawal_that_came_as_a_skeleton_first_still_withdraws(
    network: Network, laptop: Laptop, thief: Sender, tmp_path: Path
) -> None:
    hub = network.hub
    _, code = hub.kit.add_with_code("feedback", {"experience": "SECRET", "consent_record": "Y"})
    laptop.kit.add("withdrawal", {"code": code})
    hub.merge(skeletons(laptop, thief, tmp_path / "s.fkb"))
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 0
    assert hub.kit.check() == []
