"""A stolen deputy floods the network under the names of invented laptops: limited, and dropped at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from commanding import Run
from fieldkit.store.oplog.receipt_codes import new_code
from fieldkit.sync.merge import quotas
from fieldkit.sync.merge.report import MERGED, QUARANTINED, MergedFile
from fieldkit.sync.setup import revoke
from hostile_files import Sender, line
from networks import Laptop, Network
from other_program import device_id, following


def relayed(hub: Laptop, thief: Sender, changes: int, laptops: int = 3, kind: str = "term") -> Path:
    """A bundle of the thief with `changes` changes of each of some laptops that do not exist."""
    lines, ranges = [], []
    for _ in range(laptops):
        origin = f"{device_id(bytes(SigningKey.generate().verify_key))}.0000beef"
        last = bytes(32)
        for seq in range(1, changes + 1):
            fields = {"list_name": "service_area", "code": f"{origin[:5]}{seq}", "label": f"X {seq}"}
            if kind == "withdrawal":
                fields = {"code": new_code()}
            lines.append(line(origin, seq, kind, f"{origin[:12]}{seq:08}", fields))
            last = following(last, lines[-1])
        ranges.append({"origin": origin, "from": 1, "to": changes, "prev": "00" * 32, "hash": last.hex()})
    path = hub.sticks / f"relayed-{len(list(hub.sticks.iterdir()))}.fkb"
    return thief.file(path, lines, ranges=ranges)


@pytest.fixture
def thief(network: Network) -> Sender:
    """The secret key of a deputy's laptop."""
    laptop = network.joins("Stolen", trusted="deputy")
    return Sender(laptop.me.key.seed, network.hub.me.network, network.hub.me.age_public)


def reason(taken: MergedFile) -> str:
    return taken.reason if taken.status == QUARANTINED else taken.status


@pytest.mark.parametrize(
    ("bound", "kind"), [("MOST_CHANGES", "term"), ("MOST_BYTES", "event"), ("MOST_WITHDRAWALS", "withdrawal")]
)
def test_they_add_no_more_together_than_a_laptop_may(
    network: Network, thief: Sender, monkeypatch: pytest.MonkeyPatch, bound: str, kind: str
) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    monkeypatch.setattr(quotas, bound, 8_000 if bound == "MOST_BYTES" else 20)
    assert reason(hub.take(relayed(hub, thief, 6, kind=kind))) == MERGED
    state = hub.state()
    for laptops, changes in ((3, 6), (1, 18), (18, 1)):
        assert reason(hub.take(relayed(hub, thief, changes, laptops, kind))) == "too-large"
        assert hub.state() == state
    # What laptops on the roster wrote is still relayed, and so is what no network file carries.
    deputy = network.joins("Deputy", trusted="deputy")
    deputy.merge(hub.invite())
    for number in range(30):
        field.kit.add("event", {"title": f"Fair {number}"})
    deputy.merge(*field.export())
    assert [file.status for file in hub.merge(*deputy.export()).files] == [MERGED]
    assert hub.take(relayed(hub, thief, 18, kind="feedback")).status == MERGED


def test_they_are_dropped_with_the_laptop_that_brought_them(
    network: Network, thief: Sender, run: Run
) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    other = hub.kit.add("event", {"title": "The fair"})
    path = relayed(hub, thief, 6)
    assert hub.take(path).status == MERGED
    field.merge(hub.invite())
    assert field.kit.count("term") == 18
    [worked_on] = hub.kit.page("term", 0, 1)
    hub.kit.edit(worked_on, {"label": "Worked on"})
    revoke(hub.kit, hub.me, thief.device)
    dropped = run("--kit", hub.kit.folder, "devices", "drop", thief.device, "--yes", "--json").json
    assert dropped["dropped"] == {"term": 17}
    field.merge(hub.invite())
    assert hub.kit.count("term") == field.kit.count("term") == 1
    assert hub.kit.get(other.record_id).values["title"] == "The fair"
    assert field.state() == hub.state()
    # Another laptop that still has them brings them back to nobody.
    hub.kit.put("device", thief.device, {"status": "trusted"})
    hub.take(path)
    assert hub.kit.count("term") == 1
