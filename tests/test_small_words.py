"""Sentences that say what is true: who can do something, which names fit, how old a change is, which file has no room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commanding import Run
from desk import says, shown, text, told, until
from faulty import fill
from fieldkit.cli.output import aged
from fieldkit.errors import StorageError
from fieldkit.records.kinds import kinds
from fieldkit.screens.clashes import clashes
from fieldkit.store.backup import backup, prove
from fieldkit.store.kit import Kit
from fieldkit.store.withdrawal import new_code
from fieldkit.sync.identity import identity
from fieldkit.sync.network import trust
from fieldkit.widgets.dialogs import AskLine, Confirm, Message, PlainInput
from networks import Network

Kits = tuple[Path, Path, Path]
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    """A coordinator and one laptop that is trusted."""
    network = Network.create(tmp_path / "net")
    network.joins("laptop a", trusted="field")
    yield network
    network.close()


def fingerprint(run: Run, kit: Path) -> str:
    """What names the laptop of a kit."""
    return str(run("--kit", kit, "status", "--json").json["device"]["fingerprint"])


# Who can


def test_nobody_is_said_to_be_able_to_shut_the_founder_out(run: Run, kits: Kits) -> None:
    hub, a, _ = kits
    mine = fingerprint(run, hub)
    said = run("devices", "revoke", mine)
    assert said.code == 2
    assert "created the network" in said.err
    assert "Another coordinator's laptop can" not in said.err
    said = run("devices", "role", mine, "field")
    assert "created the network" in said.err
    assert "Another" not in said.err
    theirs = fingerprint(run, a)
    run("--kit", a, "merge", "net.fkn")
    assert "A coordinator's laptop can." in run("--kit", a, "devices", "revoke", theirs).err
    run("devices", "role", theirs, "deputy")
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert "Another coordinator's laptop can." in run("--kit", a, "devices", "revoke", theirs).err


# Which names fit


@pytest.mark.usefixtures("surroundings")
def test_a_change_is_named_by_any_ending_that_is_its_own(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    one = str(run("--kit", a, "record", "feedback", "--set", "rating=2", "--json").json["id"])
    for rating in (3, 4, 5):
        run("--kit", a, "edit", one, f"rating={rating}")
    refs = [step["ref"] for step in run("--kit", a, "history", one, "--json").json]
    ending = refs[-1].partition(".")[2]
    assert run("--kit", a, "undo", one, ending, "--json").json == {"changed_records": 1}
    assert run("--kit", a, "show", one, "--json").json["rating"] == "4"
    assert run("--kit", a, "undo", one, refs[2][-5:].upper(), "--json").code == 0
    assert run("--kit", a, "undo", one, "9:9999").code == 1
    assert run("--kit", a, "undo", one, ":").code == 1


def test_the_changes_that_a_name_fits_are_listed(net: Network, run: Run) -> None:
    (a,), hub = net.others, net.hub
    one = a.kit.add("feedback", {"rating": "1"}).record_id
    hub.merge(*a.export())
    origin, seq = a.kit.ledger.refs_of(one)[0]
    while hub.kit.ledger.origins().get(hub.kit.origin, 0) < seq - 1:
        hub.kit.add("feedback", {"rating": "2"})
    while hub.kit.ledger.origins()[hub.kit.origin] >= seq:
        a.kit.put("feedback", one, {"rating": str(2 + seq % 3)})
        origin, seq = a.kit.ledger.refs_of(one)[-1]
        hub.merge(*a.export())
        while hub.kit.ledger.origins()[hub.kit.origin] < seq - 1:
            hub.kit.add("feedback", {"rating": "2"})
    hub.kit.put("feedback", one, {"rating": "5"})
    folder = hub.kit.folder
    hub.kit.close()
    said = run("--kit", folder, "undo", one, str(seq))
    assert said.code == 1
    assert f"{origin}:{seq}" in said.err
    assert f"{hub.me.origin}:{seq}" in said.err
    assert run("--kit", folder, "undo", one, f"{hub.me.incarnation}:{seq}").code == 0
    hub.kit = Kit.open(folder)


def test_laptops_are_listed_where_a_name_is_nobodys(run: Run, kits: Kits) -> None:
    said = run("receipt", "-o", "r.fkr", "--for", "nobody")
    assert said.code == 2
    assert "There is no laptop “nobody”" in said.err
    assert "St Mary" in said.err
    assert "Gurdwara" in said.err
    assert not Path("r.fkr").exists()
    assert "St Mary" in run("devices", "revoke", "nobody").err
    assert "St Mary" in run("devices", "role", "nobody", "field").err
    # Six words are read as a fingerprint: what is wrong with them is said.
    assert "no laptop “" not in run("devices", "revoke", "one two three four five zzzz").err
    assert run("receipt", "-o", "r.fkr", "--for", "st mary").code == 0


def test_several_laptops_of_one_name_are_told_apart_by_their_words(run: Run, kits: Kits) -> None:
    theirs = fingerprint(run, kits[2])
    assert run("devices", "trust", theirs, "--name", "St Mary").code == 0
    said = run("receipt", "-o", "r.fkr", "--for", "St Mary")
    assert said.code == 2
    words = {one["words"] for one in run("devices", "list", "--json").json if one["name"] == "St Mary"}
    assert len(words) == 2
    assert all(one in said.err for one in words)


# What a clash says


def test_an_edit_against_a_deletion_says_what_was_edited(run: Run, kits: Kits) -> None:
    hub, a, b = kits
    event = str(run("--kit", a, "list", "event", "--json").json[0]["id"])
    run("--kit", a, "delete", event)
    run("--kit", b, "edit", event, "place=New hall", "title=New")
    for kit in (a, b):
        run("--kit", kit, "export", "-o", "stick/")
    run("merge", "stick")
    said = run("conflicts").out
    assert "deleted - St Mary, " in said
    assert "kept, because Gurdwara changed " in said
    assert " no - " not in said
    [clash] = run("conflicts", "--json").json
    labels = {one["value"]: one["label"] for one in clash["values"]}
    with Kit.open(hub) as kit:
        (found, _) = clashes(kit, identity(kit))
    titles = [kinds()["event"].fields[name].title for name in ("place", "title")]
    assert labels[True] == "deleted"
    assert all(title in labels[False] for title in titles)
    [keep] = [offer for offer in found[0].offers if offer.value is False]
    assert all(f"{title} changed" in keep.words for title in titles)


# How old


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (-5 * DAY, "less than a minute"),
        (0, "less than a minute"),
        (59 * SECOND, "less than a minute"),
        (MINUTE, "1 minute"),
        (59 * MINUTE, "59 minutes"),
        (HOUR, "1 hour"),
        (DAY - 1, "23 hours"),
        (DAY, "1 day"),
        (12 * DAY, "12 days"),
    ],
)
def test_ages_are_as_old_as_they_say(ago: int, said: str) -> None:
    now = 1_800_000_000_000
    assert aged(now - ago, now) == said


# Which file has no room


@pytest.mark.parametrize("leave", [0, 40_000, 400_000])
def test_a_backup_that_does_not_fit_names_its_file(net: Network, small_disk: Path, leave: int) -> None:
    target = small_disk / "week.fkbackup"
    _grow(net.hub.kit)
    fill(small_disk, leave)
    with pytest.raises(StorageError) as caught:
        backup(net.hub.kit, target)
    assert str(target) in caught.value.message
    assert "full" in caught.value.message
    assert "save again" not in caught.value.hint
    assert "another" in caught.value.hint
    assert [one.name for one in small_disk.iterdir()] == ["filler"]


@pytest.mark.parametrize("leave", [0, 40_000, 400_000])
def test_a_proof_that_does_not_fit_names_the_backup(net: Network, small_disk: Path, leave: int) -> None:
    target = small_disk / "week.fkbackup"
    _grow(net.hub.kit, 10)
    backup(net.hub.kit, target)
    fill(small_disk, leave)
    with pytest.raises(StorageError) as caught:
        prove(net.hub.kit, target)
    assert str(target) in caught.value.message
    assert "full" in caught.value.message
    assert target.exists()


def _grow(kit: Kit, many: int = 60) -> None:
    for _ in range(many):
        kit.add("feedback", {"rating": "1", "experience": "A long afternoon. " * 300})


# Names that are known


def test_a_laptop_calls_itself_by_its_own_name(tmp_path: Path, run: Run) -> None:
    """Let in by its key before a bundle told its name, and once more with its bundle in its own quarantine."""
    network = Network.create(tmp_path / "net")
    a = network.joins("laptop a")
    a.kit.add("feedback", {"rating": "1"})
    bundle = a.export()[0]
    trust(network.hub.kit, network.hub.me, a.me.key.public.ssh_line())
    a.merge(network.hub.invite())
    network.close()
    said = run("--kit", a.kit.folder, "devices", "list").out
    assert "laptop a (this laptop)" in said
    assert "(not named yet)" not in said
    assert [
        one["name"] for one in run("--kit", a.kit.folder, "devices", "list", "--json").json if one["this"]
    ] == ["laptop a"]
    assert bundle.exists()


def test_a_laptop_that_is_not_on_the_roster_is_listed_once_by_its_name(tmp_path: Path, run: Run) -> None:
    network = Network.create(tmp_path / "net")
    a = network.joins("laptop a")
    a.kit.add("feedback", {"rating": "1"})
    a.merge(*a.export())
    network.close()
    said = run("--kit", a.kit.folder, "devices", "list").out
    assert said.count("(this laptop)") == 1
    assert "laptop a (this laptop)" in said
    assert "(not named yet)" not in said


def test_a_history_names_laptops_that_told_their_name_but_stand_on_no_roster(net: Network) -> None:
    from fieldkit.cli.histories import Names

    (a,), hub = net.others, net.hub
    stranger = "z" * 26
    hub.kit.desk.set_setting("device_names", {stranger: "St Anne"})
    assert Names(hub.kit).of(f"{stranger}.00000001") == "St Anne"
    assert Names(hub.kit).of(a.me.origin) == "laptop a"
    assert Names(hub.kit).of("y" * 26) == "laptop yyyyyyyy"


# On the screen


async def test_a_mistyped_code_has_a_title_that_fits(net: Network) -> None:
    code = new_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    async with shown(net.hub.kit, net.hub.me, "safety") as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = wrong
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Message))
        assert says(app, "That code does not fit", "was mistyped")
        assert not says(app, "the kit can do")


async def test_safety_counts_what_taking_back_lists_and_marks_what_was(net: Network) -> None:
    (a,), hub = net.others, net.hub
    hub.merge(hub.invite())  # brings nothing
    a.take(hub.invite())
    one = a.kit.add("feedback", {"rating": "1"}).record_id
    hub.merge(*a.export())
    hub.merge(*a.export(full=True))  # brings nothing new
    async with shown(hub.kit, hub.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "no imports, 1 merged bundle", "each brought changes"))
    async with shown(hub.kit, hub.me, "taking_back") as (app, pilot):
        await until(pilot, lambda: app.screen.check_action("command", ("undo",)))
        assert len(_clocks(app)) == 1
        for _ in range(2):
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            again = says(app, "It was taken back")
            await pilot.press("y")
            await until(pilot, lambda: not isinstance(app.screen, Confirm) and not app.screen.busy)
            await until(pilot, lambda: len(_clocks(app)) == 2)  # when it came, and when it was taken back
        assert again
        assert "nothing left to take back" in told(app)
    assert hub.kit.get(one).deleted
    async with shown(hub.kit, hub.me, "safety") as (app, pilot):
        await until(
            pilot, lambda: says(app, "no imports, 1 merged bundle", "each brought changes, 1 taken back")
        )


def _clocks(app: Any) -> list[str]:
    """The times of day in the one row of merges."""
    [row] = [line for line in text(app).splitlines() if " merge " in line and "laptop a" in line]
    return re.findall("[0-9]{2}:[0-9]{2}", row)


async def test_a_field_laptop_is_not_told_of_bundles_that_it_cannot_take_back(net: Network) -> None:
    (a,) = net.others
    net.hub.kit.add("event", {"title": "Fair"})
    a.take(net.hub.invite())
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "u no imports"))
        assert not says(app, "merged bundle")


def test_lists_of_imports_and_merges_say_what_was_taken_back(run: Run, kits: Kits) -> None:
    hub, _, _ = kits
    Path("rows.csv").write_text("name\nAmina\n")
    run("record", "person", "--from", "rows.csv")
    [merge, *_] = run("merges", "--json").json
    [entry] = run("imports", "--json").json
    assert merge["taken_back"] is entry["taken_back"] is None
    assert run("undo", "--import", "1").code == run("undo", "--bundle", merge["id"]).code == 0
    [after, *others] = run("merges", "--json").json
    assert after["taken_back"] is not None
    assert others[-1]["taken_back"] is None
    assert run("imports", "--json").json[0]["taken_back"] is not None
    assert "taken back" in run("imports").out
    assert "taken back" in run("merges").out
    assert "It was taken back on " in run("undo", "--bundle", merge["id"]).out
    assert hub.is_dir()
