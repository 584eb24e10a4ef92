"""Records of people who may be one person, the likeliest first: for a coordinator to answer. None is ever joined by itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.people.joining import DIFFERENT, NOT_SURE, SAME, pair_id
from fieldkit.presentation.wording import when
from fieldkit.records.people_names.name_index import NameIndex
from fieldkit.records.people_names.name_likeness import Why
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Progress, Stored, no_progress
from fieldkit.store.local.setting import LOOK_ALIKES

MOST_COMPARED = 2_000
"""So many of the newest people are each compared with all others, unless somebody asks for all."""
MOST_KEPT = 500
_SAME_CONTACT, _SAME_ORGANISATION = 0.2, 0.05
_SAID = {SAME: 2.0, NOT_SURE: 1.0}


@dataclass(frozen=True)
class LookAlike:
    """Two records that may be of one person. `score` orders them; `why` says in a few words what is alike."""

    one: str
    other: str
    names: tuple[str, str]
    score: float
    why: str
    said: str = ""
    """What somebody answered: "same" or "not_sure", "" where nobody did."""
    who: str = ""
    """Who answered, and when."""


def find_look_alikes(
    kit: Kit, on_progress: Progress = no_progress, *, everybody: bool = False
) -> list[LookAlike]:
    """Compare the people by name, keep what was found for `look_alikes`, and return it. For a thread."""
    people = {record_id: name for record_id, name in kit.columns("person", ("record_id", "name")) if name}
    index = NameIndex(people.items())
    compared = list(people)[::-1] if everybody else list(islice(reversed(people), MOST_COMPARED))
    pairs: dict[tuple[str, str], tuple[float, str]] = {}
    for number, person_id in enumerate(compared):
        if number % 100 == 0:
            on_progress(number, len(compared), "comparing names")
        for match in index.look_alikes(people[person_id]):
            if match.id != person_id:
                pairs[min(person_id, match.id), max(person_id, match.id)] = match.score, match.why
    held = kit.many("person", {each for pair in pairs for each in pair})
    scored = [
        (score + _evidence(held[one], held[other]), one, other, why)
        for (one, other), (score, why) in pairs.items()
    ]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1:]))[:MOST_KEPT]
    kit.settings.put(
        LOOK_ALIKES,
        [{"one": one, "other": other, "score": score, "why": why} for score, one, other, why in best],
    )
    return look_alikes(kit)


def _evidence(one: Stored, other: Stored) -> float:
    """What speaks for one person beside the name: the same way to reach them, or the same organisation."""

    def same(field: str) -> bool:
        first, second = (folded(str(each.values.get(field) or "")) for each in (one, other))
        return bool(first) and first == second

    contact = _SAME_CONTACT if same("telephone") or same("email") else 0.0
    return contact + (_SAME_ORGANISATION if same("organisation") else 0.0)


def look_alikes(kit: Kit) -> list[LookAlike]:
    """The look-alikes that were found last and that nobody has decided on, and those that somebody asks about. Quick.

    First come those who are said to be one person, then those of whom somebody is not sure, then the likeliest.
    """
    devices, now, people = DeviceNames(kit), kit.clock(), kit.same_people()
    answers = {record.record_id: record for record in kit.page("same_person", 0, 1_000_000)}
    found = {
        (str(each["one"]), str(each["other"])): (float(each["score"]), str(each["why"]))
        for each in kit.settings.get(LOOK_ALIKES)
    }
    for record in answers.values():
        if record.values.get("answer") in _SAID and "decision" not in record.values:
            found.setdefault((str(record.values.get("one")), str(record.values.get("other"))), (0.0, ""))
    held = kit.many("person", {each for pair in found for each in pair})
    listed = []
    for (one, other), (score, why) in found.items():
        answered = answers.get(pair_id(one, other))
        said = str(answered.values.get("answer") or "") if answered else ""
        if (
            (answered and ("decision" in answered.values or said == DIFFERENT))
            or one not in held
            or other not in held
            or held[one].deleted
            or held[other].deleted
            or people.kept_of(one) == people.kept_of(other)
        ):
            continue
        who = f"{devices.of(answered.origin)}, {when(answered.updated, now)}" if answered and said else ""
        names = (str(held[one].values.get("name", "")), str(held[other].values.get("name", "")))
        listed.append(LookAlike(one, other, names, score + _SAID.get(said, 0.0), why, said, who))
    return sorted(listed, key=lambda pair: (-pair.score, pair.names, pair.one, pair.other))


def look_alike_count(kit: Kit) -> int:
    """How many wait for an answer. Quick, for home."""
    return len(look_alikes(kit)) if kit.settings.get(LOOK_ALIKES) or kit.count("same_person") else 0


def reason_of(pair: LookAlike) -> str:
    """Why two records are offered, in a sentence."""
    if pair.said == SAME:
        return f"Said to be the same person by {pair.who}."
    if pair.said == NOT_SURE:
        return f"Not sure: {pair.who}."
    return _REASONS.get(pair.why, "The names are alike.")


_REASONS: dict[str, str] = {
    Why.SAME: "The names are the same.",
    Why.ORDER: "The names are the same, in another order.",
    Why.SPACING: "The names are the same, with other spaces.",
    Why.SPELLING: "The names are two spellings of one name.",
    Why.SCRIPT: "The names are one name in two scripts.",
    Why.SHORT: "One name is a short form of the other.",
    Why.TYPING: "One name may be a typing error for the other.",
    Why.INITIAL: "One record has an initial only.",
    Why.MORE: "One record has a name more.",
    Why.ONLY: "One record has one name only.",
}


def suggested_kept(kit: Kit, one: str, other: str) -> str:
    """Which of two records to keep, if nobody says: the one with more answers, then the one made first."""
    held = kit.many("person", (one, other))
    return min((one, other), key=lambda each: (-len(held[each].values), held[each].created, each))
