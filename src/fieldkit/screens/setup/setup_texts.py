"""The texts of the first run's pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.commands.table import with_keys
from fieldkit.presentation.invitations import age_of_invitation
from fieldkit.text import ended
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import beside, fit_path, plain

if TYPE_CHECKING:
    from fieldkit.sync.setup import Invitation

_CHOICES = (
    ("1", "Create a network", "You coordinate: others join, and send to you."),
    ("2", "Join a network", "You have an invitation: a file that ends in .fkn."),
    ("3", "Just try it", "A throwaway kit, gone when you leave."),
)
_RESTORE = ("4", "Restore a backup", "You have a backup: a file that ends in .fkbackup.")


def welcome(again: bool, width: int) -> Content:
    """The choices in `width` cells; `again` after an interrupted set-up, which left no room for the kit of a backup."""
    lines: list[Content] = [Content.styled("Welcome. What would you like to do?", "bold"), Content("")]
    for number, title, line in _CHOICES if again else (*_CHOICES, _RESTORE):
        lines += [
            Content.assemble((number, "bold $accent"), "  ", (title, "bold")),
            beside("   ", "", line, "$text-muted", width),
            Content(""),
        ]
    if again:
        lines.insert(1, Content("The kit is made already; only its network is missing. 1 or 2 goes on."))
    lines.append(Content.assemble((key_name("ctrl+q"), "bold $accent"), "  ", ("leave", "$text-muted")))
    return Content("\n").join(lines)


def invitations_listed(paths: Sequence[Path], width: int) -> Content:
    """The invitations that were found, numbered, in `width` cells."""
    lines = [
        Content.assemble((str(number), "bold $accent"), "  ", fit_path(path, width))
        for number, path in enumerate(paths, 1)
    ]
    hint = (
        "Type its number, or the path of the file; Tab fills it in."
        if lines
        else "No invitation was found on a stick, in Downloads or in your own folder. Type its path."
    )
    return Content("\n").join([Content(hint), Content(""), *lines])


def restore_it() -> str:
    """What to do with a backup that was typed as an invitation."""
    return with_keys("To restore it, press {setup[back]}, then {setup[restore]}.")


def invited(invitation: Invitation, now: int) -> Content:
    """Whose invitation it is, how old it is, and what to compare before joining."""
    return Content.assemble(
        plain(ended(f"The coordinator's laptop is called {invitation.coordinator}") + " Its six words are:"),
        "\n\n  ",
        plain(invitation.six_words, "bold $accent"),
        "\n\n",
        "Ask the coordinator to read theirs out. Go on only if all six are the same.\n",
        "\n".join(age_of_invitation(invitation.made, now)),
    )
