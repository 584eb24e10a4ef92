"""Laptops that a stolen deputy puts on the roster: they share a limit until the creator trusts them, and go with it."""

from __future__ import annotations

import random

import pytest

from commanding import Run
from fieldkit.store.oplog.receipt_codes import new_code
from fieldkit.sync.merge import quotas
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.network.floods import flood_of
from fieldkit.sync.network.let_in import trusted_through
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke
from hostile_files import Sender, line
from networks import NEXT, Laptop, Network
from other_program import following, ssh_line

MADE_UP = random.Random(5)


def sender(hub: Laptop, seed: bytes | None = None) -> Sender:
    return Sender(seed or MADE_UP.randbytes(32), hub.me.network, hub.me.age_public)


@pytest.fixture
def thief(network: Network) -> Sender:
    """The secret key of a deputy's laptop."""
    laptop = network.joins("Stolen", trusted="deputy")
    return sender(network.hub, laptop.me.key.seed)


def let_in(hub: Laptop, by: Sender, laptops: list[Sender], role: str = "field") -> str:
    """The result of a bundle by which a deputy trusts laptops, under a new origin of its own."""
    by.origin = f"{by.device}.{next(NEXT):08x}"
    lines = [
        line(
            by.origin,
            seq,
            "device",
            laptop.device,
            {
                "name": f"Extra {laptop.device[:4]}",
                "role": role,
                "status": "trusted",
                "public_key": ssh_line(bytes(laptop.key.verify_key)),
            },
        )
        for seq, laptop in enumerate(laptops, 1)
    ]
    return hub.take(by.file(hub.sticks / f"in-{next(NEXT)}.fkb", lines)).status


def sent(hub: Laptop, laptop: Sender, changes: int, kind: str = "term") -> str:
    """The result of a bundle with `changes` changes of a laptop: its status, or the reason of its refusal."""
    laptop.origin = f"{laptop.device}.{next(NEXT):08x}"
    lines = []
    for seq in range(1, changes + 1):
        code = f"{laptop.origin[-4:]}{seq}{laptop.device[:4]}"
        fields = {"list_name": "service_area", "code": code, "label": f"X {code}"}
        if kind == "withdrawal":
            fields = {"code": new_code()}
        lines.append(
            line(laptop.origin, seq, kind, f"{laptop.device[:12]}{laptop.origin[-4:]}{seq:04}", fields)
        )
    taken = hub.take(laptop.file(hub.sticks / f"sent-{next(NEXT)}.fkb", lines))
    return taken.reason if taken.status == QUARANTINED else taken.status


@pytest.mark.parametrize("kind", ["term", "withdrawal"])
def test_they_add_no_more_together_than_a_few_may(
    network: Network, thief: Sender, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    honest = sender(hub, field.me.key.seed)
    monkeypatch.setattr(quotas, "MOST_CHANGES" if kind == "term" else "MOST_WITHDRAWALS", 20)
    monkeypatch.setattr(quotas, "MOST_TOGETHER", 2)
    extras = [sender(hub) for _ in range(4)]
    assert let_in(hub, thief, extras[:2]) == MERGED
    assert [sent(hub, extra, 18, kind) for extra in extras[:2]] == [MERGED, MERGED]
    state = hub.state()
    assert sent(hub, extras[0], 3, kind) == "too-large"
    assert hub.state() == state
    # More laptops allow no more, nor do laptops trusted by a deputy of its own.
    second = sender(hub)
    assert let_in(hub, thief, [second], "deputy") == MERGED
    assert let_in(hub, second, extras[2:]) == MERGED
    assert [sent(hub, extra, 5, kind) for extra in extras[2:]] == ["too-large"] * 2
    # Nobody else is affected, whatever the thief writes about them.
    assert let_in(hub, thief, [honest]) == MERGED
    assert sent(hub, honest, 20, kind) == MERGED
    # A laptop that the creator trusts too has a limit of its own.
    roster = Roster(hub.kit, hub.me)
    roster.put(roster.members[extras[2].device], status="trusted")
    assert sent(hub, extras[2], 20, kind) == MERGED
    assert sent(hub, extras[3], 5, kind) == "too-large"


def test_what_is_brought_under_the_creators_name_confirms_nobody(network: Network, thief: Sender) -> None:
    hub = network.hub
    extra = sender(hub)
    assert let_in(hub, thief, [extra]) == MERGED
    with hub.kit.reading() as connection:
        assert trusted_through(connection, hub.me.device) == {extra.device: thief.device}
    forged = line(
        f"{hub.me.device}.0badbeef", 1, "device", extra.device, {"status": "trusted", "name": "Ours"}
    )
    span = {"origin": f"{hub.me.device}.0badbeef", "from": 1, "to": 1, "prev": "00" * 32}
    path = thief.file(
        hub.sticks / "forged.fkb", [forged], ranges=[{**span, "hash": following(bytes(32), forged).hex()}]
    )
    assert hub.take(path).status == MERGED
    with hub.kit.reading() as connection:
        assert trusted_through(connection, hub.me.device) == {extra.device: thief.device}


def test_they_are_dropped_with_the_deputy_once_nobody_trusts_them(
    network: Network, thief: Sender, run: Run
) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    extras = [sender(hub) for _ in range(3)]
    assert let_in(hub, thief, extras) == MERGED
    for extra in extras:
        assert sent(hub, extra, 6) == MERGED
    field.merge(hub.invite())
    assert field.kit.count("term") == 18
    revoke(hub.kit, hub.me, thief.device)
    # Trusted laptops may be honest: nothing of theirs is dropped with the thief.
    assert flood_of(hub.kit, hub.me, thief.device).changes == 0
    roster = Roster(hub.kit, hub.me)
    roster.put(roster.members[extras[0].device], status="trusted")
    for extra in extras[1:]:
        revoke(hub.kit, hub.me, extra.device)
    ran = run("--kit", hub.kit.folder, "devices", "drop", thief.device, "--yes", "--json")
    assert ran.json["dropped"] == {"term": 12}
    field.merge(hub.invite())
    assert field.kit.count("term") == hub.kit.count("term") == 6
    assert field.state() == hub.state()


def test_a_roster_that_points_round_in_a_ring_stops_nobody(network: Network, thief: Sender) -> None:
    hub = network.hub
    first, second = sender(hub), sender(hub)
    assert let_in(hub, thief, [first], "deputy") == MERGED
    assert let_in(hub, first, [second], "deputy") == MERGED
    assert let_in(hub, second, [first, second], "deputy") == MERGED
    with hub.kit.reading() as connection:
        under = trusted_through(connection, hub.me.device)
    assert under == {first.device: thief.device, second.device: thief.device}


def test_the_command_that_trusts_again_confirms(network: Network, thief: Sender, run: Run) -> None:
    hub = network.hub
    extra = sender(hub)
    assert let_in(hub, thief, [extra]) == MERGED
    folder = hub.kit.folder
    hub.kit.close()
    assert run("--kit", folder, "devices", "trust", ssh_line(bytes(extra.key.verify_key))).code == 0
    hub.kit = type(hub.kit).open(folder)
    with hub.kit.reading() as connection:
        assert trusted_through(connection, hub.me.device) == {}
