"""Work in the background that is held back, as by a slow disk, until a test lets it go on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fieldkit.errors import FieldkitError
from fieldkit.screens.base.working_app import WorkingApp


class HeldWork:
    """The work named `what` ends "Something went wrong while …"; it was done, but its result does not arrive."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._held: frozenset[str] = frozenset()
        self._goes_on = asyncio.Event()
        self._fails = False
        self.waiting = 0
        """How many results are being held back now."""
        work_for = WorkingApp.work_for

        async def held(app: WorkingApp, owner: Any, work: Any, what: str, *, saving: bool = False) -> Any:
            result = await work_for(app, owner, work, what, saving=saving)
            if what in self._held:
                self.waiting += 1
                try:
                    await self._goes_on.wait()
                finally:
                    self.waiting -= 1
                if self._fails:
                    raise FieldkitError("The disk can't be read.")
            return result

        monkeypatch.setattr(WorkingApp, "work_for", held)

    def hold(self, *names: str) -> None:
        """Hold these back from now on."""
        self._held = frozenset(names)
        self._goes_on.clear()

    def release(self, *, failing: bool = False) -> None:
        """Let everything go on; `failing`: as if it could not be read."""
        self._fails, self._held = failing, frozenset()
        self._goes_on.set()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> HeldWork:
    """Nothing is held back at first."""
    return HeldWork(monkeypatch)


#: The fixture for a module of such tests to import: `(held,) = FIXTURES`.
FIXTURES = (held,)
