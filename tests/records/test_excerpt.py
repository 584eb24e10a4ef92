"""The excerpt shown for a search result: the place where the words are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.records.excerpt import excerpt
from fieldkit.records.schema.kind import kind

LONG = "The ward was kind to my mother, and then a nurse came who never looked at her notes, which we had brought along."


@pytest.mark.parametrize(
    ("text", "shown", "expected"),
    [
        ("nurse", "1 very good", "…and then a nurse came who never looked at her notes,…"),
        ("the ward", "1 very good", "The ward was kind to my mother, and then a…"),
        ("along", "1 very good", "…had brought along."),
        ("NURSE", "the nurse", ""),
        ("good", "nothing", "very good"),
        ("zebra", "nothing", ""),
    ],
)
def test_the_place_where_a_word_stands(text: str, shown: str, expected: str) -> None:
    values = {"rating": "1", "experience": LONG}
    assert excerpt(kind("feedback"), values, text, shown, {}) == expected


@given(st.text(max_size=200), st.text(max_size=20))
def test_it_is_one_line_whatever_was_said(sentence: str, text: str) -> None:
    result = excerpt(kind("feedback"), {"experience": sentence}, text, "", {})
    assert "\n" not in result
    assert "\x1b" not in result
    assert len(result) <= 14 + 40 + len(text) + 2
