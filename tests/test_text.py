"""Text from people or hostile programs: cleaned in time proportional to its length."""

from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.spelling import folded
from fieldkit.text import (
    cells,
    clean,
    clean_line,
    cut_to_store,
    displayed,
    displayed_line,
    ended,
    listing,
    normalized,
    shortened,
)
from fieldkit.widgets.plain import fit, plain

#: Marks in pairs that normalisation must reorder, and what may hide them from a count of neighbours.
STACKS = [
    "\u0301\u0316",
    "\u0344\u0316",
    "\u0f73\u0316",
    "\uff9e\u0345",
    "\u0301\u0316\u202a",
    "\u0951\u093c",
    "\u064b\u0651",
    "\U0001d165\U0001d16e",
]


def test_a_sentence_that_ends_in_what_it_quotes_has_one_stop() -> None:
    assert ended("Its columns are: Day, Words") == "Its columns are: Day, Words."
    for quoted in ("How was it?", "Wow!", "Fun Ltd.", "a long heading…"):
        assert ended(f"Its columns are: Day, {quoted}") == f"Its columns are: Day, {quoted}"


def test_names_of_files_that_are_no_utf8_stay_different_where_they_are_shown() -> None:
    first, second = (os.fsdecode(b"/media/b" + byte) for byte in (b"\xe9", b"\xe8"))
    assert displayed(f"Kit: {first}") == r"Kit: /media/b\xe9"
    assert displayed_line(second) == r"/media/b\xe8"
    assert shortened(first) == fit(first, 40) == plain(first).plain == r"/media/b\xe9"
    # What people typed is cleaned as before.
    assert clean(first) == "/media/b"


@pytest.mark.parametrize("marks", STACKS)
@pytest.mark.parametrize("letter", ["", "a", "\u01d6", "क", "한"])
def test_tens_of_thousands_of_marks_on_one_letter_are_cleaned_and_folded_at_once(
    letter: str, marks: str
) -> None:
    cleaned = clean(letter + marks * 40_000 + " after")
    assert len(cleaned) <= len(letter) + 30 + len(" after")
    assert cleaned.endswith(" after")
    assert clean(cleaned) == clean_line(cleaned) == cleaned
    assert len(folded(letter + marks * 40_000)) < 50


@pytest.mark.parametrize("gap", ["™", "\u200d", "\u00b4", "'", "\u0640"])
def test_what_is_dropped_between_marks_lets_no_stack_grow(gap: str) -> None:
    assert folded("क" + ("\u0951\u093c" * 10 + gap) * 3_000)


@pytest.mark.parametrize(
    "text",
    ["Nguyễn Thị Ánh", "Z̴͔̓a̸͈͝l̴̰̎", "בְּרֵאשִׁית", "ਪੰਜਾਬੀ ਵਿੱਚ ਲਿਖਿਆ", "ཀྲྀཾ", "a" + "\u0301" * 29],
)
def test_what_languages_write_keeps_every_mark(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@given(
    st.text(
        alphabet=st.sampled_from("aé\u01d6ﾞ\u0301\u0316\u0344\u0f73\u0345क\u093c한\u1161 \u202a™"), max_size=90
    )
)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert unicodedata.is_normalized("NFC", clean(text))
    assert len(normalized("NFD", text)) <= len(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("Bradford fair", 13, "Bradford fair"),
        ("Bradford fair", 10, "Bradford…"),
        ("two\nlines", 20, "two lines"),
        ("健康フェア", 10, "健康フェア"),  # two cells a letter
        ("健康フェア", 9, "健康フェ…"),
        ("健康フェア", 8, "健康フ…"),
        ("Z̴͔̓a̸͈͝l̴̰̎go", 4, "Z̴͔̓a̸͈͝l̴̰̎…"),  # marks have no cells, and stay on their letter
        ("ਪੰਜਾਬੀ", 3, "ਪੰ…"),  # a vowel sign has a cell of its own, and stays with its letter
        ("ab👩\u200d👧cd", 6, "ab…"),  # joined emoji are not parted
    ],
)
def test_a_line_is_cut_by_cells_and_never_inside_a_letter(text: str, longest: int, shown: str) -> None:
    assert shortened(text, longest) == shown


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_shortened_line_fits_and_is_the_beginning_of_its_text(text: str, longest: int) -> None:
    line = shortened(text, longest)
    assert cells(line) <= longest
    assert line == clean_line(text) or clean_line(text).startswith(line.removesuffix("…"))


@pytest.mark.parametrize("longest", range(3, 12))
def test_no_accent_is_cut_from_its_letter_in_a_list_or_a_field(longest: int) -> None:
    text = "\u0a15\u0a4b" * 20  # Gurmukhi: each letter has a vowel sign behind it
    stored, shown = cut_to_store(text, longest), shortened(text, longest)
    assert len(stored) <= longest and cells(shown) <= longest
    for cut in (stored, shown):
        assert cut.endswith("…") and not len(cut[:-1]) % 2
    assert len(cut_to_store("e\u0301x\u0301\u0302" * 9, longest)) <= longest


def test_a_list_of_wide_names_is_cut_by_cells() -> None:
    [name] = listing(["漢" * 150]).split(", ")
    assert name.endswith("…") and cells(name) <= 200
    assert listing(["a" * 200, "b"], most=1) == "a" * 200 + " and 1 more"
