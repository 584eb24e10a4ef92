"""A laptop floods what every laptop carries: the coordinator drops the flood everywhere, and what others worked on stays."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from commanding import Run
from desk import notice, says, shown
from fieldkit.store.oplog.receipt_codes import new_code
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.network.floods import drop_flood, flood_of
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.listing import Listing
from networks import Laptop, Network
from other_program import Writer, device_id
from planted import enrolled, sent
from waiting import until

TERMS, WITHDRAWALS = 30, 12


def flooded(hub: Laptop) -> tuple[Writer, Path]:
    """An enrolled laptop's terms with unknown fields, withdrawals, an event and feedback."""
    writer = enrolled(hub, "field", "Flooder")
    codes = [new_code() for _ in range(WITHDRAWALS)]
    path = sent(
        hub,
        writer,
        *(
            (
                "term",
                f"flood{at:07}",
                {"list_name": "service_area", "code": f"x{at}", "label": f"X {at}", "junk": "y" * 2_000},
            )
            for at in range(TERMS)
        ),
        *(("withdrawal", f"back{at:07}", {"code": code}) for at, code in enumerate(codes)),
        ("event", "realevent01", {"title": "A real event"}),
        ("feedback", "realwords01", {"rating": "2"}),
    )
    return writer, path


def test_the_coordinator_drops_it_and_the_rest_stays(network: Network) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    writer, path = flooded(hub)
    device = device_id(writer.public)
    assert hub.take(path).status == MERGED
    field.merge(hub.invite())
    assert field.kit.count("term") == TERMS
    hub.kit.edit(hub.kit.get("realevent01", "event"), {"place": "Town hall"})
    large = hub.invite().stat().st_size
    flood = drop_flood(hub.kit, hub.me, device)
    assert flood.records == {"term": TERMS, "withdrawal": WITHDRAWALS}
    assert flood.changes == TERMS + WITHDRAWALS
    assert flood_of(hub.kit, hub.me, device).changes == 0
    counts = hub.state()[1]
    assert (counts["term"], counts["withdrawal"], counts["event"], counts["feedback"]) == (0, 0, 1, 1)
    # Afterwards the network file carries nothing of it, and revocations reach everybody.
    revoke(hub.kit, hub.me, device)
    invitation = hub.invite()
    assert invitation.stat().st_size < large
    field.merge(invitation)
    assert (field.kit.count("term"), field.kit.count("withdrawal"), field.kit.count("event")) == (0, 0, 1)
    assert field.kit.check() == []
    assert Roster(field.kit, field.me).members[device].status == "revoked"
    # The same file changes nothing any more.
    hub.kit.put("device", device, {"status": "trusted"})
    hub.take(path)
    assert hub.state()[1]["term"] == 0


def test_in_every_order_there_is_one_state(network: Network) -> None:
    hub = network.hub
    others = [network.joins(f"Deputy {number}", trusted="deputy") for number in range(3)]
    for deputy in others:
        deputy.merge(hub.invite())
        hub.merge(*deputy.export())
    writer, path = flooded(hub)
    before = hub.invite()
    hub.take(path)
    drop_flood(hub.kit, hub.me, device_id(writer.public))
    # What holds nobody else's work is gone. Feedback is not of a network kind, and stays.
    after, (records,) = hub.invite(), hub.export(full=True)
    for deputy, order in zip(others, permutations([path, after, records]), strict=False):
        deputy.merge(before)
        deputy.merge(*order)
        assert deputy.state() == hub.state()


def test_a_dropped_withdrawal_erases_nothing_any_more(network: Network) -> None:
    hub = network.hub
    stored, code = hub.kit.add_with_code("feedback", {"rating": "1", "consent_record": "Y"})
    writer = enrolled(hub, "field")
    (whole,) = hub.export(full=True)
    hub.take(sent(hub, writer, ("withdrawal", "planted00001", {"code": code})))
    assert hub.kit.counts()["feedback"] == 0
    drop_flood(hub.kit, hub.me, device_id(writer.public))
    hub.merge(whole)
    other = network.joins("Deputy", trusted="deputy")
    other.merge(hub.invite())
    assert hub.kit.count("withdrawal") == 0
    # What it erased comes again with a bundle that holds it.
    assert hub.kit.get(stored.record_id).values["rating"] == "1"
    with hub.kit.reading() as connection:
        from fieldkit.store.query.history import erased_tails

        assert erased_tails(connection) == []


def test_a_stolen_deputy_drops_nothing_for_others(network: Network) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    hub.kit.add("event", {"title": "The fair"})
    last = hub.kit.ledger.origins()[hub.kit.origin]
    thief = enrolled(hub, "deputy")
    hub.take(
        sent(hub, thief, ("policy", "dropped00001", {"dropped": f"{hub.kit.origin}:1-{last}", "x": None}))
    )
    field.merge(hub.invite())
    assert hub.kit.counts()["event"] == field.kit.counts()["event"] == 1


def test_the_command(network: Network, run: Run) -> None:
    hub = network.hub
    writer, path = flooded(hub)
    hub.take(path)
    device = device_id(writer.public)
    asked = run("--kit", hub.kit.folder, "devices", "drop", device, typed="n\n")
    assert "30 terms" in asked.out + asked.err
    assert hub.kit.count("term") == TERMS
    done = run("--kit", hub.kit.folder, "devices", "drop", device, "--yes", "--json").json
    assert done["dropped"] == {"term": TERMS, "withdrawal": WITHDRAWALS, "event": 1}
    assert hub.kit.count("term") == 0
    again = run("--kit", hub.kit.folder, "devices", "drop", device, "--yes")
    assert "nothing that can be dropped" in again.out


async def test_the_screen(network: Network) -> None:
    hub = network.hub
    writer, path = flooded(hub)
    hub.take(path)
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "Flooder"))
        listing = app.screen.query_one(Listing)
        device = device_id(writer.public)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == device)
        await until(pilot, lambda: app.screen.check_action("command", ("drop",)))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Confirm) and says(app, "30 terms"))
        await pilot.press("y")
        await until(pilot, lambda: "Dropped here" in notice(app))
    assert hub.kit.count("term") == 0
