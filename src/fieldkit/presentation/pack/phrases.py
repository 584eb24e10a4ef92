"""The sentences of a pack: patterns filled with printed figures. Nothing here ranks groups or names a cause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from fieldkit.importing.figures.populations import SHIPPED
from fieldkit.insight.utilisation.group_use import GroupUse
from fieldkit.printed_figure import Figure, Shown

DIFFERENCE = "This is a difference in use. It does not say that need was met or unmet."
CHOSE_TO_SPEAK = "They chose to speak: they do not represent all patients."
VISITS = "Visits are counted, not people: somebody who came twice counts twice."
_MOST_NAMED = 5
FORBIDDEN = ("significant", "caused", "hard to reach", "hard-to-reach", "proves")
"""Words that a pack never uses about its figures."""
_FORBIDDEN = re.compile(r"\b(?:" + "|".join(FORBIDDEN) + r")\b", re.IGNORECASE)


def forbidden_words(text: str) -> list[str]:
    """The forbidden words in a text that a person wrote, in lower case, each once."""
    return sorted({match.casefold() for match in _FORBIDDEN.findall(text)})


def decimal(value: float | None, places: int = 1) -> Figure | None:
    """A published or computed number from a provider's figures, rounded half up as printed."""
    if value is None or value != value or abs(value) == float("inf"):
        return None
    if not places:
        return Shown(int(value + 0.5))
    return Shown(Decimal(int(value * 10**places + 0.5)).scaleb(-places))


def use_sentence(group: GroupUse, unit: str) -> str:
    """What a ratio says, in words; "" if there is none."""
    ratio = group.ratio
    if ratio is None or ratio.value is None:
        return ""
    low, high = _rounded(ratio.lower), _rounded(ratio.upper)
    limits = f"{low} or more" if high == "" else f"{low} to {high}"
    return (
        f"For every 100 {unit or 'contacts'} expected if all groups used the service alike, there were "
        f"{_rounded(ratio.value)} of people recorded as {group.label} (95 % interval {limits})."
    )


def population_name(source: str) -> str:
    """How to cite a population: the shipped census with its publisher and licence, any other by its name in the kit."""
    if source == SHIPPED:
        return "Census 2021, ethnic group by district, Office for National Statistics, Open Government Licence v3.0"
    return source


def places(names: Sequence[str]) -> str:
    """Districts beside a table or chart: their names, or only their number; the head of the pack names them all."""
    return ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} districts"


def at_most(sentences: Sequence[str], sign: str = " ") -> str:
    """The first few sentences joined, and how many more there are."""
    more = len(sentences) - _MOST_NAMED
    return sign.join([*sentences[:_MOST_NAMED], *([f"And {more} more."] if more > 0 else [])])


def rating_sentence(people: str, service: str, share: str, limits: str) -> str:
    """How people rated a service; all parts as printed."""
    return f"{people} people rated {service}; {share} said good or very good{limits}. {CHOSE_TO_SPEAK}"


def _rounded(value: float | None) -> str:
    figure = decimal(value)
    return "" if not isinstance(figure, Shown) else f"{figure.value:,}"
