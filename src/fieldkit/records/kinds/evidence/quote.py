"""Quotes: the words of a comment that may be printed, and who approved them."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, day, line, link
from fieldkit.records.schema.kind import Kind, Record, Values, register
from fieldkit.spelling import folded


def _second_person(values: Values) -> dict[str, str]:
    """The rule that somebody other than the proposer approves, with their name and the day."""
    if values.get("state") == "refused" and not values.get("reason"):
        return {"reason": "Write down why the quote is refused."}
    if values.get("state") != "approved":
        return {}
    looked, proposed = values.get("looked_by"), values.get("proposed_by")
    if not looked or not folded(looked):
        return {"looked_by": "A quote is approved by a second person: write down their name."}
    if proposed and folded(looked) == folded(proposed):
        return {"looked_by": f"{looked} proposed this quote. A second person has to look at it."}
    return {} if values.get("looked_on") else {"looked_on": "Write down the day on which they looked."}


QUOTE = Kind(
    "quote",
    "Quote",
    "quotes",
    "Words of a comment that were proposed for print, and what a second person decided.",
    by_command="fieldkit quotes --help",
    label=("state", "field", "proposed_by"),
    rules=(_second_person,),
    desk=True,
)


@register(QUOTE)
class Quote(Record, table=True):
    """One excerpt, kept as its place in the comment: the words are stored once, so erasing them erases the quote."""

    feedback: str | None = link(
        "feedback", "Feedback", "The comment.", step="Words", required=True, listed=True
    )
    field: str | None = choice(
        "feedback_words",
        "Answer",
        "Which answer the words are from.",
        step="Words",
        required=True,
        listed=True,
    )
    excerpt: str | None = line(
        "Excerpt",
        "The characters of the answer that are quoted, for example 0-40…62-90.",
        step="Words",
        required=True,
        pattern=r"[0-9]{1,5}-[0-9]{1,5}(?:(?:…|\[…\])[0-9]{1,5}-[0-9]{1,5}){0,9}",
        pattern_help="places such as 0-40…62-90",
    )
    words_hash: str | None = line(
        "Checksum of the answer",
        "Shows whether the answer was changed after the quote was proposed.",
        step="Words",
        required=True,
        pattern=r"[0-9a-f]{64}",
        pattern_help="a SHA-256 of 64 hexadecimal digits",
    )
    attribute: str | None = choice(
        "quote_attribute", "Printed beside it", "Nothing, or one thing.", step="Words", default="none"
    )
    proposed_by: str | None = line(
        "Proposed by", "Who chose the words.", step="Decision", required=True, listed=True
    )
    state: str | None = choice(
        "quote_state",
        "State",
        "Whether it may be printed.",
        step="Decision",
        required=True,
        default="proposed",
        listed=True,
    )
    reason: str | None = line(
        "Reason", "Why it was refused.", step="Decision", only_if=("state", ("refused",))
    )
    looked_by: str | None = line("Looked at by", "The second person.", step="Decision", listed=True)
    looked_on: str | None = day("Looked at on", "The day on which they looked.", step="Decision")
