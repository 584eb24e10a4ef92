"""Quotes of a pack count people: the number printed, and what is printed beside it, is decided with all other figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldkit.documents.blocks import Quotation
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.presentation.cycle.quotes import approve, propose
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.presentation.pack.evidence_pack import Pack, prepare
from fieldkit.store.kit import Kit
from networks import Network
from pack_kit import add_cycle, add_people


def quoted(kit: Kit, people: list[str], attribute: str) -> None:
    """An approved quote of each of these people."""
    for feedback in people:
        quote = propose(kit, feedback, "experience", "", "Asha K", attribute)
        approve(kit, quote.record_id, "Ben O", date(2025, 9, 30))


def quotations(pack: Pack) -> list[Quotation]:
    return [block for block in pack.document.blocks if isinstance(block, Quotation)]


def people_of(kit: Kit, number: int, **more: Any) -> tuple[str, list[str]]:
    cycle = add_cycle(kit, dimension=["carer"])
    return cycle, add_people(kit, number, ethnic_group=None, themes=["general-positive"], **more)


@pytest.mark.parametrize(("number", "printed"), [(8, 1), (30, 4)])
def test_quotes_do_not_count_people_who_are_too_few(network: Network, number: int, printed: int) -> None:
    kit = network.hub.kit
    cycle, people = people_of(kit, number)
    quoted(kit, people[:4], "none")
    assert len(quotations(prepare(kit, cycle, audience_named("healthwatch"), TEN))) == printed


@pytest.mark.parametrize(("number", "beside"), [(15, {""}), (40, {"mental health"})])
def test_a_service_stands_beside_quotes_of_enough_people(
    network: Network, number: int, beside: set[str]
) -> None:
    kit = network.hub.kit
    cycle, people = people_of(kit, number, rating="1")
    quoted(kit, people[:3], "service")
    pack = prepare(kit, cycle, audience_named("healthwatch"), TEN)
    assert {quote.source.casefold() for quote in quotations(pack)} == beside


def test_every_audience_hides_alike_whether_it_prints_quotes_or_not(network: Network) -> None:
    kit = network.hub.kit
    cycle, people = people_of(kit, 40)
    quoted(kit, people[:3], "service")
    board, healthwatch = (prepare(kit, cycle, audience_named(name), TEN) for name in ("board", "healthwatch"))
    assert board.release["statements"] == healthwatch.release["statements"]
    assert '"quotes"' in str(healthwatch.release["statements"])


def test_changes_with_a_theme_whose_number_is_hidden_print_one_quote_together(network: Network) -> None:
    kit = network.hub.kit
    cycle, _ = people_of(kit, 40)
    few = add_people(kit, 4, seed=2, themes=["access-timeliness"])
    quoted(kit, few[:3], "none")
    for number, feedback in enumerate(few[:3]):
        change = kit.add(
            "change",
            {"cycle": cycle, "title": f"Change {number}", "what": "Call sooner.", "status": "proposed"},
        )
        kit.add("support", {"change": change.record_id, "support_kind": "feedback", "feedback": feedback})
    pack = prepare(kit, cycle, audience_named("partners"), TEN)
    assert len(quotations(pack)) == 1
