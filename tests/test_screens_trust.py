"""What a person sees of trust: what has arrived, older values, copies, clocks, backups, withdrawal, undoing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from desk import says, shown, told, until
from fieldkit.app import FieldkitApp
from fieldkit.errors import WrongPassphrase
from fieldkit.screens import places
from fieldkit.screens.home import HomeScreen
from fieldkit.screens.recovery import RecoveryScreen
from fieldkit.screens.withdrawing import withdraw
from fieldkit.store.journal import now_ms
from fieldkit.store.kit import Kit
from fieldkit.store.vault import Vault
from fieldkit.sync import policy
from fieldkit.sync.identity import identity, renew
from fieldkit.sync.network import revoke
from fieldkit.sync.receipt_file import Receipt
from fieldkit.sync.roster import Roster
from fieldkit.widgets.dialogs import AskLine, Choose, Confirm, Message, PlainInput
from fieldkit.widgets.listing import Listing
from networks import Laptop, Network

DAY = 86_400_000
HOSTILE = "[/] [@click=app.quit]x[/]"


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key, Textual's pilot looks every 20 ms whether the program is idle; here every 4 ms."""
    from textual import _wait

    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.002)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty stick, the only place that is offered beside an empty home."""
    stick, home = tmp_path / "STICK", tmp_path / "home"
    stick.mkdir()
    home.mkdir()
    monkeypatch.setattr(places, "sticks", lambda: [stick])
    monkeypatch.setenv("HOME", str(home))
    return stick


@pytest.fixture
def net(tmp_path: Path, stick: Path) -> Iterator[Network]:
    """A coordinator and one laptop that is trusted."""
    network = Network.create(tmp_path / "net")
    network.joins("laptop a", trusted="field")
    yield network
    network.close()


def back(laptop: Laptop, days: int) -> None:
    """Turn the laptop's clock so many days back; 0 sets it right."""
    laptop.kit.clock = lambda: now_ms() - days * DAY


def event(laptop: Laptop, **values: Any) -> str:
    """A new event's id."""
    return laptop.kit.add("event", {"title": "Fair", "place": "Hall", **values}).record_id


# Home


async def test_home_warns_of_what_has_waited_too_long_until_a_receipt_comes(net: Network) -> None:
    (a,) = net.others
    back(a, 5)
    a.kit.add("feedback", {"rating": "1"})
    back(a, 0)
    (bundle,) = a.export()
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "! 1 change, 5 days old", "last bundle 1"))
        assert not says(app, "in no bundle yet")
        net.hub.take(bundle)
        assert a.take(net.hub.receipt()).status == "merged"
        app.screen.refresh_figures()
        await until(pilot, lambda: says(app, "nothing: all is confirmed"))
        a.kit.add("feedback", {"rating": "2"})
        app.screen.refresh_figures()
        await until(pilot, lambda: says(app, "1 change, from today", "1 of them in no bundle yet"))


async def test_x_on_home_exports_at_once(net: Network, stick: Path) -> None:
    (a,) = net.others
    a.kit.add("feedback", {"rating": "1"})
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1 change"))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "bundle 1 written" in told(app))
    assert len(list(stick.glob("*.fkb"))) == 1


async def test_a_clock_that_can_not_be_right_is_asked_about_once_and_stops_nothing(net: Network) -> None:
    (a,) = net.others
    a.kit.add("feedback", {"rating": "1"})
    back(a, 30)
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "before the last entry", "Is the date correct?"))
        await pilot.press("n")
        await until(pilot, lambda: says(app, "Nothing waits for it"))
        await pilot.press("enter", "p")
        await until(pilot, lambda: type(app.screen).__name__ == "RecordsScreen")
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: a.kit.desk.setting("clock_confirmed"))
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "AT THIS EVENT", "1 change"))
        assert isinstance(app.screen, HomeScreen)


async def test_a_copied_folder_is_noticed_at_opening_and_told_once(net: Network, tmp_path: Path) -> None:
    (a,) = net.others
    a.kit.add("feedback", {"rating": "1"})
    a.kit.close()
    async with FieldkitApp(a.kit.folder).run_test() as pilot:  # remembers its place
        await until(pilot, lambda: says(pilot.app, "AT THIS EVENT", "1 change"))
        assert isinstance(pilot.app.screen, HomeScreen)
        await pilot.app.leave()  # type: ignore[attr-defined]
    copy = tmp_path / "copy"
    shutil.copytree(a.kit.folder, copy)
    for first in (True, False):
        app = FieldkitApp(copy)
        async with app.run_test() as pilot:
            await until(pilot, lambda app=app: app.me is not None)  # type: ignore[misc]
            if first:
                await until(pilot, lambda app=app: isinstance(app.screen, Message))  # type: ignore[misc]
                await until(
                    pilot, lambda app=app: says(app, "lies at another place", "only moved", "coordinator")
                )  # type: ignore[misc]
                await pilot.press("enter")
                await until(pilot, lambda app=app: app.kit.desk.setting("copy_told"))  # type: ignore[misc]
            else:
                await until(pilot, lambda app=app: says(app, "1 change"))  # type: ignore[misc]
                assert isinstance(app.screen, HomeScreen)
            assert app.me is not None and app.me.origin != a.me.origin
            await app.leave()
        assert app.faults == []
    a.kit = Kit.open(a.kit.folder)


async def test_home_says_when_a_backup_is_due(net: Network, stick: Path) -> None:
    (a,) = net.others
    back(a, 40)
    a.kit.add("feedback", {"rating": "1"})
    back(a, 0)
    a.kit.desk.set_setting("clock_confirmed", a.kit.clock())
    async with shown(a.kit, a.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "! backup: none yet b"))
        await pilot.press("b")
        await until(pilot, lambda: says(app, "BACKUP", "! last: none yet"))
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: "proven: every record is there" in told(app))
        await until(pilot, lambda: says(app, "last: proven today"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "nothing just now"))
    (backup,) = stick.glob("*.fkbackup")
    assert a.kit.desk.setting("backup")["name"] == backup.name


async def test_a_backup_that_does_not_prove_is_said_to_be_bad(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.store import backup

    (a,) = net.others
    monkeypatch.setattr(backup, "prove", lambda kit, source: ["Page 7 is damaged."])
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await until(pilot, lambda: says(app, "is not good", "Page 7 is damaged."))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "never proven"))


# Records


async def test_a_record_says_where_it_is(net: Network) -> None:
    (a,) = net.others
    record = event(a)
    async with shown(a.kit, a.me, "record_view", record) as (app, pilot):
        await until(pilot, lambda: says(app, "On this laptop alone: not in a bundle yet."))
        (bundle,) = a.export()
        app.screen._read()
        await until(pilot, lambda: says(app, "Sent in bundle 1, not confirmed"))
        net.hub.take(bundle)
        a.take(net.hub.receipt())
        app.screen._read()
        await until(pilot, lambda: says(app, "Confirmed: a coordinator has it."))


async def test_an_older_value_comes_back_and_a_change_is_taken_back(net: Network) -> None:
    (a,) = net.others
    record = event(a, title=f"Fair {HOSTILE}")
    a.kit.edit(a.kit.get(record), {"place": "Library", "title": "Other"})
    async with shown(a.kit, a.me, "record_view", record) as (app, pilot):
        await until(pilot, lambda: says(app, "changed: Place, Title"))
        await pilot.press("h")
        await until(pilot, lambda: says(app, "Library", "stands", "Hall", "replaced", "laptop a"))
        listing = app.screen.query_one(Listing)
        assert not app.screen.check_action("command", ("restore",))
        old = next(at for at, one in enumerate(app.screen._history.changes) if one.words == "Hall")
        listing.cursor = old
        await until(pilot, lambda: app.screen.check_action("command", ("restore",)))
        assert not app.screen.check_action("command", ("undo",))
        await pilot.press("r")
        await until(pilot, lambda: "Place is again: Hall" in told(app))
        assert a.kit.get(record).values["place"] == "Hall"
        await until(pilot, lambda: len(app.screen._history.changes) == 5)
        other = next(at for at, one in enumerate(app.screen._history.changes) if one.words == "Other")
        listing.cursor = other
        await until(pilot, lambda: app.screen.current.words == "Other")
        await pilot.press("u")
        await until(pilot, lambda: says(app, "Title: Other"))
        assert not says(app, "Place: Library")
        await pilot.press("y")
        await until(pilot, lambda: "Taken back." in told(app))
    values = a.kit.get(record).values
    assert (values["title"], values["place"]) == (f"Fair {HOSTILE}", "Hall"), "a later edit is not undone"


async def test_the_value_that_was_not_chosen_comes_back_from_the_history(net: Network) -> None:
    (a,), hub = net.others, net.hub
    record = event(hub)
    a.take(hub.invite())
    for laptop, place in ((hub, "Library"), (a, "Mosque")):
        laptop.kit.edit(laptop.kit.get(record), {"place": place})
    hub.merge(*a.export())
    hub.kit.resolve(record, "place", "Library")
    async with shown(hub.kit, hub.me, "history", record) as (app, pilot):
        await until(pilot, lambda: says(app, "Mosque", "laptop a"))
        changes = app.screen._history.changes
        app.screen.query_one(Listing).cursor = next(
            at for at, one in enumerate(changes) if one.words == "Mosque"
        )
        await until(pilot, lambda: app.screen.current.words == "Mosque")
        await pilot.press("r")
        await until(pilot, lambda: "again: Mosque" in told(app))
    assert hub.kit.get(record).values["place"] == "Mosque"
    assert hub.kit.conflict_count() == 0


async def test_what_commands_alone_may_change_offers_nothing_in_its_history(net: Network) -> None:
    (a,) = net.others
    device = a.kit.page("device")[0].record_id
    async with shown(a.kit, a.me, "history", device) as (app, pilot):
        await until(pilot, lambda: app.screen.current is not None)
        assert not app.screen.check_action("command", ("undo",))
        assert not app.screen.check_action("command", ("restore",))


# Receipts


async def test_the_coordinator_writes_a_receipt_and_the_laptop_reads_it(net: Network, stick: Path) -> None:
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    shutil.copy(a.export()[0], stick / "one.fkb")
    async with shown(hub.kit, hub.me, "merge", [stick]) as (app, pilot):
        await until(pilot, lambda: says(app, "would bring 1 new record"))
        assert not app.screen.check_action("command", ("receipt",))
        await pilot.press("v")
        await until(pilot, lambda: says(app, "feedback 1 0 0", "laptop a 1 0 0 0 0"))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: says(app, "brought 1 new record", "Press r to write a receipt"))
        await pilot.press("r")
        await until(pilot, lambda: "receipt written" in told(app))
    (receipt,) = stick.glob("*.fkr")
    async with shown(a.kit, a.me, "merge", [receipt]) as (app, pilot):
        await until(pilot, lambda: says(app, "A receipt from Coordinator"))
        assert a.kit.desk.setting("receipts") is None, "nothing may be stored before it is said"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Confirmed: 1 of this laptop's 1 change."))
        assert not app.screen.check_action("command", ("receipt",))


async def test_a_receipt_says_what_is_wanted_again_and_set_aside(net: Network) -> None:
    (a,), hub = net.others, net.hub
    first, second = _two_bundles(a, net.hub.me.device)
    hub.take(second)
    path = hub.receipt()
    async with shown(a.kit, a.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "A receipt from"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Confirmed: 1 of this laptop's 3 changes", "Wanted again: 1-2"))
        assert not says(app, "no new records")
    assert first.exists()


def _two_bundles(laptop: Laptop, coordinator: str) -> tuple[Path, Path]:
    """A bundle with two changes, and one with a third alone: the first was told to have arrived, and was lost."""
    laptop.kit.add("feedback", {"rating": "1"})
    laptop.kit.add("feedback", {"rating": "2"})
    (first,) = laptop.export()
    lost = Receipt(coordinator, coordinator + ".00000000", 0, 1, held={laptop.me.origin: [(1, 2)]})
    laptop.kit.desk.set_setting("receipts", {lost.device: asdict(lost)})
    laptop.kit.add("feedback", {"rating": "3"})
    (second,) = laptop.export()
    laptop.kit.desk.set_setting("receipts", {})
    return first, second


# Laptops


async def test_gaps_silence_roles_and_names(net: Network) -> None:
    (a,), hub = net.others, net.hub
    _, second = _two_bundles(a, net.hub.me.device)
    hub.take(second)
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1 with changes missing y"))
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "1 with gaps", "2 missing"))
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == a.me.device)
        await until(pilot, lambda: says(app, "Missing 1-2, last heard today"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("2")
        await until(pilot, lambda: says(app, "deputy") and "is now: deputy" in told(app))
        await until(pilot, lambda: app.screen.check_action("command", ("rename",)))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = f"Hall {HOSTILE}"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Hall [/] [@click"))
    member = Roster(hub.kit, hub.me).members[a.me.device]
    assert (member.role, member.name, member.status) == ("deputy", f"Hall {HOSTILE}", "trusted")


async def test_a_copied_laptop_is_marked(net: Network) -> None:
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    hub.kit.desk.set_setting("clones", {a.me.origin: 7})
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "copied"))
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == a.me.device)
        await until(
            pilot, lambda: says(app, "Its folder was copied: two laptops wrote change 7 differently.")
        )


async def test_a_coordinator_is_told_what_no_network_file_holds(net: Network, stick: Path) -> None:
    (a,), hub = net.others, net.hub
    _, code = hub.kit.add_with_code("feedback", {"rating": "1"})
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "nothing just now"))
    said = withdraw(hub.kit, hub.me, code)
    assert "The next network file (i on" in said
    policy.set_rules(hub.kit, hub.me, confirm_days=2)
    revoke(hub.kit, hub.me, a.me.key.public.fingerprint)
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "3 not in a network file y"))
        await pilot.press("y")
        await until(pilot, lambda: says(app, "GOING OUT", "i network file", "r receipt"))
        assert says(app, "not yet in it: 1 withdrawal, 1", "rule, 1 laptop")
        assert not says(app, "not confirmed"), "nobody stands above this laptop"
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        assert says(app, "Where shall the network file go?")
        await pilot.press("1")
        await until(pilot, lambda: "network file written" in told(app))
        await until(pilot, lambda: not says(app, "not yet in it"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "nothing just now"))


async def test_a_laptop_silent_longer_than_the_networks_days_is_told(net: Network) -> None:
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    back(hub, -5)
    async with shown(hub.kit, hub.me, "home") as (app, pilot):
        await until(pilot, lambda: says(app, "1 silent over 3 days y"))


async def test_a_laptop_that_goes_on_as_two_copies_is_told_to_the_coordinator(net: Network) -> None:
    """A copied folder that took a new name by itself writes nothing twice; the coordinator has to hear of it all the same."""
    (a,), hub = net.others, net.hub
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "heard today"))
        assert not says(app, "copies")
    renew(a.kit)
    a.again()
    a.kit.add("feedback", {"rating": "2"})
    (path,) = a.export()
    async with shown(hub.kit, hub.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "enter merge"))
        assert says(app, "laptop a", "bundle 2", path.name)
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "folder was copied, moved or put back", "as 2 copies"))
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "2 copies"))
        listing = app.screen.query_one(Listing)
        listing.cursor = next(at for at in range(2) if listing.row(at).id == a.me.device)
        await until(
            pilot, lambda: says(app, "folder was copied, moved or put back", "it goes on as 2 copies")
        )
    async with shown(hub.kit, hub.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "There is nothing to merge"))
        assert not says(app, "copies")


async def test_erasures_name_who_has_not_confirmed(net: Network) -> None:
    (a,), hub = net.others, net.hub
    record = event(hub)
    a.take(hub.invite())
    hub.kit.erase(record)
    async with shown(hub.kit, hub.me, "people_trust") as (app, pilot):
        await until(pilot, lambda: says(app, "2 trusted"))
        await pilot.press("e")
        await until(pilot, lambda: says(app, "Erased: event, ", "not confirmed yet by 1 laptop: laptop a"))
        await pilot.press("enter")
        a.take(hub.invite())
        a.kit.add("feedback", {"rating": "1"})
        hub.merge(*a.export())
        await pilot.press("e")
        await until(pilot, lambda: says(app, "confirmed by every laptop"))


# Safety


async def test_withdrawal_by_code(net: Network) -> None:
    (a,) = net.others
    _, code = a.kit.add_with_code("feedback", {"rating": "1", "experience": "mine"})
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        for typed, words in (
            ("nonsense", "code"),
            (code.lower().replace("-", " "), "Erased here."),
            (code, "handed back before"),
        ):
            await until(pilot, lambda: type(app.screen).__name__ == "SafetyScreen" and not app.screen.busy)
            await pilot.press("w")
            await until(pilot, lambda: isinstance(app.screen, AskLine))
            app.screen.query_one(PlainInput).value = typed
            await pilot.press("enter")
            if typed != "nonsense":
                await until(pilot, lambda: isinstance(app.screen, Confirm))
                await pilot.press("enter")
                assert isinstance(app.screen, Confirm), "haste must not erase"
                await pilot.press("y")
            await until(pilot, lambda words=words: isinstance(app.screen, Message) and says(app, words))  # type: ignore[misc]
            await pilot.press("enter")
    assert a.kit.count("feedback") == 0


async def test_the_passphrase_is_changed_and_the_new_code_shown_once(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.store import agework

    def unwrap(wrapped: bytes, secret: str) -> bytes:
        lock, _, key = wrapped.partition(b"|")
        if lock != secret.encode():
            raise WrongPassphrase("That passphrase does not open this kit.")
        return key

    # The real lock takes seconds; what it does is tested with the vault.
    monkeypatch.setattr(agework, "wrap", lambda key, secret: secret.encode() + b"|" + key)
    monkeypatch.setattr(agework, "unwrap", unwrap)
    (a,) = net.others
    vault = Vault(a.kit.folder)

    async def change(old: str, new: str) -> None:
        async with shown(a.kit, a.me, "safety") as (app, pilot):
            await pilot.press("p")
            await until(pilot, lambda: bool(app.screen.query("#secret")))
            if vault.locked:
                app.screen.query_one("#old").value = "something else"
            for line in ("#secret", "#again"):
                app.screen.query_one(line).value = new
            lines = 3 if vault.locked else 2
            if vault.locked:
                await pilot.press(*["enter"] * lines)
                await until(pilot, lambda: says(app, "× That passphrase does not open this kit."))
                app.screen.query_one("#old").value = old
                await pilot.press("enter")
            else:
                await pilot.press(*["enter"] * lines)
            await until(pilot, lambda: isinstance(app.screen, RecoveryScreen))
            await until(pilot, lambda: says(app, "The old ones no longer do."))
            codes.append(app.screen._made.code)
            await pilot.press(*"written", "enter")
            await until(pilot, lambda: says(app, "PASSPHRASE", "change it"))

    codes: list[str] = []
    await change("", "one two three four")
    assert vault.unlock("one two three four") == a.kit.key
    assert not (a.kit.folder / "key.not-encrypted").exists()
    await change("one two three four", "five six seven eight")
    assert vault.unlock("five six seven eight") == vault.unlock(codes[1]) == a.kit.key
    with pytest.raises(WrongPassphrase):
        vault.unlock(codes[0])


async def test_rules_are_set_and_old_words_are_taken_out_after_a_look(net: Network) -> None:
    (a,), hub = net.others, net.hub
    old = hub.kit.add("feedback", {"rating": "1", "experience": f"long ago {HOSTILE}", "date": "2020-01-01"})
    hub.kit.add("feedback", {"rating": "2", "experience": "new"})
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "the coordinator sets them"))
        assert not app.screen.check_action("command", ("rules",))
    async with shown(hub.kit, hub.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "free text: kept for good"))
        assert not app.screen.check_action("command", ("old-words",))
        for typed in ("twelve", "12"):
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, Choose))
            await pilot.press("1")
            await until(pilot, lambda: isinstance(app.screen, AskLine))
            app.screen.query_one(PlainInput).value = typed
            await pilot.press("enter")
            if typed == "12":
                await until(pilot, lambda: says(app, "Keep free text for 12 months?"))
                assert says(app, "Here 1 record with free text is older than 12 months.")
                assert policy.rules(hub.kit).retention_months == 0
                await pilot.press("y")
            await until(pilot, lambda: told(app) != "" and not app.screen.busy)
        await until(pilot, lambda: says(app, "free text: kept 12 months"))
        await pilot.press("t")
        await until(pilot, lambda: says(app, "Old words · 1 record", "1 Jan 2020", f"long ago {HOSTILE}"))
        assert hub.kit.get(old.record_id).values["experience"]
        await until(pilot, lambda: app.screen.check_action("command", ("take-out",)))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: says(app, "No words are too old."))
    assert policy.rules(hub.kit).retention_months == 12
    words = {one.values.get("experience") for one in hub.kit.page("feedback")}
    assert words == {None, "new"}


async def test_an_import_and_a_merge_are_taken_back_whole(net: Network, tmp_path: Path) -> None:
    from fieldkit.sync.intake import import_rows

    (a,), hub = net.others, net.hub
    sheet = tmp_path / "people.csv"
    sheet.write_text("name\nAmina\nBen\n")
    import_rows(hub.kit, "person", sheet)
    a.kit.add("feedback", {"rating": "1"})
    hub.merge(*a.export())
    async with shown(hub.kit, hub.me, "taking_back") as (app, pilot):
        await until(pilot, lambda: says(app, "import of people", "people.csv", "merge", "laptop a"))
        for _ in range(2):
            await until(pilot, lambda: app.screen.check_action("command", ("undo",)))
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press("enter")
            assert isinstance(app.screen, Confirm), "haste must not take back"
            await pilot.press("y")
            await until(pilot, lambda: "Taken back" in told(app))
            await pilot.press("down")
    assert hub.kit.count("person") == hub.kit.count("feedback") == 0
    assert hub.kit.count("person", deleted=True) == 2
    assert Roster(hub.kit, hub.me).members[a.me.device].status == "trusted"
    assert identity(hub.kit) == hub.me


async def test_a_field_laptop_takes_back_only_what_it_imported(net: Network) -> None:
    (a,) = net.others
    a.take(net.hub.invite())
    async with shown(a.kit, a.me, "taking_back") as (app, pilot):
        await until(pilot, lambda: says(app, "Nothing was imported or merged here."))
        assert not app.screen.check_action("command", ("undo",))
