"""How people rated the services, the providers and the subjects of their feedback.

Every function takes comments with a column `person` (see `people.with_person`) and counts people: each once in a row, with the
last rating that they gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from fieldkit.insight.frames import SEPARATOR, several
from fieldkit.insight.people import latest, spelling
from fieldkit.insight.statistics.estimates import Estimate
from fieldkit.insight.statistics.friends_and_family import GOOD, POOR, friends_and_family
from fieldkit.insight.summary_model import BASE, SMALL_BASE, Question, Rating, Theme
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import Terms, labelled

if TYPE_CHECKING:
    import pandas as pd
else:
    from fieldkit.insight.lazy_pandas import pd

OTHERS = "others"
"""The code of the row for all providers beyond the first `TOP_PROVIDERS`."""
TOP_PROVIDERS = 20
TOP_QUESTIONS = 20
_THEMES_OF_A_QUESTION = 5
_OTHERS = SEPARATOR
"""No provider has this name: stored text is cleaned of it."""


def overall(comments: pd.DataFrame) -> Rating:
    """Ratings of all services together."""
    return _rating("", "all services", latest(comments)["rating"].value_counts(dropna=False).items())


def by_service(comments: pd.DataFrame, terms: Terms | None = None) -> list[Rating]:
    """Ratings for each service, those with the most feedback first; "service not said" last.

    A service that others are kinds of (cancer: prostate cancer) includes their people; they follow directly beneath it.
    """
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
    """Each service that is a kind of another -> that other service."""
    return {
        entry.code: entry.get("parent") for entry in code_list("service_area").entries if entry.get("parent")
    }


def _beneath(rows: list[Rating], parent: str) -> Iterator[Rating]:
    for row in rows:
        if row.parent == parent:
            yield row
            if row.code:
                yield from _beneath(rows, row.code)


def by_provider(comments: pd.DataFrame) -> list[Rating]:
    """Ratings for the providers with the most feedback, then "other providers" and "provider not said".

    Spellings with equal folds are one provider, under the most frequent spelling; of equally frequent ones, the first by
    alphabet.
    """
    folds = spelling(comments["provider"])
    written = Counter(dict(comments["provider"].value_counts()))
    label: dict[str, str] = {}
    for spelling_used, fold in sorted(
        {
            (spelling_used, fold)
            for spelling_used, fold in zip(comments["provider"].astype(object), folds, strict=True)
            if spelling_used == spelling_used and spelling_used
        },
        key=lambda pair: (-written[pair[0]], pair[0]),
    ):
        label.setdefault(fold, spelling_used)
    people = latest(comments.assign(by=folds.map(label)), ("person", "by"))
    provider = people["by"]
    times = provider.value_counts()
    shown = set(
        sorted(times.index, key=lambda spelling_used: (-times[spelling_used], spelling_used))[:TOP_PROVIDERS]
    )
    grouped = provider.where(provider.isna() | provider.isin(shown), _OTHERS)
    last = {"": "provider not said", _OTHERS: "other providers"}
    return _ordered(
        _rating(
            OTHERS if spelling_used == _OTHERS else spelling_used,
            last.get(spelling_used, spelling_used),
            answers,
        )
        for spelling_used, answers in _answers(grouped, people["rating"])
    )


def by_theme(comments: pd.DataFrame) -> tuple[list[Theme], int]:
    """Every theme that was named, the most frequent first, and the number of people who named none."""
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
        at = 0 if rating in GOOD else 1 if rating in POOR else 2
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


def by_question(comments: pd.DataFrame) -> list[Question]:
    """The questions that comments answer, the most answered first, each with its commonest themes; empty if there are none."""
    question = spelling(comments["question"])
    if not question.notna().any():
        return []
    written = comments["question"].astype(object).groupby(question).first()
    keys = question.fillna("")
    named = several(comments["themes"])
    pairs = pd.DataFrame(
        {"person": comments["person"].reindex(named.index), "by": keys.reindex(named.index), "theme": named}
    ).drop_duplicates()
    times = pairs.groupby(["by", "theme"], sort=True).size()
    listed = {entry.code: entry.label for entry in code_list("theme").entries}
    people = comments["person"].groupby(keys).nunique()
    rows = []
    for key, number in keys.value_counts().items():
        counts = times[key].items() if key in times.index.get_level_values(0) else ()
        most = sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:_THEMES_OF_A_QUESTION]
        labels = [(listed.get(code, str(code)), int(count)) for code, count in most]
        rows.append(Question(str(written.get(key, "")), int(people[key]), int(number), labels))
    rows.sort(key=lambda row: (row.question == "", -row.people, row.question))
    return rows[:TOP_QUESTIONS] + [row for row in rows[TOP_QUESTIONS:] if not row.question]


def _answers(by: pd.Series, rating: pd.Series) -> Iterator[tuple[str, list[tuple[Any, int]]]]:
    """Each value of `by` ("" for missing) with its counts of ratings (missing ones too)."""
    counts: dict[str, list[tuple[Any, int]]] = {}
    pairs = pd.DataFrame({"by": by, "rating": rating.astype(object)})
    for (value, answer), number in pairs.value_counts(dropna=False).items():
        counts.setdefault(value if isinstance(value, str) else "", []).append((answer, number))
    yield from counts.items()


def _rating(code: str, label: str, counted: Iterable[tuple[Any, int]], parent: str = "") -> Rating:
    by_answer: Counter[str] = Counter()
    for answer, number in counted:
        by_answer[answer if isinstance(answer, str) else ""] += int(number)
    result = friends_and_family(by_answer)
    rating = Rating(
        code,
        label,
        result.answers,
        result.base,
        None,
        None,
        sum(result.other_codes.values()),
        parent,
        SMALL_BASE,
    )
    if result.base < BASE:
        return rating
    return replace(
        rating,
        positive_percent=result.percent_good,
        negative_percent=result.percent_poor,
        no_percent="",
        positive_interval=_per_cent(result.share_good),
        negative_interval=_per_cent(result.share_poor),
    )


def _per_cent(share: Estimate | None) -> tuple[float, float] | None:
    """Limits in per cent, to one decimal."""
    if share is None or share.lower is None or share.upper is None:
        return None
    return round(100 * share.lower, 1), round(100 * share.upper, 1)


def _ordered(rows: Iterable[Rating]) -> list[Rating]:
    return sorted(
        rows, key=lambda row: (row.code == "", row.code == OTHERS, -row.total - row.not_asked, row.label)
    )
