"""A stolen deputy names more readers than a bundle may have: the true coordinators can still read what others send."""

from __future__ import annotations

import pyrage
import pytest
from nacl.signing import SigningKey

from commanding import Run
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.network.roster import Roster
from networks import Network
from other_program import device_id, ssh_line
from planted import enrolled, sent
from statements import statement


def new_key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


@pytest.mark.parametrize("by", ["keys", "deputies"])
def test_what_others_send_is_read_all_the_same(network: Network, run: Run, by: str) -> None:
    hub, deputy = network.hub, network.joins("True deputy", trusted="deputy")
    field = network.joins("Field", trusted="field")
    deputy.merge(hub.invite())
    hub.merge(*deputy.export())
    thief = enrolled(hub, "deputy", "Stolen")
    if by == "keys":
        changes = [
            ("device", device_id(thief.public), {"key_statement": statement(thief.key, new_key(), number)})
            for number in range(100)
        ]
    else:
        keys = [SigningKey.generate() for _ in range(100)]
        changes = [
            (
                "device",
                device_id(bytes(key.verify_key)),
                {
                    "name": f"Friend {number}",
                    "role": "deputy",
                    "status": "trusted",
                    "public_key": ssh_line(bytes(key.verify_key)),
                    "key_statement": statement(key, new_key(), number),
                },
            )
            for number, key in enumerate(keys)
        ]
    hub.take(sent(hub, thief, *changes))
    field.merge(hub.invite())
    deputy.merge(hub.invite())
    field.kit.add("feedback", {"rating": "2", "experience": "After the theft"})
    output = run("--kit", field.kit.folder, "export", "-o", field.sticks)
    assert ("coordinators can't open it" in output.out) == (by == "deputies")
    (bundle,) = field.sticks.glob(f"fieldkit-{field.me.device[:6]}-*.fkb")
    assert {hub.me.age_public, deputy.me.age_public} <= set(Roster(field.kit, field.me).recipients())
    assert hub.take(bundle).status == MERGED
    assert deputy.take(bundle).status == MERGED
