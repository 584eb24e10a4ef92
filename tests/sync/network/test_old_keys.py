"""A coordinator's older age key opens what was sealed to it for the days of the key change, and no longer."""

from __future__ import annotations

import pytest

from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.network.identity import age_secrets
from fieldkit.sync.setup import rotate_key
from networks import Network
from trust_desk import back


@pytest.mark.parametrize(("days", "status"), [(0, MERGED), (29, MERGED), (31, QUARANTINED)])
def test_what_is_sealed_to_an_older_key_opens_for_the_stated_days(
    network: Network, days: int, status: str
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (sealed,) = laptop.export()
    rotate_key(hub.kit, hub.me, days=30)
    hub.again()
    back(hub, -days)
    ingested = hub.take(sealed)
    assert ingested.status == status
    assert ingested.reason == ("not-for-us" if status == QUARANTINED else "")
    assert hub.kit.count("feedback") == (status == MERGED)


def test_each_older_key_has_days_of_its_own(network: Network) -> None:
    hub = network.hub
    first = age_secrets(hub.kit)
    rotate_key(hub.kit, hub.me, days=10)
    hub.again()
    second = age_secrets(hub.kit)
    rotate_key(hub.kit, hub.me, days=30)
    hub.again()
    newest = age_secrets(hub.kit)
    assert newest[1:] == [first[0], second[0]]
    back(hub, -11)
    assert age_secrets(hub.kit) == [newest[0], second[0]]
    back(hub, -31)
    assert age_secrets(hub.kit) == [newest[0]]
    # A key that no longer opens is forgotten with the next key.
    rotate_key(hub.kit, hub.me, days=30)
    assert len(hub.kit.settings.get(IDENTITY)["age_older"]) == 1
