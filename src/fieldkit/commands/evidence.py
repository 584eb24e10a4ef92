"""The commands of the reverse-commissioning cycle at a coordinator's desk."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, at

_figures = at(places.FIGURES_IMPORT)
_names = at(places.PROVIDER_NAMES)

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
    _names("back", "escape", "back", "Go back."),
    _names(
        "choose",
        "digits",
        "same as",
        "Let the name under the cursor mean the provider with this number; two providers become one.",
        built_in=True,
    ),
    _names("own", "n", "its own", "Record a provider with the name under the cursor."),
    _names("other", "o", "other", "Type the name or the ODS code of the provider that the name means."),
    _names("separate", "s", "separate", "Let the name under the cursor mean its provider no longer."),
    _names("undo", "u", "undo", "Undo what was done last here, then what was done before it."),
)
