"""Plain lines are broken at words and hold nothing that steers a terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.cli.output import wrap
from fieldkit.cli.plain.plain_lines import PlainLines


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80), st.integers(8, 40)
)
def test_wrapping_keeps_every_word_in_its_order(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert " ".join(lines).split() == " ".join(wrap(text, 10_000)).split()


def test_lines_are_shorter_than_the_window_and_indented_alike() -> None:
    lines = wrap("  What would they need that was not there, in the words that they used?", 30)
    assert all(len(line) < 30 and line.startswith("  ") for line in lines)
    assert len(lines) == 3
    assert wrap("山田太郎 山田太郎 山田太郎", 20) == ["山田太郎 山田太郎", "山田太郎"]


def test_a_terminal_is_told_nothing_but_text(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "20")
    stream = Terminal()
    PlainLines(stream).say("A name \x1b[31mwith colours\x07 and a bell")
    output = stream.getvalue()
    assert "\x1b" not in output and "\x07" not in output
    assert all(len(line) < 20 for line in output.splitlines())
