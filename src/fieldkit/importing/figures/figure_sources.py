"""Known sources of files: what their stars mean, how they round, what they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.importing.figures.label_keys import label_key
from fieldkit.importing.figures.shown_text import CountRules


@dataclass(frozen=True)
class KnownSource:
    """A publisher's rules. `unit`, `who` and `licence` are "" where the source does not state them."""

    name: str
    title: str
    rules: CountRules
    publisher: str = ""
    unit: str = ""
    licence: str = ""
    totals_rounded_apart: bool = False


TT = KnownSource(
    "tt",
    "NHS Talking Therapies",
    CountRules(0, 4, 5, 5),
    "NHS England",
    "referrals",
    "Open Government Licence v3.0",
    totals_rounded_apart=True,
)
SOURCES = {
    "tt": TT,
    "fft": KnownSource("fft", "Friends and Family Test", CountRules(1, 4), "NHS England", "people"),
    "hes": KnownSource(
        "hes", "Hospital Episode Statistics", CountRules(1, 7, 5, 8), "NHS England", "admissions"
    ),
    "ten": KnownSource("ten", "stars for 1 to 9", CountRules(1, 9)),
    "exact": KnownSource("exact", "no stars, no rounding", CountRules()),
}
_TT_COLUMNS = (
    frozenset({"variabletype", "variablea", "variableb", "measurename", "measurestatistic", "value"}),
    frozenset({"variabletype", "variablea", "variableb", "measurename", "measurevaluesuppressed"}),
)


def source_of(headings: Sequence[str]) -> KnownSource | None:
    """The known source whose tables have these headings, or None."""
    keys = {label_key(heading) for heading in headings}
    return TT if any(columns <= keys for columns in _TT_COLUMNS) else None
