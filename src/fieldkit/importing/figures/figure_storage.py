"""Figures stored as records and read back: data sets with their cells, and decisions on labels that all laptops share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.label_keys import label_key
from fieldkit.importing.figures.schemes import LabelMatch, level_of, whole_scheme
from fieldkit.importing.log import remember
from fieldkit.intervals import Interval
from fieldkit.records.schema.kind import Values
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Progress, Stored, no_progress
from fieldkit.store.write.adding import Adding
from fieldkit.text import clean_line, cut_to_store

BATCH = 2_000
_LONGEST_LABEL = 300
_SAME = ("measure", "organisation", "period_from", "period_to", "role", "area")
_HELD = ("record_id", *_SAME, "sheet", "area_name")
Decisions = Mapping[tuple[str, str], LabelMatch]
"""(dimension, key of a label with its group) -> what people decided that it means."""


@dataclass
class NewDataset:
    """A data set to be stored: the values of its record, and its figures. Rows without a dimension are not stored."""

    values: Values
    rows: Sequence[FigureRow]
    population: bool = False


@dataclass
class StoredFigures:
    """What an import of figures stored.

    `number` identifies the import for `undo --import`, 0 if nothing was stored. `here` are the record ids of data sets of this
    same file that are already in the kit.
    """

    number: int = 0
    datasets: list[str] = field(default_factory=list)
    figures: int = 0
    labels: int = 0
    here: list[str] = field(default_factory=list)


def decision_key(label: str, group: str = "") -> str:
    """The key under which a decision on a label is kept: the label's own key, after the key of its group if it has one.

    A label with its group in front, as records hold it (`Asian: Indian`), has the same key. A label of signs only is its own key.
    """
    return f"{label_key(group, True)}{label_key(label, True)}"[:200] or clean_line(label)[:200]


def decisions(kit: Kit) -> dict[tuple[str, str], LabelMatch]:
    """The decisions held here, whoever made them. Labels with differing decisions are left out."""
    latest = {}
    for key, made in _every_decision(kit).items():
        matches = {decision.match for decision in made}
        if len(matches) == 1:
            latest[key] = matches.pop()
    return latest


@dataclass(frozen=True)
class Decision:
    """One person's decision on a label: the record, what the label means, who decided ("" if no name was given)."""

    record_id: str
    match: LabelMatch
    by: str


def decision_conflicts(kit: Kit) -> dict[tuple[str, str], list[Decision]]:
    """Differing decisions on one label, the oldest first: none of them is used until somebody decides again."""
    return {
        key: made
        for key, made in _every_decision(kit).items()
        if len({decision.match for decision in made}) > 1
    }


def _every_decision(kit: Kit) -> dict[tuple[str, str], list[Decision]]:
    by_label: dict[tuple[str, str], list[Decision]] = {}
    rivals = _rival_codes(kit)
    names = ("created", "record_id", "dimension", "label_key", "code", "scheme", "confirmed_by")
    for _, record_id, dimension, key, code, scheme, by in sorted(
        kit.columns("mapping", names), key=lambda row: (row[0], row[1])
    ):
        by_label.setdefault((dimension, key), []).extend(
            Decision(record_id, _match(value, scheme), by or "") for value in rivals.get(record_id, (code,))
        )
    return by_label


def _rival_codes(kit: Kit) -> dict[str, list[str]]:
    """The codes of decisions that two laptops changed independently, by record."""
    if not kit.conflicting().get(("mapping", "code")):
        return {}
    return {
        conflict.record_id: [str(each.value) for each in conflict.values]
        for conflict in kit.conflicts()
        if (conflict.kind, conflict.field) == ("mapping", "code")
    }


def _match(code: str, scheme: str | None) -> LabelMatch:
    return LabelMatch(code, scheme or "", level_of(whole_scheme(scheme), code) if scheme else "group")


def decision_records(kit: Kit) -> dict[tuple[str, str], list[str]]:
    """The records of the decisions on each label."""
    return {key: [decision.record_id for decision in made] for key, made in _every_decision(kit).items()}


def write_decision(
    kit: Kit, key: tuple[str, str], match: LabelMatch, confirmed: Values, held: Iterable[str]
) -> None:
    """Store what a label means. `held` are the records of earlier decisions on it: they change to this one.

    Raises:
        InvalidRecord: a value is not valid. StorageError: the disk refuses.
    """
    seen = [kit.get(record_id, "mapping") for record_id in dict.fromkeys(held)]
    with kit.adding() as add:
        _decide(add, key, match, confirmed, seen)


def _decide(
    add: Adding, key: tuple[str, str], match: LabelMatch, confirmed: Values, held: Sequence[Stored]
) -> None:
    values = _mapping(key, match, confirmed)
    for seen in {record.record_id: record for record in held}.values():
        add.decide(seen, values)
    if not held:
        add("mapping", [values])


def decided(rows: Iterable[FigureRow], known: Decisions) -> Iterator[FigureRow]:
    """`rows`, with the codes that people decided on for labels that match no code by themselves."""
    for row in rows:
        if not row.code and known:
            match = known.get((row.dimension, decision_key(row.label, row.group)))
            if match is not None:
                row = replace(row, code=match.code, scheme=match.scheme, level=match.level, decided=True)
        yield row


def already_here(kit: Kit, new: NewDataset) -> str:
    """The id of a data set of the same file, sheet, measure, organisation, period and districts; "" if there is none."""
    values = new.values
    for row in kit.columns("dataset", _HELD, where={"sha256": values["sha256"]}):
        held = dict(zip(_HELD, row, strict=True))
        sheets = {folded(each) for each in (held["sheet"], values.get("sheet")) if each}
        if (
            len(sheets) < 2
            and all((held[name] or None) == (values.get(name) or None) for name in _SAME)
            and (held["area"] or _area_names(held) == _area_names(values))
        ):
            return str(held["record_id"])
    return ""


def _area_names(values: Values) -> set[str]:
    """The names of the places, which tell those without codes apart."""
    return {folded(name) for name in str(values.get("area_name") or "").split(", ")}


def store(
    kit: Kit,
    datasets: Sequence[NewDataset],
    new_decisions: Mapping[tuple[str, str], LabelMatch],
    source: Path,
    mark: str,
    confirmed: Values,
    on_progress: Progress = no_progress,
) -> StoredFigures:
    """Store data sets with their figures, and decisions on labels, in one transaction, which one undo reverses.

    A data set that is here already is not stored again. `mark` is the hash of the file `source` when it was read: it may be gone
    since. `confirmed` says who decided on the labels, and when.

    Raises:
        InvalidRecord: a value is not valid. StorageError: the disk refuses. In both cases nothing was stored.
    """
    done = StoredFigures()
    fresh = []
    for new in datasets:
        if here := already_here(kit, new):
            done.here.append(here)
        else:
            fresh.append(new)
    if not fresh and not new_decisions:
        return done
    kind, wanted = kind_named("dataset"), sum(len(new.rows) for new in fresh)
    earlier = decision_records(kit) if new_decisions else {}
    held = {
        key: [kit.get(each, "mapping") for each in earlier[key]] for key in new_decisions if key in earlier
    }
    with kit.adding() as add:
        for new in fresh:
            [record_id] = add("dataset", [new.values])
            done.datasets.append(record_id)
            batch: list[Values] = []
            for row in new.rows:
                batch.append(_cell(record_id, row, new.population))
                if len(batch) == BATCH:
                    done.figures += len(add("cell", batch))
                    batch = []
                    on_progress(done.figures, wanted, "storing figures")
            done.figures += len(add("cell", batch))
        for key, match in new_decisions.items():
            _decide(add, key, match, confirmed, held.get(key, ()))
            done.labels += 1
        done.number = remember(kit, add, mark, kind, source, done.figures)
    return done


def _mapping(key: tuple[str, str], match: LabelMatch, confirmed: Values) -> Values:
    dimension, label = key
    return {
        "dimension": dimension,
        "label_key": label,
        "code": match.code,
        "scheme": match.scheme or None,
        **confirmed,
    }


def _cell(dataset: str, row: FigureRow, population: bool) -> Values:
    label = f"{row.group}: {row.label}" if row.group else row.label
    return {
        "dataset": dataset,
        "dimension": row.dimension,
        "label": cut_to_store(label, _LONGEST_LABEL),
        # A decision is read from its own record: it may change, and two may differ.
        "code": "" if row.decided else row.code,
        "scheme": "" if row.decided else row.scheme,
        "area": row.organisation if population else "",
        "age_band": row.age,
        "statistic": (row.statistic or row.measure or "derived")[:80] if row.derived else "",
        "shown": row.shown[:200],
        "low": None if row.interval is None else row.interval.low,
        "high": None if row.interval is None else row.interval.high,
    }


_CELL = ("dimension", "label", "code", "scheme", "area", "age_band", "statistic", "shown", "low", "high")


def dataset_rows(kit: Kit, dataset: str, known: Decisions | None = None) -> list[FigureRow]:
    """The figures of a stored data set as plain rows, in the order of its file.

    Labels without a code when they were stored get the code that somebody has decided on since. `group` is empty: the label
    holds it, as in `Asian: Indian`. `line` counts from 1.

    Raises:
        NotFound: there is no such data set.
    """
    held = kit.get(dataset).values
    stored = kit.columns("cell", ("record_id", *_CELL), where={"dataset": dataset})
    rows = [
        _row(number, held, dict(zip(_CELL, cells, strict=True)))
        for number, (_, *cells) in enumerate(sorted(stored, key=lambda cells: cells[0]), 1)
    ]
    return list(decided(rows, decisions(kit) if known is None else known))


def _row(number: int, held: Values, cell: dict[str, Any]) -> FigureRow:
    organisation = str(held.get("organisation") or "")
    area, low, scheme, code = (cell[name] for name in ("area", "low", "scheme", "code"))
    return FigureRow(
        number, str(area or organisation), str(held.get("area_name") or ""), _period(held), str(held.get("measure") or ""),
        str(cell["statistic"] or ""), bool(cell["statistic"]), str(cell["dimension"] or ""), "", str(cell["label"] or ""),
        str(cell["age_band"] or ""), "", str(cell["shown"] or ""), None if low is None else Interval(low, cell["high"]),
        "missing" if low is None else "number" if low == cell["high"] else "star", "", str(code or ""),
        str(scheme or ""), level_of(whole_scheme(scheme), code) if code and scheme else "total" if code == "total" else "group",
    )  # fmt: skip


def _period(held: Values) -> str:
    first, last = held.get("period_from"), held.get("period_to")
    return str(first) if first == last else f"{first} to {last}"
