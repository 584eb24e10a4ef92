"""How people rated the services, the providers and what their feedback is about.

Every function takes comments with a column `person` (see `people.with_person`) and counts people: each once in a row,
with the rating that they gave last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from fieldkit.insight.frames import SEPARATOR, several
from fieldkit.insight.model import BASE, SMALL_BASE, Rating, Theme
from fieldkit.insight.people import latest, spelling
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
_Z = NormalDist().inv_cdf(0.975)


def percent(part: int, whole: int) -> int | None:
    """`part` of `whole` as a whole percentage, halves up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % limits of `part` of `whole` (above 0), in per cent with one decimal."""
    share, room = part / whole, _Z * _Z / whole
    middle = share + room / 2
    half = _Z * ((share * (1 - share) + room / 4) / whole) ** 0.5
    low, high = ((middle - half) / (1 + room), (middle + half) / (1 + room))
    return round(100 * max(0.0, low), 1), round(100 * min(1.0, high), 1)


def overall(comments: pd.DataFrame) -> Rating:
    """Ratings of all services together."""
    return _rating("", "all services", latest(comments)["rating"].value_counts(dropna=False).items())


def by_service(comments: pd.DataFrame, terms: Terms | None = None) -> list[Rating]:
    """Ratings for each service, the most spoken of first; "service not said" last.

    A service that others are kinds of (cancer: prostate cancer) holds their people too; they follow directly beneath it.
    """
    import pandas as pd

    spec = kind("feedback").fields["service_area"]
    comments = pd.DataFrame(
        {
            "person": comments["person"],
            "by": comments["service_area"].astype(object),
            "rating": comments["rating"],
            "date": comments["date"],
            "created": comments["created"],
            "record_id": comments["record_id"],
        }
    )
    parts = [comments]
    while True:
        above = parts[-1].assign(by=parts[-1]["by"].map(_parents()))
        above = above[above["by"].notna()]
        if above.empty:
            break
        parts.append(above)
    every = latest(pd.concat(parts, ignore_index=True), ("person", "by"))
    rows = _ordered(
        _rating(
            code,
            labelled(spec, code, terms or {}) or "service not said",
            answers,
            parent=_parents().get(code, ""),
        )
        for code, answers in _answers(every["by"], every["rating"])
    )
    return list(_beneath(rows, ""))


@cache
def _parents() -> dict[str, str]:
    """Each service that is a kind of another -> that other."""
    return {
        entry.code: entry.get("parent") for entry in code_list("service_area").entries if entry.get("parent")
    }


def _beneath(rows: list[Rating], parent: str) -> Iterator[Rating]:
    for row in rows:
        if row.parent == parent:
            yield row
            if row.code:
                yield from _beneath(rows, row.code)


def by_provider(comments: pd.DataFrame, top: int = TOP_PROVIDERS) -> list[Rating]:
    """Ratings for the providers most spoken of, then "other providers" and "provider not said".

    Spellings that people take for one are one provider, under the spelling used most; of several, the first by alphabet.
    """
    folds = spelling(comments["provider"])
    written = Counter(dict(comments["provider"].value_counts()))
    label: dict[str, str] = {}
    for words, fold in sorted(
        {
            (words, fold)
            for words, fold in zip(comments["provider"].astype(object), folds, strict=True)
            if words == words and words
        },
        key=lambda pair: (-written[pair[0]], pair[0]),
    ):
        label.setdefault(fold, words)
    people = latest(comments.assign(by=folds.map(label)), ("person", "by"))
    provider = people["by"]
    times = provider.value_counts()
    shown = set(sorted(times.index, key=lambda words: (-times[words], words))[:top])
    grouped = provider.where(provider.isna() | provider.isin(shown), _OTHERS)
    last = {"": "provider not said", _OTHERS: "other providers"}
    return _ordered(
        _rating(OTHERS if words == _OTHERS else words, last.get(words, words), answers)
        for words, answers in _answers(grouped, people["rating"])
    )


def by_theme(comments: pd.DataFrame) -> tuple[list[Theme], int]:
    """Every theme that was named, the most frequent first, and how many people named none."""
    import pandas as pd

    named = several(comments["themes"])
    people = latest(comments)
    rating_of = pd.Series(people["rating"].astype(object).to_numpy(), index=people["person"].to_numpy())
    mentions = named.value_counts()
    pairs = pd.DataFrame(
        {"person": comments["person"].reindex(named.index), "theme": named}
    ).drop_duplicates()
    pairs["rating"] = pairs["person"].map(rating_of)
    counted: dict[str, list[int]] = {}
    for (code, rating), number in pairs[["theme", "rating"]].value_counts(dropna=False).items():
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
            positive=split[0],
            negative=split[1],
            neither=split[2],
            comments=int(mentions[code]),
        )
        for code, split in counted.items()
    ]
    rows.sort(key=lambda row: (-row.count, order.get(row.code, len(order)), row.code))
    return rows, len(people) - int(pairs["person"].nunique())


def _answers(by: pd.Series, rating: pd.Series) -> Iterator[tuple[str, list[tuple[Any, int]]]]:
    """Each value of `by` ("" for missing) with its counts of ratings (missing ones too)."""
    import pandas as pd

    found: dict[str, list[tuple[Any, int]]] = {}
    pairs = pd.DataFrame({"by": by, "rating": rating.astype(object)})
    for (value, answer), number in pairs.value_counts(dropna=False).items():
        found.setdefault(value if isinstance(value, str) else "", []).append((answer, number))
    yield from found.items()


def _rating(code: str, label: str, counted: Iterable[tuple[Any, int]], parent: str = "") -> Rating:
    answers = {entry.code: 0 for entry in code_list("fft_rating").entries}
    not_asked = 0
    for answer, number in counted:
        if answer in answers:
            answers[answer] += int(number)
        else:
            not_asked += int(number)
    total = sum(answers.values())
    good, bad = (sum(answers[each] for each in codes) for codes in (_GOOD, _BAD))
    if total < BASE:
        return Rating(code, label, answers, total, None, None, not_asked, parent, SMALL_BASE)
    return Rating(
        code,
        label,
        answers,
        total,
        percent(good, total),
        percent(bad, total),
        not_asked,
        parent,
        "",
        interval(good, total),
        interval(bad, total),
    )


def _ordered(rows: Iterable[Rating]) -> list[Rating]:
    return sorted(
        rows, key=lambda row: (row.code == "", row.code == OTHERS, -row.total - row.not_asked, row.label)
    )
