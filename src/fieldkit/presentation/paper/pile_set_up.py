"""Setting up a pile: what repeats on every sheet is asked once. Call it in threads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fieldkit.errors import InvalidRecord
from fieldkit.presentation.forms import consent_presets
from fieldkit.presentation.languages.catalogue import ENGLISH, catalogue, languages
from fieldkit.presentation.languages.respondent_text import NOTICE_VERSION
from fieldkit.presentation.lists.answer_options import link_options, link_search
from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step, Values
from fieldkit.presentation.paper.piles import MOST_SHEETS, TITLES, Pile, begin_pile
from fieldkit.presentation.presets import day_and_event
from fieldkit.records.consent import NOTICE
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import parse
from fieldkit.store.kit import Kit

_NEEDED = "An answer is needed here."


def set_up_form(kit: Kit) -> FormPlan:
    """The form that asks what repeats on every sheet of a pile."""
    feedback = kind("feedback")
    chosen = day_and_event(kit, feedback)
    event = str(chosen.get("event", ""))
    known = kit.many("event", [event]).get(event) if event else None
    day = str((known.values.get("date") if known else None) or datetime.now().date().isoformat())
    options = [Option(code, title, key=str(number)) for number, (code, title) in enumerate(TITLES.items(), 1)]
    spoken = [
        Option(each.code, each.name if each.code == ENGLISH else f"{each.name} ({each.english_name})")
        for each in languages(kit.folder)
    ]
    questions = [
        Question("sheets_of", "choice", "What are the sheets?", required=True, options=options, goes_on=True),
        Question(
            "sheets",
            "number",
            "How many forms or names?",
            "Count the pile first: forms, or names on the sign-in sheets.",
            required=True,
            minimum=1,
            maximum=MOST_SHEETS,
        ),
        Question(
            "event",
            "link",
            "Event",
            "Where they were filled in.",
            required=True,
            options=link_options(kit, "event", [event] if event else []),
            link_search=link_search(kit, "event"),
        ),
        Question("date", "date", "Date", "The day on the sheets.", required=True),
        Question("language", "choice", "Language of the forms", options=spoken, goes_on=True),
        Question(
            "notice",
            "line",
            "Notice on the forms",
            f"As printed at their foot, for example: {NOTICE_VERSION}, English. Left empty: the notice of today's forms.",
            length=kind("feedback").fields[NOTICE].length,
        ),
        Question("by", "line", "Taken by", "Who stood at the stall: name or initials."),
        Question(
            "codes",
            "choice",
            "Do the forms have receipt codes printed on them?",
            "The code is at the foot. Forms without one get a code when they are entered.",
            options=[Option("Y", "yes", key="1"), Option("N", "no", key="2")],
            only_if=("sheets_of", ("feedback",)),
            goes_on=True,
        ),
    ]
    values: Values = {
        "sheets_of": "feedback",
        "event": event or None,
        "date": day,
        "language": ENGLISH,
        "by": str(consent_presets(kit, feedback).get("consent_by") or ""),
        "codes": "N",
    }
    return FormPlan("A pile of paper", [Step("What repeats on every sheet", questions)], values)


def begin(kit: Kit, answers: Mapping[str, Any]) -> Pile:
    """Begin the pile that was set up.

    Raises:
        InvalidRecord: holds a sentence for each answer that is not valid; nothing is begun.
    """
    problems = {name: _NEEDED for name in ("sheets_of", "sheets", "event", "date") if not answers.get(name)}
    fields = kind("feedback").fields
    parsed: dict[str, Any] = {}
    for question, field in (("date", "date"), ("notice", NOTICE)):
        try:
            parsed[field] = parse(fields[field], str(answers.get(question) or ""))
        except ValueError as error:
            problems[question] = str(error)
    if not isinstance(answers.get("sheets"), int):
        problems.setdefault("sheets", "Write a whole number, for example 25.")
    if problems:
        raise InvalidRecord(problems)
    language = catalogue(str(answers.get("language") or ENGLISH), kit.folder)
    shared = {
        "event": answers["event"],
        "date": parsed["date"],
        "consent_date": parsed["date"],
        NOTICE: parsed[NOTICE] or language.notice_version(),
        "consent_by": str(answers.get("by") or "").strip(),
    }
    return begin_pile(
        kit,
        answers["sheets_of"],
        int(answers["sheets"]),
        {name: value for name, value in shared.items() if value},
        language.code,
        answers.get("codes") == "Y" and answers["sheets_of"] == "feedback",
    )
