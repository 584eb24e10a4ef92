"""Logging a session in two minutes: what is asked, page by page, and what is stored from the answers.

The answers become a session, new actions and the states of earlier ones, which travel, and a private note, which stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fieldkit.errors import InvalidRecord
from fieldkit.presentation.forms import STAYS, TRAVELS, check_of, checker, question_of
from fieldkit.presentation.mentoring.agreed_actions import (
    DONE,
    DROPPED,
    OPEN,
    AgreedAction,
    actions_of,
    close,
    open_actions,
    record_of,
)
from fieldkit.presentation.mentoring.next_dates import ANOTHER_DAY, next_date, next_date_options
from fieldkit.presentation.mentoring.pair_view import name_of
from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step, Value, Values
from fieldkit.presentation.record_names import lines_of_links
from fieldkit.presentation.same_name import already_here
from fieldkit.presentation.saving import HereAlready
from fieldkit.records.label import IN_LIST
from fieldkit.records.masking import pointed_out
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import Kind, given_values, kind
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.drafts import Draft
from fieldkit.text import plural

LOG = "log_of"
"""A key in the values of a draft: the mentorship whose session is being logged."""
RATINGS = ("confidence", "knowledge", "skills")
PROMPTS = ("goal", "reality", "options", "way_forward")
TRAVELS_SENTENCE = (
    "“Travels” goes to the coordinator with the next bundle; “stays here” never leaves this laptop."
)
MOST_NEW = 9
"""The most new actions in one session."""
_DAY = "log_day"
"""Another key: the day from which the choices of the next date are counted, so that they mean the same when the log is continued.
"""
NO_ANSWERS = frozenset({LOG, _DAY, "mentorship"})
"""What a draft holds besides answers."""
_ACTION, NEW, _NOTE = "action_", "new_", "note_"
NOTE_TEXT = "note_notes"
WHEN, WRITE = "meet_next", "write_note"
_NOTHING, _NOTES, _GROW = "nothing", "notes", "grow"


@dataclass(frozen=True)
class SessionLog:
    """The log of one session, ready to be asked."""

    mentorship: str
    title: str
    actions: Mapping[str, AgreedAction]
    """Question -> the open action that it asks about."""
    last: Mapping[str, int]
    """Rating -> its value the last time it was given."""
    plan: FormPlan
    same_day: str = ""
    """A sentence if a session of that day is saved already, "" if not."""


def session_log(kit: Kit, mentorship_id: str, day: date, begun: Values | None = None) -> SessionLog:
    """The questions about a session on `day`; `begun` are the answers of an unfinished log.

    Raises:
        NotFound: there is no such mentorship.
    """
    if begun:
        day = date.fromisoformat(str(begun.get(_DAY) or day))
    pair = kit.get(mentorship_id, "mentorship")
    sessions = kit.page("session", 0, 10_000, where={"mentorship": mentorship_id})
    sessions.sort(key=lambda session: (str(session.values.get("date", "")), session.created))
    actions = {
        f"{_ACTION}{action.key}": action
        for action in open_actions(actions_of(kit, mentorship_id).get(mentorship_id, ()))
    }
    last = {
        name: int(session.values[name])
        for session in sessions
        for name in RATINGS
        if session.values.get(name) is not None
    }
    values: Values = {
        "mentorship": mentorship_id,
        LOG: mentorship_id,
        _DAY: day.isoformat(),
        "date": day.isoformat(),
        "minutes": sessions[-1].values.get("minutes") if sessions else None,
        **(begun or {}),
    }
    same_day = any(session.values.get("date") == day.isoformat() for session in sessions)
    return SessionLog(
        mentorship_id,
        mentee_of(kit, pair),
        actions,
        last,
        FormPlan("", _steps(kit, actions, last, day), values),
        f"A session of {short_date(day.isoformat())} is saved already." if same_day else "",
    )


def mentee_of(kit: Kit, pair: Stored) -> str:
    """The mentee's whole name as listed."""
    names = lines_of_links(kit, [pair], kit.terms(), ("mentee",), longest=IN_LIST)
    return next(iter(names.values()), "not here yet")


def _steps(
    kit: Kit, actions: Mapping[str, AgreedAction], last: Mapping[str, int], day: date
) -> Sequence[Step]:
    session, note, terms = kind("session"), kind("note"), kit.terms()

    def asked(name: str, **more: Any) -> Question:
        return replace(question_of(kit, session, session.fields[name], terms, None), **more)

    states = kind("action").fields["state"]
    answers = [
        Option(code, states.code_list.label(code), key=str(key))
        for key, code in enumerate((DONE, OPEN, DROPPED), 1)
    ]
    earlier = [
        Question(
            name,
            "choice",
            action.what,
            f"Agreed on {short_date(action.agreed)}." if action.agreed else "Agreed in an earlier session.",
            options=answers,
            note=TRAVELS,
            goes_on=True,
        )
        for name, action in actions.items()
    ]
    ratings = []
    for name in RATINGS:
        question, before = asked(name, goes_on=True), last.get(name)
        ratings.append(
            question if before is None else replace(question, note=f"last time {before} · {TRAVELS}")
        )
    what = kind("action").fields["what"]
    agreed = [
        Question(
            f"{NEW}{number}",
            "line",
            "Next action" if number == 1 else "One more",
            "Who does what before the next meeting. It is asked again until it is done. Enter alone goes on.",
            length=what.length,
            after=(f"{NEW}{number - 1}", ()) if number > 1 else None,
            pointed_out=True,
            note=TRAVELS,
        )
        for number in range(1, MOST_NEW + 1)
    ]
    when = Question(
        WHEN,
        "choice",
        "Meet next",
        session.fields["next_date"].help,
        options=next_date_options(day),
        note=TRAVELS,
        goes_on=True,
    )
    write = Question(
        WRITE,
        "choice",
        "Write a private note?",
        "For your eyes only: it never leaves this laptop.",
        options=[
            Option(_NOTHING, "no, save now", key="1"),
            Option(_NOTES, "a note", key="2"),
            Option(_GROW, "a note with GROW prompts", key="3"),
        ],
        note=STAYS,
        goes_on=True,
    )
    notes = [
        replace(
            question_of(kit, note, note.fields[name], terms, None),
            name=f"{_NOTE}{name}",
            required=False,
            only_if=(WRITE, (_GROW,) if name in PROMPTS else (_NOTES, _GROW)),
        )
        for name in (*PROMPTS, "notes")
    ]
    pages = [
        Step("Last actions", earlier),
        Step("Session", [asked("date"), asked("minutes"), asked("mode", goes_on=True)]),
        Step("Ratings", ratings, intro="0 is not at all, 10 is fully."),
        Step("Next", [asked("topics"), *agreed, when, asked("next_date", only_if=(WHEN, (ANOTHER_DAY,)))]),
        Step("Private", [write, *notes]),
    ]
    return [page for page in pages if page.fields]


def check_log(name: str, values: Values) -> str | None:
    """What is wrong with one answer, given all the others; None if nothing is."""
    if name in kind("session").fields:
        return checker(kind("session"))(name, _session_answers(values))
    spec = _spec_of(name)
    if spec is not None:
        try:
            check_of(spec)(values.get(name))
        except ValueError as error:
            return str(error)
    return None


def _spec_of(name: str) -> Any:
    if name.startswith(NEW):
        return kind("action").fields["what"]
    return kind("note").fields.get(name.removeprefix(_NOTE)) if name.startswith(_NOTE) else None


def _session_answers(values: Mapping[str, Value]) -> Values:
    """The answers about the session itself, with the next date that was chosen."""
    answers = {name: values.get(name) for name in kind("session").fields}
    choice = str(values.get(WHEN) or "")
    if choice != ANOTHER_DAY:
        answers["next_date"] = next_date(choice) or None
    return answers


def new_actions(values: Mapping[str, Value]) -> list[str]:
    """The new actions, in the order in which they were typed."""
    typed = (str(values.get(f"{NEW}{number}") or "").strip() for number in range(1, MOST_NEW + 1))
    return [what for what in typed if what]


def private_sentences(values: Values) -> list[str]:
    """A sentence for each piece of travelling text that may point to one person."""
    travelling: list[tuple[Kind, Values]] = [(kind("session"), _session_answers(values))]
    travelling += [(kind("action"), {"what": what}) for what in new_actions(values)]
    sentences = []
    for the_kind, answers in travelling:
        for name in the_kind.free_text_names:
            text = answers.get(name)
            if not isinstance(text, str):
                continue
            pieces = pointed_out(text)
            sentences += [f"“{text[piece.start : piece.end]}”: {piece.sentence}" for piece in pieces]
    return sentences


def save_log(kit: Kit, log: SessionLog, values: Values, *, another: bool = True) -> str:
    """Store a session with everything that belongs to it; returns its id. States of earlier actions are stored first.

    `another`: a session of that day may be here already.

    Raises:
        HereAlready: a session of that day is here; nothing is stored.
        InvalidRecord: holds a sentence for each answer that is not valid; nothing is stored.
    """
    session = _checked_session(log, values)
    if not another and (sentence := already_here(kit, kind("session"), session, ids=False)):
        raise HereAlready(sentence, kept="Nothing was saved yet.")
    day = str(session["date"])
    note = {
        name.removeprefix(_NOTE): value
        for name, value in values.items()
        if name.startswith(_NOTE) and value and values.get(WRITE) in {_NOTES, _GROW}
    }
    if note and not note.get("notes"):
        note["notes"] = "See the prompts."  # a note needs words of its own
    lines = []
    for name, action in log.actions.items():
        state = values.get(name)
        if state not in {DONE, DROPPED}:
            continue
        if action.records:
            close(kit, action, str(state), day)
        else:
            lines.append(given_values(record_of(action, str(state), day)))
    with kit.adding() as add:
        (session_id,) = add("session", [session])
        agreed = {"mentorship": log.mentorship, "session": session_id, "agreed": day, "state": OPEN}
        add("action", [*lines, *({**agreed, "what": what} for what in new_actions(values))])
        if note:
            add("note", [{**note, "session": session_id, "date": day}])
    return session_id


def _checked_session(log: SessionLog, values: Values) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in {**_session_answers(values), "mentorship": log.mentorship}.items():
        try:
            checked[name] = check_of(kind("session").fields[name])(value)
        except ValueError as error:
            problems[name] = str(error)
    for name in values:
        if not name.startswith((NEW, _NOTE)):
            continue
        if problem := check_log(name, values):
            problems[name] = problem
    if problems:
        raise InvalidRecord(problems)
    return kind("session").check(given_values(checked))


def saved_log(kit: Kit, session_id: str) -> str:
    """What to say about a session that was just stored: open actions, and the next date."""
    session = kit.get(session_id, "session")
    mentorship = str(session.values["mentorship"])
    number = len(open_actions(actions_of(kit, mentorship).get(mentorship, ())))
    actions = plural(number, "1 action is open", "{n} actions are open" if number else "no action is open")
    day = session.values.get("next_date")
    mentee = str(kit.get(mentorship, "mentorship").values.get("mentee", ""))
    # A short name leaves room for the rest in a small window, where the cursor is on the pair.
    called = name_of(kit.many("person", [mentee]), mentee)
    when = f"next date {short_date(str(day))}" if day else "no next date"
    return f"Session saved for {called}: {actions}, {when}."


def is_log(draft: Draft) -> bool:
    """Whether an unfinished entry is the log of a session, asked with these questions."""
    return draft.kind == "session" and bool(draft.values.get(LOG))
