"""Leaving the program, by a key or from outside: first secure what was typed and what is being saved."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

from fieldkit.errors import FieldkitError
from fieldkit.screens.base.window_app import WindowApp
from fieldkit.widgets.frame import KitScreen


class LeavingApp(WindowApp):
    """An app that ends without losing a word."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.is_leaving = False
        self._ending: asyncio.Future[None] | None = None

    @property
    def is_ending(self) -> bool:
        return self._ending is not None

    def on_mount(self) -> None:
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGINT, self.action_help_quit)
        for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
            # Other systems have other signals, or do not accept handlers for them.
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self._ended, number)

    def _ended(self, number: signal.Signals) -> None:
        """Somebody ends the program, or the window was closed: first secure what was typed."""
        self._ending = asyncio.ensure_future(self._end(number))

    async def _end(self, number: signal.Signals) -> None:
        with contextlib.suppress(Exception):
            await self.put_in_safety()
        if number != getattr(signal, "SIGHUP", None):
            await self.leave()
        else:
            # Without a terminal, an orderly end would wait for it for ever.
            asyncio.get_running_loop().remove_signal_handler(number)
            os.kill(os.getpid(), number)

    async def put_in_safety(self) -> None:
        """Store every unfinished entry and wait for every save."""
        for screen in self.screen_stack:
            if (store := getattr(screen, "before_leaving", None)) is not None:
                await store()
        await self.wait_for_saves()

    async def leave(self) -> None:
        """Secure every unfinished entry and every save, close the kit, and end the program."""
        if self.is_leaving:
            return
        self.is_leaving = True
        try:
            await self.put_in_safety()
        except FieldkitError as error:
            self.is_leaving = False
            self.report(error)
            return
        except Exception as error:
            self.is_leaving = False
            self.report_fault(error, "leaving")
            return
        kit, self.kit = self.kit, None
        self.workers.cancel_all()
        if kit is not None:
            kit.close()
        self.free_window()
        self.exit(0)

    async def action_quit(self) -> None:
        """Ctrl+Q leaves as q does, but not from a laptop that was handed over."""
        if not getattr(self.cover, "MAY_LEAVE", True):
            return
        await self.leave()

    def action_help_quit(self) -> None:
        """Ctrl+C says how to leave: copying by habit must not end anything."""
        if isinstance(self.screen, KitScreen) and getattr(self.screen, "MAY_LEAVE", True):
            self.screen.show_notice("To leave, press Ctrl+Q. Everything that was typed is kept.")
