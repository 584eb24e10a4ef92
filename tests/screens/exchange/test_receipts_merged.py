"""What a receipt confirms is said first, and the figures of "send and receive" follow it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desk import says, shown
from networks import Network
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


async def test_a_receipt_beside_a_network_file_says_first_what_is_confirmed(
    net: Network, stick: Path
) -> None:
    (a,), hub = net.others, net.hub
    for _ in range(3):
        a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    shutil.copy(hub.receipt(), stick)
    shutil.copy(hub.invite(), stick)
    for _ in range(2):
        a.kit.add("feedback", {"rating": "2"})
    async with shown(a.kit, a.me, "sync") as (app, pilot):
        await until(pilot, lambda: says(app, "5 not confirmed by a receipt"))
        await pilot.press("m")
        await until(pilot, lambda: says(app, "Merge files", "both files"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "What would change", "Enter merges"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Confirmed: 3 of this laptop's 5 changes. 2 files brought"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "2 not confirmed by a receipt"))
