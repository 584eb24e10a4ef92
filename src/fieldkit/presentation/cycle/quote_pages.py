"""Quotes for a screen: answers that may be quoted, quotes awaiting a second person, and quotes already decided on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldkit.presentation.cycle.cycle_view import cycle_view
from fieldkit.presentation.cycle.excerpts import TAKEN_OUT
from fieldkit.presentation.cycle.printable_quotes import left_quotes, releases_with
from fieldkit.presentation.cycle.quotes import QuotableAnswer, QuoteToLookAt, quotable, to_look_at
from fieldkit.store.kit import Kit
from fieldkit.text import clean_line

NEIGHBOUR = "Could a neighbour tell who this is?"
ANSWERS, WAITING, DECIDED = "May be quoted", "Waiting for a second person", "Decided"
PAGES = (ANSWERS, WAITING, DECIDED)
EMPTY = {
    ANSWERS: "No answer may be quoted: that needs a yes to “May we quote you without your name?”.",
    WAITING: "No quote waits for a second person.",
    DECIDED: "Nothing was decided on yet.",
}
HOW_TO_CUT = "Leave words out with …, and what points to a person with […]. Add nothing."


@dataclass(frozen=True)
class QuoteLine:
    """A quote with its state in words, and why it may no longer be printed if it was approved."""

    quote: QuoteToLookAt
    state: str
    why: str
    releases: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuotePages:
    """Everything about the quotes of one cycle."""

    answers: tuple[QuotableAnswer, ...]
    waiting: tuple[QuoteLine, ...]
    decided: tuple[QuoteLine, ...]


def quote_pages(kit: Kit, cycle_id: str, today: date) -> QuotePages:
    """Read the quotes of a cycle. Call it in a thread.

    Raises:
        NotFound: there is no such cycle.
    """
    ids = cycle_view(kit, cycle_id, today).facts.feedback.ids
    here = set(ids)
    left = {each.quote_id: each for each in left_quotes(kit)}
    waiting, decided = [], []
    stored = kit.page("quote", 0, kit.count("quote"))
    for quote in sorted(stored, key=lambda each: (each.created, each.record_id)):
        if str(quote.values.get("feedback")) not in here:
            continue
        seen = to_look_at(kit, quote)
        match quote.values.get("state"):
            case "proposed":
                waiting.append(QuoteLine(seen, "waiting", seen.against))
            case "approved":
                gone = left.get(quote.record_id)
                why = gone.reason if gone else ""
                lines = tuple(line for _, line in releases_with(kit, quote.record_id))
                decided.append(
                    QuoteLine(seen, "not printed any more" if why else "may be printed", why, lines)
                )
            case _:
                decided.append(QuoteLine(seen, "refused", str(quote.values.get("reason") or "")))
    return QuotePages(tuple(quotable(kit, ids)), tuple(waiting), tuple(decided))


def first_excerpt(answer: QuotableAnswer) -> str:
    """The whole answer on one line, with `[…]` in place of everything that points to a person."""
    parts, at = [], 0
    for warning in sorted(answer.points_to, key=lambda each: each.start):
        if warning.start >= at:
            parts += [answer.answer[at : warning.start], TAKEN_OUT]
        at = max(at, warning.end)
    return clean_line("".join([*parts, answer.answer[at:]]))


def printed_before(line: QuoteLine) -> str:
    """The packs in which a quote was printed, as a sentence; "" for none."""
    return f"Printed before in: {'; '.join(line.releases)}." if line.releases else ""
