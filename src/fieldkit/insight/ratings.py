"""How people rated the services, the providers and what their feedback is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fieldkit.insight.frames import SEPARATOR, several
from fieldkit.insight.model import Rating, Theme
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import Terms, labelled

if TYPE_CHECKING:
    import pandas as pd

OTHERS = "others"
"""The code of the row for the providers that are not among the first."""
TOP_PROVIDERS = 20
_GOOD, _BAD = ("1", "2"), ("4", "5")
_OTHERS = SEPARATOR
"""No provider is called that: text is cleaned of it."""


def percent(part: int, whole: int) -> int | None:
    """`part` of `whole` as a whole percentage, halves up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def overall(feedback: pd.DataFrame) -> Rating:
    """Ratings of all services together."""
    return _rating("", "all services", feedback["rating"].value_counts(dropna=False).items())


def by_service(feedback: pd.DataFrame, terms: Terms | None = None) -> list[Rating]:
    """Ratings for each service area, the most spoken of first; "service not said" last."""
    spec = kind("feedback").fields["service_area"]
    return _ordered(
        _rating(code, labelled(spec, code, terms or {}) or "service not said", answers)
        for code, answers in _answers(feedback["service_area"].astype(object), feedback["rating"])
    )


def by_provider(feedback: pd.DataFrame, top: int = TOP_PROVIDERS) -> list[Rating]:
    """Ratings for the providers most spoken of, then "other providers" and "provider not said".

    Spellings that differ in capitals and spaces alone are one provider, under the spelling used most.
    """
    spelt: dict[str, str] = {}
    for words in feedback["provider"].value_counts().index:
        spelt.setdefault(_spelling(words), words)
    provider = (
        feedback["provider"]
        .astype(object)
        .map({words: spelt[_spelling(words)] for words in feedback["provider"].cat.categories})
    )
    said = provider.value_counts()
    shown = set(sorted(said.index, key=lambda words: (-said[words], words))[:top])
    grouped = provider.where(provider.isna() | provider.isin(shown), _OTHERS)
    last = {"": "provider not said", _OTHERS: "other providers"}
    return _ordered(
        _rating(OTHERS if words == _OTHERS else words, last.get(words, words), answers)
        for words, answers in _answers(grouped, feedback["rating"])
    )


def by_theme(feedback: pd.DataFrame) -> tuple[list[Theme], int]:
    """Every theme that was named, the most frequent first, and how many feedbacks name none."""
    import pandas as pd

    themes = several(feedback["themes"])
    ratings = feedback["rating"].astype(object).reindex(themes.index)
    counted: dict[str, list[int]] = {}
    for (code, rating), number in (
        pd.DataFrame({"theme": themes, "rating": ratings}).value_counts(dropna=False).items()
    ):
        at = 0 if rating in _GOOD else 1 if rating in _BAD else 2
        counted.setdefault(code, [0, 0, 0])[at] += int(number)
    listed = {entry.code: entry for entry in code_list("theme").entries}
    order = {code: at for at, code in enumerate(listed)}
    rows = [
        Theme(
            code,
            listed[code].label if code in listed else code,
            listed[code].get("group") if code in listed else "",
            sum(split),
            *split,
        )
        for code, split in counted.items()
    ]
    rows.sort(key=lambda row: (-row.count, order.get(row.code, len(order)), row.code))
    return rows, int(feedback["themes"].isna().sum())


def _answers(by: pd.Series, rating: pd.Series) -> Iterator[tuple[str, list[tuple[Any, int]]]]:
    """Each value of `by` ("" for missing) with its counts of ratings (missing ones too)."""
    import pandas as pd

    found: dict[str, list[tuple[Any, int]]] = {}
    pairs = pd.DataFrame({"by": by, "rating": rating.astype(object)})
    for (value, answer), number in pairs.value_counts(dropna=False).items():
        found.setdefault(value if isinstance(value, str) else "", []).append((answer, number))
    yield from found.items()


def _rating(code: str, label: str, counted: Iterable[tuple[Any, int]]) -> Rating:
    answers = {entry.code: 0 for entry in code_list("fft_rating").entries}
    not_asked = 0
    for answer, number in counted:
        if answer in answers:
            answers[answer] += int(number)
        else:
            not_asked += int(number)
    total = sum(answers.values())
    good, bad = (percent(sum(answers[one] for one in codes), total) for codes in (_GOOD, _BAD))
    return Rating(code, label, answers, total, good, bad, not_asked)


def _ordered(rows: Iterable[Rating]) -> list[Rating]:
    return sorted(
        rows, key=lambda row: (row.code == "", row.code == OTHERS, -row.total - row.not_asked, row.label)
    )


def _spelling(words: str) -> str:
    return "".join(words.casefold().split())
