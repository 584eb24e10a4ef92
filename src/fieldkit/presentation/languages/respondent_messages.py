"""Every message that a catalogue translates: the sentences for respondents, and what the model asks them.

Names of languages are left out: they come from Babel's tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, kind, kinds
from fieldkit.records.schema.pages import Page

VOLUNTEERS_OWN = frozenset({"whose_words"})
"""Questions on a stall's pages that the volunteer answers, never the respondent."""

SIGN_IN_CONSENTS = ("consent_record", "consent_contact")
"""Questions about a person on each line of the sign-in sheet, besides name and organisation."""
LANGUAGES = "language"
"""The code list of languages."""
_ONE_MEANING = frozenset({"yes", "no", "prefer not to say"})
"""Answers of several lists that mean the same in each."""


class Message(NamedTuple):
    """One message: the English text, and the code list if it is an answer ("" for a sentence)."""

    english: str
    context: str = ""


def respondent_fields(kind: Kind, page: Page) -> tuple[FieldSpec, ...]:
    """The questions of a page that respondents read, those on request last."""
    return tuple(kind.fields[name] for name in page.all_fields if name not in VOLUNTEERS_OWN)


def respondent_messages() -> tuple[Message, ...]:
    """Every message, each once: sentences, questions with their reasons, answers."""
    messages = dict.fromkeys(Message(str(text)) for text in RespondentText)
    for each in kinds().values():
        for page in each.pages:
            if page.reason:
                messages[Message(page.reason)] = None
            for spec in respondent_fields(each, page):
                messages |= dict.fromkeys(_messages_of(spec))
    for name in SIGN_IN_CONSENTS:
        messages |= dict.fromkeys(_messages_of(kind("person").fields[name]))
    return tuple(messages)


@cache
def words_of_several_lists() -> frozenset[str]:
    """English answers that have different meanings in several lists, so that languages word them differently.

    An Irish person and the Irish language are two words in Polish. Names of languages are included.
    """
    lists: dict[str, set[str]] = {entry.label: {LANGUAGES} for entry in code_list(LANGUAGES).entries}
    for message in respondent_messages():
        lists.setdefault(message.english, set()).add(message.context)
    return frozenset(english for english, names in lists.items() if len(names) > 1) - _ONE_MEANING


def _messages_of(spec: FieldSpec) -> Iterator[Message]:
    yield Message(spec.asked)
    if spec.monitoring:
        yield Message(spec.help)
    if spec.codes and spec.codes != LANGUAGES:
        for entry in spec.code_list.entries:
            if entry.role != "not-asked":
                yield Message(entry.label, spec.codes)
            if group := entry.get("group"):
                yield Message(group, spec.codes)
