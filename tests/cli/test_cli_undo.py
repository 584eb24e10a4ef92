"""Undoing on the command line: a change, an import, a bundle, and a deletion against an edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_kits import Kits, only, recorded, with_answers
from commanding import Run
from fieldkit.cli.commands.records.undo_command import matching_changes
from fieldkit.presentation.exchange.conflicts import conflicts
from fieldkit.store.kit import Kit
from networks import Network

pytestmark = pytest.mark.usefixtures("surroundings")


def test_history_names_changes_and_one_can_be_undone(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    record_id = recorded(run, a, "--set", "experience=First words")
    run("--kit", a, "edit", record_id, "--set", "rating=5", "--set", "event=Fair")
    steps = run("--kit", a, "history", record_id, "--json").json
    labels = {change["field"]: change["label"] for change in steps[1]["changes"]}
    assert labels == {"rating": "5 very poor", "event": "Fair · 27 Oct 2026"}
    output = run("--kit", a, "history", record_id).out
    assert "2 good (replaced later)" in output
    assert "5 very poor (current)" in output
    assert "Event: Fair · 27 Oct 2026" in output
    assert steps[1]["ref"] in output
    number = steps[1]["ref"].rpartition(":")[2]
    assert run("--kit", a, "undo", record_id, number, "--json").json["changed_records"] == 1
    now = run("--kit", a, "show", record_id, "--json").json
    assert (now["rating"], now.get("event")) == ("2", None)
    assert "nothing to undo" in run("--kit", a, "undo", record_id, steps[1]["ref"]).out
    assert run("--kit", a, "undo", record_id, "9999").code == 1
    run("--kit", a, "delete", record_id)
    last = run("--kit", a, "history", record_id, "--json").json[-1]["ref"]
    run("--kit", a, "undo", record_id, last)
    assert run("--kit", a, "show", record_id, "--json").json["deleted"] is False
    for arguments in (
        ["undo"],
        ["undo", record_id],
        ["undo", record_id, "1", "--import", "1"],
        ["undo", "--import", "0"],
    ):
        assert run("--kit", a, *arguments).code == 2


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("4", ["4c0k9:4"]),  # not all changes of an origin that begins with a 4
        ("9", []),
        ("4c0", ["4c0k9:4", "4c0k9:14"]),
        ("k9:14", ["4c0k9:14"]),
        ("4c0k9:4", ["4c0k9:4"]),
        ("", []),
    ],
)
def test_a_number_names_a_change_whatever_its_origin_begins_with(asked: str, meant: list[str]) -> None:
    assert matching_changes(["4c0k9:4", "4c0k9:14", "9z:5"], asked) == meant


def test_private_notes_have_no_undo(run: Run, kits: Kits) -> None:
    note = run("record", "note", "--set", "notes=Private", "--json")
    assert note.code == 0, note.err
    ref = run("history", note.json["id"], "--json").json[0]["ref"]
    assert run("undo", note.json["id"], ref).code == 2
    assert run("show", note.json["id"], "--json").json["where"] == "on this laptop"


def test_an_import_can_be_undone_whole(run: Run, kits: Kits, tmp_path: Path) -> None:
    assert run("imports").out == "Nothing was imported here.\n"
    (tmp_path / "rows.csv").write_text("rating,experience\n1,one\n2,two\n3,three\n")
    before = run("status", "--json").json["counts"]["feedback"]
    assert (
        "undo --import 1"
        in run("record", "feedback", "--from", "rows.csv", "--consent", "signed forms", "--understood").out
    )
    [entry] = run("imports", "--json").json
    assert (entry["number"], entry["name"], entry["stored"]) == (1, "rows.csv", 3)
    assert "rows.csv" in run("imports").out
    assert run("undo", "--import", "1", "--json").json["changed_records"] == 3
    assert run("status", "--json").json["counts"]["feedback"] == before
    assert run("undo", "--import", "2").code == 1


def test_a_bundle_can_be_undone_but_not_the_roster_with_it(run: Run, kits: Kits) -> None:
    _, a, b = kits
    fingerprint = run("--kit", b, "status", "--json").json["device"]["fingerprint"]
    mine = run("--kit", a, "status", "--json").json["device"]["fingerprint"]
    assert run("devices", "role", mine, "deputy").code == 0
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert (
        run("--kit", a, "devices", "role", fingerprint, "deputy", "--json").json["device"]["role"] == "deputy"
    )
    record_id = recorded(run, a)
    path = run("--kit", a, "export", "-o", "deputy.fkb", "--json").json["bundles"][0]["path"]
    assert run("merge", path).code == 0
    [entry] = [record_id for record_id in run("merges", "--json").json if record_id["name"] == "deputy.fkb"]
    assert entry["who"] == "St Mary"
    assert "deputy.fkb" in run("merges").out
    assert run("undo", "--bundle", entry["id"][:8], "--json").json["changed_records"] >= 1
    assert run("show", record_id, "--json").json["deleted"] is True
    roles = {
        record_id["fingerprint"]: record_id["role"] for record_id in run("devices", "list", "--json").json
    }
    assert roles[fingerprint] == "deputy"
    assert run("undo", "--bundle", "deputy.fkb").code == 0
    assert run("undo", "--bundle", "zzzz").code == 1
    assert run("--kit", b, "undo", "--bundle", "net.fkn").code == 2


def test_a_no_about_consent_stays_no(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    record_id = recorded(run, a, *with_answers("consent_quote=Y", "consent_contact=Y"))
    run("--kit", a, "export", "-o", "yes.fkb")
    refusals = with_answers("consent_quote=N", "consent_contact=Z")
    run("--kit", a, "edit", record_id, *refusals, *with_answers("rating=4"))
    run("--kit", a, "export", "-o", "no.fkb")
    assert run("merge", "yes.fkb").code == run("merge", "no.fkb").code == 0
    undone = run("undo", "--bundle", "no.fkb").out
    assert "Undone: 1 record changed. 2 answers about consent stay no." in undone
    now = run("show", record_id, "--json").json
    assert (now["consent_quote"], now["consent_contact"], now["rating"]) == ("N", "Z", "2")
    again = run("undo", "--bundle", "no.fkb", "--json").json
    assert again == {"changed_records": 0, "answers_left_at_no": 2}
    ref = run("--kit", a, "history", record_id, "--json").json[-1]["ref"]
    assert "2 answers about consent stay no." in run("--kit", a, "undo", record_id, ref).out
    now = run("--kit", a, "show", record_id, "--json").json
    assert (now["consent_quote"], now["consent_contact"], now["rating"]) == ("N", "Z", "2")


def test_a_yes_about_consent_goes_back_to_a_no(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    record_id = recorded(run, a, *with_answers("consent_quote=N"))
    run("--kit", a, "edit", record_id, *with_answers("consent_quote=Y"))
    ref = run("--kit", a, "history", record_id, "--json").json[-1]["ref"]
    assert "stay" not in run("--kit", a, "undo", record_id, ref).out
    assert run("--kit", a, "show", record_id, "--json").json["consent_quote"] == "N"


def test_a_deletion_against_an_edit_is_resolved(run: Run, kits: Kits) -> None:
    _, a, b = kits
    event = only(run, a, "event")
    run("--kit", a, "delete", event)
    run("--kit", b, "edit", event, "--set", "title=New")
    for kit in (a, b):
        run("--kit", kit, "export", "-o", "stick/")
    run("merge", "stick")
    [conflict] = run("conflicts", "--json").json
    assert (conflict["field"], {value["value"] for value in conflict["values"]}) == ("deleted", {True, False})
    assert "deleted=yes|no" in run("conflicts").out
    assert run("conflicts", "resolve", event, "deleted=maybe").code == 2
    assert run("conflicts", "resolve", event, "deleted=no").code == 0
    assert run("conflicts", "--json").json == []
    assert run("show", event, "--json").json["title"] == "New"


def test_lists_of_imports_and_merges_say_what_was_undone(run: Run, kits: Kits) -> None:
    hub, _, _ = kits
    Path("rows.csv").write_text("name\nAmina\n")
    run("record", "person", "--from", "rows.csv", "--consent", "signed forms")
    [merge, *_] = run("merges", "--json").json
    [entry] = run("imports", "--json").json
    assert merge["taken_back"] is entry["taken_back"] is None
    assert run("undo", "--import", "1").code == run("undo", "--bundle", merge["id"]).code == 0
    [after, *others] = run("merges", "--json").json
    assert after["taken_back"] is not None
    assert others[-1]["taken_back"] is None
    assert run("imports", "--json").json[0]["taken_back"] is not None
    assert "undone" in run("imports").out
    assert "undone" in run("merges").out
    assert "It was undone on " in run("undo", "--bundle", merge["id"]).out
    assert hub.is_dir()


# Which changes a name matches


def test_a_change_is_named_by_any_ending_that_is_its_own(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    record_id = str(
        run("--kit", a, "record", "feedback", *with_answers("consent_record=Y", "rating=2"), "--json").json[
            "id"
        ]
    )
    for rating in (3, 4, 5):
        run("--kit", a, "edit", record_id, "--set", f"rating={rating}")
    refs = [step["ref"] for step in run("--kit", a, "history", record_id, "--json").json]
    ending = refs[-1].partition(".")[2]
    assert run("--kit", a, "undo", record_id, ending, "--json").json["changed_records"] == 1
    assert run("--kit", a, "show", record_id, "--json").json["rating"] == "4"
    assert run("--kit", a, "undo", record_id, refs[2][-5:].upper(), "--json").code == 0
    assert run("--kit", a, "undo", record_id, "9:9999").code == 1
    assert run("--kit", a, "undo", record_id, ":").code == 1


def test_the_changes_that_a_name_fits_are_listed(net: Network, run: Run) -> None:
    (a,), hub = net.others, net.hub
    record_id = a.kit.add("feedback", {"rating": "1"}).record_id
    hub.merge(*a.export())
    origin, seq = a.kit.ledger.refs_of(record_id)[0]
    while hub.kit.ledger.origins().get(hub.kit.origin, 0) < seq - 1:
        hub.kit.add("feedback", {"rating": "2"})
    while hub.kit.ledger.origins()[hub.kit.origin] >= seq:
        a.kit.put("feedback", record_id, {"rating": str(2 + seq % 3)})
        origin, seq = a.kit.ledger.refs_of(record_id)[-1]
        hub.merge(*a.export())
        while hub.kit.ledger.origins()[hub.kit.origin] < seq - 1:
            hub.kit.add("feedback", {"rating": "2"})
    hub.kit.put("feedback", record_id, {"rating": "5"})
    folder = hub.kit.folder
    hub.kit.close()
    ran = run("--kit", folder, "undo", record_id, str(seq))
    assert ran.code == 1
    assert f"{origin}:{seq}" in ran.err
    assert f"{hub.me.origin}:{seq}" in ran.err
    assert run("--kit", folder, "undo", record_id, f"{hub.me.incarnation}:{seq}").code == 0
    hub.kit = Kit.open(folder)


# The text of a conflict


def test_an_edit_against_a_deletion_says_what_was_edited(run: Run, kits: Kits) -> None:
    hub, a, b = kits
    event = str(run("--kit", a, "list", "event", "--json").json[0]["id"])
    run("--kit", a, "delete", event)
    run("--kit", b, "edit", event, "--set", "place=New hall", "--set", "title=New")
    for kit in (a, b):
        run("--kit", kit, "export", "-o", "stick/")
    run("merge", "stick")
    output = run("conflicts").out
    assert "Delete it. - St Mary, " in output
    assert "Keep it, with what was changed: Title: New; Place: New hall - Gurdwara, " in output
    assert "Place: New hall" in output
    assert " no - " not in output
    [conflict] = run("conflicts", "--json").json
    labels = {value["value"]: value["label"] for value in conflict["values"]}
    with Kit.open(hub) as kit:
        held = conflicts(kit)
    assert labels == {offer.value: offer.label for offer in held[0].offers}
    [keep] = [offer for offer in held[0].offers if offer.value is False]
    assert keep.parts == (("Title", "New"), ("Place", "New hall"))


def test_a_record_that_was_restored_says_by_whom(run: Run, kits: Kits) -> None:
    _, a, b = kits
    event = str(run("--kit", a, "list", "event", "--json").json[0]["id"])
    for kit in (a, b):
        run("--kit", kit, "delete", event)
    run("--kit", b, "restore", event)
    for kit in (a, b):
        run("--kit", kit, "export", "-o", "stick/")
    run("merge", "stick")
    assert "Keep it: Gurdwara restored it. - Gurdwara, " in run("conflicts").out


def test_what_is_resolved_is_called_by_its_value_now(run: Run, kits: Kits) -> None:
    _, a, b = kits
    event = str(run("--kit", a, "list", "event", "--json").json[0]["id"])
    for number, title in ((2, ""), (0, "Gamma")):
        for kit, name in ((a, "Alpha"), (b, "Beta")):
            run("--kit", kit, "edit", event, "--set", f"title={name} {number}")
            run("--kit", kit, "export", "-o", "stick/")
        run("merge", "stick")
        [conflict] = run("conflicts", "--json").json
        values = [value["value"] for value in conflict["values"]]
        output = run("conflicts", "resolve", event, f"title=#{number}" if number else f"title={title}").out
        assert output.startswith(f"Resolved: title of {event} (")
        assert (title or values[1]) in output
        assert values[0] not in output
        run("network", "invite", "-o", "net.fkn")
        for kit in (a, b):
            run("--kit", kit, "merge", "net.fkn")
