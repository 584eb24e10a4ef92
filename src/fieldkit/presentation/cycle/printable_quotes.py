"""The quotes that a pack may print now, those that may no longer be printed, and the releases that contain them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fieldkit.insight.repeats import repeated_rows
from fieldkit.presentation.cycle.quotes import own_words, why_not, words_of
from fieldkit.presentation.record_names import lines_of
from fieldkit.records.same_feedback import person_key
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import labelled
from fieldkit.store.kit import Kit, Stored

#: Services and ages whose communities are so small or so easily hurt that no attribute is printed beside a quote.
NO_ATTRIBUTE_SERVICES = frozenset({"sickle-cell", "hiv-aids", "learning-disabilities"})
NO_ATTRIBUTE_AGES = frozenset({"under-16", "16-17"})
#: The least number of people who must share an attribute before it is printed beside a quote.
LEAST_SHARING = 20

Sharing = Callable[[str, str], int | None]
"""(field, code) -> how many people of the pack have that answer, as printed; None for a star."""


@dataclass(frozen=True)
class PrintableQuote:
    """A quote to print. `field`, `service` and `themes` say what it is about; `attribute` is printed beside it."""

    quote_id: str
    feedback_id: str
    words: str
    own_words: bool
    attribute: str
    field: str
    service: str
    themes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words, in quotation marks if they are the person's own."""
        return f"“{self.words}”" if self.own_words else f"A volunteer's summary: {self.words}"


@dataclass(frozen=True)
class LeftQuote:
    """An approved quote that may no longer be printed: the reason, and the releases that contain it (id and line)."""

    quote_id: str
    reason: str
    releases: tuple[tuple[str, str], ...]


def printable_quotes(
    kit: Kit, feedback_ids: Collection[str] | None = None, sharing: Sharing = lambda field, code: None
) -> list[PrintableQuote]:
    """The approved quotes that may be printed now, from some feedback or from all; at most one per person. Call it in a thread.

    A hash of the records' ids sets the order, so that it reveals nothing about dates. `sharing` returns how many people of the
    pack share an answer.
    """
    quotes: list[PrintableQuote] = []
    people: set[object] = set()
    repeats, terms = repeated_rows(kit), kit.terms()
    for quote, feedback in _approved(kit):
        if feedback is None or (feedback_ids is not None and feedback.record_id not in feedback_ids):
            continue
        text = words_of(kit, quote, feedback)
        if why_not(feedback, text):
            continue
        values = feedback.values
        person: object = person_key(values.get("provider"), values.get("respondent"))
        person = person or repeats.get(feedback.record_id, feedback.record_id)
        if person in people:
            continue
        people.add(person)
        quotes.append(
            PrintableQuote(
                quote.record_id,
                feedback.record_id,
                text,
                own_words(values),
                _attribute(str(quote.values.get("attribute") or "none"), values, sharing, terms),
                str(quote.values.get("field") or ""),
                str(values.get("service_area") or ""),
                tuple(values.get("themes") or ()),
            )
        )
    return quotes


def left_quotes(kit: Kit) -> list[LeftQuote]:
    """The approved quotes that may no longer be printed, with every release that contains them. Call it in a thread."""
    left = []
    for quote, feedback in _approved(kit):
        if reason := why_not(feedback, words_of(kit, quote, feedback)):
            left.append(LeftQuote(quote.record_id, reason, tuple(releases_with(kit, quote.record_id))))
    return left


def releases_with(kit: Kit, quote_id: str) -> list[tuple[str, str]]:
    """The releases that printed a quote: (id, line), the oldest first."""
    holding = [
        release
        for release in kit.page("release", 0, kit.count("release"))
        if quote_id in (release.values.get("quotes") or ())
    ]
    lines = lines_of(kit, holding, kit.terms())
    holding.sort(key=lambda release: (str(release.values.get("date") or ""), release.record_id))
    return [(release.record_id, lines[release.record_id]) for release in holding]


def _approved(kit: Kit) -> list[tuple[Stored, Stored | None]]:
    """The approved quotes with their feedback. A quote whose decision is in conflict is not approved."""
    quotes = [
        quote
        for quote in kit.page("quote", 0, kit.count("quote"), where={"state": "approved"})
        if not {"state", "excerpt", "looked_by", "deleted"} & set(quote.conflicts)
    ]
    feedback = kit.many("feedback", sorted({str(quote.values.get("feedback")) for quote in quotes}))
    quotes.sort(key=lambda quote: sha256(quote.record_id.encode()).digest())
    return [(quote, feedback.get(str(quote.values.get("feedback")))) for quote in quotes]


def _attribute(wanted: str, values: Mapping[str, Any], sharing: Sharing, terms: Any) -> str:
    """The attribute to print beside a quote, in words; "" for none. Small communities get nothing."""
    field = {"service": "service_area", "role": "role"}.get(wanted)
    code = str(values.get(field) or "") if field else ""
    if not field or not code:
        return ""
    if values.get("age_band") in NO_ATTRIBUTE_AGES or _of_small_community(values):
        return ""
    people = sharing(field, code)
    if people is None or people < LEAST_SHARING:
        return ""
    return labelled(kind("feedback").fields[field], code, terms)


def _of_small_community(values: Mapping[str, Any]) -> bool:
    service = str(values.get("service_area") or "")
    parents = {entry.code: entry.get("parent") for entry in code_list("service_area").entries}
    while service:
        if service in NO_ATTRIBUTE_SERVICES:
            return True
        service = parents.get(service, "")
    return False
