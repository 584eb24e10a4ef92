"""The test terminal shows letters with marks completely, and the letters after them."""

from __future__ import annotations

import pyte

from terminal import Emulator


def test_marks_of_every_script_stay_with_their_letters() -> None:
    screen = Emulator(20, 1)
    pyte.Stream(screen).feed("\u2067ਹਰਪ੍ਰੀਤ e\u0301 中\ufe0f|")
    row = [screen.buffer[0][x].data for x in range(screen.cursor.x)]
    assert "".join(row) == "ਹਰਪ੍ਰੀਤ \u00e9 中\ufe0f|"
    assert row[-3:] == ["中\ufe0f", "", "|"]


def test_a_sign_beside_its_letter_takes_a_cell_as_in_most_terminals() -> None:
    screen = Emulator(20, 1)
    pyte.Stream(screen).feed("ਪੰਜਾਬੀ (Punjabi)")
    assert "".join(screen.buffer[0][x].data for x in range(screen.cursor.x)) == "ਪੰਜਾਬੀ (Punjabi)"
    assert screen.cursor.x == 5 + len(" (Punjabi)")
