"""Numbers and addresses in forms that a quick check misses."""

from __future__ import annotations

import pytest

from fieldkit.records.privacy import warnings


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(943) 476 5919", "nhs-number"),
        ("943 (476) 5919", "nhs-number"),
        ("amina @ example.com", "e-mail"),
        ("write to amina@ example.org.uk please", "e-mail"),
        ("B1-1AA", "postcode"),
        ("SW1A-1AA", "postcode"),
    ],
)
def test_brackets_spaces_and_dashes_hide_nothing(text: str, kind: str) -> None:
    assert [warning.kind for warning in warnings(text)] == [kind]


@pytest.mark.parametrize(
    "text", ["We met @ home. Thanks", "Waited 2-3 hours", "bands B1-B3", "aged 16-17 (2 of 10)"]
)
def test_usual_words_are_left_alone(text: str) -> None:
    assert warnings(text) == []
