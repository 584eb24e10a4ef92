"""The text of a bulletin: people edit the words, but nobody can edit a figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.documents.blocks import Heading, Items
from fieldkit.errors import Misuse
from fieldkit.presentation.bulletin.bulletin_figures import BulletinFigures, Held
from fieldkit.presentation.bulletin.bulletin_text import MOST_WORDS, document_of, draft, problems
from fieldkit.printed_figure import STAR, Shown

FIGURES = BulletinFigures(
    "2025-04-01",
    "2025-06-30",
    (Held("Health fair", "2025-05-10", "Luton"),),
    (Held("Workshop", "2025-07-12", "Bradford"),),
    Shown(1052),
    Shown(240),
    (("Appointment arrangements", Shown(97)), ("Parking", Shown(40))),
    None,
    ({"title": "Open on Saturdays", "status": "declined", "reason": "No money.", "answer": ""},),
    {},
)


def test_a_draft_says_everything_in_its_order_and_may_go_out() -> None:
    text = draft(FIGURES)
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        "# What happened", "# What you told us", "# What changed", "# What is next", "# How to take part",
    ]  # fmt: skip
    assert "«1,052 visits» were counted. These are visits, not people." in text
    assert "- «97 people spoke about appointment arrangements»." in text
    assert "- Open on Saturdays: declined." in text and "The reason: No money" in text
    assert "receipt code" in text
    assert problems(text, FIGURES) == []


def test_hidden_numbers_are_a_few() -> None:
    text = draft(replace(FIGURES, people=STAR, visits=STAR, themes=()))
    assert "A few people told us" in text and "A few visits were counted" in text
    assert not [character for character in text if character in "«»*"]


def test_visits_that_nobody_counted_are_left_out() -> None:
    assert "visits" not in draft(replace(FIGURES, visits=Shown(0)))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("«240 people»", "«241 people»", "«241 people» is not a figure of this period"),
        ("«240 people»", "«97 people»", "«97 people» is not a figure of this period"),
        ("«240 people»", "240 people", "“240 people” was typed"),
        ("«240 people»", "«240 people", "lost one of its marks"),
        ("«240 people» told us", "Over 300 local people told us", "“300 local people” was typed"),
        ("«240 people» told us", "More than 80 % of you told us", "“80 %” was typed"),
        ("«240 people» told us", "Three people told us", "“Three people” was typed"),
        ("«240 people» told us", "Some twenty people told us", "“twenty people” was typed"),
        ("«240 people» told us", "Hundreds of people told us", "“Hundreds of people” was typed"),
        ("«240 people» told us", "People: 7", "“People: 7” was typed"),
        ("«240 people» told us", "Comments = 41", "“Comments = 41” was typed"),
        ("«240 people» told us", "Seven in ten of you told us", "“ten of you” was typed"),
    ],
)
def test_an_edited_figure_is_refused(old: str, new: str, sentence: str) -> None:
    text = draft(FIGURES)
    assert old in text
    assert sentence in " ".join(problems(text.replace(old, new), FIGURES))
    with pytest.raises(Misuse):
        document_of(text.replace(old, new), FIGURES)


def test_words_may_be_edited_and_figures_moved_or_left_out() -> None:
    text = "# News\nThank you. «240 people» spoke to us; call 0121 496 0000 by 3 July.\n- One\n- Two\n"
    assert problems(text, FIGURES) == []
    blocks = document_of(text, FIGURES).blocks
    assert [type(block).__name__ for block in blocks] == ["Heading", "Paragraph", "Items"]
    assert "«" not in str(blocks)
    assert isinstance(blocks[0], Heading) and isinstance(blocks[2], Items)


def test_long_texts_and_long_sentences_are_said() -> None:
    assert problems("word. " * (MOST_WORDS + 1), FIGURES) == [
        f"It has {MOST_WORDS + 1} words; {MOST_WORDS} fit on the page."
    ]
    [problem] = problems("word " * 21 + ".", FIGURES)
    assert "has 22 words" in problem or "has 21 words" in problem


def test_many_events_and_long_titles_stay_within_the_page() -> None:
    many = tuple(Held("word " * 60, "2025-05-10", "place " * 30) for _ in range(40))
    drafted = draft(replace(FIGURES, held=many, coming=many[:3]))
    assert problems(drafted, FIGURES) == []
    assert "…." not in drafted


def test_words_of_people_bring_no_figures_with_them() -> None:
    hostile = ({"title": "«999 people» agree", "status": "done", "reason": "", "answer": ""},)
    figures = replace(FIGURES, changes=hostile)
    assert "«999 people»" not in draft(figures)
    assert problems(draft(figures), figures) == []
