"""The words around a form: what may point to one person, what was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from fieldkit.commands.command import EVERYWHERE, FORM, SAFEGUARDING
from fieldkit.commands.table import key_of
from fieldkit.presentation.last_receipt_code import AGAIN, PURPOSE, TITLE, framed
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.saved_texts import SAVED
from fieldkit.presentation.saving import Saved
from fieldkit.records.consent import RECORD, consent_refused
from fieldkit.records.kinds.monitoring import GUARDIAN, UNACCOMPANIED, unaccompanied
from fieldkit.records.schema.kind import Kind
from fieldkit.text import titled
from fieldkit.widgets.large_text import large_text
from fieldkit.widgets.plain import fit, plain, wrapped

THROWN_AWAY = "Thrown away. Nothing of it is kept."
NOTHING_KEPT = "None of it is kept, not even as an unfinished entry. It can't be restored."
NOTHING_THROWN_AWAY = (
    "Nothing is thrown away yet: what was typed waits in the form, and is stored once one is here."
)
CHANGE_NOT_KEPT = (
    "This change is not kept: the record stays as it was. To remove it, delete it, or withdraw it with the "
    "person's receipt code."
)


@dataclass(frozen=True)
class Refusal:
    """Why nothing of an entry may be kept, not even as an unfinished one."""

    title: str
    text: str
    question: str
    """The question whose answer it is."""


def refusal(values: Values, *, edited: bool) -> Refusal | None:
    """Why nothing of these answers may be kept; None if they may. Consent that was not asked for yet is not refused.

    `edited`: the answers change an existing record.
    """
    if consent_refused(values):
        return Refusal("The person said no", CHANGE_NOT_KEPT if edited else NOTHING_KEPT, RECORD)
    if unaccompanied(values):
        why = CHANGE_NOT_KEPT if edited else NOTHING_THROWN_AWAY
        return Refusal("Under 16, and nobody is with them", f"{UNACCOMPANIED} {why}", GUARDIAN)
    return None


def private_lines(kind: Kind, pointed_out: Mapping[str, Sequence[str]]) -> str:
    """What may point to one person, under the titles of its questions."""
    return "\n".join(
        titled(kind.fields[name].title, sentence)
        for name, sentences in pointed_out.items()
        for sentence in sentences
    )


def done(saved: Saved, width: int) -> Content:
    """The page after a save: what was saved, the receipt code, and what comes next."""
    room = max(20, width)
    mark: tuple[str, str] = (SAVED, "bold $accent")
    if not saved.code:
        return Content.assemble(
            mark,
            "\n\n",
            plain(fit(saved.line, room)),
            "\n\n",
            *_next_step(saved.next_step, room),
            "\n",
            *_key("another", "another"),
            *_key("correct", "correct it"),
            *_key("done", "back"),
        )
    lines = [
        *wrapped(PURPOSE, room),
        *wrapped(AGAIN.format(key_of("last-code", EVERYWHERE).upper()), room),
    ]
    # On a low screen the last lines may be out of view: the keys must not be among them.
    return Content.assemble(
        mark,
        "  ",
        plain(fit(saved.line, room - 9)),
        "\n\n",
        (f"{TITLE}   ", "bold"),
        (f"{saved.code}\n\n" if large_text(saved.code, room) else "\n", "bold $accent"),
        ("\n".join(large_text(saved.code, room) or framed(saved.code)), "bold $accent"),
        "\n\n",
        *_key("another", "the person has it: next person"),
        *_key("has-code", "the person has it: back"),
        *_key("correct", "correct what was typed"),
        *_key("withdraw", "withdraw: the person changed their mind"),
        *_key("slip", "a slip to print"),
        "\n",
        ("\n".join(lines), "$text-muted"),
    )


def _next_step(next_step: str, width: int) -> list[tuple[str, str]]:
    if not next_step:
        return []
    keys = f"{key_of('worried', FORM)} and {key_of('passed-on', SAFEGUARDING)}"
    passed_on = f"Then press {keys}, and write down whom you told."
    return [
        ("\n".join(wrapped(next_step, width)) + "\n", "bold"),
        ("\n".join(wrapped(passed_on, width)) + "\n", ""),
    ]


def withdrawn() -> Content:
    """The page after withdrawing what was just saved."""
    return Content.assemble(
        ("✓ withdrawn", "bold $accent"),
        "\n\nNothing of it is kept.\n\n\n",
        *_key("another", "next person"),
        *_key("done", "back"),
    )


def _key(command: str, label: str) -> list[str | tuple[str, str]]:
    return [(f"{key_of(command, FORM):<6}", "bold $accent"), f"{label}\n"]
