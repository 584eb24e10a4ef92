"""Statistics against values computed in two other ways: scipy's own functions, and the definitions with 50 digits."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import pytest

from fieldkit.insight.statistics.count_limits import count_limits
from fieldkit.insight.statistics.funnel import expected_at, proportion_line
from fieldkit.insight.statistics.paired_change import paired_change
from fieldkit.insight.statistics.proportions import difference, wilson
from fieldkit.insight.statistics.ratios import rate_ratio
from fieldkit.insight.statistics.standardised import Stratum, directly_standardised_rate

ROWS = json.loads(
    (Path(__file__).parents[1] / "data" / "expected-values.json").read_text("utf-8"),
)


def _dsr(rows: list[list[float]], level: float) -> list[float | None]:
    rate = directly_standardised_rate([Stratum(*row) for row in rows], level=level)
    return [sum(row[0] for row in rows), *(rate or (None, None, None))]


def _change(changes: list[float], level: float) -> list[float | None]:
    change = paired_change(changes, level)
    return [change.mean, change.lower, change.upper]


COMPUTED: dict[str, Callable[..., Any]] = {
    "count limits": count_limits,
    "wilson": wilson,
    "newcombe difference": difference,
    "rate ratio log": rate_ratio,
    "rate ratio exact": rate_ratio,
    "dsr": _dsr,
    "dsr under 10": _dsr,
    "paired mean change, t": _change,
    "funnel E for the ratio's lower and upper line": lambda count, tail: expected_at(count, 1 - 2 * tail),
    "funnel proportion, average 0.8": lambda base, level: proportion_line(base, 0.8, level),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['statistic']} {row['input']}")
def test_the_expected_value(row: dict[str, Any]) -> None:
    result = COMPUTED[row["statistic"]](*row["input"])
    if row["result"] is None:
        assert result is None
        return
    wanted = [inf if value == "inf" else value for value in row["result"]]
    assert [value is None for value in result] == [value is None for value in wanted]
    for value, expected in zip(result, wanted, strict=True):
        assert value is None or value == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_every_row_is_of_a_statistic_that_is_computed() -> None:
    assert {row["statistic"] for row in ROWS} == set(COMPUTED)
    assert len(ROWS) == 52
