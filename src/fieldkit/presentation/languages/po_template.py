"""The file that a translator fills in: every message with its translation so far, in gettext's format."""

from __future__ import annotations

from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from fieldkit.presentation.languages.catalogue import NOT_TRANSLATED, Catalogue
from fieldkit.presentation.languages.respondent_messages import (
    LANGUAGES,
    respondent_messages,
    words_of_several_lists,
)
from fieldkit.records.schema.codes import code_list

_HEADER = """\
What respondents read. Write the translation of each msgid into its msgstr.
Leave what is in {braces} as it is. Put the file into the folder
"languages" of the kit. An answer of several lists that means another thing
in each has the list's name above it, such as msgctxt "religion". Where one
of the others needs other words in one list, give it again with its name.
The mark "fuzzy" on the first entry makes the translation a draft: take it
away once a native speaker has read it, and raise the version."""


def po_template(code: str, known: Catalogue | None = None) -> bytes:
    """The .po file of a language in UTF-8, marked as a draft; `known` is its catalogue so far.

    Raises:
        ValueError: `code` is not the code of a language.
    """
    catalog = Catalog(code, project="respondents", version=known.version if known else "1", fuzzy=True)
    if catalog.locale_identifier is None:
        raise ValueError(code)
    catalog.header_comment = "\n".join(f"# {line}" for line in _HEADER.splitlines())
    uses: dict[str, list[str]] = {}
    for message in respondent_messages():
        uses.setdefault(message.english, []).append(message.context)
    messages = known.messages if known else {}

    def known_as(context: str, english: str) -> str:
        return messages.get((context, english)) or messages.get(("", english), "")

    for english, contexts in uses.items():
        lists = [context for context in contexts if context]
        if english in words_of_several_lists():
            for context in contexts:
                catalog.add(english, known_as(context, english), context=context or None)
            continue
        catalog.add(
            english, messages.get(("", english), ""), auto_comments=[f"in: {', '.join(lists)}"] * bool(lists)
        )
        for context in lists:
            if own := messages.get((context, english)):
                catalog.add(english, own, context=context)
    by_babel = Catalogue(code, "", "")
    for language in code_list(LANGUAGES).entries:
        if by_babel.answer(LANGUAGES, language.code).startswith(NOT_TRANSLATED) and not language.role:
            catalog.add(language.label, known_as(LANGUAGES, language.label), context=LANGUAGES)
    written = BytesIO()
    write_po(written, catalog, width=120, omit_header=False)
    return written.getvalue()
