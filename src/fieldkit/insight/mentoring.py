"""Mentoring at each level: pairs, sessions, hours, and how ratings changed in pairs that were rated more than once."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from fieldkit.evidence_extra import ExtraMissing
from fieldkit.insight.attendance_counts import NOT_HELD
from fieldkit.insight.statistics.paired_change import paired_change
from fieldkit.insight.summary_model import Change, Level
from fieldkit.records.derived import answer_from
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.parse import labelled

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("confidence", "knowledge", "skills")
_LEVELS = {"": "level not given", NOT_HELD: "mentorship not held here"}


def by_level(mentorships: pd.DataFrame, sessions: pd.DataFrame, people: pd.DataFrame) -> list[Level]:
    """Mentorships and their sessions at each level; the sessions of mentorships not held here come last.

    A mentorship without a level gets that of the mentee's pay band, as on every other way in.
    """
    pair, spec = kind("mentorship"), kind("mentorship").fields["level"]
    band_of = dict(zip(people["record_id"], people["band"].astype(object), strict=True))
    from_band = (
        mentorships["mentee"]
        .astype(object)
        .map(lambda mentee: answer_from(pair, spec, {"band": band_of.get(mentee)}))
    )
    levels = mentorships["level"].astype(object)
    levels = levels.where(levels.notna(), from_band)
    levels = levels.where(levels.notna(), "")
    level_of = dict(zip(mentorships["record_id"], levels, strict=True))
    sessions = sessions.sort_values(["date", "created", "record_id"], kind="stable", na_position="first")
    level = sessions["mentorship"].astype(object).map(lambda key: level_of.get(key, NOT_HELD))
    made = levels.value_counts()
    rows = []
    for code in sorted({*made.index, *level}, key=lambda code: (code == NOT_HELD, code == "", code)):
        at_level = sessions[level == code]
        rows.append(
            Level(
                code,
                _LEVELS.get(code) or labelled(spec, code),
                int(made.get(code, 0)),
                len(at_level),
                _tenths(Fraction(int(at_level["minutes"].sum()), 60)),
                int(at_level["minutes"].isna().sum()),
                *(_change(at_level, name) for name in MEASURES),
            )
        )
    return rows


def _change(sessions: pd.DataFrame, measure: str) -> Change:
    """The change in `sessions`, ordered by date. Two ratings on one day show no change over time: they are one."""
    rated = sessions[sessions[measure].notna()]
    pair = rated["mentorship"].astype(object)
    days = rated["date"].groupby(pair, dropna=False).nunique()
    number = len(days)
    again = set(days[days > 1].index)
    pairs = rated[pair.isin(again)].groupby(pair[pair.isin(again)])[measure]
    if not again:
        return Change(None, None, None, number, 0)
    began = Fraction(int(pairs.first().sum()), len(again))
    came_to = Fraction(int(pairs.last().sum()), len(again))
    changes = [int(change) for change in pairs.last() - pairs.first()]
    return Change(
        _tenths(began),
        _tenths(came_to),
        _tenths(came_to - began),
        number,
        len(again),
        sum(change > 0 for change in changes),
        changes.count(0),
        sum(change < 0 for change in changes),
        len(changes) > 1 and len(set(changes)) == 1,
        _interval(changes),
    )


def _interval(changes: list[int]) -> tuple[float, float] | None:
    """95 % limits of the mean change if they may be printed, to one decimal; none without the extra `evidence`."""
    try:
        limits = paired_change(changes).interval
    except ExtraMissing:
        return None
    return None if limits is None else (round(limits[0], 1), round(limits[1], 1))


def _tenths(value: Fraction) -> float:
    """`value` to one decimal, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) * 10 + Fraction(1, 2)) / 10
