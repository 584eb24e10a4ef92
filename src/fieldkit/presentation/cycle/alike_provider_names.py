"""Names of providers that look alike: side by side in a list, and as answers to “which provider does this name mean?”."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from fieldkit.presentation.cycle.providers import NameInUse, names_in_use
from fieldkit.spelling import folded, folded_words
from fieldkit.store.kit import Kit

MOST_OFFERED = 5
_ALIKE = 0.72
"""From this likeness on two names are listed together: `difflib.SequenceMatcher.ratio` of their folded words."""
_COMPARED = 20
_START = 3


@dataclass(frozen=True)
class Offer:
    """What a name may mean: a provider (by its id), or another name in feedback, which then becomes a provider's name."""

    name: str
    provider_id: str = ""

    @property
    def target(self) -> str:
        """The argument for `providers.bind`."""
        return self.provider_id or self.name


@dataclass(frozen=True)
class NameList:
    """The names in use, look-alikes next to each other, and what each name (by index) may mean."""

    names: tuple[NameInUse, ...]
    offers: tuple[tuple[Offer, ...], ...]

    @property
    def unknown(self) -> int:
        """How many names belong to no provider."""
        return sum(not name.provider_id for name in self.names)


def name_list(kit: Kit) -> NameList:
    """All names of providers in feedback. Call it in a thread."""
    known = kit.provider_names()
    names = names_in_use(kit)
    places = {name: place for place, name in enumerate(known.names)}
    providers = {
        name: Offer(name, provider_id) for name in places if (provider_id := known.provider_of(name))
    }
    # Compare with each provider's name, each other name it has in feedback, and each name without a provider.
    texts = [(offer.name, offer) for offer in providers.values()]
    texts += [(each.name, providers.get(each.provider, Offer(each.name))) for each in names]
    index, choices = _Index([text for text, _ in texts]), [offer for _, offer in texts]
    used = Counter({each.provider: each.records for each in names if each.provider})
    usual = sorted(providers.values(), key=lambda offer: (-used[offer.name], places[offer.name]))
    alike = [
        [(score, choices[at]) for score, at in index.near(each.name) if not _same(each, choices[at])]
        for each in names
    ]
    offers = tuple(
        _first([*(offer for _, offer in scored), *(offer for offer in usual if not _same(each, offer))])
        for each, scored in zip(names, alike, strict=True)
    )
    order = _side_by_side(names, alike)
    return NameList(tuple(names[at] for at in order), tuple(offers[at] for at in order))


def _same(name: NameInUse, offer: Offer) -> bool:
    if offer.provider_id:
        return offer.provider_id == name.provider_id
    return offer.name == name.name


def _first(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(dict.fromkeys(offers))[:MOST_OFFERED]


def _side_by_side(names: Sequence[NameInUse], alike: Sequence[Sequence[tuple[float, Offer]]]) -> list[int]:
    """The indexes of `names` in display order: groups with an unknown name first, then by records; providers lead each group."""
    by_name = {each.name: each for each in names}

    def leader(at: int) -> tuple[str, str]:
        """The (id, name) of the provider, or of the more frequent name, that a name is listed under."""
        seen: set[str] = set()
        each, offers = names[at], alike[at]
        while not each.provider_id:
            seen.add(each.name)
            near = next(
                (offer for score, offer in offers if score >= _ALIKE and offer.name not in seen), None
            )
            if near is None:
                break
            if near.provider_id:
                return near.provider_id, ""
            other = by_name[near.name]
            if (other.records, each.name) < (each.records, other.name):
                break
            each, offers = other, alike[place[other.name]]
        return (each.provider_id, "") if each.provider_id else ("", each.name)

    place = {each.name: at for at, each in enumerate(names)}
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at in range(len(names)):
        groups[leader(at)].append(at)

    def rank(group: list[int]) -> tuple[bool, int, str]:
        members = [names[at] for at in group]
        bound = all(each.provider_id for each in members)
        return bound, -sum(each.records for each in members), members[0].name

    ordered = sorted(groups.values(), key=rank)
    return [
        at
        for group in ordered
        for at in sorted(
            group, key=lambda at: (not names[at].provider_id, -names[at].records, names[at].name)
        )
    ]


class _Index:
    """An index of names by the starts of their words and by their initials, so that few of thousands are compared in full."""

    def __init__(self, names: Sequence[str]) -> None:
        self._folded = [folded_words(name) for name in names]
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, folded_name in enumerate(self._folded):
            for key in _keys(folded_name):
                self._places[key].append(at)

    def near(self, name: str) -> list[tuple[float, int]]:
        """(likeness 0-1, index) of the names that look like `name`, the likeliest first."""
        folded_name = folded_words(name)
        shared = Counter(at for key in _keys(folded_name) for at in self._places.get(key, ()))
        likely = sorted(shared, key=lambda at: (-shared[at], at))[:_COMPARED]
        scored = [(_likeness(folded_name, self._folded[at]), at) for at in likely]
        return sorted((pair for pair in scored if pair[0] >= 0.4), key=lambda pair: (-pair[0], pair[1]))


def _keys(name: str) -> set[str]:
    parts = name.split()
    initials = {_initials(name), folded(name), *parts}
    return {part[:_START] for part in parts} | {"=" + each[:_START] for each in initials}


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split() if part not in {"and", "of", "the", "for"})


def _likeness(name: str, other_name: str) -> float:
    first, second = name.replace(" ", ""), other_name.replace(" ", "")
    if (len(first) > 1 and first == _initials(other_name)) or (len(second) > 1 and second == _initials(name)):
        return 0.9
    parts, others = set(name.split()), set(other_name.split())
    if parts and others and (parts <= others or others <= parts):
        return 0.85
    if any(
        len(part) >= _START and _initials(whole).startswith(part)
        for whole, parts_of_other in ((name, others), (other_name, parts))
        for part in parts_of_other
    ):
        return 0.75  # NEAS 111, North East Ambulance Service
    return SequenceMatcher(None, first[:120], second[:120], autojunk=False).ratio()
