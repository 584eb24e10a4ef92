"""A screen closes only itself, even if another has opened above it or it has closed already."""

from __future__ import annotations

from textual.widgets import Static

from fieldkit.widgets.dialogs.message_box import Message
from waiting import until
from widget_app import Shown, WidgetApp


async def test_a_screen_that_has_closed_closes_no_other() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test() as pilot:
        await pilot.pause()
        first, page = app.screen, Shown(Static("above"))
        await app.push_screen(page)
        page.dismiss()
        await until(pilot, lambda: app.screen is first)
        page.dismiss()
        await pilot.pause()
        assert app.screen is first


async def test_a_screen_under_a_box_closes_once_the_box_has() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test() as pilot:
        await pilot.pause()
        first, page, box = app.screen, Shown(Static("page")), Message("Read this", "first")
        answers: list[object] = []
        await app.push_screen(page, answers.append)
        await app.push_screen(box)
        page.dismiss("done")
        await pilot.pause()
        assert app.screen is box
        assert answers == []
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is first)
        assert answers == ["done"]
