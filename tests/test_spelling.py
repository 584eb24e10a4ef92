"""The one folding: which spellings are the same, and which differences stay."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.spelling import folded

ONE_SPELLING = [
    ["Çelik", "çelik", "CELIK", "ÇELİK", "c\u0327elik"],
    ["ZOË", "zoe", "Zoe\u0308", "zoë"],
    [
        "O'Neill",
        "O’Neill",
        "O‘Neill",
        "Oʼneill",
        "O`Neill",
        "O´Neill",
        "O＇Neill",
        "ONeill",
        "O Neill",
        "O-Neill",
    ],
    ["Łukasz", "lukasz", "ŁUKASZ"],
    ["Nguyễn", "Nguyen", "NGUYỄN", "Nguye\u0302\u0303n"],
    ["Straße", "STRASSE", "strasse"],
    ["İstanbul", "istanbul", "ISTANBUL", "ıstanbul"],
    ["Ærøskøbing", "aeroskobing"],
    ["Đorđe", "Dorde"],
    ["ＡＢＣ　１２", "abc 12", "ABC12"],
    ["ﬁt", "FIT"],
    [
        "Foot-care",
        "Foot care",
        "foot‐care",
        "FOOT – CARE",
        "Foot—care",
        "Foot\u2011care",
        "foot_care",
        "Foot\u00a0care",
    ],
    ["St. Mary's", "St Marys", "St Mary’s", "ST MARY´S"],
    ["A&E", "a & e", "A and E", "A＆E"],
    ["under 16", "<16", "< 16"],
    ["85+", "85 plus"],
    ["Boots", "Boots™", "BOOTS®"],
    ["Οδυσσεύς", "ΟΔΥΣΣΕΥΣ", "Ὀδυσσεύς"],
    ["Семён", "СЕМЕН", "Се\u0301мен"],
    ["محمد", "مُحَمَّد", "محـــمد"],
    ["أحمد", "احمد"],
    ["علی", "علي"],
    ["فاطمة", "فاطمه", "فَاطِمَة"],
    ["ہسپتال", "هسپتال"],
    ["خانۀ", "خانه", "خانهٔ"],
    ["Level −1", "level -1", "Level \u20131"],
    ["65 and over", "65 & over"],
    ["½ Way House", "1/2 way house"],
    ["שלום", "שָׁלוֹם"],
    ["می\u200cخواهم", "می خواهم", "میخواهم"],
    ["ਗੁਰਪ੍ਰੀਤ", unicodedata.normalize("NFD", "ਗੁਰਪ੍ਰੀਤ"), "\u200fਗੁਰਪ੍ਰੀਤ"],
    ["क़लम", unicodedata.normalize("NFC", "क़लम"), unicodedata.normalize("NFD", "क़लम")],
    ["Ward १२", "Ward 12", "ward ١٢"],
    ["16-17", "16–17", "16 17", "16 / 17", "16 -17"],
    ["tea", "tea 🙂", "☕tea"],
]

SPELT_APART = [
    ["Ward 12", "Ward 1-2", "Ward 21"],
    ["Band 1.5", "Band 15"],
    ["Level -1", "Level 1", "Level -2"],
    ["Clinic 1½", "Clinic 11/2", "Clinic 112"],
    ["Table ①②", "Table 12"],
    ["≥65", "≤65", "65"],
    ["<16", "16", "16+", ">16"],
    ["心", "新", "诊所", "診所"],
    ["か", "が", "カ"],
    ["मत", "मीत", "मित"],
    ["й", "и"],
    ["Ann", "Anne"],
    ["🙂", "🙁", "%", "_", "\\", "'", '"'],
    ["Сара", "Sara"],
]


@pytest.mark.parametrize("spellings", ONE_SPELLING, ids=lambda spellings: spellings[0])
def test_spellings_that_people_take_for_one_are_one(spellings: list[str]) -> None:
    assert {spelling: folded(spelling) for spelling in spellings} == dict.fromkeys(
        spellings, folded(spellings[0])
    )


@pytest.mark.parametrize("spellings", SPELT_APART, ids=lambda spellings: spellings[0])
def test_what_means_something_else_stays_apart(spellings: list[str]) -> None:
    assert len({folded(spelling) for spelling in spellings}) == len(spellings)


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\t\n", "\u200e\ufe0f"])
def test_nothing_to_see_folds_to_nothing(nothing: str) -> None:
    assert folded(nothing) == ""


@given(st.text())
def test_folding_ends_and_agrees_in_every_normal_form(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text)) == once
    assert folded(f"  {text}\u200b ") == once


@given(st.text(st.characters(categories=["L", "M", "N", "P", "Z"]), max_size=12))
def test_case_does_not_count(text: str) -> None:
    assert folded(text.upper()) == folded(folded(text).upper())
