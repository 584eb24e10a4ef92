"""Opening a file of figures with what the kit knows, building the records of its import, and storing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from fieldkit.importing.figures.figure_rows import FigureRow
from fieldkit.importing.figures.figure_storage import (
    NewDataset,
    StoredFigures,
    decision_conflicts,
    decisions,
    store,
)
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_report import reading_notes
from fieldkit.presentation.figures.figure_session import FigureSession, key_of
from fieldkit.presentation.figures.reading_questions import CENSUS_DAY, period_known
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.kind import Values, given_values
from fieldkit.store.kit import Kit, Progress, no_progress
from fieldkit.text import cut_to_store

_LONGEST_LINE = 200
_LONGEST_NOTES = 8_000
_OGL = "Open Government Licence v3.0"


def opened_session(kit: Kit, source: Path | None, choices: FigureChoices) -> FigureSession:
    """Open a file of figures with the kit's decisions on labels.

    Raises:
        FieldkitError: as `FigureSession`.
    """
    conflicts = {key: [each.match for each in made] for key, made in decision_conflicts(kit).items()}
    return FigureSession(source, choices, decisions(kit), conflicts)


def new_datasets(session: FigureSession, today: date) -> list[NewDataset]:
    """One data set for each chosen measure, with its figures."""
    if session.choices.population:
        return [NewDataset(_population(session, today), session.compared, population=True)]
    measures = list(session.choices.measures) or session.measures
    new = []
    for measure in measures:
        rows = _rows(session, measure, alone=len(measures) == 1)
        if rows:
            new.append(NewDataset(_counts(session, rows, rows[0].measure, today), rows))
    return new


def _rows(session: FigureSession, measure: str, *, alone: bool) -> list[FigureRow]:
    """The figures of a measure; percentages without a measure belong to the only one."""
    asked = key_of(measure)
    return [row for row in session.compared if key_of(row.measure) == asked or (alone and row.derived)]


def _counts(session: FigureSession, rows: Sequence[FigureRow], measure: str, today: date) -> Values:
    choices, rules = session.choices, session.rules
    source = choices.source or session.known_source
    organisation = rows[0].organisation or choices.organisation
    values = {
        **_common(session, measure, today),
        "role": "counts",
        "measure": cut_to_store(measure, _LONGEST_LINE) or "figures",
        "unit": choices.unit or (source.unit if source else "") or "unknown",
        "organisation": cut_to_store(organisation, _LONGEST_LINE),
        "area_name": cut_to_store(rows[0].organisation_name, _LONGEST_LINE),
        "publisher": choices.publisher or (source.publisher if source else "") or "not known",
        "licence": choices.licence or (source.licence if source else ""),
        "star_low": rules.star_low,
        "star_high": rules.star_high,
        "round_base": rules.round_base or None,
        "round_least": rules.round_least or None,
        "totals_rounded_apart": "Y" if source and source.totals_rounded_apart else None,
    }
    return given_values(values)


def _population(session: FigureSession, today: date) -> Values:
    choices = session.choices
    shipped = session.source is None
    codes = code_list("district").codes
    values = {
        **_common(session, "", today),
        "role": "population",
        "measure": "residents",
        "unit": "people",
        "publisher": choices.publisher or ("Office for National Statistics" if shipped else "not known"),
        "licence": choices.licence or (_OGL if shipped else ""),
        "area": [area.code for area in session.chosen if area.code in codes],
        "area_name": cut_to_store(", ".join(area.name for area in session.chosen), _LONGEST_LINE),
        "who": choices.who
        if choices.who not in {"", "-"}
        else ""
        if any(row.age for row in session.rows)
        else "all",
    }
    return given_values(values)


def _common(session: FigureSession, measure: str, today: date) -> Values:
    choices = session.choices
    first, last = choices.period_days or period_known(session) or (CENSUS_DAY, CENSUS_DAY)
    file = session.path.name if session.source is None else session.source.name
    title = "Census 2021, ethnic group by district" if session.source is None else session.source.stem
    return {
        "title": cut_to_store(choices.title or title, _LONGEST_LINE),
        "cycle": choices.cycle or None,
        "who": "" if choices.who == "-" else choices.who,
        "url": choices.url,
        "retrieved": choices.retrieved or today.isoformat(),
        "period_from": first,
        "period_to": last,
        "file_name": cut_to_store(file, _LONGEST_LINE),
        "sheet": cut_to_store(session.file.table.sheet or session.choices.sheet or "", _LONGEST_LINE),
        "sha256": session.checksum,
        "notes": "\n".join(
            reading_notes(session, [row for row in session.rows if row.measure == measure], measure)
        )[:_LONGEST_NOTES],
    }


def store_figures(
    kit: Kit, session: FigureSession, today: date, confirmed_by: str, on_progress: Progress = no_progress
) -> StoredFigures:
    """Store what the session holds, once no question is open.

    Raises:
        InvalidRecord: a value is not valid.
        StorageError: the disk refuses. In both cases nothing was stored.
    """
    datasets = new_datasets(session, today)
    source: Path = session.path if session.source is None else session.source
    confirmed = {"confirmed_by": confirmed_by or None, "confirmed_on": today.isoformat()}
    return store(kit, datasets, session.new_decisions(), source, session.checksum, confirmed, on_progress)
