"""Comparing all people by name, for a coordinator to decide on. It never joins anybody."""

from __future__ import annotations

from itertools import islice
from time import monotonic

from fieldkit.presentation.people.look_alike_list import LookAlike, look_alikes
from fieldkit.records.people_names.name_index import NameIndex
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Progress, Stored, no_progress
from fieldkit.store.local.known_settings import LOOK_ALIKES
from fieldkit.sync.merge.report import MergeReport
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.text import plural

MOST_COMPARED = 2_000
"""Unless somebody asks for all, this many of the newest people are compared with all others."""
MOST_KEPT = 500
_SECONDS = 2.0
"""How long a merge waits for the comparison, in seconds."""
_SAME_CONTACT, _SAME_ORGANISATION = 0.2, 0.05


def find_look_alikes(
    kit: Kit, on_progress: Progress = no_progress, *, everybody: bool = False, seconds: float = 600
) -> list[LookAlike]:
    """Compare people by name, keep the result for `look_alikes`, and return it. Call it in a thread.

    The newest come first; after `seconds` the rest is left for another time.
    """
    until = monotonic() + seconds
    people = {record_id: name for record_id, name in kit.columns("person", ("record_id", "name")) if name}
    index = NameIndex(people.items())
    compared = list(people)[::-1] if everybody else list(islice(reversed(people), MOST_COMPARED))
    pairs: dict[tuple[str, str], tuple[float, str]] = {}
    for number, person_id in enumerate(compared):
        if number % 100 == 0:
            on_progress(number, len(compared), "comparing names")
        if monotonic() > until:
            break
        for match in index.look_alikes(people[person_id]):
            if match.id != person_id:
                pairs[min(person_id, match.id), max(person_id, match.id)] = match.score, match.why
    held = kit.many("person", {each for pair in pairs for each in pair})
    scored = [
        (score + _evidence(held[first], held[second]), first, second, why)
        for (first, second), (score, why) in pairs.items()
    ]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1:]))[:MOST_KEPT]
    kit.settings.put(
        LOOK_ALIKES,
        [{"one": first, "other": second, "score": score, "why": why} for score, first, second, why in best],
    )
    return look_alikes(kit)


def _evidence(person: Stored, other_person: Stored) -> float:
    """Evidence for one person besides the name: the same contact details, or the same organisation."""

    def same(field: str) -> bool:
        first, second = (folded(str(each.values.get(field) or "")) for each in (person, other_person))
        return bool(first) and first == second

    contact = _SAME_CONTACT if same("telephone") or same("email") else 0.0
    return contact + (_SAME_ORGANISATION if same("organisation") else 0.0)


def after_merge(kit: Kit, me: Identity, report: MergeReport) -> str:
    """On a coordinator's laptop, a sentence on merged people who look like known ones; "" if none do. Call it in a thread."""
    has_people = any("person" in file.kinds or "same_person" in file.kinds for file in report.files)
    if not has_people or not Roster(kit, me).coordinating:
        return ""
    waiting = len(find_look_alikes(kit, seconds=_SECONDS))
    return (
        plural(waiting, "1 pair of people has similar names.", "{n} pairs of people have similar names.")
        if waiting
        else ""
    )
