"""`fieldkit figures import`: a file of figures, once it is clear how to read it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from rich.cells import cell_len, set_cell_size

from fieldkit.cli.commands.figures.figure_options import (
    named_values,
    one_of,
    source_named,
    with_labels,
    with_signs,
)
from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.file_options import Dash, Dimension, Districts, Organisation, Period, Sheet, Source
from fieldkit.cli.options import Yes
from fieldkit.cli.output import note, progress
from fieldkit.cli.parameters import argument, flag, option
from fieldkit.cli.prompts import ask_line, ask_yes, at_keyboard
from fieldkit.errors import FieldkitError, Misuse
from fieldkit.importing.figures.schemes import SCHEMES, dimension_of
from fieldkit.presentation.figures import figure_report as report
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_datasets import new_datasets, opened_session, store_figures
from fieldkit.presentation.figures.figure_question import FigureQuestion
from fieldkit.presentation.figures.figure_questions import (
    confirmer,
    cycle_named,
    cycles_of,
    demand_answers,
    questions,
)
from fieldkit.presentation.figures.figure_session import FigureSession
from fieldkit.presentation.figures.reading_questions import base_of, days_of, star_of, who_of
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import parse_date
from fieldkit.records.schema.lookup import find
from fieldkit.store.kit import Kit
from fieldkit.text import quoted, shortened

_PARTLY = 3


@command(writes=lambda options: not options["dry_run"])
def import_figures(
    kit: Kit,
    as_json: bool,
    file: Annotated[
        str, argument("FILE", "A .csv, .xlsx, .xls or .ods file; with --population alone the census of 2021.")
    ] = "",
    population: Annotated[
        bool, flag("--population", "The file says who lives there, not who uses a service.")
    ] = False,
    districts: Districts = None,
    cycle: Annotated[str | None, option("--cycle", "CYCLE", "The cycle that the figures are for.")] = None,
    org: Organisation = "",
    measure: Annotated[
        list[str] | None,
        option("--measure", "NAME", "The measure, if the file has several; may be repeated."),
    ] = None,
    period: Period = "",
    days: Annotated[
        str, option("--days", "PERIOD", "The days covered: 2024-25, 2024, or 1/4/2024 to 31/3/2025.")
    ] = "",
    source: Source = "",
    star: Annotated[str, option("--star", "LOW-HIGH", "What a star means: 1-4, or any.")] = "",
    dash: Dash = "",
    sign: Annotated[
        list[str] | None, option("--sign", "TEXT=MEANING", "What another sign means; may be repeated.")
    ] = None,
    round_base: Annotated[
        str, option("--round", "BASE", "What numbers are rounded to, for example 5; 0 if they are exact.")
    ] = "",
    unit: Annotated[
        str, option("--unit", "UNIT", "people, referrals, contacts, admissions or unknown.")
    ] = "",
    who: Annotated[str, option("--who", "AGES", "The ages that are counted: all, 16+, 18+ …")] = "",
    scheme: Annotated[
        str, option("--scheme", "NAME", "Whose ethnic groups: nhs16 (NHS 2001) or census19 (census).")
    ] = "",
    dimension: Dimension = "",
    sex: Annotated[str, option("--sex", "NAME", "Which, if the file counts by sex, too.")] = "",
    label: Annotated[
        list[str] | None,
        option("--label", "DIMENSION:LABEL=CODE", "Which group a label means; may be repeated."),
    ] = None,
    column: Annotated[
        list[str] | None,
        option("--column", "PART=HEADING", "What a column is: value, label, group, measure …"),
    ] = None,
    sheet: Sheet = None,
    hidden_rows: Annotated[str, option("--hidden-rows", "keep|leave", "Whether hidden rows are read.")] = "",
    leave_refused: Annotated[
        bool, flag("--leave-refused", "Leave out what is no count, and store the rest.")
    ] = False,
    title: Annotated[
        str, option("--title", "TITLE", "What the data set is called; else as the file is.")
    ] = "",
    publisher: Annotated[str, option("--publisher", "NAME", "Who published the file.")] = "",
    url: Annotated[str, option("--url", "ADDRESS", "Where it can be found.")] = "",
    licence: Annotated[str, option("--licence", "NAME", "Under what licence it may be used.")] = "",
    retrieved: Annotated[str, option("--retrieved", "DATE", "The day it was fetched; else today.")] = "",
    dry_run: Annotated[bool, flag("--dry-run", "Say how it would be read, and store nothing.")] = False,
    yes: Yes = False,
) -> Answer:
    """Import a provider's figures, or with --population who lives in an area.

    It shows how the file is understood and five rows, and asks what no file can say. With --yes nothing is asked: what may
    stay unknown does, and anything else that is open stops the import. One `undo --import` undoes all of it.
    """
    if not file and not population:
        raise Misuse("No file is named.", kept="Nothing was stored.", hint="Name it, or add --population.")
    cycles = cycles_of(kit)
    choices = FigureChoices(
        population=population,
        sheet=sheet,
        roles=dict(named_values(column or [], "--column")),
        source=source_named(source) if source else None,
        organisation=org,
        measures=tuple(measure or ()),
        period=period,
        period_days=days_of(days) if days else None,
        sex=sex,
        hidden_rows=one_of(hidden_rows, ("keep", "leave"), "--hidden-rows") if hidden_rows else "",
        dimension=_dimension(dimension) if dimension else "",
        scheme=_scheme(scheme) if scheme else "",
        star=star_of(star) if star else None,
        round_base=base_of(round_base) if round_base else None,
        unit=_unit(unit) if unit else "",
        who=who_of(who) if who else "",
        districts=";".join(districts or ()),
        title=title,
        publisher=publisher,
        url=url,
        licence=licence,
        leave_refused=leave_refused,
        understood=yes,
    )
    if retrieved:
        day = parse_date(retrieved)
        if day is None:
            raise Misuse(
                f"{quoted(retrieved, 30)} is no date.",
                kept="Nothing was stored.",
                hint="For example 27/10/2026.",
            )
        choices = choices.with_(retrieved=day)
    if cycle is not None:
        choices = choices.with_(cycle=cycle_named(cycle, cycles) if cycle.strip() else "")
    choices = with_labels(with_signs(choices, dash, sign or []), label or [])
    session = opened_session(kit, path_of(file) if file else None, choices)
    run = _ImportRun(kit, session, cycles, quiet=as_json)
    if at_keyboard() and not yes and not as_json and not dry_run:
        run.ask()
    return run.end(dry_run, yes)


class _ImportRun:
    """One import at the command line."""

    def __init__(
        self, kit: Kit, session: FigureSession, cycles: list[tuple[str, str]], *, quiet: bool
    ) -> None:
        self.kit, self.session, self.cycles, self.quiet = kit, session, cycles, quiet
        self.asked = False

    def open_questions(self) -> list[FigureQuestion]:

        return questions(self.session, self.cycles)

    def print_understanding(self) -> None:
        """Print, beside the result, how the file is understood, with five rows and what to check."""
        note(*report.understanding(self.session))
        if self.session.resolved:
            note("", *_table(report.SAMPLE, report.sample(self.session)), "")
            if self.session.choices.population:
                note(report.population_line(self.session))
            note(*report.warnings(self.session))

    def ask(self) -> None:
        """Ask until no question is open, then whether to store the figures.

        Raises:
            FieldkitError: they are not to be stored.
        """
        self.print_understanding()
        resolved = self.session.resolved
        try:
            while open_questions := self.open_questions():
                self._ask_one(open_questions[0])
                if self.session.resolved and not resolved:
                    resolved = True
                    self.print_understanding()
            note("", *_table(report.SAMPLE, report.sample(self.session)), "", *report.warnings(self.session))
            if not ask_yes(f"Store {report.amount(self.session)}? y or n: "):
                raise FieldkitError("Nothing was stored.")
        except (EOFError, KeyboardInterrupt):
            raise FieldkitError("It was stopped. Nothing was stored.") from None
        self.asked = True

    def _ask_one(self, question: FigureQuestion) -> None:
        note("", question.text)
        note(*(f"  {option.key}  {option.label}" for option in question.options))
        prompt = f"Or type {question.typed}: " if question.options and question.typed else "Which? "
        if question.typed and not question.options:
            prompt = f"Type {question.typed}: "
        while True:
            try:
                self.session = self.session.saying(question.answer(ask_line(prompt)))
                return
            except FieldkitError as error:
                note(error.message, error.hint)

    def end(self, dry_run: bool, yes: bool) -> Answer:
        """Store it, or say what would be stored."""
        open_questions = self.open_questions()
        if not self.asked and not self.quiet:
            self.print_understanding()
        if dry_run:
            data = report.as_dict(self.session, open_questions, [])
            return Answer(
                data,
                [f"{question.text} Answer with {question.option}" for question in open_questions],
                _PARTLY if open_questions else 0,
            )
        demand_answers(open_questions)
        if not self.asked and not yes and not at_keyboard() and not self.quiet:
            raise Misuse(
                "Nobody is here to confirm how the file is understood.", kept="Nothing was stored.",
                hint="If it is right, add --yes",
            )  # fmt: skip
        with progress() as on_progress:
            done = store_figures(self.kit, self.session, date.today(), confirmer(self.kit), on_progress)
        titles = [str(self.kit.get(record_id).values.get("title")) for record_id in done.here]
        data = report.as_dict(
            self.session, [], new_datasets(self.session, date.today())
        ) | report.stored_dict(done)
        partly = bool(self.session.refused or self.session.troubled)
        return Answer(
            data, [*report.stored_lines(done, titles), *report.undo_line(done)], _PARTLY if partly else 0
        )


def _table(heading: tuple[str, ...], rows: list[Any]) -> list[str]:
    cut = [[shortened(str(cell), 40) for cell in row] for row in [heading, *rows]]
    widths = [max(cell_len(row[place]) for row in cut) for place in range(len(heading))]
    return [
        "  " + "  ".join(set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cut
    ]


def _dimension(typed: str) -> str:

    dimension = dimension_of(typed)
    return one_of(dimension or typed, tuple(SCHEMES), "--dimension")


def _scheme(typed: str) -> str:
    return one_of(typed, ("nhs16", "census19"), "--scheme")


def _unit(typed: str) -> str:

    answers = code_list("count_unit")
    return find(answers, typed, {}) or one_of(typed, tuple(entry.code for entry in answers.entries), "--unit")
