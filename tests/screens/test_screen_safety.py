"""The safety screen: withdrawal by code, the passphrase, rules and old text."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import notice, says, shown, text
from fieldkit.errors import StorageError, WrongPassphrase
from fieldkit.file_writing import write_private_file
from fieldkit.screens.setup.passphrase import PassphraseScreen
from fieldkit.screens.setup.recovery import RecoveryScreen
from fieldkit.store.db import recovery_codes, scrypt_process
from fieldkit.store.db.vault import Vault
from fieldkit.store.oplog.receipt_codes import new_code
from fieldkit.sync.network import network_rules
from fieldkit.sync.network.network_rules import set_rules
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.inputs import PlainInput
from networks import Network
from quick_locks import unwrap, wrap
from trust_desk import HOSTILE
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


async def test_withdrawal_by_code(net: Network) -> None:
    (a,) = net.others
    _, code = a.kit.add_with_code("feedback", {"rating": "1", "experience": "mine"})
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        for typed, sentence in (
            ("nonsense", ""),
            (code.lower().replace("-", " "), "Erased here."),
            (code, "used before"),
        ):
            await until(pilot, lambda: type(app.screen).__name__ == "SafetyScreen" and not app.screen.busy)
            await pilot.press("w")
            await until(pilot, lambda: isinstance(app.screen, AskLine))
            app.screen.query_one(PlainInput).value = typed
            await pilot.press("enter")
            if typed == "nonsense":
                await until(pilot, lambda: says(app, "× ", "nonsense"))
                await pilot.press("escape")
                continue
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press("enter")
            assert isinstance(app.screen, Confirm), "haste must not erase"
            await pilot.press("y")
            await until(
                pilot, lambda sentence=sentence: isinstance(app.screen, Message) and says(app, sentence)
            )  # type: ignore[misc]
            await pilot.press("enter")
    assert a.kit.count("feedback") == 0


async def test_the_passphrase_is_changed_and_the_new_code_shown_once(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The real lock takes seconds; the tests of the vault cover it.
    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setattr(scrypt_process, "unwrap", unwrap)
    (a,) = net.others
    vault = Vault(a.kit.folder)

    async def change(old: str, new: str) -> None:
        locks = vault.locks()
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
                assert app.screen.focused is app.screen.query_one("#old"), (
                    "it is typed in place of the wrong one"
                )
                await pilot.press(*("space" if letter == " " else letter for letter in old), "enter")
            else:
                await pilot.press(*["enter"] * lines)
            await until(pilot, lambda: isinstance(app.screen, RecoveryScreen))
            await until(pilot, lambda: says(app, "Once you go on, the old ones no longer do."))
            # Killed here, or left with Esc, the kit opens as it did: nobody may have the words on paper.
            assert vault.locks() == locks
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, PassphraseScreen))
            assert vault.locks() == locks
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RecoveryScreen))
            codes.append(app.screen._code)
            await pilot.press(*"written", "enter")
            await until(pilot, lambda: says(app, "PASSPHRASE", "change it", "a new passphrase"))

    codes: list[str] = []
    await change("", "one two three four")
    assert vault.unlock("one two three four") == a.kit.key
    assert not (a.kit.folder / "key.not-encrypted").exists()
    await change("one two three four", "five six seven eight")
    assert vault.unlock("five six seven eight") == vault.unlock(codes[1]) == a.kit.key
    with pytest.raises(WrongPassphrase):
        vault.unlock(codes[0])


async def test_a_new_passphrase_that_the_disk_refuses_is_tried_again_with_the_code_on_paper(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setattr(scrypt_process, "unwrap", unwrap)
    (a,) = net.others
    vault = Vault(a.kit.folder)
    vault.change_passphrase(a.kit.key, "one two three four", (old := recovery_codes.new_code()))
    full = True

    def write(path: Path, content: bytes) -> None:
        if full:
            raise StorageError("The disk is full.")
        write_private_file(path, content)

    monkeypatch.setattr("fieldkit.store.db.vault.write_private_file", write)
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: bool(app.screen.query("#secret")))
        app.screen.query_one("#old").value = old
        for line in ("#secret", "#again"):
            app.screen.query_one(line).value = "five six seven eight"
        await pilot.press("enter", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, RecoveryScreen))
        code = app.screen._code
        await pilot.press(*"written", "enter")
        await until(pilot, lambda: says(app, "× The disk is full.", "the recovery code that it had"))
        assert vault.unlock(old) == vault.unlock("one two three four") == a.kit.key
        full = False
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "PASSPHRASE", "a new passphrase"))
    assert vault.unlock(code) == vault.unlock("five six seven eight") == a.kit.key


async def test_a_disputed_time_lists_no_old_text(net: Network) -> None:
    hub, deputy = net.hub, net.joins("deputy", trusted="deputy")
    hub.kit.add("feedback", {"rating": "1", "experience": "long ago", "date": "2020-01-01"})
    network_rules.set_rules(hub.kit, hub.me, retention_months=36)
    deputy.take(hub.invite())
    network_rules.set_rules(hub.kit, hub.me, retention_months=60)
    network_rules.set_rules(deputy.kit, deputy.me, retention_months=6)
    hub.merge(*deputy.export())
    async with shown(hub.kit, hub.me, "retention") as (app, pilot):
        await until(pilot, lambda: says(app, "Coordinators disagree about how long free text is kept."))
        assert not app.screen.check_action("command", ("take-out",))


async def test_rules_are_set_and_old_text_is_erased_after_a_look(net: Network) -> None:
    (a,), hub = net.others, net.hub
    old = hub.kit.add("feedback", {"rating": "1", "experience": f"long ago {HOSTILE}", "date": "2020-01-01"})
    hub.kit.add("feedback", {"rating": "2", "experience": "new"})
    async with shown(a.kit, a.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "the coordinator sets them"))
        assert not app.screen.check_action("command", ("rules",))
    async with shown(hub.kit, hub.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "free text: kept for good"))
        assert not app.screen.check_action("command", ("old-text",))
        for typed in ("twelve", "12"):
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, Choose))
            await pilot.press("1")
            await until(pilot, lambda: isinstance(app.screen, AskLine))
            app.screen.query_one(PlainInput).value = typed
            await pilot.press("enter")
            if typed == "twelve":
                await until(pilot, lambda: says(app, "× ", "“twelve” is not a"))
                await pilot.press("escape")
                continue
            await until(pilot, lambda: says(app, "Keep free text for 12 months?"))
            assert says(app, "1 record here has free text older than 12 months.")
            assert network_rules.rules(hub.kit).retention_months == 0
            await pilot.press("y")
            await until(pilot, lambda: notice(app) != "" and not app.screen.busy)
        await until(pilot, lambda: says(app, "free text: kept 12 months"))
        await pilot.press("t")
        seen: list[str] = []
        await until(
            pilot,
            lambda: (
                seen.append(text(app))
                or says(app, "Old text · 1 record", "Feedback", "1 Jan 2020", f"long ago {HOSTILE[:16]}")
            ),
        )
        assert not any("No text is too old" in each for each in seen), "said before it was looked for"
        assert hub.kit.get(old.record_id).values["experience"]
        await until(pilot, lambda: app.screen.check_action("command", ("take-out",)))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: says(app, "No text is too old."))
    assert network_rules.rules(hub.kit).retention_months == 12
    experiences = {record.values.get("experience") for record in hub.kit.page("feedback")}
    assert experiences == {None, "new"}


async def test_a_mistyped_code_stays_in_its_line_with_the_reason_below(net: Network) -> None:
    code = new_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    async with shown(net.hub.kit, net.hub.me, "safety") as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = wrong
        await pilot.press("enter")
        await until(pilot, lambda: says(app, wrong, "was mistyped"))
        app.screen.query_one(PlainInput).value = code
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))


async def test_minutes_that_the_lock_can_not_have_stay_in_their_line(net: Network) -> None:
    async with shown(net.hub.kit, net.hub.me, "safety") as (app, pilot):
        await until(pilot, lambda: says(app, "l this one locks after 5 minutes"))
        await pilot.press("l")
        for typed, reason in (("soon", "not a number of minutes"), ("99", "a laptop can lock sooner")):
            await until(pilot, lambda: isinstance(app.screen, AskLine))
            app.screen.query_one(PlainInput).value = typed
            await pilot.press("enter")
            await until(pilot, lambda reason=reason, typed=typed: says(app, typed, reason))  # type: ignore[misc]


async def test_a_small_window_shows_every_key_without_scrolling(net: Network) -> None:
    async with shown(net.hub.kit, net.hub.me, "safety", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "b make one and test it", "l lock here: 5 minutes"))
        assert says(
            app, "p choose one", "n PIN: choose one", "u no imports, no merges", "d trash", "w withdraw by code",
            "e erasures", "r change them",
        )  # fmt: skip


async def test_no_line_is_broken_where_the_scrollbar_comes_beside_it(net: Network) -> None:
    set_rules(net.hub.kit, net.hub.me, retention_months=1)
    async with shown(net.hub.kit, net.hub.me, "safety", size=(60, 14)) as (app, pilot):
        await until(pilot, lambda: says(app, "RULES OF THE NETWORK", "kept 1"))
        await until(pilot, lambda: app.screen.query_one("#facts").max_scroll_y)
        assert "text kept 1 month" in text(app) or "text: kept 1 month" in text(app)
