"""The screens for a stolen laptop: when it is revoked its changes are shown, and one key undoes them."""

from __future__ import annotations

import pytest

from desk import notice, says, shown
from fieldkit.sync.network.roster import Roster
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.listing import Listing
from networks import Network
from other_program import device_id
from planted import enrolled, sent
from waiting import until


@pytest.mark.parametrize("forged", [False, True])
async def test_revoking_offers_to_undo_what_it_changed(network: Network, forged: bool) -> None:
    """Changes under its own name and under that of another deputy: asked about separately."""
    hub, field = network.hub, network.joins("Field", trusted="field")
    other = network.joins("St Mary", trusted="deputy")
    thief = enrolled(hub, "deputy", "Stolen")
    if forged:
        thief.origin = f"{other.me.device}.0badbeef"
    hub.merge(
        sent(
            hub,
            thief,
            ("device", field.me.device, {"status": "revoked", "name": "[/] Gone"}),
            ("policy", "networkpolicy", {"retention_months": 1}),
        )
    )
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "Stolen"))
        listing = app.screen.query_one(Listing)
        device = device_id(thief.public)
        listing.cursor = next(at for at in range(4) if listing.row(at).id == device)
        await until(pilot, lambda: app.screen.check_action("command", ("revoke",)))
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        question = "under other names" if forged else "Undo what Stolen changed"
        await until(pilot, lambda: says(app, "[/] Gone", "name: [/] Gone", question))
        assert says(app, "“St Mary”") == forged
        await pilot.press("y")
        await until(pilot, lambda: "Undone: 2 records" in notice(app))
    members = Roster(hub.kit, hub.me).members
    assert (members[field.me.device].status, members[field.me.device].name) == ("trusted", "Field")
    assert members[device].status == "revoked"
    assert hub.kit.count("policy", where={"retention_months": 1}) == 0
