"""An excerpt is exact: nothing is added, order and words stay, and only cuts are marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import Misuse
from fieldkit.presentation.cycle.excerpts import excerpt_of, places_of
from fieldkit.records.kinds.evidence.quote import QUOTE
from fieldkit.text import clean, clean_line

ANSWER = "They moved my appointment twice\nand nobody rang. Dr Khan was lovely. I cried (a lot)."


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (ANSWER, "They moved my appointment twice and nobody rang. Dr Khan was lovely. I cried (a lot)."),
        (
            "They moved my appointment twice and nobody rang.",
            "They moved my appointment twice and nobody rang. …",
        ),
        ("nobody rang. […] was lovely", "… nobody rang. […] was lovely …"),
        ("They moved … I cried (a lot).", "They moved … I cried (a lot)."),
        ("They moved ... nobody  rang", "They moved … nobody rang …"),
        ("… nobody rang …", "… nobody rang …"),
        ("They moved […]", "They moved …"),
    ],
)
def test_what_is_quoted(typed: str, shown: str) -> None:
    places = places_of(ANSWER, typed)
    assert excerpt_of(ANSWER, places) == shown
    assert QUOTE.check_fields({"excerpt": places}) == {"excerpt": places}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " … ",
        "they moved",
        "nobody rang … They moved",
        "They moved our appointment",
        "nobody rang!",
        "a" * 500,
        ".*",
    ],
)
def test_what_is_no_excerpt(typed: str) -> None:
    with pytest.raises(Misuse):
        places_of(ANSWER, typed)


def test_places_that_the_answer_does_not_have_give_nothing() -> None:
    for places in ("0-500", "5-5", "9-4", "10-20…5-8"):
        assert excerpt_of(ANSWER, places) == ""


@given(st.text(min_size=1, max_size=200), st.data())
def test_every_piece_of_any_answer_can_be_quoted(text: str, data: st.DataObject) -> None:
    answer = clean(text)
    start = data.draw(st.integers(0, len(answer)))
    piece = answer[start : data.draw(st.integers(start, len(answer)))]
    if not clean_line(piece).strip(" .…[]") or "…" in piece or "..." in piece:
        return
    shown = excerpt_of(answer, places_of(answer, piece))
    assert clean_line(piece).strip() in shown
    assert clean_line(shown.replace("…", " ")).split() == clean_line(piece).split()
