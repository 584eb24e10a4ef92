"""The lines of setting up and unlocking: all is in view on a small terminal, and no key without effect is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from app_desk import on, picture, shown, type_in
from fieldkit.app import FieldkitApp
from fieldkit.screens.base.secret_lines import caps_lock_note
from fieldkit.screens.setup.recovery import RecoveryScreen
from fieldkit.screens.setup.unlock import UnlockScreen
from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import invite
from fieldkit.sync.setup import create_network
from fieldkit.widgets.dialogs.dialog import Dialog
from waiting import until

pytestmark = pytest.mark.usefixtures("short_waits")
SMALL = (60, 20)


@pytest.fixture
def invitation(tmp_path: Path) -> Path:
    """An invitation to a network whose name has the full length."""
    kit, _ = Kit.create(tmp_path / "coordinator", None)
    with kit:
        me = create_network(kit, "Bradford champions", "Coordinator")
        return invite(kit, me, tmp_path / "network.fkn")


@pytest.mark.parametrize("size", [SMALL, (80, 24)])
async def test_who_joins_sees_the_fingerprint_beside_the_lines(
    tmp_path: Path, invitation: Path, size: tuple[int, int]
) -> None:
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        await pilot.press("2")
        await until(pilot, lambda: app.screen.query("#path"), "the line for a path")
        app.screen.query_one("#path", Input).value = str(invitation)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query("#again"), "the lines")
        await pilot.pause()
        view = " ".join(picture(pilot).split())
        for sentence in (
            "Join Bradford champions",
            "Its six words are:",
            "Ask the coordinator",
            "name and number, now or later",
            "four words, 8 characters or more",
        ):
            assert sentence in view
        await pilot.press(*["enter"] * 4)
        await until(pilot, lambda: "×" in picture(pilot), "what is wrong")
        await type_in(pilot, "S")
        await until(pilot, lambda: "×" not in picture(pilot), "nothing to be wrong")
        await app.leave()


async def test_a_name_that_is_too_long_is_refused_at_its_line(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        await pilot.press("1")
        await until(pilot, lambda: app.screen.query("#again"), "the lines")
        app.screen.query_one("#name", Input).value = "n" * 81
        await pilot.press(*["enter"] * 5)
        await until(pilot, lambda: "too long: 81 characters" in picture(pilot), "what is wrong")
        assert app.focused is app.screen.query_one("#name")
        await app.leave()


async def test_an_invitation_that_is_damaged_is_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "bad.fkn").write_bytes(b"this is no invitation")
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        await pilot.press("2")
        await until(pilot, lambda: app.screen.query("#path"), "the line for a path")
        app.screen.query_one("#path", Input).value = str(tmp_path / "bad.fkn")
        await pilot.press("enter")
        await until(pilot, lambda: "damaged" in shown(pilot, "#state"), "the refusal")
        assert "ask the coordinator for the invitation again" in shown(pilot, "#state")
        await app.leave()


@pytest.mark.parametrize("renewed", [False, True])
async def test_the_recovery_code_and_what_to_do_are_in_view_at_once(tmp_path: Path, renewed: bool) -> None:
    app = FieldkitApp(tmp_path / "other")
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        app.push_screen(RecoveryScreen(" ".join(["pyramids"] * 12), renewed))
        await on(pilot, RecoveryScreen)
        await pilot.press("enter")
        await until(pilot, lambda: "×" in picture(pilot), "what is wrong")
        view = picture(pilot)
        assert "Recovery code" in view or renewed
        assert "Write these twelve words down" in view
        assert view.count("pyramids") == 12
        await app.leave()


async def test_the_line_typed_into_stays_in_view_above_a_notice_of_two_rows(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "other")
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        app.push_screen(RecoveryScreen(" ".join(["pyramids"] * 12), renewed=True))
        await on(pilot, RecoveryScreen)
        await until(pilot, lambda: "▸ Type “written”" in picture(pilot), "the line")
        app.screen.show_notice("A sentence of two rows above the bottom line, " * 2, "warning")
        await until(pilot, lambda: "two rows" in picture(pilot), "the notice")
        await until(
            pilot, lambda: "two rows" in picture(pilot) and "▸ Type “written”" in picture(pilot), "both"
        )
        await app.leave()


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("FOUR PLAIN BROWN WORDS", True),
        ("FOUR PLAIN BROWN wORDS", False),
        ("NHS", False),
        ("1234 5678", False),
        ("ਪੰਜਾਬੀ", False),
        ("ДОБРЫЙ", True),
        ("", False),
    ],
)
def test_capitals_alone_point_at_caps_lock(typed: str, noted: bool) -> None:
    assert bool(caps_lock_note(typed)) is noted


async def test_a_locked_kit_says_that_caps_lock_is_on_and_names_no_key_of_an_open_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldkit.store.db import scrypt_process

    # The real lock takes seconds; the tests of the vault cover it.
    monkeypatch.setattr(scrypt_process, "wrap", lambda key, secret: secret.encode() + b"|" + key)
    Kit.create(tmp_path / "kit", "four plain brown words")[0].close()
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=SMALL) as pilot:
        await on(pilot, UnlockScreen)
        await type_in(pilot, "FOUR")
        await until(pilot, lambda: "Caps Lock seems to be on" in picture(pilot), "the note")
        await type_in(pilot, "x")
        await until(pilot, lambda: "Caps Lock" not in picture(pilot), "no note")
        await pilot.press("f1")
        await on(pilot, Dialog)
        keys = str(app.screen.text_for(50))  # type: ignore[attr-defined]
        assert "ctrl+q" in keys
        assert "f8" not in keys
        assert "ctrl+l" not in keys
        await pilot.press("escape")
        await app.leave()


@pytest.mark.parametrize("size", [SMALL, (80, 24), (120, 40), (200, 50)])
async def test_the_path_of_an_invitation_is_whole_at_every_size(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = "/media/coordinator/STICK/network-of-the-West-Midlands/invitations/West-Midlands-2026-27.fkn"
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        await pilot.press("2")
        await until(pilot, lambda: app.screen.query("#path"), "the line for a path")
        app.screen.query_one("#path", Input).value = path
        await until(pilot, lambda: path in "".join(picture(pilot).split()), "all of the path")
        await app.leave()
