"""Quotes: which answers may be quoted, proposing an excerpt, and a second person's decision.

The second person gives a name other than the proposer's, on the same laptop or another. Whether a quote may be printed is
decided each time (`printable_quotes.py`), from what the kit holds at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.presentation.cycle.excerpts import excerpt_of, places_of
from fieldkit.records.consent import GROUND
from fieldkit.records.identifiers import identifiers
from fieldkit.records.kinds.evidence.quote import QUOTE
from fieldkit.records.privacy import Warning
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit, Stored
from fieldkit.text import clean_line

FIELDS = ("experience", "expectation", "need", "aspiration")
NOTHING_SAVED = "Nothing was saved."


@dataclass(frozen=True)
class QuotableAnswer:
    """An answer whose person agreed to be quoted. `own_words` is False for a volunteer's summary."""

    feedback_id: str
    field: str
    title: str
    answer: str
    own_words: bool
    points_to: tuple[Warning, ...]
    """What in it points to a person and must be left out."""
    proposed: int = 0
    """How many quotes of it exist, in any state."""


@dataclass(frozen=True)
class QuoteToLookAt:
    """A proposed quote as the second person sees it: the text alone, and any reason not to approve it."""

    quote_id: str
    words: str
    own_words: bool
    attribute: str
    proposed_by: str
    against: str


def may_be_quoted(feedback: Stored | None) -> bool:
    """Whether a person's words may be printed now: the record is here, with an undisputed yes."""
    return (
        feedback is not None
        and not feedback.deleted
        and feedback.values.get("consent_quote") == "Y"
        and not {"consent_quote", "deleted"} & set(feedback.conflicts)
    )


def quotable(kit: Kit, feedback_ids: Iterable[str]) -> list[QuotableAnswer]:
    """The answers in some feedback that may be quoted, in the order given. Call it in a thread."""
    ids = list(feedback_ids)
    held = kit.many("feedback", ids)
    proposed: dict[tuple[str, str], int] = {}
    for feedback_id, field in kit.columns("quote", ("feedback", "field")):
        proposed[feedback_id, field] = proposed.get((feedback_id, field), 0) + 1
    answers = []
    for feedback_id in ids:
        feedback = held.get(feedback_id)
        if feedback is None or not may_be_quoted(feedback):
            continue
        for field in FIELDS:
            answer = feedback.values.get(field)
            if not isinstance(answer, str) or field in feedback.conflicts:
                continue
            answers.append(
                QuotableAnswer(
                    feedback_id,
                    field,
                    code_list("feedback_words").label(field),
                    answer,
                    own_words(feedback.values),
                    tuple(identifiers(answer)),
                    proposed.get((feedback_id, field), 0),
                )
            )
    return answers


def own_words(feedback: Mapping[str, Any]) -> bool:
    """Whether the words are the person's own. If nobody has stated it, comments from a file are; typed ones may not be."""
    from_a_file = any(feedback.get(name) for name in ("reference", GROUND, "question", "respondent"))
    return feedback.get("whose_words") == "own" or (feedback.get("whose_words") is None and from_a_file)


def propose(
    kit: Kit,
    feedback_id: str,
    field: str,
    excerpt: str,
    proposed_by: str,
    attribute: str = "none",
) -> Stored:
    """Propose part of an answer for print. `excerpt` is exact, with `…` for cuts; "" takes the whole answer.

    Raises:
        Misuse: the person did not agree to be quoted, the words are not in the answer, or something in them points to a
            person.
        NotFound: there is no such feedback.
        InvalidRecord: the proposer's name is missing, or there is no such answer.
    """
    feedback = kit.get(feedback_id, "feedback")
    if not may_be_quoted(feedback):
        raise Misuse(
            "This person did not agree to be quoted.",
            kept=NOTHING_SAVED,
            hint="Choose an answer with a yes to being quoted.",
        )
    answer = feedback.values.get(field)
    if field not in FIELDS or not isinstance(answer, str) or field in feedback.conflicts:
        raise Misuse(
            "There is no such answer to quote.",
            kept=NOTHING_SAVED,
            hint=f"Name one of: {', '.join(FIELDS)}. An answer in conflict has to be resolved first.",
        )
    places = places_of(answer, excerpt or answer)
    if sentence := points_to_a_person(excerpt_of(answer, places)):
        raise Misuse(sentence, kept=NOTHING_SAVED, hint="Leave it out with […] in its place.")
    values = {
        "feedback": feedback_id,
        "field": field,
        "excerpt": places,
        "words_hash": kit.fingerprint("feedback", feedback_id, field),
        "attribute": attribute,
        "proposed_by": clean_line(proposed_by),
        "state": "proposed",
    }
    return kit.add("quote", QUOTE.check(values))


def approve(kit: Kit, quote_id: str, looked_by: str, today: date) -> Stored:
    """Approve a quote for print. `looked_by` is the second person, who has seen the words alone.

    Raises:
        Misuse: there is a reason against it now; nothing is saved.
        InvalidRecord: the name is missing, or is the proposer's.
    """
    quote = kit.get(quote_id, "quote")
    if against := to_look_at(kit, quote).against:
        raise Misuse(against, kept=NOTHING_SAVED, hint="Refuse it, or propose other words.")
    return _decide(kit, quote, "approved", looked_by, today, None)


def refuse(kit: Kit, quote_id: str, looked_by: str, today: date, reason: str) -> Stored:
    """Refuse a quote, even one that was approved before.

    Raises:
        InvalidRecord: the reason is missing.
    """
    return _decide(kit, kit.get(quote_id, "quote"), "refused", looked_by, today, clean_line(reason) or None)


def _decide(kit: Kit, quote: Stored, state: str, looked_by: str, today: date, reason: str | None) -> Stored:
    decided = {
        "state": state,
        "looked_by": clean_line(looked_by) or None,
        "looked_on": today.isoformat(),
        "reason": reason,
    }
    QUOTE.check({name: value for name, value in {**quote.values, **decided}.items() if value is not None})
    return kit.edit(quote, decided)


def to_look_at(kit: Kit, quote: Stored) -> QuoteToLookAt:
    """A quote for the second person: the words alone, without the rest of the record. Call it in a thread."""
    feedback = kit.many("feedback", [str(quote.values.get("feedback"))]).get(
        str(quote.values.get("feedback"))
    )
    text = words_of(kit, quote, feedback)
    return QuoteToLookAt(
        quote.record_id,
        text,
        feedback is not None and own_words(feedback.values),
        str(quote.values.get("attribute") or "none"),
        str(quote.values.get("proposed_by") or ""),
        why_not(feedback, text),
    )


def proposed_quotes(kit: Kit) -> list[QuoteToLookAt]:
    """The quotes that wait for a second person, the oldest first. Call it in a thread."""
    waiting = kit.page("quote", 0, kit.count("quote"), where={"state": "proposed"})
    return [
        to_look_at(kit, quote) for quote in sorted(waiting, key=lambda each: (each.created, each.record_id))
    ]


def words_of(kit: Kit, quote: Stored, feedback: Stored | None) -> str:
    """The words of a quote as its feedback holds them now; "" if they are gone or differ from what was proposed."""
    field = str(quote.values.get("field") or "")
    answer = feedback.values.get(field) if feedback is not None else None
    if feedback is None or not isinstance(answer, str):
        return ""
    if kit.fingerprint("feedback", feedback.record_id, field) != quote.values.get("words_hash"):
        return ""
    return excerpt_of(answer, str(quote.values.get("excerpt") or ""))


def why_not(feedback: Stored | None, text: str) -> str:
    """Why words may not be printed, as a sentence; "" if they may."""
    if feedback is None or feedback.deleted:
        return "The comment is not here any more: it was withdrawn, erased or deleted."
    if not may_be_quoted(feedback):
        return "The person does not agree to be quoted, or their answer is in conflict."
    if not text:
        return "The answer was changed or erased after these words were proposed."
    return points_to_a_person(text)


def points_to_a_person(text: str) -> str:
    """What in an excerpt points to a person, as a sentence; "" if the check finds nothing."""
    spans = identifiers(text)
    if not spans:
        return ""
    first = spans[0]
    return f"“{text[first.start : first.end]}”: {first.sentence} It may point to one person."
