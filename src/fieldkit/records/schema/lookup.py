"""Finding an answer of a code list by its code or label, in whatever form it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from fieldkit.records.schema.codes import CodeList
from fieldkit.spelling import folded

#: Words that mean "no answer" in coded, date, time, number and link fields.
EMPTY = frozenset(
    {
        "",
        "-",
        "--",
        "–",
        "—",
        "?",
        "n/a",
        "na",
        "not asked",
        "unknown",
        "not known",
        "none given",
        "not applicable",
    }
)
_NOT_ASKED = frozenset({"notasked", "unknown", "notknown", "notrecorded"})
_DECLINED = frozenset(
    {
        "declined",
        "declines",
        "declinedtosay",
        "prefernottosay",
        "prefernottoanswer",
        "rathernotsay",
        "refused",
        "notstated",
    }
)
_NUMBER = re.compile(r"0*([0-9]{1,3})(?:\.0+)?\Z")


@cache
def _table(answers: CodeList) -> dict[str, str]:
    """Every key that names an answer -> its code. Codes take precedence over labels, labels over other words."""
    table: dict[str, str] = {}
    for spellings in (_codes, _labels, _other_words):
        for entry_code, spelling in spellings(answers):
            table.setdefault(folded(spelling), entry_code)
    for entry in answers.entries:
        if entry.role == "not-asked":
            for spelling in _NOT_ASKED:
                table.setdefault(spelling, entry.code)
    if answers.declined:
        for spelling in _DECLINED:
            table.setdefault(spelling, answers.declined)
    return table


def _codes(answers: CodeList) -> Iterator[tuple[str, str]]:
    for entry in answers.entries:
        yield entry.code, entry.code
        if entry.code.isdecimal():
            yield entry.code, str(int(entry.code))


def _labels(answers: CodeList) -> Iterator[tuple[str, str]]:
    for entry in answers.entries:
        for spelling in (entry.label, f"{entry.code} {entry.label}", f"{entry.label} {entry.code}"):
            yield entry.code, spelling


def _other_words(answers: CodeList) -> Iterator[tuple[str, str]]:
    for entry in answers.entries:
        for spelling in filter(None, entry.get("also").split(";")):
            yield entry.code, spelling
            yield entry.code, f"{entry.code} {spelling}"


def _without_letters(answers: CodeList, text: str, added: Mapping[str, str]) -> str | None:
    wanted = _plain(text)
    for spellings in (_codes, _labels, _other_words):
        for entry_code, spelt in spellings(answers):
            if _plain(spelt) == wanted:
                return entry_code
    return next((code for code, label in added.items() if _plain(label) == wanted), None)


def _plain(text: str) -> str:
    """`text` with all dashes alike and without spaces."""
    return "".join(
        "-" if unicodedata.category(letter) == "Pd" else letter for letter in text if not letter.isspace()
    )


def find(answers: CodeList, text: str, added: Mapping[str, str]) -> str | None:
    """The code that `text` means, in the list or among those `added` (code -> label); None if neither has it.

    A number may have leading zeros or ".0", as spreadsheets write them.
    """
    if text in answers.codes or text in added:
        return text
    numeral = _NUMBER.match(text)
    if not numeral and not any(letter.isalpha() for letter in text):
        # "-1" or "(1)" is not 1, and "1-2" is not 12: text without letters matches only a label such as "16-17".
        return _without_letters(answers, text, added)
    wanted = numeral.group(1) if numeral else folded(text)
    table = _table(answers)
    if wanted in table:
        return table[wanted]
    for code, label in added.items():
        if wanted in {folded(code), folded(label), folded(f"{code} {label}")}:
            return code
    return None
