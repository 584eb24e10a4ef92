"""One window of the program on a kit: it opens screens, and writes only if no other window does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.screens.base.screen_table import WRITES, make_screen
from fieldkit.screens.base.working_app import WorkingApp
from fieldkit.widgets.frame import KitScreen

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.store.window_lock import WindowLock

_WRITES_NOW = "The other window was closed. This window records now."


class WindowApp(WorkingApp):
    """An app that may be one of several windows on its kit."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kit: Kit | None = None
        """The open kit, None while it is locked or not made yet."""
        self._window: WindowLock | None = None

    make_screen = staticmethod(make_screen)

    def on_unmount(self) -> None:
        self.free_window()

    def open_screen(
        self,
        name: str,
        *args: Any,
        then: Callable[[Any], None] | None = None,
        instead: bool = False,
        **more: Any,
    ) -> None:
        """Show the screen with that name; `instead` replaces the one in view."""
        if name in WRITES and not self.may_write_or_says():
            return
        screen = self.make_screen(name, *args, **more)
        # The very first screen has no other to replace: it stays, unseen, below the next.
        if instead and len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen, None if instead else then)

    @property
    def reads_only(self) -> bool:
        """Whether another window records in this kit, so that this one only reads."""
        return self.kit is not None and self.kit.written_by is not None

    def may_write(self) -> bool:
        """Whether this window records; if no other window does any more, it starts to."""
        if self.reads_only:
            self.take_window()
            if not self.reads_only:
                self.notice(_WRITES_NOW)
        return not self.reads_only

    def may_write_or_says(self) -> bool:
        """Whether this window records; if not, a dialog says why, and what to do."""
        if self.may_write():
            return True
        assert self.kit is not None and self.kit.written_by is not None
        self.report(self.kit.written_by.refusal())
        return False

    @property
    def window_note(self) -> str:
        """What the top line of every screen says about this window."""
        return "reads only" if self.reads_only else ""

    def take_window(self) -> None:
        """Become the window that records, unless another already does."""
        from fieldkit.store.window_lock import WindowLock

        if self.kit is not None:
            self._window = self._window or WindowLock(self.folder)
            self.kit.written_by = self._window.acquire()
            for screen in self.screen_stack:
                if isinstance(screen, KitScreen):
                    screen.refresh_frame()

    def free_window(self) -> None:
        if self._window is not None:
            self._window.release()
