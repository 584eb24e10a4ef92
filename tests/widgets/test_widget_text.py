"""Text in its cells, and dates, times and numbers as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from fieldkit.cli.plain.line_breaks import wrap
from fieldkit.records.schema.dates import parse_time
from fieldkit.records.schema.numbers import parse_number
from fieldkit.widgets.plain import drawable, fit, fit_parts, fit_path, pad, pasted, plain, wrapped
from fieldkit.widgets.typed_dates import read_date, weekday_and_date
from widget_app import HOSTILE


@given(st.text(), st.integers(0, 60))
@example("\u200d", 1)
@example("a\u200d wide letter", 3)
def test_fit_and_pad_keep_to_their_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width
    assert cell_len(pad(text, width)) == width
    assert "\n" not in pad(text, width)
    assert "\x1b" not in fit(text, width)


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_has_no_markup_and_no_control_codes(text: str) -> None:
    content = plain(text)
    assert not content.spans
    assert not any(ord(letter) < 32 and letter != "\n" for letter in content.plain)
    assert all(cell_len(line) <= 20 for line in wrapped(text, 20))


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("ਕਾਰ", 3),
        ("हिन्दी", 5),
        ("বাংলা", 5),
        ("தமிழ்", 4),
        ("മലയാളം", 6),
        ("မြန်မာ", 5),
        ("ภาษา", 4),
        ("שָׁלוֹם", 4),
        ("é", 1),
    ],
)
def test_a_vowel_sign_beside_its_letter_takes_a_cell_as_in_terminals(text: str, width: int) -> None:
    # The widths that tmux, which asks the C library, gave these words.
    assert cell_len(text) == Content(text).cell_length == Strip([Segment(text)]).cell_length == width


@pytest.mark.parametrize("number", ["0116 496 0000", "07700 900123", "(0116) 496 0000", "+44 (0)7700 900123"])
def test_no_line_breaks_a_telephone_number(number: str) -> None:
    sentence = f"Now tell the safeguarding lead: Grace Obi, {number}, or 12 others"
    for width in range(len(number) + 1, len(sentence) + 1):
        shown = (wrapped(sentence, width), [line.plain for line in plain(sentence).wrap(width)])
        printed = wrap(sentence, width)
        assert all(any(number in line for line in lines) for lines in (*shown, printed)), width
    assert wrapped("On 27 11 2026 at 10 30", 13) == ["On 27 11 2026", "at 10 30"]


def test_a_date_stays_behind_a_name_written_from_right_to_left() -> None:
    for drawn in (drawable("میلہ صحت · 1 Nov 2026"), fit("میلہ صحت · 1 Nov 2026", 40)):
        assert drawn == "میلہ صحت\u200e · 1 Nov 2026"
        assert cell_len(drawn) == len("میلہ صحت · 1 Nov 2026")
    assert drawable("میلہ صحت") == "میلہ صحت"


def test_no_vowel_sign_is_cut_from_its_letter() -> None:
    assert fit("ਕਾਕਾਕਾ", 4) == "ਕਾ…"
    assert fit("ਕਾਕਾਕਾ", 5) == "ਕਾਕਾ…"


def test_fit_says_where_it_cut_and_never_splits_a_wide_letter() -> None:
    assert fit("abcdef", 4) == "abc…"
    assert fit("診療所の", 4) == "診…"
    assert fit("abc", 3) == "abc"
    assert fit("… waited long… and", 14) == "… waited long…"


def test_a_long_title_gives_room_to_the_date_and_place_behind_it() -> None:
    event = "Together for Better Health: Diabetes · 16 May 2026 · St Mary's Church Hall"
    assert fit_parts(event, 80) == event
    assert fit_parts(event, 60) == "Together for Better H… · 16 May 2026 · St Mary's Church Hall"
    assert fit_parts(event, 48) == "Together for B… · 16 May 2026 · St Mary's Chur…"
    assert fit_parts(event, 36) == "Together for Better H… · 16 May 2026"
    fair = "Vaisakhi health fair · 27 Nov 2026 · Guru Nanak Gurdwara, Leicester"
    assert fit_parts(fair, 48) == "Vaisakhi health fair · 27 Nov 2026 · Guru Nanak…"
    ended = f"End of the event · {event}"
    assert fit_parts(ended, 48) == "End of the event · Together for B… · 16 May 2026"
    assert fit_parts("Fair · 16 May 2026 · St Mary's Church Hall", 26) == "Fair · 16 May 2026 · St M…"
    assert fit_parts("a title without parts", 10) == "a title w…"


@given(st.lists(st.text(max_size=30), max_size=5).map(" · ".join), st.integers(0, 60))
def test_parts_keep_to_their_cells(text: str, width: int) -> None:
    assert cell_len(fit_parts(text, width)) <= width


def test_a_path_is_cut_in_the_middle() -> None:
    path = "/media/anna/STICK/a folder with a long name/st-marys-laptop-1-0007.fkb"
    assert fit_path(path, 40) == "/media/anna/…/st-marys-laptop-1-0007.fkb"
    assert fit_path(path, 80) == path
    assert fit_path("a-very-long-name-indeed-0007.fkb", 15) == "a-very-…007.fkb"
    assert fit_path("/a/診療所の待ち時間が長い診療所.fkb", 12).endswith(".fkb")


@given(st.text(), st.integers(0, 60))
def test_a_path_keeps_to_its_cells(text: str, width: int) -> None:
    assert cell_len(fit_path(text, width)) <= width


def test_pasted_text_is_whole() -> None:
    assert pasted(" a\r\nb\tc ", one_line=True) == " a b c "
    assert pasted(" a\r\nb\x1b[0m", one_line=False) == " a\nb[0m"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("27/10/2026", "2026-10-27"),
        ("27.10.26", "2026-10-27"),
        ("27 oct 2026", "2026-10-27"),
        ("3 sept", "2026-09-03"),
        ("2026-2-3", "2026-02-03"),
        ("t", "2026-10-27"),
        ("Today", "2026-10-27"),
        ("yesterday", "2026-10-26"),
        ("31/02/2026", None),
        ("1/12/50", "2050-12-01"),
        ("27/october/", None),
        ("27/octopus/2026", None),
        ("", None),
    ],
)
def test_dates_as_people_type_them(typed: str, expected: str | None) -> None:
    assert read_date(typed, date(2026, 10, 27)) == expected


def test_times_numbers_and_days_in_words() -> None:
    assert [parse_time(typed) for typed in ("14:30", "1430", "2pm", "12am", "9", "24:00", "x")] == [
        "14:30", "14:30", "14:00", "00:00", None, None, None,
    ]  # fmt: skip
    assert [parse_number(typed) for typed in ("1,250", "7", "1.5", "1,5", "")] == [1250, 7, None, None, None]
    assert weekday_and_date("2026-10-27") == "Tue 27 Oct 2026"


def test_no_line_begins_with_the_separator_of_parts() -> None:
    assert wrapped("Health fair for everybody · Main hall · York", 28) == [
        "Health fair for everybody ·",
        "Main hall · York",
    ]
    full = "Health fair for everybody · Main hall"
    assert wrapped(full, 25) == ["Health fair for", "everybody · Main hall"]
    assert [line.plain.rstrip() for line in Content(full).wrap(25)] == wrapped(full, 25), "in every widget"
    assert wrap(full, 26) == wrapped(full, 25), "in commands"
    assert wrapped("· Main hall", 20) == ["· Main hall"], "an item of a list is one"


def test_no_percentage_is_broken_from_its_sign() -> None:
    full = "Not stated for 13.1 % of all: 274 of them (4.2 %) would do."
    assert wrapped(full, 47) == ["Not stated for 13.1 % of all: 274 of them", "(4.2 %) would do."]
    assert [line.plain.rstrip() for line in Content(full).wrap(47)] == wrapped(full, 47), "in every widget"
    assert wrap(full, 48) == wrapped(full, 47), "in commands"


def test_no_day_is_broken_over_two_lines() -> None:
    assert wrapped("Vaisakhi health fair · 27 Nov 2026 · Main hall", 34) == [
        "Vaisakhi health fair ·",
        "27 Nov 2026 · Main hall",
    ]
