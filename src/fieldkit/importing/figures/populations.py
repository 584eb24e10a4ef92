"""Populations by area and group: the census that is shipped, or a similar file, with or without ages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path

from fieldkit.errors import Misuse
from fieldkit.importing.figures.age_bands import age_span
from fieldkit.importing.figures.areas import Area, chosen_areas
from fieldkit.importing.figures.counted_once import demand_counted_once, means_both_sexes
from fieldkit.importing.figures.figure_rows import FigureFile, FigureRow, open_figures
from fieldkit.importing.figures.schemes import NOT_STATED, nhs16_of
from fieldkit.importing.figures.shown_text import CountRules
from fieldkit.text import quoted

SHIPPED = "census-2021-ethnic-group-by-district.csv"
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
Ages = tuple[int, int | None]


@dataclass(frozen=True)
class Population:
    """People of chosen areas, by group.

    `groups`: code -> people of the chosen ages, in the file's own `scheme`, groups only (no totals, no parents).
    `by_age`: (code, (first year of age, last or None)) -> people; empty if the file has no ages. `year` is "" if the file does
    not state it. `ages` is (0, None) for all ages.
    """

    areas: tuple[Area, ...]
    scheme: str
    groups: Mapping[str, int]
    by_age: Mapping[tuple[str, Ages], int]
    year: str
    ages: Ages
    source: str
    not_stated: int = 0

    @property
    def total(self) -> int:
        """All people whose group is known."""
        return sum(self.groups.values())

    @cached_property
    def nhs16(self) -> dict[str, int]:
        """The groups added up to the 16 of the NHS; groups of a scheme other than `census19` unchanged."""
        if self.scheme != "census19":
            return dict(self.groups)
        added: dict[str, int] = {}
        for code, people in self.groups.items():
            code = nhs16_of(code)
            added[code] = added.get(code, 0) + people
        return added


class PopulationFile:
    """A file or data set of populations: its areas, and sums over some of them.

    `schemes`: dimension -> the classification of its groups. `year` is "" if unknown.
    """

    def __init__(self, name: str, rows: Sequence[FigureRow], schemes: Mapping[str, str], year: str) -> None:
        self.name, self.schemes, self.year = name, schemes, year
        self._rows = rows

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Its areas, in the order of the file."""
        areas_held = {
            Area(
                row.organisation if row.organisation != row.organisation_name else "",
                row.organisation_name or row.organisation,
            )
            for row in self._rows
        }
        order = {row.organisation: number for number, row in reversed(list(enumerate(self._rows)))}
        return tuple(sorted(areas_held, key=lambda area: order[area.code or area.name]))

    @cached_property
    def dimensions(self) -> frozenset[str]:
        """The dimensions by which it counts people."""
        return frozenset(row.dimension for row in self._rows if not row.derived)

    @cached_property
    def has_ages(self) -> bool:
        """Whether it counts people by age."""
        return any(age_span(row.age) for row in self._rows)

    def people(
        self, districts: str | Sequence[str], *, dimension: str = "ethnic", ages: Ages = (0, None)
    ) -> Population:
        """The people of some districts, named or by code, added up.

        `ages`: the first and last year counted (None: no upper limit); a file without ages only has all ages.

        Raises:
            NoSuchArea: a district is not in the file.
            Misuse: a count is not exact, a group matches no code, or the file's bands do not fit these ages.
        """
        areas = chosen_areas(districts, self.areas, self.name)
        chosen = {area.code or area.name for area in areas}
        rows = [
            row
            for row in self._rows
            if row.organisation in chosen and row.dimension == dimension and not row.derived
        ]
        if not rows:
            raise Misuse(
                f"“{self.name}” has no population by {dimension} for these districts.",
                kept="Nothing was stored.", hint="Look whether it is the right file.",
            )  # fmt: skip
        sexes = {row.sex for row in rows}
        if len(sexes) > 1:
            rows = [row for row in rows if not means_both_sexes(row.sex, sexes)] or rows
        with_ages = any(age_span(row.age) for row in rows)
        if ages != (0, None) and not with_ages:
            raise Misuse(
                f"“{self.name}” has no ages: its people are of all ages.",
                kept="Nothing was stored.", hint="Use a population by age, such as the table RM032 of the census.",
            )  # fmt: skip
        if with_ages:
            rows = [row for row in rows if age_span(row.age)]  # without the totals of all ages
        demand_counted_once(self.name, rows)
        groups: dict[str, int] = {}
        by_age: dict[tuple[str, Ages], int] = {}
        unknown = 0
        for row in rows:
            span = age_span(row.age) if with_ages else None
            people = self._people(row)
            if row.level in NOT_STATED:
                unknown += people
            elif row.level == "group":
                if span is not None:
                    by_age[row.code, span] = by_age.get((row.code, span), 0) + people
                if span is None or _within(span, ages, self.name):
                    groups[row.code] = groups.get(row.code, 0) + people
        return Population(
            tuple(areas),
            self.schemes.get(dimension, ""),
            groups,
            by_age,
            self.year,
            ages,
            self.name,
            unknown,
        )

    def _people(self, row: FigureRow) -> int:
        if row.interval is None or not row.interval.exact:
            raise Misuse(
                f"Line {row.line} of “{self.name}” shows {quoted(row.shown, 40)}: a population has to be a whole number.",
                kept="Nothing was stored.", hint="Choose a table without stars and rounding.",
            )  # fmt: skip
        if not row.code:
            raise Misuse(
                f"{quoted(row.label, 80)} (line {row.line} of “{self.name}”) is matched to no group.",
                kept="Nothing was stored.",
                hint=f"Say which it is: fieldkit figures match {row.dimension or 'DIMENSION'} {row.label!r} CODE",
            )  # fmt: skip
        return row.interval.low


def _within(span: Ages, ages: Ages, name: str) -> bool:
    """Whether a band lies within the ages counted.

    Raises:
        Misuse: only part of it does.
    """
    first, last = span
    if (ages[1] is not None and first > ages[1]) or (last is not None and last < ages[0]):
        return False
    if first >= ages[0] and (ages[1] is None or (last is not None and last <= ages[1])):
        return True
    cut = f"{ages[0]} and over" if ages[1] is None else f"{ages[0]} to {ages[1]}"
    raise Misuse(
        f"The ages of “{name}” can't be cut at {cut}: it has a band from {first} to {'over' if last is None else last}.",
        kept="Nothing was stored.",
        hint="Choose a table with finer ages.",
    )


def population_of(file: FigureFile, rows: Sequence[FigureRow] | None = None) -> PopulationFile:
    """The populations of a file of figures; `rows` are its figures, if they have been read already."""
    every = list(file.rows()) if rows is None else rows
    return PopulationFile(file.name, every, file.schemes, _year(file, every))


def _year(file: FigureFile, rows: Sequence[FigureRow]) -> str:
    periods = {row.period for row in rows} - {""}
    if len(periods) == 1:
        return periods.pop()
    years = _YEAR.findall(file.name) or [
        year for heading in file.table.columns for year in _YEAR.findall(heading)
    ]
    return years[0] if len(set(years)) == 1 else ""


def shipped_population() -> AbstractContextManager[Path]:
    """The file of the shipped census, while the context is open."""
    return as_file(files("fieldkit.importing.figures").joinpath(SHIPPED))


def open_population(
    source: Path | bytes | None = None, *, sheet: str | None = None, roles: Mapping[str, str] | None = None
) -> PopulationFile:
    """Open a file of populations, by default the shipped one: Census 2021, 19 ethnic groups, districts of England, all ages.

    Raises:
        FieldkitError: it can't be read, or has no areas.
    """
    if source is None:
        return _shipped()
    population = population_of(open_figures(source, sheet=sheet, roles=roles, rules=CountRules()))
    if not any(area.name for area in population.areas):
        raise Misuse(
            f"“{population.name}” has no column of areas.", kept="Nothing was stored.",
            hint="Residents need a column of districts: name it “District”, or choose another file.",
        )  # fmt: skip
    return population


@cache
def _shipped() -> PopulationFile:
    """The shipped census, cached: the file never changes, and each comparison of a pack needs it."""
    with shipped_population() as path:
        return open_population(path)
