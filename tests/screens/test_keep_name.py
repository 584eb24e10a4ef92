"""The box that asks whether a name may be kept: no key from before it was seen is anybody's yes."""

from __future__ import annotations

from pathlib import Path

from textual import events

from app_desk import at_home, on, until
from fieldkit.screens.base.name_consent_box import KeepName
from fieldkit.screens.home.home_screen import HomeScreen


async def test_enter_keeps_the_name_but_not_from_before_the_question_was_seen(folder: Path) -> None:
    answers: list[str | None] = []
    async with at_home(folder) as pilot:
        early = events.Key("enter", "\r")
        pilot.app.push_screen(KeepName("Zainab", "Ask the person.", no="no"), answers.append)
        await on(pilot, KeepName)
        await until(pilot, lambda: pilot.app.screen.takes_keys, "the box")  # type: ignore[attr-defined]
        pilot.app.post_message(early)
        await pilot.pause()
        await pilot.press("up")
        assert isinstance(pilot.app.screen, KeepName) and answers == []
        await pilot.press("enter")
        await on(pilot, HomeScreen)
    assert answers == ["yes"]
