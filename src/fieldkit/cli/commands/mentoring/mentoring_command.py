"""`fieldkit mentoring`: log a session, list my mentees, see progress, write a summary."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fieldkit.cli.commands.mentoring.session_options import Given, given_answers
from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.options import add, new_app
from fieldkit.cli.parameters import argument, option
from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.cli.plan_questions import ask_plan
from fieldkit.cli.prompts import at_keyboard
from fieldkit.cli.record_arguments import demand_may_change, saves_anyway
from fieldkit.cli.run_session import Session
from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.presentation.mentoring.agreed_actions import AgreedAction
from fieldkit.presentation.mentoring.mentee_summary import write_mentee_summary
from fieldkit.presentation.mentoring.mentees import Mentee, mentees
from fieldkit.presentation.mentoring.mentors import (
    EVERYBODY,
    mentor_choices,
    mentor_name,
    mentors_here,
    remember_mentor,
)
from fieldkit.presentation.mentoring.pair_view import RATINGS, pair_view, rating_line
from fieldkit.presentation.mentoring.session_log import (
    TRAVELS_SENTENCE,
    SessionLog,
    check_log,
    private_sentences,
    save_log,
    saved_log,
    session_log,
)
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.saving import HereAlready
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import given_values, kind
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.oplog.record_ids import SHOWN
from fieldkit.text import quoted

mentoring = new_app("Log a mentoring session, see your mentees and their progress.")

MenteeName = Annotated[
    str, argument("MENTEE", "The mentee's name or a part of it, or the id of the pair.", asks="The mentee")
]
MentorName = Annotated[
    str, option("--mentor", "NAME", "Whose mentees; “everybody” for all. This laptop's mentor if omitted.")
]


@command()
def list_mentees(kit: Kit, mentor: MentorName = "") -> Answer:
    """List your mentees, overdue first: last seen, next date, open actions."""
    chosen = _mentor(kit, mentor)
    today, name = date.today(), mentor_name(kit, chosen)
    pairs = mentees(kit, chosen, today)
    lines = [f"Mentees of {name}:" if name else "Mentees of all mentors:"] if pairs else ["No pairs yet."]
    for mentee in pairs:
        lines.append(_line(mentee, today, with_mentor=not name))
        lines += [f"  open: {_action(action)}" for action in mentee.actions]
    return Answer([_as_dict(mentee, today) for mentee in pairs], lines)


@command()
def progress(kit: Kit, mentee: MenteeName, mentor: MentorName = "") -> Answer:
    """Show how a mentee's ratings went, session by session."""
    pair = pair_view(kit, _find(kit, mentee, mentor).mentorship)
    lines = [f"{pair.title}: {counted(len(pair.sessions), 'session')}."]
    for name in RATINGS:
        given = [getattr(rating, name) for rating in pair.ratings if getattr(rating, name) is not None]
        if given:
            lines.append(rating_line(name, given))
    if len(lines) == 1:
        lines.append("No ratings yet.")
    return Answer(
        {
            "mentorship": pair.mentorship,
            "mentee": pair.mentee,
            "ratings": [rating._asdict() for rating in pair.ratings],
        },
        lines,
    )


@command()
def summary(
    kit: Kit,
    mentee: MenteeName,
    out: Annotated[Path, option("--out -o", "DIR", "The folder to write it to.")],
    mentor: MentorName = "",
) -> Answer:
    """Write a page for the mentee, to be printed: what was shared, no private note."""
    path = write_mentee_summary(kit, _find(kit, mentee, mentor).mentorship, path_of(out))
    return Answer({"file": str(path)}, [f"Written: {path}", "Print it, then delete the file."])


@command()
def log(
    here: Session,
    as_json: bool,
    mentee: MenteeName = "",
    mentor: MentorName = "",
    given: Given.Set = None,
    done: Given.Done = None,
    dropped: Given.Dropped = None,
    actions: Given.Action = None,
    next_date: Given.Next = None,
    note: Given.Note = None,
    another: Given.Another = False,
) -> Answer:
    """Log a session with a mentee: asked one question a line, or given with options.

    Questions have the same digits as on the screen; the last actions come first. With any option nothing is asked: the
    date is today's unless --set date=… says otherwise. Text given as - is read from standard input.

    What may point to one person is pointed out before anything is saved. Nothing of a private note leaves this laptop.
    """
    lines = PlainLines(sys.stderr if as_json else sys.stdout)
    with here.kit(writes=True) as kit:
        demand_may_change(kit, kind("session"))
        _ = kit.origin  # before anybody types answers that can't be saved
        options = Given(given, done, dropped, actions, next_date, note)
        asked = not options.any
        pair = _find(kit, mentee, mentor) if mentee else _choose(kit, mentor, lines, asked)
        log = session_log(kit, pair.mentorship, date.today())
        values: Values = dict(log.plan.values)
        with _kept_if_stopped(kit, log, lines, values):
            if asked:
                lines.say(f"Log a session · {log.title}", TRAVELS_SENTENCE)
                ask_plan(log.plan, check_log, lines, values)
            else:
                values |= given_answers(kit, options, log)
            warnings = private_sentences(values)
            if not saves_anyway(warnings):
                raise _kept(kit, values)
            session_id = _save(kit, log, values, lines, another=another)
        return Answer(
            {**kit.get(session_id, "session").as_dict(), **({"warnings": warnings} if warnings else {})},
            [saved_log(kit, session_id), f"Its id is {session_id}"],
        )


def _save(kit: Kit, log: SessionLog, values: Values, lines: PlainLines, *, another: bool) -> str:
    """Save the session; returns its record id.

    Raises:
        HereAlready: there is one of that day, and nobody is there to ask whether this is another.
        FieldkitError: it is no other session; it is kept as an unfinished entry.
        EOFError: the answers ended.
    """
    try:
        return save_log(kit, log, values, another=another)
    except HereAlready as error:
        if not at_keyboard():
            raise HereAlready(
                str(error), kept="Nothing was saved.", hint="If it is another session, add --another"
            ) from None
        lines.say(str(error))
        if not lines.agrees("Save it as another session of that day? y or n: "):
            raise _kept(kit, values) from None
        return save_log(kit, log, values)


@contextmanager
def _kept_if_stopped(kit: Kit, log: SessionLog, lines: PlainLines, values: Values) -> Iterator[None]:
    """Somebody who stops at any question finds the answers among the unfinished entries."""
    try:
        yield
    except (EOFError, KeyboardInterrupt):
        lines.say("")
        if values != log.plan.values:
            _keep(kit, values)
            lines.say("Kept as an unfinished entry: open the kit with fieldkit, then go on with it.")
        else:
            lines.say("Nothing was kept.")
        raise


def _keep(kit: Kit, values: Values) -> None:
    kit.drafts.keep(Draft("", "session", given_values(values)))


def _kept(kit: Kit, values: Values) -> FieldkitError:
    _keep(kit, values)
    return FieldkitError(
        "The session was not saved.",
        kept="It is kept as an unfinished entry.",
        hint="Open the kit with fieldkit to go on with it.",
    )


def _mentor(kit: Kit, given: str) -> str:
    """Whose mentees are meant: those of the named mentor, otherwise of the one who mentors here, otherwise of everybody.

    Raises:
        NotFound: no mentor, or more than one, has that name.
    """
    if not given:
        known = mentors_here(kit)
        return known[0] if len(known) == 1 else EVERYBODY
    wanted = folded(given)
    if wanted == EVERYBODY:
        return EVERYBODY
    fitting = [
        option
        for option in mentor_choices(kit)
        if option.code != EVERYBODY and (option.code == given or wanted in folded(option.label))
    ]
    exact = [option for option in fitting if folded(option.label) == wanted] or fitting
    if len(exact) != 1:
        raise NotFound(
            f"{quoted(given)} fits {'more than one mentor' if exact else 'no mentor'}.",
            kept="Nothing was changed.",
            hint="See the mentors with: fieldkit mentoring list --mentor everybody",
        )
    return exact[0].code


def _find(kit: Kit, typed: str, mentor: str) -> Mentee:
    """The pair meant by a mentee's name, or by an id.

    Raises:
        NotFound: no pair, or more than one.
    """
    wanted = folded(typed)
    every = mentees(kit, _mentor(kit, mentor), date.today())
    # The end of an id, as in lists: a name typed here would stay in the shell's history.
    fitting = [
        each for each in every if len(typed) >= SHOWN and each.mentorship.endswith(typed.strip().lower())
    ] or [each for each in every if wanted in folded(each.name)]
    exact = [each for each in fitting if folded(each.name) == wanted] or fitting
    if len(exact) != 1:
        raise NotFound(
            f"{quoted(typed)} fits {'more than one mentee' if exact else 'no mentee'}.",
            kept="Nothing was changed.",
            hint="See them with: fieldkit mentoring list",
        )
    return exact[0]


def _choose(kit: Kit, mentor: str, lines: PlainLines, asks: bool) -> Mentee:
    """Ask for the mentee, but first who mentors here if that is not known.

    Raises:
        Misuse: nobody may be asked.
        EOFError: the answers ended.
    """
    if not asks:
        raise Misuse(
            "Say whose session it is.",
            kept="Nothing was saved.",
            hint="fieldkit mentoring log ID … with the id that fieldkit list mentorship shows.",
        )
    chosen = _mentor(kit, mentor)
    options = mentor_choices(kit)
    if not mentor and len(mentors_here(kit)) != 1 and len(options) > 1:
        chosen = options[_number(lines, "Who are you?", [option.label for option in options])].code
        remember_mentor(kit, chosen)
    today = date.today()
    pairs = mentees(kit, chosen, today)
    if not pairs:
        raise NotFound(
            "There is no pair yet.",
            kept="Nothing was saved.",
            hint="Record one with: fieldkit record mentorship",
        )
    return pairs[_number(lines, "Whose session?", [_line(each, today, with_mentor=False) for each in pairs])]


def _number(lines: PlainLines, question: str, answers: list[str]) -> int:
    lines.say(question, *(f"  {number} {answer}" for number, answer in enumerate(answers, 1)))
    while True:
        typed = lines.ask("> ").strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(answers):
            return int(typed) - 1
        lines.say(f"Type a number from 1 to {len(answers)}.")


def _line(mentee: Mentee, today: date, *, with_mentor: bool) -> str:
    mentor = f" (mentor: {mentee.mentor})" if with_mentor else ""
    return (
        f"{mentee.name}{mentor}: next {mentee.next_in_words(today)}, last seen {mentee.seen_in_words()}, "
        f"{counted(len(mentee.actions), 'open action')}"
    )


def _action(action: AgreedAction) -> str:
    return f"{action.what}{f' ({short_date(action.agreed)})' if action.agreed else ''}"


def _as_dict(mentee: Mentee, today: date) -> dict[str, Any]:
    return {
        "mentorship": mentee.mentorship,
        "mentee": mentee.name,
        "mentor": mentee.mentor,
        "last_seen": mentee.last_seen,
        "next_date": mentee.next_date,
        "days_overdue": mentee.days_overdue(today),
        "ended": mentee.ended,
        "sessions": mentee.sessions,
        "open_actions": [{"what": action.what, "agreed": action.agreed} for action in mentee.actions],
    }


add(mentoring, "log", log)
add(mentoring, "list", list_mentees)
add(mentoring, "progress", progress)
add(mentoring, "summary", summary)
