"""The data sets in this kit: what each holds, which labels have no group yet, and decisions on labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from fieldkit.errors import Misuse, NotFound
from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.figure_storage import (
    Decisions,
    dataset_rows,
    decision_conflicts,
    decision_key,
    decision_records,
    decisions,
    write_decision,
)
from fieldkit.importing.figures.schemes import (
    SCHEMES,
    codes_of,
    dimension_of,
    is_published,
    suggestions,
    with_code,
)
from fieldkit.presentation.figures.figure_questions import confirmer
from fieldkit.presentation.figures.label_questions import group_name, group_of
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import Values
from fieldkit.records.schema.parse import heading_in_words
from fieldkit.spelling import folded, folded_words, holds
from fieldkit.store.kit import Kit
from fieldkit.text import clean_line, displayed_line, plural, quoted

_FIELDS = (
    "record_id", "created", "title", "role", "measure", "unit", "organisation", "area_name", "period_from", "period_to", "cycle",
)  # fmt: skip


@dataclass
class HeldDataset:
    """One data set; its figures are read on demand."""

    kit: Kit
    record_id: str
    values: Values
    known: Decisions

    @cached_property
    def rows(self) -> Sequence[FigureRow]:
        """Its figures, in the order of the file."""
        return dataset_rows(self.kit, self.record_id, self.known)

    @property
    def measure(self) -> str:
        """Its measure in words."""
        return heading_in_words(str(self.values.get("measure") or ""))

    @property
    def period(self) -> str:
        """Its period in words."""
        first, last = self.values.get("period_from"), self.values.get("period_to")
        return (
            short_date(str(first))
            if first == last
            else f"{short_date(str(first))} to {short_date(str(last))}"
        )

    @property
    def unmatched(self) -> Counter[tuple[str, str]]:
        """(dimension, label) without a group -> number of figures."""
        return Counter((row.dimension, row.label) for row in self.rows if not row.code)

    def cells(self) -> tuple[Any, ...]:
        """One row of the list."""
        values = self.values
        return (
            self.record_id[-6:], values.get("title"), self.measure,
            values.get("organisation") or values.get("area_name"), self.period,
            code_list("count_unit").label(str(values.get("unit"))), len(self.rows), len(self.unmatched),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "id": self.record_id,
            **{name: self.values.get(name) for name in _FIELDS if name not in {"record_id", "created"}},
            "figures": len(self.rows),
            "labels_without_group": len(self.unmatched),
        }


def datasets(kit: Kit) -> list[HeldDataset]:
    """Every data set, the newest first."""
    known = decisions(kit)
    values_of_all = [dict(zip(_FIELDS, row, strict=True)) for row in kit.columns("dataset", _FIELDS)]
    values_of_all.sort(key=lambda values: (values["created"], values["record_id"]), reverse=True)
    return [HeldDataset(kit, values["record_id"], values, known) for values in values_of_all]


def dataset_named(kit: Kit, typed: str) -> HeldDataset:
    """The data set with this id, the end of it, or words of its title and measure.

    Raises:
        NotFound: no data set matches, or more than one.
    """
    every = datasets(kit)
    asked = typed.strip().casefold()
    matches = [each for each in every if len(asked) > 3 and each.record_id.endswith(asked)] or [
        each
        for each in every
        if folded(typed)
        and holds(
            folded_words(
                f"{each.values['title']} {each.values['measure']} {each.measure} {each.values['organisation'] or ''}"
            ),
            folded(typed),
        )
    ]
    if len(matches) != 1:
        names = ", ".join(
            f"{each.record_id[-6:]} {clean_line(each.measure)}" for each in (matches or every)[:8]
        )
        raise NotFound(
            f"{'More than one data set is' if matches else 'No data set is'} called {quoted(typed)}.",
            hint=f"Name one by its id: {names}."
            if names
            else "There are none yet: fieldkit figures import FILE",
        )
    whole = kit.get(matches[0].record_id)
    return HeldDataset(kit, whole.record_id, {**matches[0].values, **whole.values}, matches[0].known)


def facts(dataset: HeldDataset) -> list[str]:
    """What a reader of the figures needs to know, in lines."""
    values = dataset.values
    who = code_list("age_cover").label(str(values.get("who") or "")) or "ages not known"
    unit = code_list("count_unit").label(str(values.get("unit")))
    lines = [
        f"{values.get('title')}: {dataset.measure}, {dataset.period}",
        f"{values.get('organisation') or ''} {values.get('area_name') or ''}".strip(),
        f"Unit: {unit}; ages: {who}.",
        f"Published by {', '.join(filter(None, (str(values.get('publisher')), values.get('licence'))))}.",
    ]
    low, high = values.get("star_low"), values.get("star_high")
    if any(row.state == "star" for row in dataset.rows):
        base = values.get("round_base")
        star = f"A star is {low} to {high}" if high is not None else "A star may be any number"
        lines.append(f"{star}{f'; other numbers are rounded to {base}' if base else ''}.")
    return [line for line in [*lines, *str(values.get("notes") or "").splitlines()] if line]


def figure_dict(row: FigureRow) -> dict[str, Any]:
    """One figure as plain values for JSON: `low` and `high` are its interval."""
    return {
        "dimension": row.dimension, "label": row.label, "code": row.code, "scheme": row.scheme, "level": row.level,
        "area": row.organisation, "ages": row.age, "statistic": row.statistic, "shown": row.shown,
        "low": row.interval.low if row.interval else None, "high": row.interval.high if row.interval else None,
    }  # fmt: skip


def open_labels(kit: Kit, dimension: str = "") -> list[dict[str, Any]]:
    """Labels of stored figures without a group, with similar groups, and people's decisions that differ."""
    wanted = dimension_of(dimension) or dimension
    unmatched: Counter[tuple[str, str]] = Counter()
    for each in datasets(kit):
        unmatched.update(each.unmatched)
    conflicts = decision_conflicts(kit)
    return [
        {
            "dimension": of, "label": label, "figures": figures, "suggestions": _alike(SCHEMES[of][0], label),
            "conflict": [
                {"code": each.match.code, "group": group_name(each.match), "by": each.by}
                for each in conflicts.get((of, decision_key(label)), ())
            ],
        }
        for (of, label), figures in unmatched.most_common()
        if of in SCHEMES and wanted in {"", of}
    ]  # fmt: skip


def perhaps(label: Mapping[str, Any]) -> str:
    """What an open label may mean: the decisions that differ, otherwise the similar groups."""
    decided = [
        f"{each['group']} ({clean_line(each['by'])})" if each["by"] else each["group"]
        for each in label["conflict"]
    ]
    alike = [
        each if is_published(code) else name
        for each in label["suggestions"]
        for code, _, name in (each.partition(" "),)
    ]
    return f"matched differently: {', '.join(decided)}" if decided else ", ".join(alike)


def _alike(scheme: str, label: str) -> list[str]:
    titles = codes_of(scheme)
    return [f"{match.code} {titles.get(match.code, '')}" for match in suggestions(scheme, label)]


def decide(kit: Kit, dimension: str, label: str, code: str) -> tuple[str, dict[str, Any]]:
    """Record which group a label means; returns the sentence and plain values.

    Raises:
        Misuse: no such dimension or group.
    """
    of = dimension_of(dimension)
    if of not in SCHEMES:
        raise Misuse(
            f"Groups can't differ in {quoted(dimension, 40)}.",
            kept="Nothing was changed.",
            hint=f"Choose: {', '.join(SCHEMES)}.",
        )  # fmt: skip
    match = None
    for scheme in SCHEMES[of]:
        try:
            match = group_of(of, scheme, code)
            break
        except Misuse as error:
            refused = error
    if match is None:
        raise refused
    key = (of, decision_key(label))
    values = {"dimension": of, "label_key": key[1], "code": match.code, "scheme": match.scheme}
    confirmed = {"confirmed_by": confirmer(kit) or None, "confirmed_on": date.today().isoformat()}
    write_decision(kit, key, match, confirmed, decision_records(kit).get(key, ()))
    figures = sum(each.unmatched[of, label] for each in datasets(kit) if (of, label) in each.unmatched)
    name = codes_of(match.scheme).get(match.code, match.code)
    left = (
        plural(figures, " 1 figure still has no group.", " {n} figures still have no group.")
        if figures
        else ""
    )
    return (
        f"“{displayed_line(label)}” means {with_code(name, match.code)} from now on, for everybody.{left}",
        values,
    )
