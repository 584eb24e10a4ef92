"""Data sets: a provider's counts or a population, the source of the file, and how to read its figures."""

from __future__ import annotations

from fieldkit.records.schema.dates import in_order
from fieldkit.records.schema.field import choice, day, line, link, many, number, text
from fieldkit.records.schema.kind import Kind, Record, Values, register

#: More people than live anywhere: no count in a file is higher.
MOST_COUNTED = 2_000_000_000


def _star_in_order(values: Values) -> dict[str, str]:
    low, high = values.get("star_low"), values.get("star_high")
    if low is not None and high is not None and high < low:
        return {"star_high": f"A star can't be at most {high} and at least {low}: look at both numbers."}
    return {}


DATASET = Kind(
    "dataset",
    "Data set",
    "data sets",
    "A file of figures: a provider's counts by group, or the population that they are compared with.",
    label=("title", "measure", "period_from"),
    rules=(in_order("period_from", "period_to"), _star_in_order),
    desk=True,
    lasting=True,
)


@register(DATASET)
class Dataset(Record, table=True):
    """One measure of one file. Its figures are records of the kind `cell`."""

    title: str | None = line(
        "Title", "What the file is called where it was published.", step="File", required=True, listed=True
    )
    role: str | None = choice(
        "dataset_role", "Role", "Counts of a service's use, or a population.", step="File", listed=True
    )
    cycle: str | None = link("cycle", "Cycle", "The cycle that it is for.", step="File", listed=True)
    measure: str | None = line(
        "Measure",
        "What is counted, as the file calls it.",
        step="File",
        required=True,
        listed=True,
        is_heading=True,
    )
    unit: str | None = choice(
        "count_unit",
        "Unit",
        "Whether people are counted, or referrals, contacts or admissions of people.",
        step="File",
        required=True,
        listed=True,
    )
    who: str | None = choice("age_cover", "Ages", "Which ages are counted.", step="File")
    publisher: str | None = line("Publisher", "Who published it.", step="Source", required=True)
    url: str | None = line("Web address", "Where it can be found.", step="Source", length=500)
    licence: str | None = line("Licence", "For example Open Government Licence v3.0.", step="Source")
    retrieved: str | None = day(
        "Retrieved", "The day on which the file was fetched.", step="Source", required=True
    )
    area: list[str] | None = many("district", "Districts", "The districts that it covers.", step="Source")
    area_name: str | None = line("Area", "The area as the file calls it.", step="Source")
    period_from: str | None = day("Period from", "The first day counted.", step="Period", required=True)
    period_to: str | None = day("Period to", "The last day counted.", step="Period", required=True)
    star_low: int | None = number(
        "A star is at least",
        "The least number that the publisher shows as a star. Empty: not known.",
        step="Period",
        maximum=MOST_COUNTED,
    )
    star_high: int | None = number(
        "A star is at most",
        "The greatest number that the publisher shows as a star. Empty: not known.",
        step="Period",
        maximum=MOST_COUNTED,
    )
    round_base: int | None = number(
        "Rounded to", "For example 5. Empty: figures are exact.", step="Period", minimum=1, maximum=1_000_000
    )
    round_least: int | None = number(
        "Least number shown", "The least number that is rounded and shown.", step="Period"
    )
    totals_rounded_apart: str | None = choice(
        "yes_no", "Totals rounded apart", "Whether totals were rounded by themselves.", step="Reading"
    )
    organisation: str | None = line(
        "Organisation", "Whose figures they are: the code in the file, else the name.", step="Reading"
    )
    file_name: str | None = line("File", "The name of the file.", step="Reading")
    sheet: str | None = line("Sheet", "The sheet of the workbook.", step="Reading")
    sha256: str | None = line(
        "Checksum",
        "The SHA-256 of the file.",
        step="Reading",
        required=True,
        pattern=r"[0-9a-f]{64}",
        pattern_help="a SHA-256 of 64 hexadecimal digits",
    )
    notes: str | None = text("Notes", "Anything a reader of the figures should know.", step="Reading")
