"""Text drawn in large letters: words are separated, accents are drawn, and text that can't be drawn is not drawn at all."""

from __future__ import annotations

import pytest

from fieldkit.presentation.languages.catalogue import catalogue
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.widgets.large_text import large_text, large_type


def test_words_stay_apart() -> None:
    together, apart = large_text("wego", 200), large_text("we go", 200)
    assert len(apart[0]) >= len(together[0]) + 3
    assert all(row[10:13].strip() == "" for row in (line.ljust(20) for line in large_text("we go", 200)))


@pytest.mark.parametrize(
    ("plain", "accented"), [("Z", "Ż"), ("A", "Ą"), ("L", "Ł"), ("O", "Ö"), ("C", "Ç"), ("N", "Ñ")]
)
def test_an_accent_is_drawn(plain: str, accented: str) -> None:
    assert large_text(accented, 80) and large_text(accented, 80) != large_text(plain, 80)


@pytest.mark.parametrize(
    "text", [RespondentText.BEFORE_WE_BEGIN, RespondentText.THANK_YOU, RespondentText.CALL_VOLUNTEER]
)
def test_a_language_is_drawn_whole_or_not_at_all(text: str) -> None:
    for code in ("en", "pl"):
        assert large_type(catalogue(code).text(text), 192, 40)
    for code in ("pa", "ur"):
        assert not large_type(catalogue(code).text(text), 192, 40)


def test_no_row_is_wider_or_lower_than_there_is_room() -> None:
    question = "Overall, how was your experience of the service?"
    assert large_type(question, 52, 8) == []
    drawn = large_type(question, 112, 20)
    assert drawn and len(drawn) <= 20 and max(map(len, drawn)) <= 112


def test_the_middle_of_m_and_w_is_not_the_bar_of_an_h() -> None:
    assert [large_text(letter, 80) for letter in "MWH"] == [
        ["█▄ ▄█", "█ █ █", "█   █"],
        ["█   █", "█ █ █", "█▀ ▀█"],
        ["█  █", "█▀▀█", "█  █"],
    ]
