"""Receipts and gaps on the command line: where a record has arrived, what is requested again, who has not reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli_kits import Kits, recorded
from commanding import Run
from fieldkit.cli.receipt_lines import news_as_data
from fieldkit.presentation.exchange.new_receipts import news_since
from fieldkit.store.journal.sync_log import Ledger
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import PEER_REPORTS, RECEIPTS
from fieldkit.store.oplog.record_ids import now_ms
from fieldkit.sync.network.identity import identity

DAY = 86_400_000

pytestmark = pytest.mark.usefixtures("surroundings")


def test_a_record_is_on_the_laptop_then_in_a_bundle_then_confirmed(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    record_id = recorded(run, a)
    status = run("--kit", a, "status", "--json").json
    assert (status["unconfirmed"]["ops"], status["confirmable"], status["receipts"]) == (2, True, [])
    assert status["unconfirmed"]["oldest"] is not None
    # The older change may have been made some time ago, as all tests of this run share it.
    before = run("--kit", a, "status").out
    assert re.search(r"2 changes not yet confirmed, the oldest from today", before)
    assert run("--kit", a, "show", record_id, "--json").json["where"] == "on this laptop"
    exported = run("--kit", a, "export", "-o", "new/folder/", "--json").json
    assert Path(exported["bundles"][0]["path"]).parent == Path("new/folder")
    assert exported["unconfirmed"]["ops"] == 2
    assert run("--kit", a, "show", record_id, "--json").json["where"] == "in bundle 2"

    merged = run("merge", "new", "--receipt", "back/", "--json").json
    assert Path(merged["receipt"]).suffix == ".fkr"
    took = run("--kit", a, "merge", "back", "--json").json
    [receipt] = took["receipts"]
    assert (receipt["coordinator"], receipt["own_changes"], receipt["wanted"]) == ("Coordinator", 2, [])
    assert [(span["from"], span["to"]) for span in receipt["confirmed"]] == [(1, 2)]
    assert took["unconfirmed"] == {"ops": 0, "oldest": None, "stamp": None}
    assert run("--kit", a, "show", record_id, "--json").json["where"] == "confirmed"
    assert [
        record_id["where"] for record_id in run("--kit", a, "list", "feedback", "--where-is", "--json").json
    ] == [
        "confirmed",
        "confirmed",
    ]
    assert "confirmed" in run("--kit", a, "list", "feedback", "--where-is").out
    assert "where" not in run("--kit", a, "list", "feedback", "--json").json[0]
    output = run("--kit", a, "status").out
    assert "Every change is confirmed." in output
    assert "Last receipt from Coordinator" in output
    assert run("--kit", a, "merge", "back", "--json").json["receipts"] == []
    assert "not yet confirmed" not in run("status").out  # the only coordinator needs no confirmation


def test_a_receipt_tells_what_it_wants_again_and_what_was_quarantined(
    run: Run, kits: Kits, tmp_path: Path
) -> None:
    _, a, _ = kits
    for number in (1, 2, 3):
        recorded(run, a)
        (tmp_path / f"{number}").mkdir()
        run("--kit", a, "export", "-o", f"{number}")
    with Kit.open(a) as kit:
        origin = kit.origin
        last = kit.ledger.origins()[origin]
    receipt_stored = {
        "device": "",
        "origin": "x",
        "made": 1_700_000_000_000,
        "held": {origin: [(1, 1), (last, last)]},
        "missing": {origin: [(2, last - 1)]},
        "aside": [
            {
                "device": origin.partition(".")[0],
                "sha256": "0" * 64,
                "reason": "of-a-newer-version",
            }
        ],
        "clashes": [{"kind": "event", "record_id": "x", "field": "title"}],
        "hashes": {},
        "only": [],
        "ancestors": [],
    }
    with Kit.open(a) as kit:
        founder = next(iter(kit.page("device"))).record_id
        kit.settings.put(RECEIPTS, {founder: {"x": {**receipt_stored, "device": founder}}})
        [receipt_news] = news_since(kit, identity(kit), [])
    data = news_as_data(receipt_news)
    assert data["wanted"] == [{"origin": origin, "from": 2, "to": last - 1}]
    assert [(file["name"], file["sha256"]) for file in data["aside"]] == [("", "0" * 64)]
    assert data["aside"][0]["sentence"] == "It can't be accepted there. Ask the coordinator."
    assert run("--kit", a, "status", "--json").json["unconfirmed"]["ops"] == last - 2
    assert run("--kit", a, "export", "-o", "again.fkb", "--json").json["ops"] == last - 2


def test_receipts_are_a_coordinators_and_can_be_for_one(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    assert run("--kit", a, "receipt", "-o", "r.fkr").code == 2
    assert run("--kit", a, "merge", "net.fkn", "--receipt", "r.fkr").code == 2
    assert run("merge", "net.fkn", "--receipt", "r.fkr", "--dry-run").code == 2
    made = run("receipt", "-o", "r.fkr", "--for", "St Mary", "--json")
    assert (made.code, len(made.json["for"])) == (0, 1)
    assert run("receipt", "-o", "r2.fkr", "--for", "Nobody at all").code == 2
    assert not (tmp_path / "r2.fkr").exists()
    (tmp_path / "letter.doc").write_text("mine")
    assert run("receipt", "-o", "letter.doc").code == 2
    assert run("network", "invite", "-o", "letter.doc").code == 2
    assert (tmp_path / "letter.doc").read_text() == "mine"
    assert run("inspect", "r.fkr", "--json").json["purpose"] == "receipt"


def test_gaps_and_silence_are_told_to_the_coordinator(
    run: Run, kits: Kits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, a, _ = kits
    by_name = {laptop["name"]: laptop for laptop in run("devices", "list", "--json").json}
    assert by_name["St Mary"]["missing"] == []
    assert by_name["St Mary"]["last_heard"] is not None
    held = Ledger.held

    def with_gap(self: Ledger, origin: str) -> list[tuple[int, int]]:
        spans = held(self, origin)
        return [(1, 1_200), (1_351, 1_400)] if origin.startswith(by_name["St Mary"]["id"]) else spans

    monkeypatch.setattr(Ledger, "held", with_gap)
    then = now_ms() - 12 * DAY
    monkeypatch.setattr(Ledger, "last_merged", lambda _: {by_name["St Mary"]["id"]: then})
    with Kit.open(tmp_path / "hub") as kit:
        copies = kit.settings.get(PEER_REPORTS)[by_name["St Mary"]["id"]]
        for copy in copies.values():
            copy["at"] = then
        kit.settings.put(PEER_REPORTS, {by_name["St Mary"]["id"]: copies})
    output = run("devices", "list").out
    assert "St Mary: Missing 1201-1350, last bundle 12 days ago" in output
    assert "Gurdwara: no bundle merged yet" in output
    [gap] = next(laptop for laptop in run("devices", "list", "--json").json if laptop["name"] == "St Mary")[
        "missing"
    ]
    assert (gap["from"], gap["to"]) == (1_201, 1_350)
    assert "missing" not in run("--kit", a, "devices", "list", "--json").json[0]
    assert "missing" not in run("--kit", a, "devices", "list").out
