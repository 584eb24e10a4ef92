"""The list of files to merge, with what Enter does at each stage."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from fieldkit.screens.base.work_screen import StageList


class FileList(StageList):
    """Files, with what Enter does at each stage."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go('look')", "look inside"),
        Binding("enter", "go('merge')", "merge"),
        Binding("enter", "go('quarantine')", "quarantine"),
        Binding("enter", "go('done')", "done"),
    ]
