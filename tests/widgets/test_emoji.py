"""Emoji that terminals measure differently are replaced by ones that all measure alike, so that no remains stay."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len
from wcwidth import wcswidth, wcwidth

from fieldkit.text import clean_line
from fieldkit.widgets.inputs import PlainInput
from fieldkit.widgets.plain import drawable, drawable_in_place, fit, fit_path, pad, plain, wrapped
from widget_app import WidgetApp, text_of

SEQUENCES = [
    "👩‍👩‍👧‍👦", "👍🏽", "👩🏿‍⚕️", "🏳️‍🌈", "❤️", "❤️‍🔥", "🇬🇧", "🇬🇧🇫🇷", "1️⃣", "#️⃣", "☎️", "⚕️", "👁️‍🗨️",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "👨🏻‍🤝‍👨🏿", "🧑🏽‍🦽‍➡️", "🫱🏼‍🫲🏿", "✌🏿", "☝️", "ok 👩‍🚀 fine",
]  # fmt: skip


@pytest.mark.parametrize("text", SEQUENCES)
def test_every_terminal_measures_what_is_drawn_alike(text: str) -> None:
    for drawn in (drawable(text), plain(text).plain, fit(text, 40), fit_path(text, 40), *wrapped(text, 40)):
        letters = sum(wcwidth(letter) for letter in drawn)
        assert cell_len(drawn) == wcswidth(drawn) == letters > 0
    assert cell_len(pad(text, 12)) == wcswidth(pad(text, 12)) == 12


@pytest.mark.parametrize(
    "text", ["क्‍ष", "می‌خواهم", "e\u0301", "ᄒ\u1161ᆫ", "ਪੰਜਾਬੀ", "日本", "naïve", "a-b", "→ ← ✓ ★"]
)
def test_what_people_write_in_other_scripts_is_drawn_as_it_is(text: str) -> None:
    assert drawable(text) == text
    assert plain(text).plain == unicodedata.normalize("NFC", text)


def test_what_is_stored_keeps_its_emoji() -> None:
    assert clean_line("👩‍👩‍👧") == "👩‍👩‍👧"


@pytest.mark.parametrize("text", SEQUENCES)
def test_what_is_typed_into_is_drawn_alike_with_each_letter_at_its_place(text: str) -> None:
    shown = drawable_in_place(text)
    assert len(shown) == len(text)
    assert shown.replace("\u200b", "") == drawable(text)
    assert cell_len(shown) == sum(max(0, wcwidth(letter)) for letter in shown) > 0


@pytest.mark.parametrize("text", SEQUENCES)
async def test_the_cursor_stands_behind_an_emoji_that_was_typed(text: str) -> None:
    line = PlainInput("")
    app = WidgetApp(line)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        line.focus()
        line.value = f"{text}b"
        line.cursor_position = len(text)
        await pilot.pause()
        row = text_of(app).splitlines()[line.content_region.y]
        assert row[app.cursor_position.x - cell_len(row.split("b")[0]) + len(row.split("b")[0]) :].startswith(
            "b"
        )
        assert line.value == f"{text}b"
