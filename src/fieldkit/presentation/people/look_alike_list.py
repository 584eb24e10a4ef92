"""Records that may belong to one person, the likeliest first, for a coordinator to decide on. None is joined automatically."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.people.details_apart import details_apart
from fieldkit.presentation.people.person_joins import DIFFERENT, NOT_SURE, SAME, pair_id
from fieldkit.presentation.wording import when
from fieldkit.records.people_names.likeness_reasons import Why
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import LOOK_ALIKES
from fieldkit.text import ended

JOINED = "joined"
_CERTAINTY = {SAME: 2.0, NOT_SURE: 1.0}


@dataclass(frozen=True)
class LookAlike:
    """Two records that may belong to one person. `score` orders them; `why` says in a few words what is alike."""

    one: str
    other: str
    names: tuple[str, str]
    score: float
    why: str
    answer: str = ""
    """The answer given: "same" or "not_sure", "" if there is none."""
    who: str = ""
    """Who answered, and when."""


def look_alikes(kit: Kit) -> list[LookAlike]:
    """The look-alikes last found that nobody has decided on, and those that somebody has raised. Quick.

    Pairs marked as one person come first, then those that somebody is not sure about, then the likeliest.
    """
    devices, now, people = DeviceNames(kit), kit.clock(), kit.same_people()
    answers = {record.record_id: record for record in kit.page("same_person", 0, 1_000_000)}
    scored = {
        (str(each["one"]), str(each["other"])): (float(each["score"]), str(each["why"]))
        for each in kit.settings.get(LOOK_ALIKES)
    }
    for record in answers.values():
        if record.values.get("answer") in _CERTAINTY and "decision" not in record.values:
            scored.setdefault((str(record.values.get("one")), str(record.values.get("other"))), (0.0, ""))
    held = kit.many("person", {each for pair in scored for each in pair})
    listed = []
    for (person, other), (score, why) in scored.items():
        answered = answers.get(pair_id(person, other))
        given = str(answered.values.get("answer") or "") if answered else ""
        if (
            (answered and ("decision" in answered.values or given == DIFFERENT))
            or person not in held
            or other not in held
            or held[person].deleted
            or held[other].deleted
            or people.kept_of(person) == people.kept_of(other)
        ):
            continue
        who = f"{devices.of(answered.origin)}, {when(answered.updated, now)}" if answered and given else ""
        names = (str(held[person].values.get("name", "")), str(held[other].values.get("name", "")))
        listed.append(LookAlike(person, other, names, score + _CERTAINTY.get(given, 0.0), why, given, who))
    listed.sort(key=lambda pair: (-pair.score, pair.names, pair.one, pair.other))
    # Joined records are one person, compared with another person only once.
    first = {
        frozenset((people.kept_of(pair.one), people.kept_of(pair.other))): pair for pair in reversed(listed)
    }
    return [pair for pair in listed if pair in first.values()]


def none_waiting(kit: Kit) -> str:
    """The sentence shown if no pair waits for an answer."""
    if kit.count("same_person"):
        return "All pairs of similar names are answered."
    return "Nobody here looks like somebody else."


def joined_pairs(kit: Kit) -> list[LookAlike]:
    """The joined records, the latest first: `one` is kept."""
    people, devices, now = kit.same_people(), DeviceNames(kit), kit.clock()
    held = kit.many("person", people.kept, apart=True)
    pairs = []
    for record in kit.page("same_person", 0, 1_000_000, where={"decision": SAME}):
        kept, first, second = (str(record.values.get(name) or "") for name in ("kept", "one", "other"))
        given_up = second if kept == first else first
        if "decision" in record.conflicts or not (kept in people and given_up in people):
            continue
        names = (str(held[kept].values.get("name", "")), str(held[given_up].values.get("name", "")))
        who = f"{devices.of(record.origin)}, {when(record.updated, now)}"
        pairs.append(LookAlike(kept, given_up, names, 0.0, "", JOINED, who))
    return pairs


def names_apart(kit: Kit, pairs: Sequence[LookAlike]) -> list[tuple[str, str]]:
    """The two names of each pair; if they are equal, details follow that distinguish them. Call it in a thread."""
    groups = [
        (pair.one, pair.other) if folded(pair.names[0]) == folded(pair.names[1]) else () for pair in pairs
    ]
    named = []
    for pair, details in zip(pairs, details_apart(kit, groups), strict=True):
        first, second = (
            " · ".join(part for part in (name, details.get(each, "")) if part)
            for each, name in zip((pair.one, pair.other), pair.names, strict=True)
        )
        named.append((first, second))
    return named


def look_alike_count(kit: Kit) -> int:
    """How many pairs wait for an answer. Quick, for home."""
    return len(look_alikes(kit)) if kit.settings.get(LOOK_ALIKES) or kit.count("same_person") else 0


def reason_of(pair: LookAlike) -> str:
    """Why two records are offered, in a sentence."""
    if pair.answer == JOINED:
        return ended(f"Joined: {pair.who}")
    if pair.answer == SAME:
        return ended(f"Marked as the same person by {pair.who}")
    if pair.answer == NOT_SURE:
        return ended(f"Not sure: {pair.who}")
    return _REASONS[pair.why][1] if pair.why in _REASONS else "The names are alike."


def short_reason(pair: LookAlike) -> str:
    """The reason in a word or two, for a column of a list."""
    given = {JOINED: "joined", SAME: "marked same", NOT_SURE: "not sure"}
    return given.get(pair.answer) or (_REASONS[pair.why][0] if pair.why in _REASONS else "alike")


_REASONS: dict[str, tuple[str, str]] = {
    Why.SAME: ("same name", "The names are the same."),
    Why.ORDER: ("order", "The names are the same, in another order."),
    Why.SPACING: ("spaces", "The names are the same, with other spaces."),
    Why.SPELLING: ("spelling", "The names are two spellings of one name."),
    Why.SCRIPT: ("script", "The names are one name in two scripts."),
    Why.SHORT: ("short form", "One name is a short form of the other."),
    Why.TYPING: ("typing error", "One name may be a typing error for the other."),
    Why.INITIAL: ("initial", "One record has an initial only."),
    Why.MORE: ("extra name", "One record has an extra name."),
    Why.ONLY: ("one name", "One record has one name only."),
}


def suggested_kept(kit: Kit, first: str, second: str) -> str:
    """Which of two records to keep if nobody chooses: the one with more answers, then the one made first."""
    held = kit.many("person", (first, second))
    return min((first, second), key=lambda each: (-len(held[each].values), held[each].created, each))
