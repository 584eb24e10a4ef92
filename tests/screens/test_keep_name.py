"""The box that asks whether a name may be kept: one Enter too many is not a yes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from app_desk import at_home, on, picture
from fieldkit.screens.base.name_consent_box import KeepName
from fieldkit.screens.home.home_screen import HomeScreen
from waiting import until


async def test_enter_alone_is_nobodys_yes(folder: Path) -> None:
    answers: list[str | None] = []
    async with at_home(folder) as pilot:
        early = events.Key("enter", "\r")
        pilot.app.push_screen(KeepName("Zainab", "Ask the person.", no="no"), answers.append)
        await on(pilot, KeepName)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the box")  # type: ignore[attr-defined]
        pilot.app.post_message(early)
        await pilot.press("enter", "enter")
        await until(
            pilot, lambda: "The key enter does nothing here." in picture(pilot), "the answer to Enter"
        )
        assert isinstance(pilot.app.screen, KeepName) and answers == []
        assert "▸ 1" not in picture(pilot) and "enter choose" not in picture(pilot)
        await pilot.press("1")
        await on(pilot, HomeScreen)
    assert answers == ["yes"]


@pytest.mark.parametrize(("keys", "answer"), [(("down",), "yes"), (("down", "down"), "no"), (("up",), "yes")])
async def test_the_arrows_point_at_an_answer_that_enter_takes(
    folder: Path, keys: tuple[str, ...], answer: str
) -> None:
    answers: list[str | None] = []
    async with at_home(folder) as pilot:
        pilot.app.push_screen(KeepName("Zainab", "Ask the person.", no="no"), answers.append)
        await on(pilot, KeepName)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the box")  # type: ignore[attr-defined]
        await pilot.press(*keys)
        await until(pilot, lambda: "enter choose" in picture(pilot), "that Enter takes it")
        await pilot.press("enter")
        await on(pilot, HomeScreen)
    assert answers == [answer]
