"""Statements of sealing keys that no fieldkit signs: none stops a command, slows it, or outlives a new key."""

from __future__ import annotations

import pyrage
import pytest

from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke, rotate_key
from hostile_files import Sender, line
from networks import Network
from other_program import device_id
from planted import enrolled, sent
from statements import statement


def new_key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


@pytest.mark.parametrize("made", ["9" * 5_000, "٣", "-1", "1e9", " 1", "9" * 16, ""])
def test_a_moment_that_is_none_stops_nobody(network: Network, made: str) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    thief = enrolled(hub, "deputy")
    planted = ("device", device_id(thief.public), {"key_statement": statement(thief.key, new_key(), made)})
    hub.take(sent(hub, thief, planted))
    field.merge(hub.invite())
    field.kit.add("feedback", {"rating": "2"})
    (bundle,) = field.export()
    assert hub.take(bundle).status == MERGED


def test_a_statement_that_its_laptop_did_not_sign_is_refused(network: Network) -> None:
    """By another's key, by no key, or not a statement: no fieldkit writes one into a record whose laptop is known."""
    hub, deputy = network.hub, network.joins("True deputy", trusted="deputy")
    hub.merge(*deputy.export())
    for victim in (hub.me.device, deputy.me.device):
        for field in ("key_statement", "creators_statement"):
            thief = enrolled(hub, "deputy")
            for text in (
                statement(thief.key, new_key(), 1, laptop=victim),
                statement(thief.key, new_key(), 1),
                "x",
                7,
            ):
                before = hub.state()
                refused = hub.take(sent(hub, thief, ("device", victim, {field: text})))
                assert (refused.status, refused.reason) in {
                    (QUARANTINED, "not-allowed"),
                    (QUARANTINED, "damaged"),
                }
                assert hub.state() == before
                thief.lines.clear()
                thief.last = bytes(32)


def test_thousands_of_them_cost_no_command_its_time(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = network.hub
    thief = enrolled(hub, "deputy")
    key, device = new_key(), device_id(thief.public)
    changes = [("device", device, {"key_statement": statement(thief.key, key, at)}) for at in range(2_000)]
    assert hub.take(sent(hub, thief, *changes)).status == MERGED
    checked: list[bytes] = []
    verify = PublicKey.verify
    monkeypatch.setattr(
        PublicKey, "verify", lambda self, *args: checked.append(args[0]) or verify(self, *args)
    )
    assert Roster(hub.kit, hub.me).recipients() == sorted({hub.me.age_public, key})
    assert len(checked) < 200
    revoke(hub.kit, hub.me, device)
    checked.clear()
    assert Roster(hub.kit, hub.me).recipients() == [hub.me.age_public]
    assert len(checked) < 10


@pytest.mark.parametrize("made", [1, 2**52])
def test_a_laptop_that_is_trusted_again_has_one_key_once_it_has_a_new_one(
    network: Network, made: int
) -> None:
    """Whoever had its key for a time signed a hundred keys with it, with any dates."""
    hub, field = network.hub, network.joins("Field", trusted="field")
    laptop = network.joins("Stolen", trusted="deputy")
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    thief = Sender(laptop.me.key.seed, hub.me.network, hub.me.age_public)
    lines = [
        line(
            thief.origin,
            at,
            "device",
            thief.device,
            {"key_statement": statement(thief.key, new_key(), made + at)},
        )
        for at in range(1, 101)
    ]
    assert hub.take(thief.file(network.folder / "planted.fkb", lines)).status == MERGED
    revoke(hub.kit, hub.me, laptop.me.device)
    hub.trust(laptop, "deputy")
    laptop.merge(hub.invite())
    laptop.me = rotate_key(laptop.kit, laptop.me)
    hub.merge(*laptop.export())
    field.merge(hub.invite())
    for kit in (hub, laptop, field):
        assert Roster(kit.kit, kit.me).recipients() == sorted([hub.me.age_public, laptop.me.age_public])
