"""Plain lines are broken between words and contain nothing that controls a terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.cli.error_reports import guarded
from fieldkit.cli.output import note
from fieldkit.cli.plain.line_breaks import for_terminal, question_for_terminal, wrap
from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.cli.prompts import ask_line
from fieldkit.errors import FieldkitError


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


def test_columns_within_a_line_stay_apart() -> None:
    line = "clock       It may be right: the newest record here was made before this hour."
    assert wrap(line, 40)[0] == "clock       It may be right: the newest"


def test_what_follows_a_label_stands_below_what_it_labels() -> None:
    lines = wrap("good  Preferences: config.toml (none, and none is needed)", 30)
    assert lines == ["good  Preferences:", "      config.toml (none, and", "      none is needed)"]


@pytest.mark.parametrize("key", ["4", "12", "c"])
def test_what_follows_the_key_of_an_answer_stands_below_the_answer(key: str) -> None:
    lines = wrap(f"  {key} Knowledge Sharing Symposium: Translating Policy", 30)
    assert lines == [
        f"  {key} Knowledge Sharing",
        f"  {' ' * len(key)} Symposium: Translating",
        f"  {' ' * len(key)} Policy",
    ]


def test_what_follows_of_a_value_that_was_read_is_no_row_of_its_own() -> None:
    lines = wrap("    White British → English, Welsh, Scottish or Irish: 1 row", 40)
    assert lines == ["    White British → English, Welsh,", "        Scottish or Irish: 1 row"]


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_questions_and_errors_are_broken_at_words_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    question = "On what ground did the people in this file agree to be recorded? "
    assert for_terminal(question, io.StringIO()) == question
    asked = for_terminal(question, Terminal())
    assert asked.endswith("recorded? ")
    assert len(asked.splitlines()) == 3
    assert all(len(line) <= 30 for line in asked.splitlines())
    stream = Terminal()
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    monkeypatch.setattr("sys.stderr", stream)
    assert ask_line(question) == "yes\n"
    stream.write("\n")

    def fails() -> int:
        raise FieldkitError("A sentence that is longer than a line of this window is.")

    assert guarded(fails, {}) == 1
    note("What a command prints beside its result is broken in the same way.")
    assert all(len(line) <= 30 for line in stream.getvalue().splitlines())


def test_an_answer_begins_a_line_where_its_question_leaves_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    question = "On what ground did they agree? "
    for width, ended in ((80, "agree? "), (47, "agree? "), (46, "agree?\n")):
        monkeypatch.setenv("COLUMNS", str(width))
        assert question_for_terminal(question, Terminal()).endswith(ended), width
        assert question_for_terminal(question, io.StringIO()) == question


def test_a_terminal_is_told_nothing_but_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = Terminal()
    PlainLines(stream).say("A name \x1b[31mwith colours\x07 and a bell")
    output = stream.getvalue()
    assert "\x1b" not in output and "\x07" not in output
    assert all(len(line) < 20 for line in output.splitlines())


@pytest.mark.parametrize("stop", [EOFError, KeyboardInterrupt])
def test_what_is_said_of_a_question_that_was_stopped_begins_a_line(
    stop: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(prompt: str) -> str:
        stream.write(prompt)
        raise stop

    stream = Terminal()
    monkeypatch.setattr("builtins.input", stopped)
    with pytest.raises(stop):
        PlainLines(stream).ask("Name: ")
    assert stream.getvalue() == "Name: \n"
