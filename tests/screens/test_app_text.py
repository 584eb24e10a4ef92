"""What the screens show: hostile text as text, greys if colours are not wanted, figures in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import at_home, picture
from fieldkit.screens.home.home_screen import HomeScreen
from fieldkit.screens.summary.summary_pages import by, hours
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from waiting import until

HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31mred \x1b]0;title\x07 =1+1 ‮ \U0001f469‍⚕️ ਪੰਜਾਬੀ شكرا"


async def test_hostile_text_is_text_on_every_screen(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event = kit.add("event", {"title": HOSTILE, "place": HOSTILE})
        kit.settings.put(EVENT, event.record_id)
        kit.add("partner", {"name": HOSTILE, "town": HOSTILE})
        first_person, second_person = (
            kit.add("person", {"name": HOSTILE, "organisation": HOSTILE}) for _ in "12"
        )
        kit.add("feedback", {"experience": HOSTILE, "provider": HOSTILE, "rating": "1"})
        pair = kit.add(
            "mentorship",
            {"mentor": first_person.record_id, "mentee": second_person.record_id, "goals": HOSTILE},
        )
        kit.add(
            "session",
            {
                "mentorship": pair.record_id,
                "date": "2026-10-27",
                "topics": HOSTILE,
                "next_actions": HOSTILE,
                "skills": 3,
            },
        )
    async with at_home(folder) as pilot:
        for keys in (
            ["e"],
            ["e", "o"],
            ["o"],
            ["p"],
            ["p", "enter"],
            ["p", "enter", "e"],
            ["a"],
            ["a", "x"],
            ["m"],
            ["m", "enter"],
            ["m", "enter", "enter"],
            ["l"],
            ["f", "1", "escape", "u"],
        ):
            for key in keys:
                await pilot.press(key)
                if keys[0] != "m":  # there a worker waits for the answer to who mentors here
                    await pilot.app.workers.wait_for_complete(
                        [w for w in pilot.app.workers if w.group != "search"]
                    )
                await pilot.pause()
            assert "\x1b" not in picture(pilot)
            while not isinstance(pilot.app.screen, HomeScreen):
                before = len(pilot.app.screen_stack), picture(pilot)
                await pilot.press("escape")
                # The first may only clear the typed text; the next then goes back.
                await until(
                    pilot,
                    lambda was=before: (len(pilot.app.screen_stack), picture(pilot)) != was,
                    "going back",
                )  # type: ignore[misc]
        pilot.app.open_screen("records", "feedback")
        await until(pilot, lambda: "[/] [@" in picture(pilot), "the comment as it is")


async def test_no_color(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_home(folder) as pilot:
        colours = {
            colour.name
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and (colour := segment.style.color) is not None
        }
        assert "AT THIS EVENT" in picture(pilot)
    for name in colours:
        assert name.startswith("#") and len({name[1:3], name[3:5], name[5:7]}) == 1, f"{name} is not grey"


def test_figures_in_words() -> None:
    assert [by(change) for change in (0.7, -1.25, 0.0, -0.04, 0.04)] == [
        "+0.7",
        "-1.2",
        "same",
        "same",
        "same",
    ]
    assert [hours(number) for number in (0.0, 0.5, 1.0, 2.0)] == ["0 hours", "0.5 hours", "1 hour", "2 hours"]
