"""What must not be kept in free text is pointed out, and harmless numbers are not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.records.privacy import private_in, warnings
from fieldkit.records.schema.kind import kind

POINTED_OUT = [
    ("My number is 943 476 5919.", "nhs-number", "943 476 5919"),
    ("943-476-5919", "nhs-number", "943-476-5919"),
    ("x9434765919y", "nhs-number", "9434765919"),
    ("ring 0121 496 0000 please", "telephone", "0121 496 0000"),
    ("on 07700900123", "telephone", "07700900123"),
    ("(020) 7946 0000", "telephone", "(020) 7946 0000"),
    ("+44 (0)121 496 0000!", "telephone", "+44 (0)121 496 0000"),
    ("write to asha.k@example.org.", "e-mail", "asha.k@example.org"),
    ("I live in BD3 9AB.", "postcode", "BD3 9AB"),
    ("at bd3 9ab", "postcode", "bd3 9ab"),
    ("at BD3 OBS", "postcode", "BD3 OBS"),
    ("SW1A1AA", "postcode", "SW1A1AA"),
    ("رقمي ٩٤٣ ٤٧٦ ٥٩١٩", "nhs-number", "٩٤٣ ٤٧٦ ٥٩١٩"),
    ("۹۴۳۴۷۶۵۹۱۹", "nhs-number", "۹۴۳۴۷۶۵۹۱۹"),
    ("९४३ ४७६ ५९१९", "nhs-number", "९४३ ४७६ ५९१९"),
    ("੯੪੩ ੪੭੬ ੫੯੧੯", "nhs-number", "੯੪੩ ੪੭੬ ੫੯੧੯"),
    ("৯৪৩৪৭৬৫৯১৯", "nhs-number", "৯৪৩৪৭৬৫৯১৯"),
    ("943\u200b476\u200b5919", "nhs-number", "943\u200b476\u200b5919"),
    ("943.476.5919", "nhs-number", "943.476.5919"),
    ("943  476  5919", "nhs-number", "943  476  5919"),
    ("call ٠١٢١ ٤٩٦ ٠٠٠٠", "telephone", "٠١٢١ ٤٩٦ ٠٠٠٠"),
    ("०७७००९००१२३", "telephone", "०७७००९००१२३"),
    ("\uff0b44 121 496 0000", "telephone", "\uff0b44 121 496 0000"),
    (
        "\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13",
        "telephone",
        "\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13",
    ),
    ("0121\u2013496\u20130000", "telephone", "0121\u2013496\u20130000"),
    ("BD3\u00a09AB", "postcode", "BD3\u00a09AB"),
]


@pytest.mark.parametrize(("text", "what", "typed"), POINTED_OUT)
def test_what_must_not_be_kept_is_pointed_out(text: str, what: str, typed: str) -> None:
    (warning,) = warnings(text)
    assert (warning.kind, text[warning.start : warning.end]) == (what, typed)
    assert warning.sentence.endswith(".")


@pytest.mark.parametrize("zero", "0٠۰०੦০௦๐０")
@pytest.mark.parametrize(
    "written",
    [
        "943\n476\n5919",
        "943\t476\t5919",
        "943/476/5919",
        "943,476,5919",
        "943·476·5919",
        "943_476_5919",
        "943، 476، 5919",
    ],
)
def test_an_nhs_number_is_seen_in_any_script_however_it_is_spaced(zero: str, written: str) -> None:
    text = "".join(
        chr(ord(zero) + int(letter)) if letter.isascii() and letter.isdigit() else letter
        for letter in written
    )
    (warning,) = warnings(f"It is {text}.")
    assert warning.kind == "nhs-number" and warning.start == len("It is ")


@pytest.mark.parametrize(
    "text",
    ["0 7 7 0 0 9 0 0 1 2 3", "0-1-2-1-4-9-6-0-0-0-0", "07700/900123", "07700\n900123", "07700·900·123"],
)
def test_a_telephone_number_is_seen_however_it_is_spaced(text: str) -> None:
    (warning,) = warnings(f"Ring {text} please")
    assert (warning.kind, warning.end - warning.start) == ("telephone", len(text))


@pytest.mark.parametrize(
    "text",
    ["1 2 3 4 5 6 7 8 9 10", "01/02/2021, 10/11/2022", "1,000,000,000 times", "943,476 people in 5919"],
)
def test_lists_dates_and_sums_are_left_in_peace(text: str) -> None:
    assert warnings(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "9434765918",
        "on 01-02-2021 10:30 and 08/09/2021",
        "B19",
        "I waited 10 000 000 000 years",
        "the M6 2nd exit",
        "ward 12 at 10.30, bed 4",
        "a@b",
        "111 then 999",
    ],
)
def test_harmless_numbers_are_left_in_peace(text: str) -> None:
    assert warnings(text) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789 -+()@.aBD٠٩९\u200b\uff0b²", max_size=200))
def test_warnings_stand_in_order_and_apart(text: str) -> None:
    pointed_out = warnings(text)
    assert all(entry.start < entry.end <= len(text) for entry in pointed_out)
    assert all(first.end <= second.start for first, second in pairwise(pointed_out))


@pytest.mark.parametrize("piece", ["0", "0 ", "00-", "a@", "a.", "B1 ", "+", "9434765919 "])
def test_long_texts_are_looked_through(piece: str) -> None:
    assert len(warnings(piece * (16_000 // len(piece)))) < 4_000


@pytest.mark.parametrize(
    "code", ["Anna", "Ann Smith", "ann smith", "Smith, A", "O'Neill", "ਅੰਮ੍ਰਿਤ", "李雷", "Çelik"]
)
def test_a_name_is_no_code_for_a_respondent(code: str) -> None:
    (warning,) = private_in(kind("feedback"), {"respondent": code})["respondent"]
    assert warning.kind == "name" and "name" in warning.sentence


@pytest.mark.parametrize("code", ["NEAS 111 2330", "R-17", "a8f", "anna", "UUID", "9b2e-44aa", "1", "R"])
def test_a_surveys_own_codes_are_left_in_peace(code: str) -> None:
    assert private_in(kind("feedback"), {"respondent": code}) == {}


def test_an_nhs_number_is_no_code_for_a_respondent() -> None:
    (warning,) = private_in(kind("feedback"), {"respondent": "943 476 5919"})["respondent"]
    assert warning.kind == "nhs-number"
