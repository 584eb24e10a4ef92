"""The commands of the reverse-commissioning cycle at a coordinator's desk."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, at

_figures = at(places.FIGURES_IMPORT)

EVIDENCE_COMMANDS: tuple[Command, ...] = (
    at(places.FIGURES_IMPORT)(
        "back", "escape", "back", "Go back to the question before; while something is being done, stop it."
    ),
    _figures(
        "go",
        "enter",
        "go on",
        "Take the file, or the answer under the cursor; store at the end.",
        built_in=True,
    ),
    _figures("answer", "digits", "answer", "Give the answer with this number.", built_in=True),
    _figures("type", "t", "type an answer", "Type an answer that is not in the list."),
    _figures("other", "o", "other place", "Type the name of a file."),
    _figures("undo", "u", "undo it", "Once it is stored: undo the whole import."),
    _figures("warnings", "v", "in full", "How the file is understood, and what to look at, in full."),
)
