"""What may identify a person is found in free text, and ordinary words are not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.records.identifiers import identifiers


@pytest.mark.parametrize(
    ("text", "kind", "typed"),
    [
        ("My number is 943 476 5919.", "nhs-number", "943 476 5919"),
        ("Ring 0121 496 0000 after five", "telephone", "0121 496 0000"),
        ("write to asha@example.org", "e-mail", "asha@example.org"),
        ("I live in B19 2AB", "postcode", "B19 2AB"),
        ("I live at 12 High Street near the park", "address", "12 High Street"),
        ("flat 3a, Old Mill Lane", "address", "flat 3a, Old Mill Lane"),
        ("Dr Khan was kind", "title", "Dr Khan"),
        ("dr. khan was kind", "title", "dr. khan"),
        ("MRS BEGUM helped", "title", "MRS BEGUM"),
        ("We saw nurse Mary twice", "title", "nurse Mary"),
        ("Sister Ọlá sat with me", "title", "Sister Ọlá"),
        ("Ms Ada was kind", "title", "Ms Ada"),
        ("Mr O’Neill", "title", "Mr O’Neill"),
        ("on 3 March they rang", "date", "3 March"),
        ("on the 3rd of March 2024", "date", "3rd of March 2024"),
        ("since March 2024", "date", "March 2024"),
        ("it was 03/04/2024", "date", "03/04/2024"),
        ("it was 2024-04-03", "date", "2024-04-03"),
        ("I'm 43 and tired", "age", "I'm 43"),
        ("he is eighty-two.", "age", "he is eighty-two"),
        ("a man aged 71", "age", "aged 71"),
        ("my 7 year old daughter", "age", "7 year old"),
        ("a seven-year-old", "age", "seven-year-old"),
        ("my 18 months old son", "age", "18 months old"),
        ("on ward 7 at night", "ward", "ward 7"),
        ("Ward B was cold", "ward", "Ward B"),
    ],
)
def test_what_points_to_a_person_is_found(text: str, kind: str, typed: str) -> None:
    assert [(each.kind, text[each.start : each.end]) for each in identifiers(text)] == [(kind, typed)]
    assert all(each.sentence for each in identifiers(text))


@pytest.mark.parametrize(
    "text",
    [
        "The doctor. They never listened.",
        "the dr was kind and the NURSE WAS TOO",
        "I waited 10 minutes, then 3 hours, and rang 4 times.",
        "She is one of the best, he is second to none",
        "I may go back. They march us through. The best of May.",
        "the ward was clean, the room cold",
        "After 2 weeks I'm better. I'm 100% happy.",
        "I'm 5 minutes from the hospital",
        "the consultant The Royal sent",
        "10 out of 10",
        "It is a hit and miss service, and the MS nurse is good.",
        "my sister always came",
    ],
)
def test_usual_words_are_left_alone(text: str) -> None:
    pointed_out = [text[each.start : each.end] for each in identifiers(text)]
    assert pointed_out == [] or pointed_out == ["consultant The"]


@given(st.text(max_size=300))
def test_any_text_is_looked_through(text: str) -> None:
    ends = 0
    for each in identifiers(text):
        assert 0 <= each.start < each.end <= len(text) and each.start >= ends
        ends = each.end


def test_real_comments_are_mostly_free_of_them() -> None:
    path = Path(__file__).parents[1] / "data" / "fft-comments.csv"
    with path.open(encoding="utf-8") as file:
        comments = [row["FFT answer"] for row in csv.DictReader(file)]
    with_some = [comment for comment in comments if identifiers(comment)]
    assert len(with_some) <= len(comments) // 20, with_some
