"""The quotes of a pack. A quote is a person, so disclosure control decides how many are printed and with what attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from fieldkit.insight.disclosure.definitions import TOTAL, QuoteGroup
from fieldkit.insight.disclosure.protection import Protected
from fieldkit.presentation.cycle.printable_quotes import LEAST_SHARING, PrintableQuote, printable_quotes
from fieldkit.printed_figure import STAR
from fieldkit.store.kit import Kit
from fieldkit.text import capitalised

EVERYBODY = "quotes"
"""The group of all quotes of a pack: it represents at least that many people."""


def candidate_quotes(kit: Kit, feedback_ids: Collection[str]) -> list[PrintableQuote]:
    """The quotes from some feedback, each with the service that its proposer wanted beside it.

    A pack does not ask about roles, so nobody can tell how many people share one: they are never printed beside a quote.
    """
    return printable_quotes(
        kit, feedback_ids, lambda field, code: LEAST_SHARING if field == "service_area" else None
    )


def quote_groups(quotes: Iterable[PrintableQuote]) -> list[QuoteGroup]:
    """All quotes, and the quotes with each service beside them: what readers can count. The same for every audience."""
    quotes = list(quotes)
    services = Counter(quote.service for quote in quotes if quote.attribute)
    groups = [QuoteGroup(EVERYBODY, (), len(quotes))] if quotes else []
    return groups + [
        QuoteGroup(_name(service), (("service", frozenset({service})),), number)
        for service, number in sorted(services.items())
    ]


def allowed_quotes(quotes: Sequence[PrintableQuote], protected: Protected) -> list[PrintableQuote]:
    """The quotes that may be printed, given the quote groups and figures that disclosure control allows.

    If the group of all quotes is not allowed, only the first is printed: a second would reveal that there are two people.
    """
    rated = {table.name: table.figures for table in protected.tables}.get("experience", {})
    printed: list[PrintableQuote] = []
    for quote in quotes:
        service = rated.get((capitalised(quote.attribute), TOTAL), STAR)
        beside = _name(quote.service) in protected.quotes and service != STAR
        printed.append(quote if beside else replace(quote, attribute=""))
    return printed if EVERYBODY in protected.quotes else printed[:1]


def _name(service: str) -> str:
    return f"{EVERYBODY} beside {service}"
