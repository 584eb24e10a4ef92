"""The caveats of a comparison of use, a sentence each: those for all figures, and those for each group."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.insight.utilisation.comparison import MOST_NOT_STATED
from fieldkit.insight.utilisation.group_use import GroupUse, Use
from fieldkit.presentation.utilisation.use_report import Basis
from fieldkit.text import capitalised, ended

DIFFERENCE = "This is a difference in use. It does not say that need was met or unmet."
CRUDE = "Ages are not allowed for: all ages are counted. If the service takes adults, young communities look under-served."
RESIDENTS = "Residents of the districts are compared; NHS counts follow registration with a practice."
CLASSIFICATION = "Gypsy, Irish Traveller and Roma people count with other White groups, Arab people with any other ethnic group."
DIMENSIONS = {
    "ethnic": "ethnic group",
    "orientation": "sexual orientation",
    "carer": "caring for somebody",
}
"""Names of dimensions that would not be clear from their code alone."""
_REASONS = {
    "nobody": "Nobody of this group lives in the area.",
    "no population": "The population of this group is not known.",
    "nothing": "Nothing was counted in any group.",
    "several": "A person may be in several groups.",
}


def caveats(use: Use, basis: Basis) -> list[str]:
    """What a reader needs to know before using any of these figures, the most serious first."""
    return [*_of_the_file(use, basis), *_of_the_comparison(use, basis)]


def _of_the_file(use: Use, basis: Basis) -> Iterator[str]:
    if basis.left_out:
        yield ended(f"Not matched to a group, and left out: {', '.join(basis.left_out)}")
    if basis.added:
        yield ended(f"Added to another label of the same group: {', '.join(basis.added)}")
    if basis.not_available:
        yield ended(f"Not available in the source, and left out: {', '.join(basis.not_available)}")
    if basis.missing:
        yield ended(f"Not in the source at all: {', '.join(basis.missing)}")
    if use.hidden:
        left_out = "" if use.rate is None else ", and left out of the common rate"
        yield ended(f"Hidden in the source{left_out}: {', '.join(use.hidden)}")
    if basis.unit:
        yield f"The figures count {basis.unit}{'' if basis.unit == 'people' else ', not people'}."
    else:
        yield "It is not known whether the figures count people, referrals or contacts."
    percent, by = use.not_stated_percent, DIMENSIONS.get(use.dimension, use.dimension)
    group = capitalised(by)
    if percent is None and use.not_stated is None:
        yield "It is not known for how many the group is not stated."
    elif percent is None and use.not_stated is not None:
        yield f"{group} is not stated for {use.not_stated.interval}."
    elif percent is not None and percent > MOST_NOT_STATED:
        yield f"{group} is not stated for {percent:.1f} %: above {MOST_NOT_STATED} %, no ratio is given."
    else:
        yield f"{group} is not stated for {percent:.1f} %."
    if basis.rounded_to:
        yield f"The source rounds its numbers to {basis.rounded_to}: each is known within bounds."
    elif not basis.rules_known:
        # For a stored data set this was asked; for a file, an option gives it.
        hint = "" if basis.dataset else ": see --source"
        yield f"It is not known whether the source rounds its numbers, and what its stars hide{hint}."
    if use.five and (apart := _apart(use)):
        yield apart


def _apart(use: Use) -> str:
    known = [group.observed.number for group in (*use.five, *use.groups)]
    if None in known:
        return ""
    broad = sum(group.observed.number or 0 for group in use.five)
    fine = sum(group.observed.number or 0 for group in use.groups)
    if broad == fine:
        return ""
    return f"The broad groups add up to {broad:,}, the finer ones to {fine:,}, as published."


def _of_the_comparison(use: Use, basis: Basis) -> Iterator[str]:
    if use.population is None:
        by = DIMENSIONS.get(use.dimension, use.dimension)
        if basis.problem or not basis.population_file:
            yield f"There are no residents by {by} to compare with. {basis.problem}".strip()
            return
        yield f"“{basis.population_file}” has no numbers by {by}: there is nothing to compare with."
        return
    if any(group.no_ratio == "several" for group in use.groups):
        yield "A person may be in several groups: no ratio is given."
    if use.rate is None:
        return
    yield DIFFERENCE
    if use.by_age:
        yield "Ages are allowed for."
    elif basis.ages:
        yield f"Residents of {basis.ages} are counted; their ages are not allowed for otherwise."
    else:
        yield CRUDE
    if basis.population_year and basis.population_year not in basis.period:
        yield f"Residents of {basis.population_year}{f', use of {basis.period}' if basis.period else ''}."
    yield RESIDENTS
    if basis.added_up:
        yield CLASSIFICATION
    if (spread := use.overdispersion) is not None and spread.widen:
        yield f"The groups differ {spread.phi:.0f} times as much as chance alone would make them. Limits are not widened for it."


def group_caveats(group: GroupUse, use: Use, basis: Basis) -> list[str]:
    """What must be shown beside one group's figure: its own caveats, then those of every ratio."""
    own = list(_of_group(group, use, basis))
    if group.no_ratio:
        return own
    shared = [DIFFERENCE]
    if not use.by_age:
        shared.append(
            CRUDE if not basis.ages else f"Residents of {basis.ages}; ages are not allowed for otherwise."
        )
    if basis.unit != "people":
        shared.append(f"Counts {basis.unit}, not people." if basis.unit else "The unit is not known.")
    return own + shared


def _of_group(group: GroupUse, use: Use, basis: Basis) -> Iterator[str]:
    if group.no_ratio == "hidden":
        yield f"Hidden in the source ({group.observed.interval}): no ratio."
    elif group.no_ratio == "not stated":
        yield f"Not stated for {use.not_stated_percent or 0:.1f} % of all: no ratio."
    elif group.no_ratio:
        yield _REASONS[group.no_ratio]
    if group.population is not None and (group.observed.number or 0) > group.population:
        yield f"More {basis.unit or 'are counted'} than residents: a person can count more than once."
    if group.uncertain:
        yield "This group's recording rarely agrees with the census."
    if group.no_ratio or group.ratio is None:
        return
    if group.rounding and group.rounding[0] != group.rounding[1]:
        least, most = group.rounding
        until = "without bound" if most is None else f"to {most:.1f}"
        yield f"Rounded in the source: the ratio is from {least:.1f} {until}."
    if use.not_stated_percent:
        yield _not_stated(group, use)
    if not use.by_age and group.adult_share is not None and group.adult_share < 1:
        share = round(100 * (1 - group.adult_share))
        if share and not basis.ages:
            yield f"The ratio would be 100 if {share} % fewer of this group than of all residents were adults."


def _not_stated(group: GroupUse, use: Use) -> str:
    percent = f"{use.not_stated_percent:.1f} %"
    if group.needed is None or group.needed < 0:
        least = group.without_not_stated
        if least is None:
            return f"Not stated for {percent} of all."
        return f"Not stated for {percent} of all: if none of them were of this group, the ratio would be {least:.1f}."
    if group.needed_percent is None:
        return f"Not stated for {percent} of all."
    if group.needed_percent > 100:
        return f"Not stated for {percent} of all: even if all of them were of this group, the ratio would be below 100."
    return (
        f"Not stated for {percent} of all: {group.needed:,.0f} of them ({group.needed_percent:.1f} %) "
        "would bring the ratio to 100."
    )
