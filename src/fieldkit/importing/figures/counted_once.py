"""Refusing figures in which people would count twice: bands that share ages, several periods or measures, totals among parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from fieldkit.errors import Misuse
from fieldkit.importing.figures.age_bands import age_span
from fieldkit.importing.figures.figure_reader import FigureRow
from fieldkit.text import clean_line, listing, quoted

_BOTH_SEXES = frozenset(
    {"all", "total", "persons", "all persons", "people", "all people", "everybody", "both", "both sexes"}
)


def means_both_sexes(name: str, beside: Iterable[str] = ()) -> bool:
    """Whether a file's word for a sex means everybody; T and P do beside M and F."""
    word = clean_line(name).casefold()
    others = {clean_line(other).casefold() for other in beside}
    return word in _BOTH_SEXES or (word in {"t", "p"} and {"m", "f"} <= others)


def shared_ages(bands: Iterable[str]) -> tuple[str, str] | None:
    """Two of these age bands that have an age in common, as they are published; None if no two have."""
    spans = {span: band for band in bands if (span := age_span(band)) is not None}
    for here, after in combinations(sorted(spans, key=lambda span: (span[0], span[1] or 10**6)), 2):
        if here[1] is None or after[0] <= here[1]:
            return spans[here], spans[after]
    return None


def refuse_shared_ages(name: str, rows: Iterable[FigureRow]) -> None:
    """Refuse rows that are added up over ages, if people of one age are in several of their bands."""
    if bands := shared_ages(dict.fromkeys(row.age for row in rows)):
        raise _twice(
            f"Bands of “{name}” share ages: {bands[0]} and {bands[1]}",
            "Keep bands in the file that share no age.",
        )


def demand_counted_once(name: str, rows: Sequence[FigureRow]) -> None:
    """Check that the rows of a population can be added up; totals beside their parts are left out already.

    Raises:
        Misuse: people would count twice.
    """
    refuse_shared_ages(name, rows)
    for values, word in (
        (_each(row.period for row in rows), "periods"),
        (_each(row.measure for row in rows), "measures"),
    ):
        if len(values) > 1:
            raise _twice(
                f"“{name}” has several {word}: {listing(values, most=6)}", "Keep the rows of one in the file."
            )
    by_sex: Counter[str] = Counter()
    times: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        by_sex[row.sex] += row.interval.low if row.interval is not None else 0
        times[row.organisation, row.group, row.label, row.age, row.sex] += 1
    for sex, people in by_sex.items():
        if len(by_sex) > 2 and people and 2 * people == by_sex.total():
            raise _twice(
                f"“{name}” has as many people of the sex {quoted(sex, 40)} as of the others together",
                "Leave out the rows that sum up others.",
            )
    for (_, group, label, *_), number in times.items():
        if number > 1:
            raise _twice(
                f"“{name}” has {number:,} numbers of {quoted(': '.join(filter(None, (group, label))))} for one place",
                "Keep one number for each group and place in the file.",
            )


def _each(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _twice(sentence: str, hint: str) -> Misuse:
    return Misuse(f"{sentence}. Somebody would count twice.", kept="Nothing was stored.", hint=hint)
