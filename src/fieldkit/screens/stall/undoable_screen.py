"""A screen that saves in the order of the keys, and undoes and redoes its saves step by step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

from fieldkit.errors import FieldkitError
from fieldkit.presentation.stall.undo_stack import Step, Undone, UndoStack
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.store.kit import Kit
from fieldkit.text import ended

T = TypeVar("T")


class UndoableScreen(BaseScreen):
    """Subclasses save with `save_in_turn`, record their steps with `note_steps`, and draw the next step to undo."""

    def __init__(self) -> None:
        super().__init__()
        self.saving = 0
        """How many saves are running."""
        self._asked: deque[Literal["undo", "redo"]] = deque()
        """Undo and redo requested during saves: they apply to what is being saved."""
        self._afterwards: list[Callable[[], object]] = []

    @property
    def steps_of(self) -> str:
        """What the steps belong to, such as an event's id."""
        raise NotImplementedError

    def store_typed(self) -> None:
        """Save what was typed and is not saved yet: that is what undo is about."""
        raise NotImplementedError

    def read_on(self) -> None:
        """Show what is stored now; no key waits for that."""
        raise NotImplementedError

    def draw_undo(self) -> None:
        """Show which step would be undone next."""
        raise NotImplementedError

    def was_undone(self, step: Step) -> None:
        """A step was undone: show again what was typed for it."""

    def was_redone(self, step: Step) -> None:
        """A step was redone."""

    @property
    def stack(self) -> UndoStack:
        """What can be undone and redone; kept when the screen is left."""
        return self.stack_of(self.steps_of)

    def stack_of(self, steps_of: str) -> UndoStack:
        """What can be undone and redone at an event."""
        if steps_of not in self.app.undo_steps:
            self.app.undo_steps[steps_of] = UndoStack(self.kit.clock())
        stack: UndoStack = self.app.undo_steps[steps_of]
        return stack

    def save_in_turn(
        self,
        work: Callable[[Kit], T],
        then: Callable[[T], None],
        what: str,
        failed: Callable[[FieldkitError], bool] | None = None,
    ) -> None:
        """Save in the order of the keys; undo waits for it. `failed` returns whether it has handled the error."""
        self.saving += 1

        async def save() -> None:
            try:
                result = await self.kit_work(work, what, saving=True)
            except FieldkitError as error:
                self.saving -= 1
                self._asked.clear()
                self._go_on()
                if failed is None or not failed(error):
                    raise
            else:
                self.saving -= 1
                then(result)
                self._go_on()

        self.begin(save, waiting="none")

    def note_steps(self, steps: Iterable[Step | None], sentence: str = "") -> None:
        """Add what was saved to the undo stack."""
        self.stack.push(steps)
        self.draw_undo()
        if sentence:
            self.show_notice(sentence)
        self.refresh_bindings()
        self.read_on()

    def command_undo(self) -> None:
        """Undo the last step."""
        self.store_typed()
        self._asked.append("undo")
        self._go_on()

    def command_redo(self) -> None:
        """Redo the last undone step."""
        self._asked.append("redo")
        self._go_on()

    def once_saved(self, then: Callable[[], object]) -> None:
        """Call `then` once nothing is being saved any more, so that it reads everything typed before it."""
        self._afterwards.append(then)
        self._go_on()

    def _go_on(self) -> None:
        """Undo and redo as often as requested, then call what waits, once nothing is being saved any more."""
        if self.saving:
            return
        if not self._asked:
            waiting, self._afterwards = self._afterwards, []
            for then in waiting:
                then()
        elif self._asked.popleft() == "undo":
            self._undo_last()
        else:
            self._redo_last()

    def _undo_last(self) -> None:
        stack = self.stack
        if not stack.done:
            self._go_on()
            return
        step = stack.done.pop()
        self.draw_undo()

        def undone(result: Undone | None) -> None:
            if result is not None:
                stack.undone.append(result)
                self.show_notice(ended(f"Undone: {step.what}"))
                self.was_undone(step)
            else:
                self._asked.clear()  # the next step is a different one, which nobody has seen yet
                self.show_notice(ended(f"Not undone, because it was changed since: {step.what}"), "warning")
            self._show_again()

        def refused(_: FieldkitError) -> bool:
            stack.done.append(step)
            return False

        self.save_in_turn(lambda kit: stack.undo(kit, step), undone, "undoing", refused)

    def _redo_last(self) -> None:
        stack = self.stack
        if not stack.undone:
            self._go_on()
            return
        last = stack.undone.pop()

        def redone(done: Step | None) -> None:
            if done is not None:
                stack.done.append(done)
                self.show_notice(ended(f"Done again: {last.step.what}"))
                self.was_redone(last.step)
            else:
                self._asked.clear()
                self.show_notice(
                    ended(f"Not done again, because it was changed since: {last.step.what}"), "warning"
                )
            self._show_again()

        def refused(_: FieldkitError) -> bool:
            stack.undone.append(last)
            return False

        self.save_in_turn(lambda kit: stack.redo(kit, last), redone, "redoing", refused)

    def _show_again(self) -> None:
        self.draw_undo()
        self.refresh_bindings()
        self.read_on()
