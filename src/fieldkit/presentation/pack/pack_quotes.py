"""The quotes of a pack: a quote is a person, so disclosure control decides how many may be printed and with what beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from fieldkit.insight.disclosure.definitions import TOTAL, QuoteGroup
from fieldkit.insight.disclosure.protection import Protected
from fieldkit.presentation.cycle.printable_quotes import LEAST_SHARING, PrintableQuote, printable_quotes
from fieldkit.printed_figure import STAR
from fieldkit.store.kit import Kit

EVERYBODY = "quotes"
"""The group of all quotes of a pack: so many people at least are in it."""


def candidate_quotes(kit: Kit, feedback_ids: Collection[str]) -> list[PrintableQuote]:
    """The quotes of some feedback, each with the service beside it that its proposer wished for.

    Roles are no question of a pack, so nobody can say how many share one: they are never printed beside a quote.
    """
    return printable_quotes(
        kit, feedback_ids, lambda field, code: LEAST_SHARING if field == "service_area" else None
    )


def quote_groups(quotes: Iterable[PrintableQuote]) -> list[QuoteGroup]:
    """All quotes, and those with each service beside them: what readers can count. The same for every audience."""
    quotes = list(quotes)
    services = Counter(quote.service for quote in quotes if quote.attribute)
    groups = [QuoteGroup(EVERYBODY, (), len(quotes))] if quotes else []
    return groups + [
        QuoteGroup(_name(service), (("service", frozenset({service})),), number)
        for service, number in sorted(services.items())
    ]


def allowed_quotes(quotes: Sequence[PrintableQuote], protected: Protected) -> list[PrintableQuote]:
    """The quotes as they may be printed, by the groups of quotes and the figures that disclosure control lets through.

    Without the group of all quotes only the first is printed: a second would say that there are two people.
    """
    rated = {table.name: table.figures for table in protected.tables}.get("experience", {})
    printed: list[PrintableQuote] = []
    for quote in quotes:
        service = rated.get((quote.attribute[:1].upper() + quote.attribute[1:], TOTAL), STAR)
        beside = _name(quote.service) in protected.quotes and service != STAR
        printed.append(quote if beside else replace(quote, attribute=""))
    return printed if EVERYBODY in protected.quotes else printed[:1]


def _name(service: str) -> str:
    return f"{EVERYBODY} beside {service}"
