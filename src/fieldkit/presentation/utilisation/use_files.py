"""A comparison of use from a provider's file and a file of residents: choosing the rows, and joining the two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.errors import Misuse, NotFound
from fieldkit.importing.figures.age_bands import age_span
from fieldkit.importing.figures.figure_rows import FigureFile, FigureRow, open_figures
from fieldkit.importing.figures.figure_sources import SOURCES
from fieldkit.importing.figures.populations import Ages, open_population
from fieldkit.importing.figures.schemes import dimension_of
from fieldkit.importing.figures.shown_text import CountRules, Meaning
from fieldkit.presentation.utilisation.use_comparison import ALL_AGES, basis_of, compared
from fieldkit.presentation.utilisation.use_figures import Figures
from fieldkit.presentation.utilisation.use_report import UseReport
from fieldkit.spelling import folded
from fieldkit.text import clean_line, quoted

KEPT = "Nothing was stored."
_MOST_NAMED = 20
_DASHES: dict[str, Meaning] = {"zero": "zero", "missing": "missing", "star": "star"}


@dataclass(frozen=True)
class UseRequest:
    """What to compare. An empty text means the only one in the file. `population` None: the shipped census.

    `ages` are those that the service takes, as `16+`; `source` names a source whose stars and rounding are known; `dash` says
    what a dash means: zero, missing or star.
    """

    data: Path
    districts: Sequence[str] = ()
    population: Path | None = None
    organisation: str = ""
    measure: str = ""
    dimension: str = "ethnic"
    period: str = ""
    ages: str = ""
    source: str = ""
    dash: str = ""
    sheet: str | None = None


def read_use(request: UseRequest) -> UseReport:
    """Read both files and compare.

    Raises:
        NotFound: an organisation, measure, dimension, period or district is not in its file; the sentence names those that
            are.
        Misuse: something must be chosen, or a figure can't be read.
        FieldkitError: a file can't be read.
    """
    file = open_figures(request.data, sheet=request.sheet)
    file.rules = _rules(file, request)
    rows = _chosen(file, request)
    dimension = _dimension(rows, request.dimension, file.name)
    figures = Figures(file.name, file.rules, file.schemes.get(dimension, ""), dimension, rows)
    unit = file.source.unit if file.source else ""
    return compared(
        figures,
        basis_of(figures, rows[0], unit),
        open_population(request.population),
        request.districts,
        _ages(request.ages),
    )


def _rules(file: FigureFile, request: UseRequest) -> CountRules:
    rules = file.rules
    if request.source:
        known = SOURCES.get(request.source)
        if known is None:
            names = ", ".join(f"{name} ({source.title})" for name, source in SOURCES.items())
            raise Misuse(
                f"{quoted(request.source)} is not a source that fieldkit knows.", kept=KEPT,
                hint=f"Choose one of: {names}.",
            )  # fmt: skip
        rules = known.rules
    if request.dash:
        if request.dash not in _DASHES:
            raise Misuse(
                f"A dash can't mean {quoted(request.dash)}.",
                kept=KEPT,
                hint="Choose zero, missing or star.",
            )
        rules = rules.meaning("-", _DASHES[request.dash])
    return rules


# Choosing rows


def _chosen(file: FigureFile, request: UseRequest) -> list[FigureRow]:
    """The counts of one organisation, measure and period."""
    rows = list(file.rows())
    if not rows:
        raise Misuse(f"“{file.name}” has no figures.", kept=KEPT, hint="Look whether it is the right file.")
    rows = _only(
        rows, request.organisation, file.name, "organisation", "--org",
        lambda row: (row.organisation, row.organisation_name),
    )  # fmt: skip
    rows = _only(rows, request.measure, file.name, "measure", "--measure", lambda row: (row.measure,))
    counts = [row for row in rows if not row.derived]
    if not counts:
        raise Misuse(
            f"“{file.name}” holds percentages or rates of this measure, and no counts.", kept=KEPT,
            hint="Counts are needed: choose another measure or another table of the publication.",
        )  # fmt: skip
    counts = _only(counts, request.period, file.name, "period", "--period", lambda row: (row.period,))
    kinds = {row.statistic for row in counts}
    if len(kinds) > 1:
        raise Misuse(
            f"“{file.name}” holds several kinds of count: {_named(kinds)}.", kept=KEPT,
            hint="Keep one of them in the file.",
        )  # fmt: skip
    return counts


def _only(
    rows: list[FigureRow],
    wanted: str,
    file: str,
    noun: str,
    option: str,
    names: Callable[[FigureRow], tuple[str, ...]],
) -> list[FigureRow]:
    """The rows that match `wanted`; if it is empty, the rows of the only one there is.

    Raises:
        NotFound: the file has no such thing.
        Misuse: it has several.
    """
    there = dict.fromkeys(" ".join(filter(None, names(row))) for row in rows)
    if not wanted.strip():
        if len(there) > 1:
            raise Misuse(
                f"“{file}” has several {noun}s: {_named(there)}.",
                kept=KEPT,
                hint=f"Choose one with {option}.",
            )
        return rows
    if set(there) == {""}:
        raise NotFound(
            f"“{file}” does not say which {noun} its figures are of.", kept=KEPT, hint=f"Leave out {option}."
        )
    key = _key(wanted)
    chosen = [row for row in rows if key in {_key(name) for name in names(row) if name}]
    if not chosen:
        raise NotFound(
            f"“{file}” has no {noun} {quoted(wanted)}.", kept=KEPT, hint=f"It has: {_named(there)}."
        )
    return chosen


def _key(name: str) -> str:
    return folded(name.replace("_", " "))


def _named(names: Iterable[str]) -> str:
    listed = sorted(filter(None, map(clean_line, names)))
    more = len(listed) - _MOST_NAMED
    return ", ".join(listed[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _dimension(rows: Sequence[FigureRow], wanted: str, file: str) -> str:
    there = dict.fromkeys(row.dimension for row in rows if row.dimension != "total")
    dimension = dimension_of(wanted) or wanted.strip()
    for each in there:
        if _key(each) == _key(dimension):
            return each
    what = f"It has: {_named(there)}." if any(there) else "It names no dimension."
    raise NotFound(f"“{file}” has no figures by {quoted(wanted)}.", kept=KEPT, hint=what)


def _ages(typed: str) -> Ages:
    if not typed.strip() or folded(typed) in {"all", "all ages"}:
        return ALL_AGES
    if (span := age_span(typed)) is None:
        raise Misuse(f"{quoted(typed)} are not ages.", kept=KEPT, hint="For example 16+ or 18-64.")
    return span
