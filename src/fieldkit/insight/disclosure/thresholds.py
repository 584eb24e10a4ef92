"""The presets: the thresholds for showing counts, percentages and means."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.errors import Misuse


@dataclass(frozen=True, slots=True)
class Preset:
    """The rules by which single numbers are starred or rounded, before anything is hidden to protect others.

    `threshold`: counts of 1 to threshold - 1 are small. `least_base`: the fewest people for a percentage or mean. `round_to`:
    counts are shown to the nearest multiple (1: exactly). `hides_zero`: 0 is starred like small numbers.
    `hides_zero_of_monitoring`: the same, in tables with a monitoring question. `offered`: may be chosen for writing.
    """

    name: str
    title: str
    threshold: int
    least_base: int = 0
    round_to: int = 1
    hides_zero: bool = False
    hides_zero_of_monitoring: bool = False
    offered: bool = True

    def zero_is_hidden(self, monitoring: bool) -> bool:
        """Whether a count of 0 is starred in a table; `monitoring`: it has a monitoring question."""
        return self.hides_zero or (monitoring and self.hides_zero_of_monitoring)

    def is_small(self, count: int) -> bool:
        """Whether `count` people are few enough to be identified: 1 to threshold - 1."""
        return 1 <= count < self.threshold


FFT = Preset("fft", "1 to 4 are starred, 0 is shown; percentages of 10 people or more", 5, 10)
TEN = Preset(
    "ten", "1 to 9 are starred; percentages of 20 people or more", 10, 20, hides_zero_of_monitoring=True
)
HES = Preset("hes", "1 to 7 are starred, the rest is rounded to the nearest 5", 8, round_to=5)
TT = Preset(
    "tt",
    "below 5 is starred, 0 too, the rest is rounded to the nearest 5",
    5,
    round_to=5,
    hides_zero=True,
    offered=False,
)

PRESETS = {preset.name: preset for preset in (FFT, TEN, HES, TT)}


def preset_named(name: str) -> Preset:
    """The preset of that name, of those offered for writing.

    Raises:
        Misuse: there is none, or it is only for reading other people's files.
    """
    preset = PRESETS.get(name.strip().casefold())
    if preset is not None and preset.offered:
        return preset
    offered = ", ".join(each.name for each in PRESETS.values() if each.offered)
    if preset is not None:
        message = (
            f"The preset {preset.name} is for reading the files of others: its “5” can only be 5, 6 or 7."
        )
    else:
        message = f"There is no preset of that name. The presets are {offered}."
    raise Misuse(message, kept="Nothing was written.", hint=f"Choose one of: {offered}.")
