"""Every message that a catalogue translates: the sentences for respondents, and what the model asks them.

Names of languages are left out: they come from Babel's tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind

ASKED = {
    "feedback": (
        "consent_record",
        "consent_quote",
        "consent_contact",
        "rating",
        "experience",
        "service_area",
        "role",
        "expectation",
        "need",
        "aspiration",
    ),
}
"""Kind -> the questions that respondents read, besides the monitoring ones."""


class Message(NamedTuple):
    """One message: the English, and the code list whose answer it is, "" for a sentence."""

    english: str
    context: str = ""


def respondent_fields() -> Iterator[FieldSpec]:
    """The fields whose questions respondents read, each question once."""
    for name, asked in ASKED.items():
        fields = kind(name).fields
        yield from (fields[each] for each in asked)
        yield from (spec for spec in fields.values() if spec.monitoring)


def respondent_messages() -> tuple[Message, ...]:
    """Every message, each once: sentences, questions with their reasons, answers."""
    found = dict.fromkeys(Message(str(text)) for text in RespondentText)
    for spec in respondent_fields():
        found[Message(spec.asked)] = None
        if spec.monitoring:
            found[Message(spec.help)] = None
        if spec.codes and spec.codes != "language":
            for entry in spec.code_list.entries:
                if entry.role != "not-asked":
                    found[Message(entry.label, spec.codes)] = None
                if group := entry.get("group"):
                    found[Message(group, spec.codes)] = None
    return tuple(found)
