"""Pasted text arrives as one paste, whatever it contains; keys arrive unchanged."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from fieldkit.widgets.terminal_input import BEGIN, END, PasteFilter, keep_pastes_whole

PIECES = st.sampled_from(
    [BEGIN, END, "\x1b", "\x1b[31m", "\x1b[A", "[", "2", "0", "1", "~", "words", "ਵਧੀਆ", "\r", "\t"]
)


def in_pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    return [text[first:last] for first, last in pairwise(places)]


@given(st.lists(PIECES).map("".join), st.lists(st.integers(0, 80)))
def test_pieces_of_any_length_give_the_same(text: str, cuts: list[int]) -> None:
    whole, cut = PasteFilter(), PasteFilter()
    assert "".join(map(cut, in_pieces(text, cuts))) == whole(text)


@given(st.lists(PIECES).map("".join), st.lists(PIECES).map("".join))
def test_a_paste_loses_its_escapes_and_nothing_else(before: str, pasted: str) -> None:
    keys = before.replace(BEGIN, "")
    inside = pasted.replace(END, "")
    if BEGIN in keys or END in inside or (keys + BEGIN).count(BEGIN) != 1:
        return
    # A paste can't contain its own end mark, however it is split.
    if (inside + END).index(END) != len(inside):
        return
    assert (
        PasteFilter()(keys + BEGIN + inside + END + "k\x1b")
        == keys + BEGIN + inside.replace("\x1b", "") + END + "k\x1b"
    )


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_the_toolkit_sees_one_paste(size: int) -> None:
    keep_pastes_whole()
    keep_pastes_whole()
    parser = XTermParser()
    text = f"a{BEGIN}before\n\x1b[31mred\x1b[0m\t\x1b\x1blast{END}b"
    pastes = [
        event for start in range(0, len(text), size) for event in parser.feed(text[start : start + size])
    ]
    assert [type(event) for event in pastes] == [events.Key, events.Paste, events.Key]
    assert pastes[1].text == "before\n[31mred[0m\tlast"
