"""Catalogues: what a respondent reads, in one language each.

The English sentence is the key. A sentence that a catalogue lacks is shown in English behind `[EN]`, so that nobody mistakes
it for a translation. Translations are gettext files (.po), read by Babel: fieldkit's own in `translations/`, and those that
somebody put into the kit's folder `languages`, which override fieldkit's own for the same language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from babel import Locale, UnknownLocaleError

from fieldkit.presentation.languages.po_file import PoFile, PoRefused, dropped_files, read_po_file
from fieldkit.presentation.languages.respondent_messages import LANGUAGES, words_of_several_lists
from fieldkit.presentation.languages.respondent_text import NOTICE, NOTICE_VERSION, WITH_LOCK, RespondentText
from fieldkit.records.schema.codes import code_list

ENGLISH = "en"
FOLDER = "languages"
"""The kit's folder for further catalogues."""

NOT_TRANSLATED = "[EN] "
"""Precedes an English sentence that a catalogue does not translate."""

OWN = ("pa", "ur", "pl")
"""The languages that come with fieldkit besides English, in the order in which they are offered."""


@dataclass(frozen=True)
class Catalogue:
    """One language. `name` is its own name for itself, `english_name` the English one; `version` is that of the translation.

    `draft`: no native speaker has read it yet; every form and screen in it says so. `mark` is "" for fieldkit's own
    catalogues. For a file that somebody put into the kit it is the start of its SHA-256, which distinguishes such files.
    """

    code: str
    name: str
    english_name: str
    version: str = NOTICE_VERSION
    draft: bool = False
    right_to_left: bool = False
    mark: str = ""
    messages: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(context, English) -> translation; the context is "" or the name of a code list."""

    def has(self, english: str, context: str = "") -> bool:
        """Whether there is a translation, or none is needed."""
        return self.code == ENGLISH or (context, english) in self.messages or ("", english) in self.messages

    def text(self, english: str, context: str = "", **values: object) -> str:
        """The sentence in this language, with `{names}` replaced by `values`; if it is missing, in English with a mark.

        `context` is the name of an answer's code list: some languages word "other" differently in each.
        """
        messages = self.messages
        translation = messages.get((context, english)) or messages.get(("", english))
        sentence = str(translation or (english if self.code == ENGLISH else NOT_TRANSLATED + english))
        for name, value in values.items():
            sentence = sentence.replace(f"{{{name}}}", str(value))
        return sentence

    def answer(self, list_name: str, code: str, label: str = "") -> str:
        """An answer of a code list in this language. `label` is its English label if the list does not know the code.

        Names of languages come from Babel's tables, unless a catalogue has them. If the same English is also an answer of
        another list, the catalogue has them under the name of the list.
        """
        english = code_list(list_name).label(code)
        english = label if english == code and label else english
        if list_name == LANGUAGES and not self._names_language(english):
            return self._language_names.get(code) or self.text(english, list_name)
        return self.text(english, list_name)

    def notice(self, network: str = "", *, locked: bool = False) -> tuple[str, ...]:
        """The sentences of the notice, in order; `locked`: a passphrase locks the kit that keeps the answers.

        Paper is not locked, and nobody knows which kit it will be entered into.
        """
        name = network or self.text(RespondentText.OUR_NETWORK)
        return tuple(
            self.text(sentence, network=name)
            for sentence in NOTICE
            if locked or sentence is not RespondentText.NOTICE_LOCKED
        )

    def notice_version(self, *, locked: bool = False) -> str:
        """The version of the notice and its language, as stored with the consent. `locked` as for the notice."""
        version = NOTICE_VERSION + WITH_LOCK * locked
        if self.code == ENGLISH and not self.mark:
            return f"{version}, English"
        state = " draft" if self.draft else ""
        mark = f" (file {self.mark})" if self.mark else ""
        return f"{version}, {self.english_name} {self.version}{state}{mark}"

    def _names_language(self, english: str) -> bool:
        if self.code == ENGLISH or (LANGUAGES, english) in self.messages:
            return True
        return ("", english) in self.messages and english not in words_of_several_lists()

    @cached_property
    def _language_names(self) -> Mapping[str, str]:
        try:
            names: Mapping[str, str] = Locale.parse(self.code).languages
        except (UnknownLocaleError, ValueError):
            return {}
        return names


@dataclass(frozen=True)
class Languages:
    """The catalogues of a kit, English first, and a sentence for each file that could not be used, or only in part."""

    catalogues: tuple[Catalogue, ...]
    problems: tuple[str, ...] = ()


def catalogue(code: str, kit_folder: Path | None = None) -> Catalogue:
    """The catalogue of a language; English if there is none."""
    known = {each.code: each for each in languages(kit_folder)}
    return known.get(code, known[ENGLISH])


def languages(kit_folder: Path | None = None) -> tuple[Catalogue, ...]:
    """Every catalogue: English, fieldkit's own, then those in the kit's folder `languages`, by code."""
    return read_languages(kit_folder).catalogues


def read_languages(kit_folder: Path | None = None) -> Languages:
    """Every catalogue, and what was wrong with files in the kit's folder."""
    catalogues = {each.code: each for each in (_english(), *(_own(code) for code in OWN))}
    if kit_folder is None:
        return Languages(tuple(catalogues.values()))
    paths, problems = dropped_files(kit_folder / FOLDER)
    for path in paths:
        try:
            po = read_po_file(path)
        except PoRefused as refused:
            problems.append(str(refused))
            continue
        problems += po.problems
        catalogues[po.code] = _catalogue(po)
    return Languages(tuple(catalogues.values()), tuple(problems))


def _english() -> Catalogue:
    return Catalogue(ENGLISH, "English", "English")


@lru_cache(maxsize=len(OWN))
def _own(code: str) -> Catalogue:
    path = files("fieldkit.presentation.languages") / "translations" / f"{code}.po"
    return _catalogue(read_po_file(path, ours=True))


def _catalogue(po: PoFile) -> Catalogue:
    return Catalogue(
        po.code, po.name, po.english_name, po.version, po.draft, po.right_to_left, po.mark, po.messages
    )
