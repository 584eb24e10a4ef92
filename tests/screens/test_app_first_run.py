"""The first run: creating a network, joining one, the recovery code, and what is typed ahead of its pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from app_desk import SIZE, home, on, picture, running, shown, type_in
from fieldkit.app import FieldkitApp
from fieldkit.presentation.safeguarding_notes import lead_of
from fieldkit.screens.setup.first_run import FirstRunScreen
from fieldkit.screens.setup.recovery import RecoveryScreen
from fieldkit.screens.setup.setup_work import completed, strength
from fieldkit.screens.setup.unlock import UnlockScreen
from fieldkit.store.db import scrypt_process
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.setup import create_network
from fieldkit.widgets.dialogs.dialog import Dialog
from quick_locks import unwrap, wrap
from waiting import until
from widget_app import type_ahead


async def test_first_run_creates_a_network_without_a_passphrase(tmp_path: Path) -> None:
    async with running(tmp_path / "kit") as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        assert "leave" in picture(pilot)
        await pilot.press("f1")
        await on(pilot, Dialog)
        await pilot.press("escape")
        await on(pilot, FirstRunScreen)
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.screen.query("#again"), "the lines")
        assert "f4 show or hide" in picture(pilot)
        await type_in(pilot, "Bradford champions")
        await pilot.press("enter", "enter", "enter", "enter", "enter")
        await on(pilot, Dialog)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Dialog), (
            "only the y key may say yes to a kit without a passphrase"
        )
        await pilot.press("y")
        await home(pilot)
        assert "No passphrase" in shown(pilot, "#below")
        assert pilot.app.device_name == "Coordinator"
    with Kit.open(tmp_path / "kit") as kit:
        assert kit.settings.get(IDENTITY)["network_name"] == "Bradford champions"


async def test_a_name_that_is_too_long_is_refused_when_its_line_is_left(tmp_path: Path) -> None:
    async with running(tmp_path / "kit") as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.screen.query("#again"), "the lines")
        await type_in(pilot, "x" * 81)
        await pilot.press("enter")
        await until(pilot, lambda: "The network's name is too long: 81" in picture(pilot), "the reason")
        assert pilot.app.focused is not None and pilot.app.focused.id == "name"
        await pilot.press("backspace", "tab")
        await until(pilot, lambda: pilot.app.focused.id == "device", "the next line")
        assert "too long" not in picture(pilot)


async def test_a_low_window_keeps_a_margin_at_its_right(tmp_path: Path) -> None:
    async with FieldkitApp(tmp_path / "kit").run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.screen.query("#again"), "the lines")
        await until(pilot, lambda: pilot.app.screen.query_one("#again").region.right == 58, "the margin")


async def test_first_run_shows_the_recovery_code_once_and_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The real lock takes seconds; the tests of the vault cover it.
    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setattr(scrypt_process, "unwrap", unwrap)
    async with running(tmp_path / "kit") as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.screen.query("#again"), "the lines")
        await type_in(pilot, "Leeds")
        await pilot.press("enter", "enter")
        await type_in(pilot, "one two three four")
        await pilot.press("enter")
        await type_in(pilot, "one two three for")
        await pilot.press("enter", "enter")
        assert "not the same" in shown(pilot, "#state")
        await pilot.press("backspace")
        await type_in(pilot, "ur")
        await pilot.press("enter")
        await type_in(pilot, "Mrs Shah, 01274 000000")
        await pilot.press("enter")
        await on(pilot, RecoveryScreen)
        # Killed here, or left with Esc, there is no kit with a code that nobody has on paper.
        await pilot.press("escape")
        await on(pilot, FirstRunScreen)
        assert not (tmp_path / "kit").exists()
        await pilot.press("enter")
        await on(pilot, RecoveryScreen)
        code = pilot.app.screen._code
        assert all(word in picture(pilot) for word in code.split())
        await type_in(pilot, "later")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, RecoveryScreen)
        await pilot.press(*["backspace"] * 5)
        await type_in(pilot, "written")
        await pilot.press("enter")
        await home(pilot)
    with Kit.open(tmp_path / "kit", code) as kit:
        assert lead_of(kit) == "Mrs Shah, 01274 000000"
    locked = FieldkitApp(tmp_path / "kit")
    async with locked.run_test(size=SIZE) as pilot:
        await on(pilot, UnlockScreen)
        await type_in(pilot, "something else")
        await pilot.press("enter")
        await until(pilot, lambda: "×" in shown(pilot, "#state"), "the sentence about a wrong passphrase")
        assert locked.kit is None
        locked.screen.query_one(Input).value = "one two three four"
        await pilot.press("enter")
        await home(pilot)
        await locked.leave()


def lines(app: FieldkitApp) -> dict[str | None, str]:
    """The text of each line of the page."""
    return {line.id: line.value for line in app.screen.query(Input)}


async def test_keys_typed_ahead_never_land_in_another_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(FirstRunScreen, "_make", lambda self, secret: made.append(secret))
    monkeypatch.setattr(FirstRunScreen, "with_code", lambda self, go_on: go_on())
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        type_ahead(
            app,
            [
                "1",
                *"Hull",
                "enter",
                *"Hub 2",
                "enter",
                *"one two",
                "enter",
                *"one two three",
                "enter",
                "enter",
            ],
        )
        await until(pilot, lambda: "not the same" in picture(pilot), "the sentence about the passphrase")
        assert lines(app) == {
            "name": "Hull",
            "device": "Hub 2",  # in place of the suggestion
            "secret": "one two",
            "again": "one two three",
            "lead": "",
        }
        assert made == []
        assert "▸ The same again" in picture(pilot)
        type_ahead(app, ["shift+tab", *" three", "enter", "enter", "enter"])
        await until(pilot, lambda: made == ["one two three"], "the end of the page")


async def test_what_is_typed_after_a_path_waits_for_the_page_that_it_opens(tmp_path: Path) -> None:
    from fieldkit.sync.export.export import invite

    with Kit.create(tmp_path / "hub", None)[0] as hub:
        path = invite(hub, create_network(hub, "Hull", "Hub"), tmp_path / "hull.fkn")
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        type_ahead(app, ["2", *str(path), "enter", *"Ours", "enter", *"one two three"])
        await until(pilot, lambda: lines(app).get("secret") == "one two three", "the passphrase in its line")
        assert lines(app) == {"device": "Ours", "secret": "one two three", "again": "", "lead": ""}
        await pilot.press("escape")
        await until(pilot, lambda: "Just try it" in picture(pilot), "the choices")
        # What was typed for a page that did not come must not be read by another page.
        type_ahead(app, ["2", *str(tmp_path / "no.fkn"), "enter", *"Ours", "enter", *"one two three"])
        await until(pilot, lambda: "×" in picture(pilot), "the refusal")
        assert lines(app) == {"path": str(tmp_path / "no.fkn")}
        await pilot.press("backspace")
        assert lines(app) == {"path": str(tmp_path / "no.fk")}


async def test_an_interrupted_first_run_goes_on_next_time(tmp_path: Path) -> None:
    Kit.create(tmp_path / "kit", None)[0].close()
    async with running(tmp_path / "kit") as pilot:
        await on(pilot, FirstRunScreen)
        await until(pilot, lambda: "only its network is missing" in picture(pilot), "the choices")
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.screen.query("#device"), "the lines")
        assert not pilot.app.screen.query("#secret")
        await type_in(pilot, "Hull")
        await pilot.press("enter", "enter", "enter")
        await home(pilot)


async def test_joining_shows_the_coordinators_words_and_a_wrong_file_is_refused(tmp_path: Path) -> None:
    from fieldkit.sync.export.export import invite

    with Kit.create(tmp_path / "hub", None)[0] as hub:
        me = create_network(hub, "Hull", "Hub")
        path = invite(hub, me, tmp_path / "hull.fkn")
        fingerprint_words = me.key.public.six_words
    (tmp_path / "bad.fkn").write_bytes(b"no tar at all")
    async with running(tmp_path / "kit") as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        await pilot.press("2")
        await until(pilot, lambda: pilot.app.screen.query("#path"), "the line")
        line = pilot.app.screen.query_one("#path", Input)
        line.value = str(tmp_path / "bad.fkn")
        await pilot.press("enter")
        await until(pilot, lambda: "×" in shown(pilot, "#state"), "the refusal")
        (tmp_path / "other.db").write_bytes(b"something else")
        line.value = str(tmp_path / "other.db")
        await pilot.press("enter")
        await until(
            pilot, lambda: "An invitation ends in .fkn." in shown(pilot, "#state"), "what to look for"
        )
        assert "kit was changed" not in shown(pilot, "#state")
        line.value = str(tmp_path / "hul")
        line.cursor_position = len(line.value)
        await pilot.press("tab")
        assert line.value == str(path)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query("#device"), "the invitation")
        flowed = " ".join(picture(pilot).split())
        assert all(word in flowed for word in fingerprint_words.split())
        await type_in(pilot, "Laptop 2")
        await pilot.press("enter", "enter", "enter", "enter")
        await on(pilot, Dialog)
        await pilot.press("y")
        await home(pilot)
        assert pilot.app.device_name == "Laptop 2"


def test_strength_and_completion(tmp_path: Path) -> None:
    assert strength("") == ""
    assert strength("short").startswith("Too short")
    assert strength("aaaaaaaaaaaaaaaaaaaaaa").startswith("Too easy")
    assert strength("violet teapot otter cycles") == "Strong"
    (tmp_path / "abcd.fkn").touch()
    (tmp_path / "abce.fkn").touch()
    (tmp_path / "xyz.txt").touch()
    assert completed(str(tmp_path / "a"), ".fkn") == str(tmp_path / "abc")
    assert completed(str(tmp_path / "abcd"), ".fkn") == str(tmp_path / "abcd.fkn")
    assert completed(str(tmp_path / "xy"), ".fkn") == str(tmp_path / "xy")
    assert completed("/no/such/place/a", ".fkn") == "/no/such/place/a"
