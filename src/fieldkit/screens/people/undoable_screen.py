"""A screen that saves in the order of the keys, and undoes what it saved step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from fieldkit.errors import FieldkitError
from fieldkit.presentation.check_in_undo import Step, undo
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.store.kit import Kit

T = TypeVar("T")


class UndoableScreen(BaseScreen):
    """Subclasses save with `save_in_turn`, name what was done with `note_steps`, and draw the next step to undo."""

    def __init__(self) -> None:
        super().__init__()
        self.saving = 0
        """How many saves are under way."""
        self._undo_waits = 0
        """How often undo was asked for while they were: what is being saved is what it is for."""

    @property
    def steps_of(self) -> str:
        """What the steps belong to, such as an event's id."""
        raise NotImplementedError

    def store_typed(self) -> None:
        """Save what was typed and is not saved yet: that is what undo is for."""
        raise NotImplementedError

    def read_again(self) -> None:
        """Show what is stored now."""
        raise NotImplementedError

    def draw_undo(self) -> None:
        """Show which step would be undone next."""
        raise NotImplementedError

    @property
    def steps(self) -> list[Step]:
        """What can be undone, the latest last; kept when the screen is left."""
        steps: list[Step] = self.app.undo_steps.setdefault(self.steps_of, [])
        return steps

    def save_in_turn(
        self,
        work: Callable[[Kit], T],
        then: Callable[[T], None],
        what: str,
        failed: Callable[[FieldkitError], bool] | None = None,
    ) -> None:
        """Save in the order of the keys; undo waits for it."""
        self.saving += 1

        async def save() -> None:
            try:
                result = await self.kit_work(work, what, saving=True)
            except FieldkitError as error:
                self.saving -= 1
                self._undo_waits = 0
                if failed is None or not failed(error):
                    raise
            else:
                self.saving -= 1
                then(result)
                self._undo_waiting()

        self.begin(save)

    def note_steps(self, steps: Iterable[Step | None], words: str = "") -> None:
        """Something was saved: it can be undone from now on."""
        self.steps.extend(step for step in steps if step is not None)
        self.draw_undo()
        if words:
            self.tell(words)
        self.refresh_bindings()
        self.read_again()

    def command_undo(self) -> None:
        """Undo what was done last."""
        self.store_typed()
        self._undo_waits += 1
        self._undo_waiting()

    def _undo_waiting(self) -> None:
        """Undo as often as it was asked for, once nothing is being saved any more."""
        if self.saving or not self._undo_waits or not self.steps:
            if not self.saving:
                self._undo_waits = 0
            return
        self._undo_waits -= 1
        steps = self.steps
        step = steps.pop()
        self.draw_undo()

        def undone(changed: bool) -> None:
            if changed:
                self.tell(f"Undone: {step.what}.")
            else:
                self.tell(f"Not undone, because it was changed since: {step.what}.", "warning")
            self.refresh_bindings()
            self.read_again()

        def refused(_: FieldkitError) -> bool:
            steps.append(step)
            return False

        self.save_in_turn(lambda kit: undo(kit, step), undone, "undoing", refused)
