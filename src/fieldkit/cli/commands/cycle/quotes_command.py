"""`fieldkit quotes`: quotes for print: who may be quoted, what is proposed, and a second person's decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import add, new_app
from fieldkit.cli.output import print_table, say
from fieldkit.cli.parameters import argument, option
from fieldkit.cli.record_arguments import id_of
from fieldkit.presentation.cycle.cycle_facts import cycles_facts
from fieldkit.presentation.cycle.printable_quotes import (
    LeftQuote,
    PrintableQuote,
    left_quotes,
    printable_quotes,
    releases_with,
)
from fieldkit.presentation.cycle.quotes import QuoteToLookAt, proposed_quotes, quotable, to_look_at
from fieldkit.presentation.cycle.quotes import approve as approve_quote
from fieldkit.presentation.cycle.quotes import propose as propose_quote
from fieldkit.presentation.cycle.quotes import refuse as refuse_quote
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.text import shortened

QuoteName = Annotated[str, argument("QUOTE", "The quote's id, or the end of it.")]
LookedBy = Annotated[str, option("--by", "NAME", "Your name. You must not be who proposed the words.")]

quotes = new_app(
    "Propose people's words for print, and decide on them as a second person.\n\n"
    "A quote is printed only while the person agrees to be quoted and the comment is as it was."
)


@command()
def candidates(
    kit: Kit,
    cycle: Annotated[str, option("--cycle", "CYCLE", "Only feedback of this cycle, by title or id.")] = "",
) -> Answer:
    """List answers that may be quoted, and what in them points to a person and has to be left out."""
    if cycle:
        (facts,) = cycles_facts(kit, [kit.get(id_of(kit, "cycle", cycle), "cycle")])
        ids = list(facts.feedback.ids)
    else:
        ids = [
            record_id
            for (record_id,) in kit.columns("feedback", ("record_id",), where={"consent_quote": "Y"})
        ]
    quotes = quotable(kit, ids)

    def print_quotes() -> None:
        if not quotes:
            say("No answer may be quoted: quoting needs a yes to “May we quote you without your name?”.")
            return
        print_table(
            ["feedback", "answer", "words", "take out", "quotes"],
            [
                [
                    short_id(each.feedback_id),
                    each.field,
                    shortened(each.answer),
                    "; ".join(each.answer[span.start : span.end] for span in each.points_to),
                    each.proposed,
                ]
                for each in quotes
            ],
            numbers=(4,),
        )

    return Answer([asdict(each) for each in quotes], print_quotes)


@command(writes=True)
def propose(
    kit: Kit,
    feedback: Annotated[str, argument("FEEDBACK", "The comment's id, or the end of it.")],
    by: Annotated[str, option("--by", "NAME", "Your name.")],
    text: Annotated[
        str,
        option(
            "--words",
            "TEXT",
            "What to quote, exactly, with … for cuts and […] for what points to a person; else all of it.",
            asks="The words",
        ),
    ] = "",
    field: Annotated[
        str, option("--field", "FIELD", "The answer: experience, expectation, need or aspiration.")
    ] = "experience",
    attribute: Annotated[
        str, option("--attribute", "NAME", "What is printed beside it: none, service or role.")
    ] = "none",
) -> Answer:
    """Propose words of a comment for print. A second person then approves or refuses them."""
    quote = propose_quote(kit, id_of(kit, "feedback", feedback), field, text, by, attribute)
    seen = to_look_at(kit, quote)
    return Answer(
        asdict(seen),
        [
            f"Proposed: {seen.words}",
            "A second person looks at it with: fieldkit quotes list",
            f"Quote: {quote.record_id}",
        ],
    )


@command()
def list_quotes(kit: Kit) -> Answer:
    """List quotes: those that wait for a second person, those that may be printed, and those that no longer may."""
    waiting, printable, left = proposed_quotes(kit), printable_quotes(kit), left_quotes(kit)
    data = {
        "proposed": [asdict(each) for each in waiting],
        "printable": [asdict(each) for each in printable],
        "left": [asdict(each) for each in left],
    }
    return Answer(data, lambda: say(*_lines(waiting, printable, left)))


@command(writes=True)
def approve(kit: Kit, quote: QuoteName, by: LookedBy) -> Answer:
    """Let a quote be printed. Ask yourself first: could a neighbour tell who this is?"""
    stored = approve_quote(kit, id_of(kit, "quote", quote), by, date.today())
    seen = to_look_at(kit, stored)
    return Answer({**asdict(seen), "state": "approved"}, [f"It may be printed: {seen.words}"])


@command(writes=True)
def refuse(
    kit: Kit,
    quote: QuoteName,
    by: LookedBy,
    reason: Annotated[str, option("--reason", "TEXT", "Why it must not be printed.", asks="The reason")],
) -> Answer:
    """Refuse a quote, also one that was approved: no later pack prints it."""
    stored = refuse_quote(kit, id_of(kit, "quote", quote), by, date.today(), reason)
    releases = releases_with(kit, stored.record_id)
    return Answer(
        {
            "quote_id": stored.record_id,
            "state": "refused",
            "releases": [record_id for record_id, _ in releases],
        },
        [
            "It is refused: no later pack prints it.",
            *(f"    Printed before in: {line}" for _, line in releases),
        ],
    )


add(quotes, "candidates", candidates)
add(quotes, "propose", propose)
add(quotes, "list", list_quotes)
add(quotes, "approve", approve)
add(quotes, "refuse", refuse)


def _lines(
    waiting: list[QuoteToLookAt], printable: list[PrintableQuote], left: list[LeftQuote]
) -> Iterator[str]:
    if not (waiting or printable or left):
        yield "There are no quotes yet. See what may be quoted with: fieldkit quotes candidates"
    for title, rows in (
        (
            "Waiting for a second person. Could a neighbour tell who this is?",
            [(each.quote_id, each.words or each.against) for each in waiting],
        ),
        ("May be printed:", [(each.quote_id, each.text) for each in printable]),
        ("Approved, but not printed any more:", [(each.quote_id, each.reason) for each in left]),
    ):
        if rows:
            yield title
        for quote_id, text in rows:
            yield f"    {short_id(quote_id)}  {text}"
    for each in left:
        for _, line in each.releases:
            yield f"    {short_id(each.quote_id)} was printed in: {line}"
