"""People found by name: by the letters typed so far, or by a new name that looks like theirs."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise

from rapidfuzz.distance import OSA

from fieldkit.records.people_names.likeness_reasons import Why
from fieldkit.records.people_names.name_likeness import likeness, typing_error, word_likeness
from fieldkit.records.people_names.name_sounds import begins_alike, same_sound, same_start, sound_of, start_of
from fieldkit.records.people_names.name_words import NameWord, name_words
from fieldkit.records.people_names.short_names import other_forms

ALIKE = 0.6
"""The least score at which a new name looks like a known one."""
_MOST_TRIED = 2_000
_ENOUGH = 8
_LAST = "\U0010ffff"
#: Scores for how well a word fits the letters typed.
_WHOLE, _BEGINS, _SOUNDS, _VOWELS, _SHORT, _SLIP, _INITIAL = 1.0, 0.9, 0.7, 0.65, 0.6, 0.5, 0.4
_WHYS = {
    _WHOLE: Why.SAME,
    _BEGINS: Why.SAME,
    _SOUNDS: Why.SPELLING,
    _VOWELS: Why.TYPING,
    _SHORT: Why.SHORT,
    _SLIP: Why.TYPING,
    _INITIAL: Why.INITIAL,
}
_Fits = dict[NameWord, float]


@dataclass(frozen=True)
class NameMatch:
    """A person whose name fits. `score` is 0-1; `why`, a few words for people, concerns the word that fits worst."""

    id: str
    name: str
    score: float
    why: str

    @property
    def same_name(self) -> bool:
        """Whether every word typed is the same name, in this or another spelling."""
        return self.why in {Why.SAME, Why.SPELLING}


class NameIndex:
    """Names of people, read once and updated with `add` and `remove`. Not thread-safe."""

    def __init__(self, people: Iterable[tuple[str, str]] = ()) -> None:
        self._names: dict[str, str] = {}
        self._parts: dict[str, tuple[NameWord, ...]] = {}
        self._bearers: dict[NameWord, set[str]] = {}
        self._by_letters: dict[str, list[NameWord]] = {}
        self._by_sound: dict[str, list[NameWord]] = {}
        for person_id, name in people:
            self._put(person_id, name)
        self._letters = sorted(self._by_letters)
        self._sounds = sorted(self._by_sound)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, person_id: str) -> bool:
        return person_id in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def name_of(self, person_id: str) -> str:
        """The name of a person; KeyError for an unknown id."""
        return self._names[person_id]

    def add(self, person_id: str, name: str) -> None:
        """Add a person, or give them a new name."""
        if self._names.get(person_id) == name:
            return
        self.remove(person_id)
        for word in self._put(person_id, name):
            for ordered, key in ((self._letters, word.letters), (self._sounds, sound_of(word).key)):
                at = bisect_left(ordered, key)
                if ordered[at : at + 1] != [key]:
                    insort(ordered, key)

    def remove(self, person_id: str) -> None:
        """Forget a person; an unknown id is not an error."""
        self._names.pop(person_id, None)
        for word in self._parts.pop(person_id, ()):
            self._bearers[word].discard(person_id)

    def _put(self, person_id: str, name: str) -> list[NameWord]:
        """Store a person's name; returns the words that are new to the index."""
        parts = name_words(name)
        self._names[person_id], self._parts[person_id] = name, parts
        new = []
        for word in parts:
            if word not in self._bearers:
                self._bearers[word] = set()
                self._by_letters.setdefault(word.letters, []).append(word)
                self._by_sound.setdefault(sound_of(word).key, []).append(word)
                new.append(word)
            self._bearers[word].add(person_id)
        return new

    # While somebody types

    def find(self, letters: str, limit: int = 8) -> list[NameMatch]:
        """The people whose names may begin with the letters typed, in any order and spelling, the likeliest first."""
        parts = name_words(letters)
        typed = tuple(word for word in parts if not word.optional) or parts
        if not typed:
            return []
        scores = self._scores(typed)
        if len(scores) < limit:
            for other in self._respaced(typed):
                for person_id, (score, worst) in self._scores(other).items():
                    if worst > _INITIAL:  # two words written as one do not match a person with that initial
                        scores.setdefault(person_id, (score, worst))

        def rank(person_id: str) -> tuple[float, bool, str, str]:
            begins = self._parts[person_id][0].letters.startswith(typed[0].letters)
            return -scores[person_id][0], not begins, self._names[person_id].casefold(), person_id

        optional = [word.letters for word in parts if word not in typed]

        def match(person_id: str) -> NameMatch:
            score, worst = scores[person_id]
            if worst >= _SOUNDS and self._another_name(person_id, optional, len(typed)):
                worst = _SLIP
            return NameMatch(person_id, self._names[person_id], score, str(_WHYS[worst]))

        return [match(person_id) for person_id in nsmallest(limit, scores, key=rank)]

    def _another_name(self, person_id: str, optional: Sequence[str], others: int) -> bool:
        """Whether an optional word that was typed (Ben, Van) has no match, while a name of the person has none either."""
        parts = self._parts[person_id]
        missing = any(not any(word.letters.startswith(each) for word in parts) for each in optional)
        return missing and sum(not word.optional for word in parts) > others

    def _scores(self, typed: Sequence[NameWord]) -> dict[str, tuple[float, float]]:
        """The people who fit every word typed -> (score of all words, score of the worst), 0-1.

        If very many people fit a few letters, only the first are scored.
        """
        fits = sorted((self._fits(word) for word in typed), key=self._reach)
        people: dict[str, None] = {}
        for word in fits[0]:
            people.update(dict.fromkeys(self._bearers[word]))
            if len(people) > _MOST_TRIED:
                break
        scored = ((person_id, self._score(person_id, fits)) for person_id in people)
        return {person_id: score for person_id, score in scored if score is not None}

    def _score(self, person_id: str, fits: Sequence[_Fits]) -> tuple[float, float] | None:
        parts, used, total, worst = self._parts[person_id], set[int](), 0.0, _WHOLE
        for each in fits:
            left = [(each[word], -at) for at, word in enumerate(parts) if at not in used and word in each]
            if not left:
                return None
            best, at = max(left)
            used.add(-at)
            total += best
            worst = min(worst, best)
        return total / len(fits), worst

    def _reach(self, fits: _Fits) -> int:
        """Roughly how many people have one of these words in their names."""
        reach = 0
        for word in fits:
            reach += len(self._bearers[word])
            if reach > _MOST_TRIED:
                break
        return reach

    def _fits(self, typed: NameWord) -> _Fits:
        """The words that may begin with a typed word, each with its score, the best first."""
        fits: _Fits = {}

        def put(parts: Iterable[NameWord], score: float) -> None:
            for word in parts:
                fits.setdefault(word, score)

        letters, sound = typed.letters, sound_of(typed)
        put(self._by_letters.get(letters, ()), _WHOLE)
        for spelling in _beginning(self._letters, letters):
            put(self._by_letters[spelling], _BEGINS)
        put(
            (word for word in self._by_sound.get(sound.key, ()) if same_sound(sound, sound_of(word))), _SOUNDS
        )
        start = start_of(typed)
        if len(start.consonants) >= 2:
            near = [
                word
                for key in _beginning(self._sounds, start.key)
                for word in self._by_sound[key]
                if begins_alike(start, sound_of(word))
            ]
            put((word for word in near if same_start(start, sound_of(word))), _SOUNDS)
            put(near, _VOWELS)
        for form in other_forms(letters):
            put(self._by_letters.get(form, ()), _SHORT)
        if len(letters) >= 4 and self._reach(fits) < _ENOUGH:
            for spelling in _beginning(self._letters, letters[0]):
                if OSA.distance(letters, spelling[: len(letters)], score_cutoff=1) <= 1:
                    put(self._by_letters[spelling], _SLIP)
            put(self._by_letters.get(letters[0], ()), _INITIAL)
        return fits

    def _respaced(self, typed: tuple[NameWord, ...]) -> Iterator[tuple[NameWord, ...]]:
        """The words typed with two of them joined or one of them split, if names have such words."""
        for at, (first, other) in enumerate(pairwise(typed)):
            yield (*typed[:at], NameWord(first.letters + other.letters, first.vowels), *typed[at + 2 :])
        for at, word in enumerate(typed):
            for first, other in self._halves(word):
                if self._fits(other):
                    yield (*typed[:at], first, other, *typed[at + 1 :])

    def _halves(self, word: NameWord) -> Iterator[tuple[NameWord, NameWord]]:
        """The ways to split a word in two so that the first part is known."""
        for at in range(2, len(word.letters) - 1):
            half = word._replace(letters=word.letters[:at])
            if half in self._bearers:
                yield half, word._replace(letters=word.letters[at:])

    # A new name

    def look_alikes(self, name: str, least: float = ALIKE) -> list[NameMatch]:
        """The people whose name may be this same full name, in any spelling, script or order, the likeliest first."""
        parts = name_words(name)
        listed = []
        for person_id in self._candidates(parts):
            alike = likeness(parts, self._parts[person_id])
            if alike and alike[0] >= least:
                listed.append(NameMatch(person_id, self._names[person_id], alike[0], str(alike[1])))
        return sorted(listed, key=lambda match: (-match.score, match.name.casefold(), match.id))

    def _candidates(self, parts: tuple[NameWord, ...]) -> set[str]:
        """People who may be alike: those who share a distinctive word, or any word if none is distinctive."""
        needed = [word for word in parts if not word.optional]
        telling = [word for word in needed if not word.common] or needed
        people = {person_id for word in telling for person_id in self._alike(word)}
        for first, other in pairwise(parts):
            people |= self._alike(NameWord(first.letters + other.letters, first.vowels))
        for word in telling:
            for first, other in self._halves(word):
                people |= self._alike(first) & self._alike(other)
        return people

    def _alike(self, word: NameWord) -> set[str]:
        """The people with a word like this one in their name."""
        others = set(self._by_letters.get(word.letters, ()))
        others.update(
            other for other in self._by_sound.get(sound_of(word).key, ()) if word_likeness(word, other)
        )
        for form in other_forms(word.letters):
            others.update(self._by_letters.get(form, ()))
        if word.vowels == "all":
            for letters in _beginning(self._letters, word.letters[:1]):
                if typing_error(word.letters, letters):
                    others.update(self._by_letters[letters])
        return set[str]().union(*(self._bearers[other] for other in others))


def _beginning(ordered: list[str], start: str) -> list[str]:
    """The items of a sorted list that begin with `start`."""
    return ordered[bisect_left(ordered, start) : bisect_left(ordered, start + _LAST)]
