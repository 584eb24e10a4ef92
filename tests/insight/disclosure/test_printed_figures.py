"""Single numbers in print: stars, halves rounded up, rounding, by preset."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fieldkit.errors import Misuse
from fieldkit.insight.disclosure.starring import (
    count_figure,
    mean_figure,
    ratio_figure,
    share_figure,
    total_of_shown,
)
from fieldkit.insight.disclosure.thresholds import FFT, HES, TEN, TT, preset_named
from fieldkit.printed_figure import STAR, Shown


def test_counts_by_preset() -> None:
    numbers = (0, 1, 4, 5, 7, 8, 9, 10, 12, 13)
    printed = {
        preset.name: " ".join(str(count_figure(number, preset)) for number in numbers)
        for preset in (FFT, TEN, HES, TT)
    }
    assert printed == {
        "fft": "0 * * 5 7 8 9 10 12 13",
        "ten": "0 * * * * * * 10 12 13",
        "hes": "0 * * * * 10 10 10 10 15",
        "tt": "* * * 5 5 10 10 10 10 15",
    }


def test_no_zero_in_a_table_with_a_monitoring_question() -> None:
    assert count_figure(0, TEN, monitoring=True) is STAR
    assert count_figure(0, FFT, monitoring=True) == Shown(0)
    assert share_figure(0, 40, TEN, monitoring=True) is STAR
    assert share_figure(40, 40, TEN, monitoring=True) is STAR
    assert share_figure(0, 40, TEN) == Shown(0, "%")


def test_percentages_need_a_base_a_part_and_a_rest() -> None:
    assert share_figure(15, 19, FFT) is STAR  # the rest is 4
    assert share_figure(14, 19, FFT) == Shown(74, "%")
    assert share_figure(4, 40, FFT) is STAR
    assert share_figure(5, 9, FFT) is STAR
    assert share_figure(10, 20, TEN) == Shown(50, "%")
    assert share_figure(9, 20, TEN) is STAR


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(1, 8, 13), (5, 8, 63), (1, 200, 1), (1, 201, 0), (7, 200, 4), (9, 200, 5)]
)
def test_halves_go_up(part: int, whole: int, percent: int) -> None:
    assert ratio_figure(100 * part, whole, 0, "%") == Shown(percent, "%")


def test_means_have_decimals_and_negative_halves_go_up_too() -> None:
    assert mean_figure(65, 20, TEN) == Shown(Decimal("3.3"))
    assert mean_figure(-65, 20, TEN) == Shown(Decimal("-3.2"))
    assert mean_figure(65, 19, TEN) is STAR
    assert str(mean_figure(60, 20, TEN)) == "3.0"


def test_a_preset_for_reading_is_not_offered() -> None:
    assert preset_named("TEN") is TEN
    with pytest.raises(Misuse, match="reading"):
        preset_named("tt")
    with pytest.raises(Misuse, match="fft, ten, hes"):
        preset_named("eleven")


def test_a_total_of_rounded_numbers_is_no_0_beside_a_star() -> None:
    assert total_of_shown([Shown(10), STAR, Shown(5)]) == Shown(15)
    assert total_of_shown([Shown(0), Shown(0)]) == Shown(0)
    assert total_of_shown([Shown(0), STAR]) == STAR
    assert total_of_shown([STAR]) == STAR
