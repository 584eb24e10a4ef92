"""Quotes on their screens: proposed by cutting, read alone, approved by a second person or refused with a reason."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cycle_desk import FIXTURES, HOSTILE, empty_cycle
from desk import notice, says, shown, text
from fieldkit.screens.cycle.excerpt_screen import ExcerptScreen
from fieldkit.screens.cycle.quote_screen import QuoteScreen
from fieldkit.screens.cycle.quotes_screen import QuotesScreen
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.edit_area import EditArea
from fieldkit.widgets.inputs import PlainInput
from pack_kit import add_people
from waiting import until

(desk,) = FIXTURES
COMMENT = f"Nobody rang me back {HOSTILE}. Ring 0121 496 0000. The nurse was kind."


async def _type(app: Any, pilot: Any, typed: str) -> None:
    await until(pilot, lambda: isinstance(app.screen, AskLine))
    app.screen.query_one(PlainInput).value = typed
    await pilot.press("enter")


async def _propose(app: Any, pilot: Any, by: str) -> None:
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(app.screen, Choose))
    await pilot.press("1")
    await _type(app, pilot, by)


async def test_words_are_proposed_without_what_points_to_a_person_and_a_second_person_approves(
    desk: SimpleNamespace,
) -> None:
    cycle = empty_cycle(desk.hub)
    add_people(desk.hub, 1, experience=COMMENT, need=None, whose_words="own")
    async with shown(desk.hub, desk.chief, "quotes", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "! Nobody rang me back", "May be quoted 1"))
        await pilot.press("enter")
        await until(
            pilot,
            lambda: isinstance(app.screen, ExcerptScreen) and says(app, "0121 496 0000", "Leave words out"),
        )
        area = app.screen.query_one(EditArea)
        assert "0121" not in area.text and "[…]" in area.text
        area.load_text(COMMENT)
        await _propose(app, pilot, "Ann")
        await until(pilot, lambda: "0121" in notice(app))
        area.load_text("Somebody else's words")
        await _propose(app, pilot, "Ann")
        await until(pilot, lambda: "is not in the answer like that" in notice(app))
        area.load_text("Nobody rang me back … The nurse was kind.")
        await _propose(app, pilot, "Ann")
        await until(
            pilot, lambda: isinstance(app.screen, QuotesScreen) and says(app, "Waiting for a second person 1")
        )
        await pilot.press("tab", "enter")
        await until(
            pilot,
            lambda: isinstance(app.screen, QuoteScreen) and says(app, "Could a neighbour tell who this is?"),
        )
        assert says(app, "“Nobody rang me back … The nurse was kind.”")
        assert "0121" not in text(app) and "Ann" not in text(app)
        await pilot.press("y")
        await _type(app, pilot, "Ann")
        await until(pilot, lambda: "A second person has to look at it" in notice(app))
        await pilot.press("y")
        await _type(app, pilot, "Bea")
        await until(pilot, lambda: isinstance(app.screen, QuotesScreen) and says(app, "Decided 1"))
    assert [quote.values["state"] for quote in desk.hub.page("quote")] == ["approved"]


async def test_a_quote_is_refused_with_a_reason(desk: SimpleNamespace) -> None:
    from fieldkit.presentation.cycle.quotes import propose

    cycle = empty_cycle(desk.hub)
    [feedback] = add_people(desk.hub, 1, experience="The nurse was kind.", need=None)
    propose(desk.hub, feedback, "experience", "", "Ann")
    async with shown(desk.hub, desk.chief, "quotes", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "The nurse was kind."))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuoteScreen))
        await pilot.press("n")
        await _type(app, pilot, f"The village knows her {HOSTILE}")
        await _type(app, pilot, "Bea")
        await until(pilot, lambda: isinstance(app.screen, QuotesScreen) and says(app, "Decided 1"))
        await pilot.press("tab")
        await until(pilot, lambda: says(app, "refused", "The village knows"))
        await pilot.press("enter")
        await until(
            pilot,
            lambda: isinstance(app.screen, QuoteScreen) and says(app, "Refused. The village knows her [/]"),
        )
        assert not says(app, "Could a neighbour tell"), "that is answered"
    [quote] = desk.hub.page("quote")
    assert quote.values["state"] == "refused"


async def test_an_approved_quote_whose_consent_is_gone_says_so_and_can_only_be_refused(
    desk: SimpleNamespace,
) -> None:
    from datetime import date

    from fieldkit.presentation.cycle.quotes import approve, propose

    cycle = empty_cycle(desk.hub)
    [feedback] = add_people(desk.hub, 1, experience="The nurse was kind.", need=None)
    quote = propose(desk.hub, feedback, "experience", "", "Ann")
    approve(desk.hub, quote.record_id, "Bea", date(2026, 1, 1))
    desk.hub.edit(desk.hub.get(feedback, "feedback"), {"consent_quote": "N"})
    async with shown(desk.hub, desk.chief, "quotes", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "No answer may be quoted"))
        await pilot.press("shift+tab")
        await until(pilot, lambda: says(app, "not printed any more", "does not agree"))
