"""What F1 says about the question of a form that is being answered: its help, then the keys."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.commands.command import FORM
from fieldkit.commands.table import commands_for
from fieldkit.presentation.model.form_plan import Question
from fieldkit.records.consent import RECORD
from fieldkit.widgets.dialogs.message_box import Help

_SHOWN = {command.id: command.shown_keys.split(", ")[0] for command in commands_for(FORM)}
KEPT = "Leave; it is kept as unfinished."


def question_help(
    question: Question, more: str = "", leaving: str = KEPT, keys: Sequence[tuple[str, str]] = ()
) -> Help:
    """The box that explains `question`, with what it says `more`, and what Esc does: `leaving`; `keys` in place of a form's."""
    usual = (
        ("enter", "Go on; after the last question, save."),
        ("shift+tab", "Go back to the question before."),
        (_SHOWN["go-to"], "Go to any question of this page."),
        (_SHOWN["save"], "Save now."),
        (_SHOWN["draft"], leaving),
        (_SHOWN["worried"], "What to do if somebody may come to harm."),
    )
    return Help(question.title, "\n\n".join(filter(None, (_text(question), more))), keys or usual)


def _text(question: Question) -> str:
    text = question.help or "Answer it, or go on with Enter."
    return text if question.required or question.name == RECORD else text + "\n\nIt can be left empty."
