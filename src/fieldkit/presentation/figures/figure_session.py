"""One import of figures: the file, the choices made, and the figures that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from fieldkit.errors import Misuse, NotFound
from fieldkit.importing.figures.areas import chosen_areas
from fieldkit.importing.figures.figure_rows import FigureFile, FigureRow, open_figures
from fieldkit.importing.figures.figure_sources import KnownSource
from fieldkit.importing.figures.figure_storage import Decisions, decided, decision_key
from fieldkit.importing.figures.populations import population_of, shipped_population
from fieldkit.importing.figures.schemes import SCHEMES, LabelMatch, match_label
from fieldkit.importing.figures.shown_text import CountReading, CountRules, read_count
from fieldkit.importing.reading.cells import Row
from fieldkit.importing.reading.sheet_source import checksum, demand_unchanged
from fieldkit.presentation.figures.figure_choices import LEFT, FigureChoices
from fieldkit.records.schema.codes import code_list
from fieldkit.spelling import folded
from fieldkit.text import quoted, shortened

KEPT = "Nothing was stored."
_READ_AGAIN = frozenset({"number", "star", "missing", "unknown"})
_MOST_NAMED = 12


class FigureSession:
    """A file of figures under some choices. Other choices make another session (`saying`); the file is read once.

    `source` None is the census shipped with fieldkit. `known` are the kit's decisions on labels, `conflicts` labels that
    people matched differently.

    Raises:
        FieldkitError: the file can't be read, has no figures, has only percentages, or changed meanwhile.
        NotFound: an organisation, measure, period or district is not in the file.
    """

    def __init__(
        self,
        source: Path | None,
        choices: FigureChoices,
        known: Decisions | None = None,
        conflicts: Mapping[tuple[str, str], Sequence[LabelMatch]] | None = None,
    ) -> None:
        self.source, self.choices, self.known, self.conflicts = source, choices, known or {}, conflicts or {}
        with ExitStack() as stack:
            self.path = source or stack.enter_context(shipped_population())
            self.checksum = checksum(self.path)
            self.file = self._opened(self.path)
            if choices.dimension:
                self.file.layout = replace(self.file.layout, dimension=choices.dimension)
            if choices.scheme:
                self.file.schemes["ethnic"] = choices.scheme
            self.troubled: list[Row] = []
            self.every = list(self.file.rows(CountRules()))
            demand_unchanged(self.path, self.checksum)
            self.troubled = self.file.troubled
        self._choose()

    def _opened(self, path: Path) -> FigureFile:
        return open_figures(path, sheet=self.choices.sheet, roles=self.choices.roles)

    def saying(self, choices: FigureChoices) -> FigureSession:
        """A session on the same file under other choices."""
        again = ("sheet", "roles", "dimension", "scheme")
        if any(getattr(choices, name) != getattr(self.choices, name) for name in again):
            return FigureSession(self.source, choices, self.known, self.conflicts)
        other = object.__new__(FigureSession)
        other.__dict__.update({name: value for name, value in self.__dict__.items() if name in _HELD})
        other.choices = choices
        other._choose()
        return other

    # What is chosen

    def _choose(self) -> None:
        """Work out the figures that the choices so far leave.

        Raises:
            NotFound: something was chosen that is not in the file. Misuse: there are no counts.
        """
        choices = self.choices
        self.rules = choices.rules(self.known_source)
        rows = self.every
        if choices.population:
            self.areas = list(population_of(self.file, self.every).areas)
            if choices.districts:
                self.chosen = chosen_areas(choices.districts, self.areas, self.file.name)
                codes = {area.code or area.name for area in self.chosen}
                rows = [row for row in rows if row.organisation in codes]
            else:
                self.chosen = []
            self.organisations: dict[str, str] = {}
        else:
            self.organisations = {row.organisation: row.organisation_name for row in rows if row.organisation}
            if choices.organisation:
                rows = _of_organisation(rows, choices.organisation, self.file.name)
        self.measures = list(dict.fromkeys(row.measure for row in rows if not row.derived))
        if not self.measures and rows:
            raise Misuse(
                f"“{self.file.name}” holds percentages or rates, and no counts.", kept=KEPT,
                hint="Counts are needed: choose another table of the publication.",
            )  # fmt: skip
        if choices.measures:
            rows = [
                row
                for measure in choices.measures
                for row in _only(rows, measure, "measure", self.file.name, lambda row: (row.measure,))
            ]
        self.periods = list(dict.fromkeys(row.period for row in rows))
        if choices.period:
            rows = _only(rows, choices.period, "period", self.file.name, lambda row: (row.period,))
        self.sexes = list(dict.fromkeys(row.sex for row in rows))
        if choices.sex:
            rows = [row for row in rows if folded(row.sex) == folded(choices.sex)]
        self.hidden = sum(row.hidden for row in rows)
        if choices.hidden_rows == "leave":
            rows = [row for row in rows if not row.hidden]
        self.rows = list(decided(self._read(rows), {**self.known, **_made(choices.labels)}))

    @property
    def resolved(self) -> bool:
        """Whether the choice of figures is complete: one organisation, period and sex, and measures."""
        choices = self.choices
        return (
            (
                bool(choices.districts)
                if choices.population
                else bool(choices.organisation) or len(self.organisations) < 2
            )
            and (bool(choices.measures) or len(self.measures) < 2)
            and (bool(choices.period) or len(self.periods) < 2)
            and (bool(choices.sex) or len(self.sexes) < 2)
        )

    @cached_property
    def known_source(self) -> KnownSource | None:
        """The known source that the file comes from."""
        return self.file.source

    def _read(self, rows: Iterable[FigureRow]) -> list[FigureRow]:
        """`rows`, read by the current rules."""
        rules = self.rules
        readings: dict[str, CountReading] = {}
        read_rows = []
        for row in rows:
            if not row.derived and row.state in _READ_AGAIN:
                if (reading := readings.get(row.shown)) is None:
                    reading = readings[row.shown] = read_count(row.shown, rules)
                row = replace(row, interval=reading.interval, state=reading.state, problem=reading.problem)
            read_rows.append(row)
        return read_rows

    # What is open

    @property
    def compared(self) -> list[FigureRow]:
        """The figures to store: of a dimension that fieldkit compares, with a count that could be read or no count at all."""
        codes = code_list("figure_dimension").codes
        return [
            row for row in self.rows
            if row.dimension in codes and (row.derived or row.interval is not None)
        ]  # fmt: skip

    @property
    def other_dimensions(self) -> dict[str, int]:
        """Dimensions of the file that fieldkit does not compare -> number of figures."""
        codes = code_list("figure_dimension").codes
        return dict(
            Counter(row.dimension for row in self.rows if row.dimension and row.dimension not in codes)
        )

    @property
    def without_dimension(self) -> list[FigureRow]:
        """Figures whose dimension is not known."""
        return [row for row in self.rows if not row.dimension]

    @property
    def signs(self) -> dict[str, int]:
        """Unexplained signs -> how often they occur, the most frequent first."""
        counts = Counter(row.shown for row in self.rows if row.state == "unknown" and not row.derived)
        return dict(counts.most_common())

    @property
    def refused(self) -> list[FigureRow]:
        """Figures that are not counts."""
        return [row for row in self.rows if row.state == "refused"]

    @property
    def missing(self) -> int:
        """How many counts are not available."""
        return sum(row.state == "missing" and not row.derived for row in self.rows)

    @property
    def starred(self) -> int:
        """How many cells have a star that does not state its own meaning."""
        return sum(
            row.state == "star" and row.interval == self.rules.star and not any(map(str.isdigit, row.shown))
            for row in self.rows
        )

    @property
    def numbers(self) -> list[int]:
        """The printed numbers of counts above zero, whatever the rounding."""
        readings = (read_count(row.shown, CountRules()) for row in self.rows if not row.derived)
        return [
            reading.interval.low
            for reading in readings
            if reading.state == "number" and reading.interval and reading.interval.low
        ]

    @property
    def unmatched(self) -> dict[tuple[str, str, str], int]:
        """(dimension, group, label) of labels with neither a code nor a decision -> number of figures."""
        counts = Counter(
            (row.dimension, row.group, row.label)
            for row in self.rows
            if not row.code and row.dimension in SCHEMES and self._decision(row) is None
        )
        return dict(counts)

    def _decision(self, row: FigureRow) -> LabelMatch | None:
        return self.choices.labels.get((row.dimension, decision_key(row.label, row.group)))

    @property
    def only_five_groups(self) -> bool:
        """Whether there are five ethnic groups, and nothing says whether Chinese counts as Asian or as other."""
        ethnic = {(row.label, row.group) for row in self.rows if row.dimension == "ethnic" and not row.code}
        if self.choices.scheme or any(
            row.dimension == "ethnic" and row.level == "group" and row.code for row in self.rows
        ):
            return False
        both = [pair for pair in ethnic if match_label("nhs16", *pair) and match_label("census19", *pair)]
        return bool(both)

    @property
    def doubled(self) -> tuple[str, int] | None:
        """A label that occurs more than once for one measure, and how often: something else distinguishes its rows."""
        counts = Counter(
            (row.measure, row.statistic, row.dimension, row.group, row.label, row.age, row.organisation)
            for row in self.compared
        )
        key, times = counts.most_common(1)[0] if counts else (("",) * 7, 0)
        return (f"{key[3]} {key[4]}".strip() or key[2], times) if times > 1 else None

    def new_decisions(self) -> dict[tuple[str, str], LabelMatch]:
        """The decisions on labels made in this session."""
        return _made(self.choices.labels)


_HELD = frozenset({"source", "path", "checksum", "known", "conflicts", "file", "every", "troubled"})


def _made(labels: Mapping[tuple[str, str], LabelMatch]) -> dict[tuple[str, str], LabelMatch]:
    return {key: match for key, match in labels.items() if match != LEFT}


def _only(
    rows: Sequence[FigureRow],
    wanted: str,
    noun: str,
    file: str,
    names: Callable[[FigureRow], tuple[str, ...]],
) -> list[FigureRow]:
    asked = key_of(wanted)
    chosen = [row for row in rows if asked in map(key_of, filter(None, names(row)))]
    if not chosen:
        there = list(dict.fromkeys(" ".join(dict.fromkeys(filter(None, names(row)))) for row in rows))
        raise NotFound(
            f"“{file}” has no {noun} {quoted(wanted)}.", kept=KEPT, hint=f"It has: {named(there)}.",
        )  # fmt: skip
    return chosen


def _of_organisation(rows: Sequence[FigureRow], wanted: str, file: str) -> list[FigureRow]:
    """The rows of one organisation, by its code or else its name.

    Raises:
        NotFound: there is none, or several have the name.
    """
    asked = key_of(wanted)
    if coded := [row for row in rows if asked == key_of(row.organisation)]:
        return coded
    chosen = _only(rows, wanted, "organisation", file, lambda row: (row.organisation, row.organisation_name))
    same = dict.fromkeys(f"{row.organisation} {row.organisation_name}" for row in chosen)
    if len(same) > 1:
        raise NotFound(
            f"“{file}” has {len(same):,} organisations called {quoted(wanted)}.", kept=KEPT,
            hint=f"Name one by its code: {named(list(same))}.",
        )  # fmt: skip
    return chosen


def key_of(name: str) -> str:
    """The key that all spellings of a name in a file share."""
    return folded(name.replace("_", " "))


def named(names: Sequence[str], most: int = _MOST_NAMED) -> str:
    """Names on one line; of many, the first few and how many more."""
    listed = [shortened(name) for name in names if name]
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more if listed else "none"
