"""The words around a form: help for a question, what may point to one person, what was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.presentation.model.form import Question, Values
from fieldkit.widgets.plain import fit, plain

if TYPE_CHECKING:
    from fieldkit.presentation.saving import Saved
    from fieldkit.records.schema.kind import Kind

HELP_KEYS = (
    ("enter", "go on; after the last question, save"),
    ("shift+tab", "the question before"),
    ("ctrl+g", "go to any question of this page"),
    ("f2", "save now"),
    ("esc", "leave; it is kept as unfinished"),
    ("f9", "I am worried about somebody"),
)


def help_words(question: Question) -> str:
    """What F1 says about a question."""
    words = question.help or "Answer it, or go on with Enter."
    return words if question.required else words + "\n\nIt can be left empty."


def refused(values: Values) -> bool:
    """Whether the person did not agree to be recorded; not to answer is no yes."""
    return values.get("consent_record") in {"N", "Z"}


def kept_without(*, edited: bool) -> str:
    """What becomes of an entry, or of a change, without consent."""
    if edited:
        return "So this change can't be kept. The record stays as it was; to take it away, delete it in its list."
    return "So none of it can be kept, not even as an unfinished entry. It can't be brought back."


def told_before_saving(kind: Kind, found: Mapping[str, Sequence[str]]) -> str:
    """What may point to one person, by the titles of its questions."""
    return "\n".join(f"{kind.fields[name].title}: {said}" for name, some in found.items() for said in some)


def done(saved: Saved, width: int) -> Content:
    """The page after a save: what was saved, the receipt code, what comes next."""
    return Content.assemble(
        ("✓ saved", "bold $accent"),
        "\n\n",
        plain(fit(saved.line, max(20, width))),
        "\n\n",
        *_receipt(saved.code),
        ("n", "bold $accent"),
        "  another\n",
        ("enter", "bold $accent"),
        "  back",
    )


def _receipt(code: str) -> list[str | tuple[str, str]]:
    """The words that go with a receipt code; none without one."""
    if not code:
        return ["\n"]
    return [
        "Receipt code for the person:  ",
        (code, "bold $accent"),
        "\n",
        ("Write it on their slip: with it they can take this back. It won't be shown again.", "$text-muted"),
        "\n\n\n",
        ("p", "bold $accent"),
        "  a slip to print\n",
    ]
