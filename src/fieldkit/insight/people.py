"""From feedback records to comments, and from comments to the people who made them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fieldkit.insight.lazy_pandas import np
from fieldkit.insight.summary_model import Double
from fieldkit.spelling import folded

if TYPE_CHECKING:
    import pandas as pd
else:
    from fieldkit.insight.lazy_pandas import pd

TextDigests = Callable[[list[str]], dict[str, tuple[str, ...]]]
"""Returns the texts of the feedback with these ids: read only for records that may be one row of a file twice."""

_ORDER = ["date", "created", "record_id"]


def no_digests(record_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """For feedback without any words."""
    return {}


def spelling(column: pd.Series) -> pd.Series:
    """Each text of a column of categories as `folded` returns it, equal for spellings of one name; None for missing values."""
    spelt = np.array([*map(folded, column.cat.categories), None], dtype=object)
    return pd.Series(spelt[column.cat.codes], index=column.index, dtype=object)


def under_own_names(feedback: pd.DataFrame, name_of: Callable[[str], str]) -> pd.DataFrame:
    """The feedback with each provider renamed by `name_of`, so that spellings bound to a provider count as one."""
    provider = feedback["provider"]
    names = [name_of(name) for name in provider.cat.categories]
    if names == list(provider.cat.categories):
        return feedback
    known = list(dict.fromkeys(names))
    codes = [known.index(name) for name in names] + [-1]
    renamed = pd.Categorical.from_codes(
        [codes[code] for code in provider.cat.codes], categories=pd.Index(known, dtype=object)
    )
    return feedback.assign(provider=pd.Series(renamed, index=feedback.index))


def comments_of(
    feedback: pd.DataFrame, digests_of: TextDigests = no_digests
) -> tuple[pd.DataFrame, list[Double], int]:
    """The feedback with each row of a file once, the rows that are here several times, and the number of shared references.

    Records are one row if `records.same_feedback.row_key` is equal. A value that one of them lacks is taken from another.
    """
    key = _reference(feedback)
    again = key.duplicated(keep=False)
    if not again.any():
        return feedback, [], 0
    key = key[again]
    candidates = feedback.loc[key.index]
    key["date"], key["rating"] = candidates["date"], candidates["rating"].astype(object)
    digests = digests_of(candidates["record_id"].tolist())
    key["words"] = candidates["record_id"].map(lambda record_id: digests.get(record_id, ()))
    number = key.groupby(list(key.columns), sort=False, dropna=False).ngroup()
    times = number.map(number.value_counts())
    twice = candidates[times > 1]
    shared = key.drop_duplicates().groupby(["provider", "reference"], sort=False).size()
    merged = twice.sort_values(["created", "record_id"]).groupby(number[times > 1], sort=False).first()
    doubles = [
        Double(_text(provider), _text(reference), int(size))
        for provider, reference, size in zip(
            merged["provider"].astype(object),
            merged["reference"].astype(object),
            number[times > 1].value_counts().reindex(merged.index),
            strict=True,
        )
    ]
    doubles.sort(key=lambda double: (double.provider, double.reference))
    if not doubles:
        return feedback, [], int((shared > 1).sum())
    merged = merged.astype(
        {name: str(dtype) for name, dtype in feedback.dtypes.items() if dtype != "category"}
    )
    rest = feedback.drop(index=twice.index)
    return pd.concat([rest, merged[rest.columns]], ignore_index=True), doubles, int((shared > 1).sum())


def _reference(feedback: pd.DataFrame) -> pd.DataFrame:
    """Provider and reference of the feedback that has one."""
    rows = feedback[feedback["reference"].notna()]
    return pd.DataFrame(
        {"provider": spelling(rows["provider"]).fillna(""), "reference": rows["reference"].astype(object)}
    )


def with_person(comments: pd.DataFrame) -> pd.DataFrame:
    """The comments with a column `person`: one number for each respondent ID of a provider, and one for each other comment."""
    person = pd.Series(np.arange(len(comments)), index=comments.index)
    known = comments["respondent"].notna()
    if known.any():
        key = pd.DataFrame(
            {
                "provider": spelling(comments["provider"]).fillna(""),
                "respondent": spelling(comments["respondent"]),
            }
        )[known]
        person[known] = len(comments) + key.groupby(["provider", "respondent"], sort=False).ngroup()
    return comments.assign(person=person)


def latest(comments: pd.DataFrame, by: Sequence[str] = ("person",)) -> pd.DataFrame:
    """One row for each value of the columns `by`, with the last given value of each answer.

    The order is by date, comments without one first; then by recording.
    """
    several = comments.duplicated(list(by), keep=False)
    if not several.any():
        return comments
    repeated = comments[several].sort_values(_ORDER, kind="stable", na_position="first")
    rows = repeated.groupby(list(by), sort=False, dropna=False, observed=True).last().reset_index()
    rest = comments[~several]
    rows = rows[comments.columns].astype(
        {name: str(dtype) for name, dtype in comments.dtypes.items() if dtype != "category"}
    )
    for name, dtype in comments.dtypes.items():
        if dtype == "category":
            rows[name] = pd.Categorical(rows[name].astype(object), dtype=dtype)
    return pd.concat([rest, rows], ignore_index=True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
