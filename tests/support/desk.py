"""The program with an open kit and one screen in view, driven by keys; and the screen as text."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

from fieldkit.screens.base.screen import KitApp
from fieldkit.store.kit import Kit
from fieldkit.widgets.frame import NoticeLine
from fieldkit.widgets.plain import plain
from themed import use_themes
from waiting import until


class Desk(KitApp):
    """The program with an open kit and one screen in view."""

    def __init__(self, kit: Kit, me: Any, name: str, *args: Any) -> None:
        super().__init__(kit.folder)
        self.kit, self.me, self.device_name = kit, me, me.name
        self._first = (name, args)

    def on_mount(self) -> None:
        use_themes(self)
        self.open_screen(self._first[0], *self._first[1])


@asynccontextmanager
async def shown(kit: Kit, me: Any, name: str, *args: Any, size: tuple[int, int] = (80, 24)) -> Any:
    app = Desk(kit, me, name, *args)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: getattr(app.screen, "_first", None) is None and app.screen.is_mounted)
        yield app, pilot
        assert app.faults == []


def text(app: Any) -> str:
    """Everything on the screen, as lines."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def says(app: Any, *sentences: str) -> bool:
    """Whether all these sentences are in view, wherever the lines break."""
    joined = " ".join(text(app).split())
    return all(" ".join(sentence.split()) in joined for sentence in sentences)


def notice(app: Any) -> str:
    """The sign and the sentences at the foot of the screen, without the line breaks of their drawing."""
    line = app.screen.query_one(NoticeLine)
    return f"{str(line.content)[:1]} {plain(line.message)}"


def keys_offered(app: Any) -> str:
    return text(app).splitlines()[-1]
