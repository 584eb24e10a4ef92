"""What a file of figures does not tell by itself: questions, one at a time, each answered by a digit or a few words."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.errors import FieldkitError, Misuse
from fieldkit.presentation.figures.figure_question import FigureQuestion, Option, listed
from fieldkit.presentation.figures.figure_session import KEPT, FigureSession, key_of, named
from fieldkit.presentation.figures.file_questions import which_figures
from fieldkit.presentation.figures.label_questions import dimension_question, five_question, label_questions
from fieldkit.presentation.figures.reading_questions import (
    ages_question,
    demand_each_once,
    period_question,
    refused_question,
    rounding_question,
    sign_questions,
    star_question,
    unit_question,
)
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity
from fieldkit.text import cut_to_store, ended, quoted

_READING = (
    dimension_question,
    five_question,
    sign_questions,
    star_question,
    rounding_question,
    refused_question,
    unit_question,
    ages_question,
    period_question,
    label_questions,
)


def questions(session: FigureSession, cycles: Sequence[tuple[str, str]] = ()) -> list[FigureQuestion]:
    """The open questions, the most important first; later ones may depend on the answers. `cycles`: (id, name) of each."""
    if which := which_figures(session):
        return which
    demand_each_once(session)
    reading = [question for of_kind in _READING for question in of_kind(session)]
    return [*reading, *_publisher(session), *_cycle(session, cycles)]


def _publisher(session: FigureSession) -> list[FigureQuestion]:
    choices = session.choices
    source = choices.source or session.known_source
    if choices.publisher or choices.understood or (source and source.publisher) or session.source is None:
        return []
    return [
        FigureQuestion(
            "publisher",
            "Who published these figures?",
            (Option("0", "not known", choices.with_(publisher="not known")),),
            "--publisher NAME",
            "the name",
            lambda typed: choices.with_(publisher=cut_to_store(typed, 200)),
        )
    ]


def _cycle(session: FigureSession, cycles: Sequence[tuple[str, str]]) -> list[FigureQuestion]:
    choices = session.choices
    if choices.cycle is not None or not cycles or choices.understood:
        return []
    return [
        FigureQuestion(
            "cycle",
            "For which cycle are these figures?",
            (
                *listed([(name, choices.with_(cycle=record_id)) for record_id, name in cycles]),
                Option("0", "for none of them", choices.with_(cycle="")),
            ),
            "--cycle NAME",
            "the title of a cycle",
            lambda typed: choices.with_(cycle=cycle_named(typed, cycles)),
        )
    ]


def cycle_named(typed: str, cycles: Sequence[tuple[str, str]]) -> str:
    """The id of the cycle with this id, or with these words in its title.

    Raises:
        Misuse: no cycle matches, or more than one.
    """
    if any(typed == record_id for record_id, _ in cycles):
        return typed
    matches = [record_id for record_id, name in cycles if key_of(typed) in key_of(name)]
    if len(matches) != 1:
        raise Misuse(
            f"{'More than one cycle is' if matches else 'No cycle is'} called {quoted(typed, 40)}.",
            kept=KEPT,
            hint=ended(f"The cycles are: {named([name for _, name in cycles])}"),
        )
    return matches[0]


def demand_answers(asked: Sequence[FigureQuestion]) -> None:
    """Raise an error if a question is open and nobody can be asked.

    Raises:
        FieldkitError: lists the questions, each with the option that answers it.
    """
    if asked:
        raise FieldkitError(
            "\n".join(
                f"{question.text} Answer with {question.option}{_examples(question)}"
                for question in asked[:20]
            ),
            kept=KEPT,
            hint="",
        )


def _examples(question: FigureQuestion) -> str:
    """Behind an option that takes a name or a code: some of the answers, which a command does not list."""
    answers = [option.label for option in question.options if option.key != "0"]
    takes_name = question.option.endswith((" NAME", " CODE"))
    return f", for example {named(answers)}" if takes_name and answers else ""


def cycles_of(kit: Kit) -> list[tuple[str, str]]:
    """(id, title) of every cycle, the newest first."""
    cycles = sorted(kit.columns("cycle", ("created", "record_id", "title")), reverse=True)
    return [(str(record_id), str(title or "")) for _, record_id, title in cycles]


def confirmer(kit: Kit) -> str:
    """Who decides on labels here: the name of this laptop in its network, "" outside one."""
    try:
        return identity(kit).name
    except Misuse:
        return ""
