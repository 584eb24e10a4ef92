"""Which figures of a file to import: districts, organisation, measure, period, sex, hidden rows."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.importing.figures.areas import RESIDENTS, boards
from fieldkit.importing.figures.counted_once import means_both_sexes
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_question import (
    MOST_OPTIONS,
    Answered,
    FigureQuestion,
    Option,
    listed,
    numbered,
)
from fieldkit.presentation.figures.figure_session import FigureSession, named
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.parse import heading_in_words


def which_figures(session: FigureSession) -> list[FigureQuestion]:
    choices, asked = session.choices, []
    if choices.population and not choices.districts:
        asked.append(
            FigureQuestion(
                "districts",
                f"“{session.file.name}” has {counted(len(session.areas), 'district')}. Which of them is the service for? "
                f"{RESIDENTS}",
                numbered(_boards(session)),
                "--districts NAME,NAME",
                "names or codes, with commas between",
                _checked(session, lambda typed: choices.with_(districts=typed)),
            )
        )
    if len(session.organisations) > 1 and not choices.organisation and not choices.population:
        names = [" ".join(dict.fromkeys(filter(None, pair))) for pair in session.organisations.items()]
        asked.append(
            FigureQuestion(
                "organisation",
                f"The file has {len(names):,} organisations{_named(names)}. Whose figures do you want?",
                listed(
                    [
                        (name, choices.with_(organisation=code))
                        for name, code in zip(names, session.organisations, strict=True)
                    ]
                ),
                "--org CODE",
                "a code or a name",
                _checked(session, lambda typed: choices.with_(organisation=typed)),
            )
        )
    if asked:
        return asked
    if len(session.measures) > 1 and not choices.measures:
        measures = listed(
            [
                (heading_in_words(measure) or "no name", choices.with_(measures=(measure,)))
                for measure in session.measures
            ]
        )
        # Its key stays a digit, however many measures there are.
        everything = Option("0", "all of them", choices.with_(measures=tuple(session.measures)))
        asked.append(
            FigureQuestion(
                "measure",
                f"The file has {len(session.measures):,} measures{_named(session.measures)}. Which do you want?",
                (*measures, everything) if measures else (),
                "--measure NAME",
                "a name",
                _checked(session, lambda typed: choices.with_(measures=(typed,))),
            )
        )
    if len(session.periods) > 1 and not choices.period:
        asked.append(
            FigureQuestion(
                "period",
                f"The file has {len(session.periods):,} periods{_named(session.periods)}. Which do you want?",
                listed([(period, choices.with_(period=period)) for period in session.periods if period]),
                "--period NAME",
                "a period",
                _checked(session, lambda typed: choices.with_(period=typed)),
            )
        )
    if len(session.sexes) > 1 and not choices.sex:
        ordered = sorted(session.sexes, key=lambda sex: not means_both_sexes(sex, session.sexes))
        asked.append(
            FigureQuestion(
                "sex",
                "The file counts by sex, too. Which of these do you want?",
                listed([(sex or "not given", choices.with_(sex=sex)) for sex in ordered]),
                "--sex NAME",
            )
        )
    if session.hidden and not choices.hidden_rows:
        asked.append(
            FigureQuestion(
                "hidden",
                f"The spreadsheet hides {counted(session.hidden, 'row')} of figures.",
                numbered(
                    [
                        ("leave them out", choices.with_(hidden_rows="leave")),
                        ("read them", choices.with_(hidden_rows="keep")),
                    ]
                ),
                "--hidden-rows keep|leave",
            )
        )
    return asked


def _named(names: Sequence[str]) -> str:
    """Some of the names, if there are too many for a list of options."""
    return "" if len(names) < MOST_OPTIONS else f": {named(names, 6)}"


def _boards(session: FigureSession) -> list[tuple[str, FigureChoices]]:
    """Choices of integrated care boards whose districts are all in the file."""
    names = {area.name for area in session.areas}
    return [
        (
            " ".join(filter(None, (f"{board.code} {board.name}: {', '.join(board.districts)}.", board.note))),
            chosen,
        )
        for board in boards().values()
        if names.issuperset(board.districts)
        for chosen in [session.choices.with_(districts=";".join(board.districts))]
    ]


def _checked(session: FigureSession, make: Answered) -> Answered:
    """`make`, checked: raises the error of a choice that the file does not have."""

    def answered(typed: str) -> FigureChoices:
        made = make(typed)
        session.saying(made)
        return made

    return answered
