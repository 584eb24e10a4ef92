"""The summary screen: its figures section by section, and tables that overwrite nothing without asking."""

from __future__ import annotations

from types import SimpleNamespace

from desk import notice, says, shown
from fieldkit.screens.summary.summary_screen import SummaryScreen
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.confirm import Confirm
from sync_desk import FIXTURES, record
from waiting import until

(net,) = FIXTURES


async def test_summary_shows_figures_section_by_section(net: SimpleNamespace) -> None:
    record(net.a, 6, service_area="diabetes", themes=["travel-parking"], event=net.event, date="2026-10-27")
    net.a.add("attendance", {"event": net.event, "attendee_group": "all", "head_count": 40})
    async with shown(net.a, net.me_a, "summary") as (app, pilot):
        await until(pilot, lambda: says(app, "ALL SERVICES, 6 people rated", "very good", "don't know"))
        assert says(app, "Small numbers", "good 2 of 6", "poor 2 of 6", "Below 10 people, counts")
        for key, heading in (
            ("2", "parking"),
            ("3", "27 Oct 2026"),
            ("4", "No mentoring yet."),
            ("5", "WHO SPOKE"),
            ("6", "WHAT TO KNOW BEFORE USING"),
        ):
            await pilot.press(key)
            await until(pilot, lambda heading=heading: says(app, heading))
        await pilot.press("tab")
        await until(pilot, lambda: says(app, "ALL SERVICES"))
        await pilot.press("3")
        await until(pilot, lambda: says(app, "40", "Fair [/] [@click=app"))


async def test_counting_again_is_answered_though_the_figures_stay(net: SimpleNamespace) -> None:
    record(net.a, 2)
    async with shown(net.a, net.me_a, "summary") as (app, pilot):
        await until(pilot, lambda: says(app, "ALL SERVICES"))
        await pilot.press("r")
        await until(pilot, lambda: "Counted again, " in notice(app))


async def test_tables_are_written_and_not_overwritten_unasked(net: SimpleNamespace) -> None:
    record(net.a, 2)
    async with shown(net.a, net.me_a, "summary") as (app, pilot):
        await until(pilot, lambda: says(app, "ALL SERVICES"))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await until(pilot, lambda: says(app, "not encrypted"))
        await pilot.press("1")
        await until(pilot, lambda: "written to" in notice(app))
        (book,) = net.stick.glob("*.xlsx")
        book.write_bytes(b"mine")
        await until(pilot, lambda: isinstance(app.screen, SummaryScreen))
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SummaryScreen))
    assert book.read_bytes() == b"mine"
