"""Urdu in a terminal that draws letter by letter: joined and reversed once, never twice."""

from __future__ import annotations

import unicodedata

import pytest

from fieldkit.presentation.languages.catalogue import catalogue
from fieldkit.presentation.languages.respondent_messages import respondent_messages
from fieldkit.presentation.languages.terminal_text import terminal_line, terminal_orders_scripts

THANKS = "آپ کا شکریہ۔"


def test_urdu_is_joined_and_reads_from_the_right() -> None:
    line = terminal_line(THANKS, {})
    assert line[0] == "۔"
    assert line[-1] == "ﺁ"
    assert len(line) == len(THANKS)


def test_figures_and_latin_words_keep_their_order() -> None:
    line = terminal_line("انہیں صرف Asha Network 2026 دیکھتا ہے۔", {})
    assert "Asha Network 2026" in line


@pytest.mark.parametrize(
    "environment",
    [{"VTE_VERSION": "6800"}, {"KONSOLE_VERSION": "230804"}, {"TERM_PROGRAM": "Apple_Terminal"}],
)
def test_a_terminal_that_does_it_itself_gets_the_line_as_it_is(environment: dict[str, str]) -> None:
    assert terminal_orders_scripts(environment)
    assert terminal_line(THANKS, environment) == THANKS


@pytest.mark.parametrize(
    "environment", [{}, {"VTE_VERSION": "4601"}, {"VTE_VERSION": "6800", "TMUX": "/tmp/x"}]
)
def test_others_do_not(environment: dict[str, str]) -> None:
    assert not terminal_orders_scripts(environment)


def test_other_scripts_stay_as_they_are() -> None:
    for code in ("en", "pa", "pl"):
        for message in respondent_messages():
            sentence = catalogue(code).text(*message)
            assert terminal_line(sentence, {}) == sentence


def test_every_urdu_letter_has_a_joined_form_that_terminals_draw_in_a_cell() -> None:
    for message in respondent_messages():
        for letter in terminal_line(catalogue("ur").text(*message), {}):
            assert unicodedata.category(letter) != "Cn", letter
            assert unicodedata.combining(letter) == 0, letter
