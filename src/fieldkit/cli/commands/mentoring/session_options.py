"""The options of `fieldkit mentoring log`, and the answers that they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fieldkit.cli.parameters import flag, option
from fieldkit.cli.prompts import typed_or_given
from fieldkit.cli.record_arguments import Answers, pairs
from fieldkit.errors import InvalidRecord, Misuse
from fieldkit.presentation.mentoring.agreed_actions import DONE, DROPPED
from fieldkit.presentation.mentoring.next_dates import ANOTHER_DAY, weeks_after
from fieldkit.presentation.mentoring.session_log import MOST_NEW, NEW, NOTE_TEXT, WHEN, WRITE, SessionLog
from fieldkit.presentation.model.form_plan import Values
from fieldkit.records.schema.dates import parse_date
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.text import quoted


@dataclass(frozen=True)
class Given:
    """The values of the options; None for options that were not given."""

    fields: Sequence[str] | None
    done: Sequence[str] | None
    dropped: Sequence[str] | None
    actions: Sequence[str] | None
    next_date: str | None
    note: str | None

    Set = Annotated[
        list[str] | None,
        option(
            "--set",
            "FIELD=VALUE",
            "An answer about the session: date, minutes, mode, confidence, knowledge, skills, topics …",
        ),
    ]
    Done = Annotated[
        list[str] | None,
        option("--done", "N|TEXT", "An open action that is done: its number, or a part of it."),
    ]
    Dropped = Annotated[
        list[str] | None, option("--dropped", "N|TEXT", "An open action that is not needed any more.")
    ]
    Action = Annotated[list[str] | None, option("--action", "TEXT", "A new action; may be repeated.")]
    Next = Annotated[
        str | None,
        option("--next", "WEEKS|DATE", "When you meet next: 4 for 4 weeks after the session, or a date."),
    ]
    Note = Annotated[str | None, option("--note", "TEXT", "A private note; it never leaves this laptop.")]
    Another = Annotated[bool, flag("--another", "Save it also where a session of that day is here already.")]

    @property
    def any(self) -> bool:
        """Whether any answer was given, in which case nothing is asked."""
        return any(
            (self.fields, self.done, self.dropped, self.actions, self.next_date, self.note is not None)
        )


def given_answers(kit: Kit, given: Given, log: SessionLog) -> Values:
    """The answers that the options give.

    Raises:
        Misuse: an action is not among the open ones, or there are too many new ones.
        InvalidRecord: an answer is not valid.
    """
    values: Values = {
        "minutes": None
    }  # the last session's length is only a suggestion for somebody who sees it
    answers = Answers(kit)
    values |= answers.values(kind("session"), pairs(given.fields or []))
    if values.get("next_date"):
        values[WHEN] = ANOTHER_DAY
    for state, named in ((DONE, given.done), (DROPPED, given.dropped)):
        for typed in named or []:
            values[_action_named(log, typed)] = state
    what = kind("action").fields["what"]
    actions = [_text(answers, what, "Action", typed) for typed in given.actions or []]
    if len(actions) > MOST_NEW:
        raise Misuse(f"At most {MOST_NEW} new actions belong to one session.", kept="Nothing was saved.")
    values |= {f"{NEW}{number}": action for number, action in enumerate(actions, 1)}
    if given.next_date:
        values |= _next(given.next_date, str(values.get("date") or log.plan.values["date"]))
    if given.note is not None:
        values |= {
            WRITE: "notes",
            NOTE_TEXT: _text(answers, kind("note").fields["notes"], "Private note", given.note),
        }
    return values


def _text(answers: Answers, spec: FieldSpec, what: str, given: str) -> str | None:
    """A text that was given, or is read from standard input for -.

    Raises:
        InvalidRecord: it is not valid.
    """
    try:
        text: str | None = answers.value(spec, typed_or_given(what, given))
    except ValueError as error:
        raise InvalidRecord({spec.name: str(error)}) from None
    return text


def _next(typed: str, day_of_session: str) -> Values:
    """The next date, given as weeks after the session or as a date.

    Raises:
        Misuse: it is neither.
    """
    if day := weeks_after(typed, date.fromisoformat(day_of_session)):
        return {WHEN: ANOTHER_DAY, "next_date": day}
    if (parsed := parse_date(typed)) is None:
        raise Misuse(
            f"{quoted(typed, 40)} is neither a number of weeks nor a date.",
            kept="Nothing was saved.",
            hint="For example --next 4 for in 4 weeks, or --next 27/10/2026",
        )
    return {WHEN: ANOTHER_DAY, "next_date": parsed}


def _action_named(log: SessionLog, typed: str) -> str:
    """The question of the open action meant by a number, or by part of its text."""
    names = list(log.actions)
    if typed.strip().isdecimal() and 1 <= int(typed) <= len(names):
        return names[int(typed) - 1]
    wanted = folded(typed)
    fitting = [name for name, action in log.actions.items() if wanted and wanted in folded(action.what)]
    exact = [name for name in fitting if folded(log.actions[name].what) == wanted] or fitting
    if len(exact) != 1:
        raise Misuse(
            f"{quoted(typed)} is not one of the open actions{' alone' if exact else ''}.",
            kept="Nothing was saved.",
            hint="Name one by its number or by more of its text: fieldkit mentoring list",
        )
    return exact[0]
