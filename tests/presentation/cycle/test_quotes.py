"""Quotes: proposed with consent, approved by a second person, and gone as soon as consent, text or record is gone."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from fieldkit.errors import FieldkitError, InvalidRecord, Misuse
from fieldkit.presentation.cycle.printable_quotes import (
    left_quotes,
    printable_quotes,
    releases_with,
)
from fieldkit.presentation.cycle.quotes import approve, propose, proposed_quotes, quotable, refuse
from fieldkit.presentation.cycle.releases import record_release
from fieldkit.store.kit import Kit
from networks import Network
from redacted import bodies, deputy

TODAY = date(2026, 6, 1)
COMMENT = "They moved my appointment twice and nobody rang."


def feedback(kit: Kit, **values: Any) -> str:
    common = {
        "experience": COMMENT,
        "whose_words": "own",
        "service_area": "mental-health",
        "consent_record": "Y",
        "consent_quote": "Y",
    }
    return kit.add("feedback", {**common, **values}).record_id


def approved(kit: Kit, feedback_id: str, attribute: str = "none", excerpt: str = "") -> str:
    quote = propose(kit, feedback_id, "experience", excerpt, "Asha K", attribute)
    return approve(kit, quote.record_id, "Ben O", TODAY).record_id


def printed(kit: Kit) -> list[str]:
    return [quote.words for quote in printable_quotes(kit)]


def test_answers_with_consent_can_be_quoted_and_no_others(kit: Kit) -> None:
    willing = feedback(kit, need="An interpreter, as Dr Khan said.")
    unwilling = [feedback(kit, consent_quote=answer) for answer in ("N", "Z", None)]
    quotes = quotable(kit, [willing, *unwilling])
    assert [(each.field, each.answer, len(each.points_to)) for each in quotes] == [
        ("experience", COMMENT, 0),
        ("need", "An interpreter, as Dr Khan said.", 1),
    ]
    for feedback_id in unwilling:
        with pytest.raises(Misuse, match="did not agree"):
            propose(kit, feedback_id, "experience", "", "Asha K")


def test_a_second_person_approves(kit: Kit) -> None:
    quote = propose(kit, feedback(kit), "experience", "nobody rang", "Asha K")
    assert printed(kit) == []
    (waiting,) = proposed_quotes(kit)
    assert (waiting.words, waiting.own_words, waiting.against) == ("… nobody rang", True, "")
    for name in ("", "asha k.", "  "):
        with pytest.raises(InvalidRecord) as problem:
            approve(kit, quote.record_id, name, TODAY)
        assert "looked_by" in problem.value.problems
    assert printed(kit) == []
    approve(kit, quote.record_id, "Ben O", TODAY)
    assert printed(kit) == ["… nobody rang"] and proposed_quotes(kit) == []


def test_a_refused_quote_has_its_reason_and_is_not_printed(kit: Kit) -> None:
    quote = approved(kit, feedback(kit))
    with pytest.raises(InvalidRecord):
        refuse(kit, quote, "Ben O", TODAY, " ")
    refuse(kit, quote, "Ben O", TODAY, "A neighbour could tell.")
    assert printed(kit) == [] and left_quotes(kit) == []
    assert kit.get(quote).values["reason"] == "A neighbour could tell."


@pytest.mark.parametrize(
    "text", ["Dr Khan was kind.", "I'm 43 and it was fine.", "Ring 0121 496 0000.", "On 3 March it hurt."]
)
def test_what_points_to_a_person_is_cut_before_it_is_proposed(kit: Kit, text: str) -> None:
    feedback_id = feedback(kit, experience=text + " It was clean there.")
    with pytest.raises(Misuse, match="may point to one person"):
        propose(kit, feedback_id, "experience", "", "Asha K")
    quote = propose(kit, feedback_id, "experience", "It was clean there.", "Asha K")
    approve(kit, quote.record_id, "Ben O", TODAY)
    assert printed(kit) == ["… It was clean there."]


def took_consent_back(kit: Kit, feedback_id: str) -> None:
    kit.edit(kit.get(feedback_id), {"consent_quote": "N"})


def changed_words(kit: Kit, feedback_id: str) -> None:
    kit.edit(kit.get(feedback_id), {"experience": COMMENT + " I was cross."})


def deleted(kit: Kit, feedback_id: str) -> None:
    kit.delete(feedback_id)


def erased(kit: Kit, feedback_id: str) -> None:
    kit.erase(feedback_id)


def old_text_erased(kit: Kit, feedback_id: str) -> None:
    kit.redact("feedback", [feedback_id])


@pytest.mark.parametrize("gone", [took_consent_back, changed_words, deleted, erased, old_text_erased])
def test_a_quote_leaves_every_later_pack_at_once(network: Network, gone: Any) -> None:
    kit, me = network.hub.kit, network.hub.me
    feedback_id = feedback(kit)
    quote = approved(kit, feedback_id)
    release = record_release(kit, me, RELEASE | {"quotes": [quote]})
    assert printed(kit) == [COMMENT]
    gone(kit, feedback_id)
    assert printed(kit) == []
    (left,) = left_quotes(kit)
    assert left.quote_id == quote and left.reason
    assert [record_id for record_id, _ in left.releases] == [release]
    with pytest.raises(FieldkitError):
        approve(kit, quote, "Ben O", TODAY)


def test_the_words_are_stored_once_so_an_erasure_takes_the_quote_with_it(network: Network) -> None:
    kit = network.hub.kit
    feedback_id = feedback(kit)
    approved(kit, feedback_id, excerpt="They moved my appointment")
    kit.erase(feedback_id)
    lines = b"".join(bodies(kit))
    assert b"moved my appointment" not in lines and b'"quote"' in lines


RELEASE: dict[str, Any] = {
    "audience": "healthwatch",
    "preset": "ten",
    "statements": "[]",
    "state_hash": "0" * 64,
    "pack_hash": "1" * 64,
    "released_by": "Asha K",
    "date": "2026-06-01",
}


def test_releases_are_kept_once_and_never_changed(network: Network) -> None:
    kit, me = network.hub.kit, network.hub.me
    cycle = kit.add(
        "cycle",
        {"title": "A", "service_area": "gp", "date_from": "2026-01-01", "date_to": "2026-12-31"},
    ).record_id
    quote = approved(kit, feedback(kit))
    before = kit.state_hash()
    first = record_release(kit, me, RELEASE | {"cycle": cycle, "quotes": [quote]})
    assert record_release(kit, me, RELEASE | {"cycle": cycle, "quotes": [quote]}) == first
    second = record_release(kit, me, RELEASE | {"cycle": cycle, "date": "2026-07-01"})
    assert {release.record_id for release in kit.page("release", 0, 9)} == {first, second}
    assert [record_id for record_id, _ in releases_with(kit, quote)] == [first]
    assert kit.state_hash() == before, "what was printed is no part of what was recorded"
    for change in (lambda: kit.edit(kit.get(first), {"preset": "fft"}), lambda: kit.delete(first)):
        with pytest.raises(Misuse):
            change()
    with pytest.raises(Misuse):
        kit.redact("release", [first])


def test_a_field_laptop_makes_no_release_and_gets_none(network: Network) -> None:
    laptop = network.joins("A", trusted="field")
    with pytest.raises(Misuse, match="coordinator"):
        record_release(laptop.kit, laptop.me, RELEASE)
    record_release(network.hub.kit, network.hub.me, RELEASE)
    laptop.merge(network.hub.invite())
    assert laptop.kit.count("release") == 0


def test_one_person_is_quoted_once(kit: Kit) -> None:
    first = feedback(kit, provider="BSMHFT", respondent="R1")
    second = feedback(kit, provider="bsmhft", respondent="r1", experience="It was warm and clean.")
    approved(kit, first)
    approved(kit, second)
    approved(kit, first, excerpt="nobody rang.")
    assert len(printed(kit)) == 1
    assert len(printable_quotes(kit, {first, second})) == 1
    assert printable_quotes(kit, set()) == []


@pytest.mark.parametrize(
    ("values", "people", "beside"),
    [
        ({}, 20, "mental health"),
        ({}, 19, ""),
        ({}, None, ""),
        ({"service_area": "sickle-cell"}, 500, ""),
        ({"service_area": "hiv-aids"}, 500, ""),
        ({"service_area": "learning-disabilities"}, 500, ""),
        ({"age_band": "16-17"}, 500, ""),
        ({"age_band": "under-16", "guardian_present": "Y"}, 500, ""),
    ],
)
def test_small_communities_have_nothing_beside_their_words(
    kit: Kit, values: dict[str, Any], people: int | None, beside: str
) -> None:
    approved(kit, feedback(kit, **values), "service")
    asked = []

    def sharing(field: str, code: str) -> int | None:
        asked.append((field, code))
        return people

    (quote,) = printable_quotes(kit, sharing=sharing)
    assert quote.attribute == beside
    assert asked in ([], [("service_area", "mental-health")])
    assert printable_quotes(kit)[0].attribute == ""


def test_a_summary_is_never_in_quotation_marks(kit: Kit) -> None:
    approved(kit, feedback(kit, whose_words="summary"))
    approved(kit, feedback(kit, whose_words=None, experience="They were kind."))
    approved(kit, feedback(kit, whose_words=None, reference="7", experience="I got better."))
    assert {quote.text for quote in printable_quotes(kit)} == {
        f"A volunteer's summary: {COMMENT}",
        "A volunteer's summary: They were kind.",
        "“I got better.”",
    }


def test_two_laptops_agree_on_the_order_and_on_what_may_be_printed(network: Network) -> None:
    hub, second = network.hub, deputy(network)
    ids = [feedback(hub.kit, experience=f"{COMMENT} {number * 'x'}") for number in range(5)]
    for feedback_id in ids:
        approved(hub.kit, feedback_id)
    second.merge(*hub.export())
    assert printed(second.kit) == printed(hub.kit)
    order = [quote.quote_id for quote in printable_quotes(hub.kit)]
    assert order == sorted(order, key=lambda quote_id: sha256(quote_id.encode()).digest())
    took_consent_back(second.kit, ids[0])
    refused = printable_quotes(hub.kit)[0].quote_id
    refuse(second.kit, refused, "Cat P", TODAY, "Too clear who it is.")
    hub.merge(*second.export())
    assert printed(second.kit) == printed(hub.kit)
