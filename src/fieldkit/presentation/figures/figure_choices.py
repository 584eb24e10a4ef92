"""The choices made so far about a file of figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fieldkit.importing.figures.figure_sources import KnownSource
from fieldkit.importing.figures.schemes import LabelMatch
from fieldkit.importing.figures.shown_text import CountRules, Meaning, sign_of
from fieldkit.intervals import Interval

LEFT = LabelMatch("", "", "group")
"""The decision to leave a label unmatched for now."""


@dataclass(frozen=True)
class FigureChoices:
    """Choices about one file; None or empty means not made yet.

    `roles`: part of a figure -> heading. `star`: what a star means; `Interval(0, None)` if nobody knows. `signs`: what
    other signs mean. `round_base`: 0 is "not rounded". `scheme`: `nhs16` or `census19`, for the ethnic groups. `labels`:
    (dimension, key of a label) -> the group that it was confirmed as, or `LEFT`. `understood`: store as "not known" whatever
    may be stored so.
    """

    population: bool = False
    sheet: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    source: KnownSource | None = None
    organisation: str = ""
    measures: tuple[str, ...] = ()
    period: str = ""
    period_days: tuple[str, str] | None = None
    sex: str = ""
    hidden_rows: str = ""
    dimension: str = ""
    scheme: str = ""
    star: Interval | None = None
    signs: Mapping[str, Meaning] = field(default_factory=dict)
    round_base: int | None = None
    unit: str = ""
    who: str = ""
    labels: Mapping[tuple[str, str], LabelMatch] = field(default_factory=dict)
    districts: str = ""
    cycle: str | None = None
    title: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""
    retrieved: str = ""
    leave_refused: bool = False
    understood: bool = False

    def with_(self, **more: Any) -> FigureChoices:
        """These choices with more of them made."""
        return replace(self, **more)

    def label(self, dimension: str, key: str, match: LabelMatch) -> FigureChoices:
        """These choices, with the meaning of one label."""
        return replace(self, labels={**self.labels, (dimension, key): match})

    def sign(self, text: str, meaning: Meaning) -> FigureChoices:
        """These choices, with the meaning of one sign."""
        return replace(self, signs={**self.signs, sign_of(text): meaning})

    def rules(self, known: KnownSource | None) -> CountRules:
        """How figures are read now: as chosen, otherwise as is known of the source."""
        source = self.source or known
        rules = source.rules if source else CountRules()
        if self.star is not None:
            unknown = self.star == Interval(0, None)
            rules = replace(
                rules,
                star_low=None if unknown else self.star.low,
                star_high=None if unknown else self.star.high,
                round_least=0,
            )
        if self.round_base is not None:
            rules = replace(rules, round_base=self.round_base)
        if not rules.round_base:
            rules = replace(rules, round_least=0)
        elif rules.star_high is not None and not rules.round_least:
            # Shown numbers begin above the greatest number that is starred.
            rules = replace(rules, round_least=rules.star_high + 1)
        return replace(rules, means={**rules.means, **self.signs})
