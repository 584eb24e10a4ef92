"""A stolen deputy's file that erases everything waits for the coordinator, whose decision holds for everybody and for good."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from commanding import Run
from desk import notice, says, shown
from fieldkit.presentation.exchange.erasures import erasures, lines_of
from fieldkit.store.backup import backup
from fieldkit.sync.merge.many_erasures import Erasing
from fieldkit.sync.merge.merge import merge_decided
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.listing import Listing
from networks import Laptop, Network
from planted import enrolled, sent
from waiting import until

REASON = "many-erasures"


def recorded(hub: Laptop, number: int) -> list[str]:
    """`number` feedback records at the coordinator's."""
    return [
        hub.kit.add("feedback", {"rating": "1", "experience": f"said {at}"}).record_id for at in range(number)
    ]


def erasing(hub: Laptop, ids: list[str], role: str = "deputy") -> Path:
    """A deputy's file that erases these records and brings one of its own."""
    return sent(
        hub,
        enrolled(hub, role, "Stolen"),
        *(("feedback", record_id, {"erased": True}) for record_id in ids),
        ("partner", "partner00001", {"name": "Brought along"}),
    )


def decide(laptop: Laptop, what: Erasing) -> None:
    (file,) = [entry for entry in laptop.kit.ledger.quarantine() if entry.reason == REASON]
    assert [listed.status for listed in merge_decided(laptop.kit, laptop.me, file, what).files] == [MERGED]


def test_a_file_that_erases_much_waits(network: Network) -> None:
    hub = network.hub
    ids = recorded(hub, 40)
    path = erasing(hub, ids[:11])
    before = hub.state()
    for dry_run in (True, False):
        waits = hub.merge(path, dry_run=dry_run).files[0]
        assert (waits.status, waits.reason) == (QUARANTINED, REASON)
        assert "“Stolen” orders to erase 11 feedback records." in waits.sentence
        assert "40 records were held here when it came." in waits.sentence
    assert hub.state() == before
    assert hub.take(path).reason == REASON  # however often it comes


@pytest.mark.parametrize(("held", "erased"), [(40, 10), (300, 25)])
def test_a_few_erasures_do_not_wait(network: Network, held: int, erased: int) -> None:
    hub = network.hub
    ids = recorded(hub, held)
    assert hub.take(erasing(hub, ids[:erased])).status == MERGED
    assert hub.kit.count("feedback") == held - erased


def test_cutting_it_into_small_files_helps_nobody(network: Network) -> None:
    hub = network.hub
    ids = recorded(hub, 40)
    thief = enrolled(hub, "deputy", "Stolen")
    first = sent(hub, thief, *(("feedback", each, {"erased": True}) for each in ids[:8]))
    assert hub.take(first).status == MERGED
    second = hub.take(sent(hub, thief, *(("feedback", each, {"erased": True}) for each in ids[8:16])))
    assert (second.reason, hub.kit.count("feedback")) == (REASON, 32)
    assert "after 8 in the last 7 days" in second.sentence


def test_records_made_up_in_the_same_file_hide_nothing(network: Network) -> None:
    hub = network.hub
    ids = recorded(hub, 30)
    thief = enrolled(hub, "deputy", "Stolen")
    padding = (("feedback", f"padding{at:05}", {"rating": "1"}) for at in range(400))
    path = sent(hub, thief, *padding, *(("feedback", each, {"erased": True}) for each in ids))
    assert hub.take(path).reason == REASON


def test_records_made_up_in_an_earlier_file_hide_nothing(network: Network) -> None:
    hub = network.hub
    ids = recorded(hub, 30)
    thief = enrolled(hub, "deputy", "Stolen")
    padding = sent(hub, thief, *(("feedback", f"madeup{at:08}", {"rating": "1"}) for at in range(300)))
    assert hub.take(padding).status == MERGED
    waits = hub.take(sent(hub, thief, *(("feedback", each, {"erased": True}) for each in ids)))
    assert (waits.reason, hub.kit.count("feedback")) == (REASON, 330)


def test_erasing_all_text_waits_like_erasing(network: Network) -> None:
    hub = network.hub
    recorded(hub, 20)
    thief = enrolled(hub, "deputy", "Stolen")
    ops = [
        (seq, hub.kit.ledger.hash_of(hub.kit.origin, seq))
        for seq in range(1, hub.kit.ledger.origins()[hub.kit.origin] + 1)
    ]
    by_id = {
        record.record_id: digest.hex()
        for record in hub.kit.page("feedback")
        for ref in hub.kit.get(record.record_id).everything[:1]
        for seq, digest in ops
        if digest and seq == int(ref.rpartition(":")[2])
    }
    assert len(by_id) == 20
    path = sent(
        hub,
        thief,
        *(("feedback", entry, {"redacts": {digest: ["experience"]}}) for entry, digest in by_id.items()),
    )
    assert hub.take(path).reason == REASON
    decide(hub, Erasing.REFUSED)
    assert all("experience" in stored.values for stored in hub.kit.page("feedback"))


def test_let_through_it_erases(network: Network) -> None:
    hub = network.hub
    ids = recorded(hub, 20)
    hub.take(erasing(hub, ids))
    decide(hub, Erasing.LET)
    assert hub.kit.counts()["feedback"] == 0
    assert hub.kit.count("partner") == 1
    assert hub.kit.ledger.quarantine() == []
    assert hub.kit.check() == []


def test_refused_it_brings_the_rest_and_never_erases(network: Network) -> None:
    hub = network.hub
    ids = recorded(hub, 20)
    path = erasing(hub, ids)
    hub.take(path)
    backup(hub.kit, hub.sticks / "before.fkbackup")
    decide(hub, Erasing.REFUSED)
    assert (hub.kit.counts()["feedback"], hub.kit.count("partner")) == (20, 1)
    assert hub.kit.ledger.quarantine() == []
    assert hub.kit.check() == []
    backup(hub.kit, hub.sticks / "after.fkbackup")
    # It comes again, by itself and after a restore, and erases nothing.
    assert hub.take(path).new_ops == 0
    for name in ("after", "before"):
        hub.restore(hub.sticks / f"{name}.fkbackup")
        assert hub.kit.counts()["feedback"] == 20
        assert hub.take(path).status != MERGED or hub.kit.counts()["feedback"] == 20
        assert hub.kit.counts()["feedback"] == 20


def test_a_refusal_reaches_every_laptop_in_every_order(network: Network) -> None:
    """A second deputy that allowed the file has the records again, and the same state as the coordinator."""
    hub = network.hub
    others = [network.joins(f"Deputy {number}", trusted="deputy") for number in range(3)]
    for deputy in others:
        deputy.merge(hub.invite())
        hub.merge(*deputy.export())
    ids = recorded(hub, 12)
    path = erasing(hub, ids)
    invitation, (records,) = hub.invite(), hub.export(full=True)
    hub.take(path)
    decide(hub, Erasing.REFUSED)
    refusal, rest = hub.invite(), hub.export(full=True)
    for deputy, order in zip(others, permutations(["file", "refusal", "records"]), strict=False):
        deputy.merge(invitation)
        for step in order:
            if step == "file":
                if deputy.take(path).reason == REASON:
                    decide(deputy, Erasing.LET)
            else:
                deputy.merge(refusal if step == "refusal" else records)
        # What it lost comes again with the next full bundle.
        deputy.merge(refusal, *rest)
        assert deputy.kit.counts()["feedback"] == 12
        assert deputy.state() == hub.state()


def test_a_network_file_of_a_stolen_deputy_empties_no_field_laptop(network: Network) -> None:
    """Anybody can read it. Nobody is asked on a field laptop; what the coordinator allows comes from there."""
    hub, field = network.hub, network.joins("Field", trusted="field")
    thief = network.joins("Stolen", trusted="deputy")
    thief.merge(hub.invite())
    ids = [field.kit.add("event", {"title": f"Event {at}"}).record_id for at in range(12)]
    hub.merge(*field.export())
    thief.merge(hub.invite())
    field.merge(hub.invite())
    for record_id in ids:
        thief.kit.erase(record_id, "event")
    waits = field.take(thief.invite())
    assert (waits.status, waits.reason) == (QUARANTINED, REASON)
    assert "network file" in waits.hint
    assert field.kit.counts()["event"] == 12
    hub.merge(*thief.export())
    decide(hub, Erasing.LET)
    field.merge(hub.invite())
    assert field.kit.counts()["event"] == 0


def test_only_the_creators_word_refuses_for_others(network: Network) -> None:
    """A stolen deputy can't restore what the coordinator erased."""
    hub, field = network.hub, network.joins("Field", trusted="field")
    (kept,) = recorded(hub, 1)
    hub.kit.erase(kept)
    origin = hub.kit.origin
    last = hub.kit.ledger.origins()[origin]
    digests = [hub.kit.ledger.hash_of(origin, seq) for seq in range(1, last + 1)]
    named = "\n".join(digest.hex() for digest in digests if digest)
    thief = enrolled(hub, "deputy", "Stolen")
    hub.take(sent(hub, thief, ("policy", "refusal00001", {"refused_orders": named})))
    field.merge(hub.invite())
    for laptop in (hub, field):
        with laptop.kit.reading() as connection:
            from fieldkit.store.journal.refused_orders import refused_orders

            assert refused_orders(connection) == set()
    assert hub.kit.counts()["feedback"] == 0


def test_what_was_erased_at_once_is_one_entry(network: Network) -> None:
    hub = network.hub
    hub.take(erasing(hub, recorded(hub, 20)[:12]))
    decide(hub, Erasing.LET)
    what, status, *rest = lines_of(erasures(hub.kit, hub.me))
    assert what.startswith("Erased: 12 feedback records, ") and what.endswith(", by Stolen")
    assert status.strip() and not rest
    hub.kit.erase(hub.kit.page("feedback")[0].record_id)
    entries = sorted(line[:16] for line in lines_of(erasures(hub.kit, hub.me))[::2])
    assert entries == ["Erased: 12 feedb", "Erased: feedback"]


def test_the_commands(network: Network, run: Run) -> None:
    hub = network.hub
    ids = recorded(hub, 30)
    path = erasing(hub, ids[:12])
    folder = hub.kit.folder
    merged = run("--kit", folder, "merge", path)
    assert "Stolen" in merged.out and "12" in merged.out
    listed = run("--kit", folder, "quarantine")
    assert "--refuse" in listed.out and "Stolen" in listed.out
    seen = run("--kit", folder, "quarantine", "--show", path.name)
    assert seen.out.count("\n") == 12 and all(f"said {at}" in seen.out for at in range(12))
    assert run("--kit", folder, "quarantine", "--refuse", path.name, "--yes").code == 0
    assert hub.kit.counts()["feedback"] == 30
    path = erasing(hub, ids[:12])
    run("--kit", folder, "merge", path)
    assert run("--kit", folder, "quarantine", "--erase", "nobody", "--yes").code != 0
    assert run("--kit", folder, "quarantine", "--erase", path.name, "--yes").code == 0
    assert hub.kit.counts()["feedback"] == 18


@pytest.mark.parametrize("key", ["e", "r"])
async def test_one_key_on_the_screen(network: Network, key: str) -> None:
    hub = network.hub
    ids = recorded(hub, 20)
    hub.take(erasing(hub, ids))
    async with shown(hub.kit, hub.me, "quarantine") as (app, pilot):
        await until(pilot, lambda: says(app, "erases many", "Stolen", "Press e to erase"))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, Confirm) and says(app, "for good"))
        await pilot.press("n")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert hub.kit.ledger.quarantine() and hub.kit.counts()["feedback"] == 20
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: "is merged" in notice(app))
    assert hub.kit.counts()["feedback"] == (0 if key == "e" else 20)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_records_are_seen_before_anybody_decides(network: Network, size: tuple[int, int]) -> None:
    hub = network.hub
    ids = recorded(hub, 20)
    hub.take(erasing(hub, [*ids[:12], "nobodys00001"]))
    before = hub.state()
    async with shown(hub.kit, hub.me, "quarantine", size=size) as (app, pilot):
        await until(pilot, lambda: says(app, "erases many", "v which records"))
        await pilot.press("v")
        await until(pilot, lambda: says(app, "It would erase 13 records", "said 0", "said 5"))
        # By kind and id: a record of another kind may have the same id.
        assert app.screen.query_one(Listing).row(0).id in {f"feedback:{record_id}" for record_id in ids}
        await pilot.press("end")
        await until(pilot, lambda: says(app, "said 11", "not held here"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "Quarantine · 1 file"))
    assert hub.state() == before and hub.kit.ledger.quarantine()


async def test_the_merge_says_where_to_decide(network: Network) -> None:
    hub = network.hub
    path = erasing(hub, recorded(hub, 20))
    async with shown(hub.kit, hub.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "20 records were held here when it came. Nothing was erased."))
        assert says(app, "Decide in the quarantine: a on “send and receive”.")
