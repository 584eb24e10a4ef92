"""The list of files to merge, with what Enter does at each stage."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from textual.binding import Binding, BindingType

from fieldkit.widgets.listing import Listing


@runtime_checkable
class Offering(Protocol):
    """The screen that the list is on."""

    def offers(self, what: str) -> bool:
        """Whether Enter can do this now."""
        ...

    def go(self, what: str) -> None:
        """Do it."""
        ...


class FileList(Listing):
    """Files, with what Enter does at each stage."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go('look')", "look inside"),
        Binding("enter", "go('merge')", "merge"),
        Binding("enter", "go('quarantine')", "quarantine"),
        Binding("enter", "go('done')", "done"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter does one thing at each stage, and nothing while work goes on."""
        if action == "go" and isinstance(self.screen, Offering):
            return self.screen.offers(str(parameters[0]))
        return super().check_action(action, parameters)

    def action_go(self, what: str) -> None:
        if isinstance(self.screen, Offering):
            self.screen.go(what)
