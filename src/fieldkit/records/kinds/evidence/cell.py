"""Cells: the figures of a data set, as published and as the intervals that they mean."""

from __future__ import annotations

from fieldkit.records.kinds.evidence.dataset import MOST_COUNTED
from fieldkit.records.schema.field import choice, line, link, number
from fieldkit.records.schema.kind import Kind, Record, Values, register


def _low_to_high(values: Values) -> dict[str, str]:
    low, high = values.get("low"), values.get("high")
    if low is None and not values.get("statistic"):
        return {"low": "A count needs the least number that it can be."}
    if low is not None and high is not None and high < low:
        return {"high": f"The figure can't be at most {high} and at least {low}: look at both numbers."}
    return {}


CELL = Kind(
    "cell",
    "Figure",
    "figures",
    "One figure of a data set: the label and the text as published, and the numbers that it may mean.",
    by_command="fieldkit figures --help",
    label=("label", "shown"),
    rules=(_low_to_high,),
    desk=True,
    lasting=True,
)


@register(CELL)
class Cell(Record, table=True):
    """One published figure. An empty `high` means no upper bound; an empty `code` means that the label is not matched yet.

    A `statistic` makes it a percentage, rate or limit, which is kept as published, without an interval, and never added.
    """

    dataset: str | None = link("dataset", "Data set", "The data set that it is from.", required=True)
    dimension: str | None = choice(
        "figure_dimension", "Dimension", "What the groups differ in.", required=True, listed=True
    )
    label: str | None = line("Label", "The group as published.", required=True, listed=True, length=300)
    code: str | None = line("Code", "The group's code, once the label is matched.", listed=True, length=80)
    scheme: str | None = choice(
        "label_scheme", "Classification", "The classification that the code is from.", from_files=True
    )
    area: str | None = line(
        "Area", "The district that a population is of, by its code.", length=80, from_files=True
    )
    age_band: str | None = line("Age band", "The ages of the group as published.", length=80)
    statistic: str | None = line(
        "Statistic", "For example percentage. Empty: it is a count.", length=80, from_files=True
    )
    shown: str | None = line("Shown", "The figure as published.", required=True, listed=True)
    low: int | None = number("At least", "The least it can be.", step="Interval", maximum=MOST_COUNTED)
    high: int | None = number(
        "At most", "The most it can be. Empty: no upper bound.", step="Interval", maximum=MOST_COUNTED
    )
