"""A comparison of use with everything that must be shown beside it: its origin and its caveats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fieldkit.insight.statistics.estimates import Estimate
from fieldkit.insight.utilisation.group_use import GroupUse, Observed, Use


@dataclass(frozen=True)
class Basis:
    """The basis of a comparison. Texts are "" if not known."""

    file: str
    organisation: str
    organisation_name: str
    measure: str
    unit: str
    """people, referrals, contacts, admissions."""
    period: str
    districts: tuple[str, ...] = ()
    population_file: str = ""
    population_year: str = ""
    ages: str = ""
    """The ages of the residents that count, "" for all."""
    rounded_to: int = 0
    rules_known: bool = True
    """Whether it is known what the source's stars mean and how it rounds."""
    added_up: bool = False
    """Whether residents were added up from finer groups."""
    left_out: tuple[str, ...] = ()
    """Labels, with their figures, that match no group of the classification."""
    not_available: tuple[str, ...] = ()
    """Labels of groups whose figure the source does not give."""
    added: tuple[str, ...] = ()
    """Labels whose figure was added to another's, since both mean one group."""
    problem: str = ""
    """Why there are no residents, if the reason is other than that the population has no such numbers."""
    missing: tuple[str, ...] = ()
    """Labels of groups of the classification that the source does not have at all."""
    dataset: str = ""
    """The id of the stored data set with the figures; "" if they were read from a file."""


@dataclass(frozen=True)
class UseReport:
    """The comparison, its basis, and its caveats: those for all figures, and those for each group."""

    use: Use
    basis: Basis
    caveats: list[str] = field(default_factory=list)
    of_group: dict[str, list[str]] = field(default_factory=dict)
    """Code of a group -> caveats of its own."""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: an open limit, and what can't be worked out, are null."""
        use, basis = self.use, self.basis
        return {
            "organisation": basis.organisation,
            "organisation_name": basis.organisation_name,
            "measure": basis.measure,
            "unit": basis.unit or "not known",
            "period": basis.period,
            "dimension": use.dimension,
            "districts": list(basis.districts),
            "population_year": basis.population_year,
            "ages": basis.ages or "all ages",
            "standardised": "for age" if use.by_age else "crude",
            "stated": use.stated,
            "population": use.population,
            "rate_per_1000": use.rate,
            "not_stated": _observed(use.not_stated),
            "not_stated_percent": use.not_stated_percent,
            "hidden": use.hidden,
            "groups": {group.code: self._group(group) for group in use.groups},
            "five": {group.code: self._group(group) for group in use.five},
            "all_but_white_british": self._group(use.all_but_reference) if use.all_but_reference else None,
            "overdispersion": None
            if use.overdispersion is None
            else {
                "k": use.overdispersion.number,
                "phi": use.overdispersion.phi,
                "tau2_sqrt_scale": use.overdispersion.tau_squared,
                "chi_square": use.overdispersion.chi_square,
                "limits_widened": False,
            },
            "caveats": self.caveats,
        }

    def _group(self, group: GroupUse) -> dict[str, Any]:
        ratio = group.ratio
        return {
            "label": group.label,
            "shown": group.observed.shown,
            "observed": [group.observed.interval.low, group.observed.interval.high],
            "population": group.population,
            "rate_per_1000": group.rate.value if group.rate else None,
            "rate_95": _limits(group.rate),
            "expected": group.expected,
            "isr": ratio.value if ratio else None,
            "isr_95": _limits(ratio),
            "isr_998": list(group.limits_998) if group.limits_998 else None,
            "rounding": list(group.rounding) if group.rounding else None,
            "rounding_and_chance": list(group.rounding_and_chance) if group.rounding_and_chance else None,
            "flag": group.flag or None,
            "no_ratio": group.no_ratio or None,
            "rate_ratio_to_white_british": _estimate(group.against_reference),
            "rate_ratio_to_rest": _estimate(group.against_rest),
            "not_stated_needed_for_100": group.needed,
            "not_stated_needed_for_100_percent": group.needed_percent,
            "isr_if_none_of_the_not_stated": group.without_not_stated,
            "adult_share_for_100": group.adult_share,
            "shortfall": list(group.shortfall) if group.shortfall else None,
            "uncertain_recording": group.uncertain,
            "caveats": self.of_group.get(group.code, []),
        }


def _observed(observed: Observed | None) -> dict[str, Any] | None:
    if observed is None:
        return None
    return {"shown": observed.shown, "observed": [observed.interval.low, observed.interval.high]}


def _limits(estimate: Estimate | None) -> list[float | None] | None:
    return None if estimate is None else [_finite(estimate.lower), _finite(estimate.upper)]


def _estimate(estimate: Estimate | None) -> list[float | None] | None:
    return None if estimate is None else [_finite(number) for number in estimate]


def _finite(number: float | None) -> float | None:
    return None if number is None or number == float("inf") else number
