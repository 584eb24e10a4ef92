"""Figures of one measure and dimension, and residents, matched to the same groups: finer groups are added up, never split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from fieldkit.errors import Misuse
from fieldkit.importing.figures.age_bands import age_span
from fieldkit.importing.figures.counted_once import means_both_sexes, refuse_shared_ages, shared_ages
from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.populations import Ages, Population
from fieldkit.importing.figures.schemes import (
    FIVE,
    SCHEMES,
    codes_of,
    five_of,
    level_of,
    nhs16_of,
)
from fieldkit.importing.figures.shown_text import CountRules, read_count, sign_of
from fieldkit.insight.utilisation.comparison import Counts
from fieldkit.insight.utilisation.counts import Published, counts_of
from fieldkit.insight.utilisation.group_use import Observed
from fieldkit.records.ethnic_names import ethnic_name
from fieldkit.text import quoted, shortened

_FINER, _COARSER = "census19", "nhs16"
_KEPT = "Nothing was stored."


@dataclass(frozen=True)
class MatchedResidents:
    """Residents by the codes of a classification; `added_up` from finer groups. `by_age`: code -> band -> people."""

    scheme: str
    groups: Mapping[str, int]
    by_age: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    added_up: bool = False


class Figures:
    """The figures of one dimension, organisation, measure and period.

    `name` is the name of their file, `rules` say how it hides and rounds, `scheme` is the classification of the dimension, ""
    if it has none.
    """

    def __init__(
        self, name: str, rules: CountRules, scheme: str, dimension: str, rows: Sequence[FigureRow]
    ) -> None:
        self.name, self.rules, self.dimension = name, rules, dimension
        self.known = dimension in SCHEMES
        """Whether the dimension has a classification; otherwise each label is its own code."""
        self.scheme = scheme if self.known else ""
        self.left_out: list[str] = []
        self.not_available: list[str] = []
        self.labels: dict[str, str] = {}
        self.added: list[str] = []
        """Labels that mean the same group as another label."""
        own = _of_everybody([row for row in rows if row.dimension == dimension])
        totals = [row for row in own if row.level == "total"] or _of_everybody(
            [row for row in rows if row.dimension == "total"]
        )
        self._refuse_repeated(own)
        if not any(row.level == "group" and not _band(row.age) for row in own):
            refuse_shared_ages(name, own)
        self.several = dimension == "age" and shared_ages(row.label for row in own) is not None
        """Whether a person may be in several groups, which then have no common base."""
        self.published = [
            figure for row in (*[row for row in own if row.level != "total"], *_one_whole(totals))
            if (figure := self._published(row)) is not None
        ]  # fmt: skip
        fine = [figure for figure in self.published if figure.level == "group"]
        self.broad_only = bool(FIVE.get(self.scheme)) and not fine

    def _refuse_repeated(self, rows: Sequence[FigureRow]) -> None:
        """Refuse two figures with the same label, ages and sex: they differ in something we do not understand, and would count
        twice.
        """
        times = Counter((row.group, row.label, row.age, row.sex) for row in rows if row.level == "group")
        for (group, label, *_), number in times.items():
            if number > 1:
                name = quoted(": ".join(filter(None, (group, label))))
                raise Misuse(
                    f"“{self.name}” has {number:,} figures of {name} for one organisation, measure and period.",
                    kept=_KEPT, hint="Keep one figure for each group in the file.",
                )  # fmt: skip

    def _published(self, row: FigureRow) -> Published | None:
        label = ": ".join(filter(None, (row.group, row.label)))
        code = row.code or ("" if self.known else label)
        if not code:
            self.left_out.append(f"{quoted(label)} ({shortened(row.shown, 20) or 'blank'})")
            return None
        if row.state == "missing":
            if row.level == "group":
                self.not_available.append(label)
            return None
        if row.interval is None:
            raise self._unreadable(row)
        if row.level == "group":
            first = self.labels.setdefault(code, row.label)
            self.added += [row.label] if row.label not in {first, *self.added} else []
        age = "" if self.dimension == "age" else _band(row.age)
        return Published(code, row.level, age, Observed(row.shown, row.interval, self._number(row)))

    def _number(self, row: FigureRow) -> int | None:
        """The number that the cell shows (rounded if the file rounds); None for a star or a range."""
        interval = row.interval
        if interval is None or interval.exact:
            return None if interval is None else interval.low
        if interval.high is None or read_count(row.shown, self.rules).state != "number":
            return None
        return interval.high - self.rules.round_base // 2

    def _unreadable(self, row: FigureRow) -> Misuse:
        where = f"Line {row.line} of “{self.name}” shows {quoted(row.shown, 40)}"
        if row.state == "unknown" and sign_of(row.shown) == "-":
            return Misuse(
                f"{where}: a dash may be zero, a hidden number or not available.", kept=_KEPT,
                hint="Look at the publication's notes, and say which with --dash zero, missing or star.",
            )  # fmt: skip
        return Misuse(
            f"{where}: it {row.problem or 'is not a number'}.",
            kept=_KEPT,
            hint="Correct the cell, or choose another table.",
        )

    def missing(self) -> list[str]:
        """The labels of the classification's groups that the file does not have."""
        if not FIVE.get(self.scheme) or self.broad_only:
            return []
        there = {figure.code for figure in self.published}
        return [
            label
            for code, label in self._names(self.scheme).items()
            if level_of(self.scheme, code) == "group" and code not in there and not self.not_available
        ]

    def counts(self, scheme: str) -> Counts:
        """The counts by the codes of `scheme`: its own codes, or coarser ones that they add up to."""
        published = self.published
        if scheme != self.scheme and not self.broad_only:
            published = [
                Published(nhs16_of(each.code), each.level, each.age_band, each.observed)
                for each in published
                if each.level != "parent"
            ]
        members: dict[str, list[str]] = {}
        for code in codes_of(scheme) if FIVE.get(scheme) else ():
            if level_of(scheme, code) == "group" and (five := five_of(scheme, code)):
                members.setdefault(five, []).append(code)
        return replace(
            counts_of(self.dimension, published, self._names(scheme), members), several=self.several
        )

    def _names(self, scheme: str) -> dict[str, str]:
        """Code -> label, in the order of the classification; prefixed by the broad group if the label needs it."""
        if not self.known or self.scheme == "age":
            return dict(self.labels)
        names = {}
        for code, label in codes_of(scheme).items():
            names[code] = ethnic_name(label, five_of(scheme, code))
        return names


def _band(age: str) -> str:
    """An age band in one spelling, `16-64` or `65+`; "" for all ages."""
    if (span := age_span(age)) is None:
        return ""
    return f"{span[0]}+" if span[1] is None else f"{span[0]}-{span[1]}"


def _of_everybody(rows: list[FigureRow]) -> list[FigureRow]:
    """The rows for all sexes together, if the table has them beside each sex; otherwise all rows."""
    sexes = {row.sex for row in rows}
    if len(sexes) < 2:
        return rows
    return [row for row in rows if not row.sex or means_both_sexes(row.sex, sexes)] or rows


def _one_whole(totals: Sequence[FigureRow]) -> list[FigureRow]:
    """Of a file's totals, those that make the whole once: of each sex the first for all ages, or else the first of each band."""
    first: dict[tuple[str, str], FigureRow] = {}
    for row in totals:
        first.setdefault((_band(row.age), row.sex.casefold()), row)
    of_all_ages = [row for (band, _), row in first.items() if not band]
    return of_all_ages or list(first.values())


def matched_residents(figures: Figures, people: Population) -> MatchedResidents:
    """Residents by the groups of the figures, or by coarser groups that both add up to.

    Raises:
        Misuse: the two classifications can't be matched.
    """
    if figures.dimension == "age":
        return _by_band(figures, people)
    if figures.broad_only:
        return _broad(figures, people)
    scheme, codes = people.scheme, {code: code for code in people.groups}
    if people.scheme == _FINER and figures.scheme == _COARSER:
        scheme, codes = _COARSER, {code: nhs16_of(code) for code in people.groups}
    elif {people.scheme, figures.scheme} != {scheme} and (figures.scheme, people.scheme) != (
        _FINER,
        _COARSER,
    ):
        raise Misuse(
            f"The groups of “{figures.name}” and of “{people.source}” are of different classifications.",
            kept=_KEPT, hint="Choose a population with the same groups.",
        )  # fmt: skip
    groups: dict[str, int] = {}
    for code, number in people.groups.items():
        groups[codes[code]] = groups.get(codes[code], 0) + number
    return MatchedResidents(scheme, groups, _ages_of(figures, people, codes), scheme != people.scheme)


def _broad(figures: Figures, people: Population) -> MatchedResidents:
    """Residents of the five broad groups, built from the groups of the source's own classification."""
    five = FIVE[figures.scheme]
    fine = people.nhs16 if figures.scheme == _COARSER else people.groups
    scheme = _COARSER if figures.scheme == _COARSER else people.scheme
    if FIVE.get(scheme) != five or (figures.scheme == _COARSER and people.scheme not in {_FINER, _COARSER}):
        raise Misuse(
            f"The broad groups of “{figures.name}” can't be built from those of “{people.source}”.",
            kept=_KEPT, hint="Choose a population by the census's 19 groups.",
        )  # fmt: skip
    groups: dict[str, int] = {}
    for code, number in fine.items():
        broad = five_of(scheme, code)
        groups[broad] = groups.get(broad, 0) + number
    return MatchedResidents(figures.scheme, groups, added_up=True)


def _by_band(figures: Figures, people: Population) -> MatchedResidents:
    """Residents by the age bands of the figures, for the bands that the population can give exactly."""
    if not people.by_age:
        return MatchedResidents(figures.scheme, people.groups)
    every: dict[Ages, int] = {}
    for (_, span), number in people.by_age.items():
        every[span] = every.get(span, 0) + number
    groups = {code: _people_of(every, label) for code, label in figures.labels.items()}
    return MatchedResidents(
        figures.scheme, {code: number for code, number in groups.items() if number is not None}
    )


def _people_of(by_age: Mapping[Ages, int], band: str) -> int | None:
    """The people of a band, added up from finer ones; None if these are not divided at its ends."""
    span = age_span(band)
    if span is None:
        return None
    first, last = span
    inside = sorted(
        each
        for each in by_age
        if each[0] >= first and (last is None or (each[1] is not None and each[1] <= last))
    )
    if not inside or inside[0][0] != first:
        return None
    whole = all(here[1] is not None and after[0] == here[1] + 1 for here, after in pairwise(inside))
    return sum(by_age[each] for each in inside) if whole and inside[-1][1] == last else None


def _ages_of(figures: Figures, people: Population, codes: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Residents by group and the age bands of the figures; empty if the two are divided differently."""
    bands = {figure.age_band for figure in figures.published if figure.age_band and figure.level == "group"}
    if not bands or not people.by_age:
        return {}
    added: dict[str, dict[Ages, int]] = {}
    for (code, span), number in people.by_age.items():
        ages = added.setdefault(codes[code], {})
        ages[span] = ages.get(span, 0) + number
    residents: dict[str, dict[str, int]] = {}
    for code, ages in added.items():
        numbers = {band: _people_of(ages, band) for band in bands}
        if any(number is None for number in numbers.values()):
            return {}
        residents[code] = {band: number or 0 for band, number in numbers.items()}
    return residents
