"""The sets of answers that people may have, as the variables of the search: those present, and those that could be.

Answers that no table distinguishes are one. If there are few sets, all combinations are variables. If there are many: those of
people in small numbers and of the largest groups, and those that differ from them in one answer. People with other answers are
fixed; fewer variables give fewer witnesses, never a false one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

from fieldkit.insight.disclosure.counting import QuoteCounter, SumKey, TableCounter, codes_of
from fieldkit.insight.disclosure.definitions import Answer

ALL_COMBINATIONS = 2_000
MOST_VARIABLES = 1_000

NOW = ""
EVERYBODY = SumKey("", "", "people")
"""The sum in which each person of a scope counts once."""

Counters = Mapping[str, Sequence[TableCounter | QuoteCounter]]
"""The counters of the present pack (scope `NOW`), and those of earlier releases, by their names."""


class Person(NamedTuple):
    """Answers in the order of the questions, and the scopes that count this person."""

    answers: tuple[Answer, ...]
    scopes: tuple[str, ...]


class ScopedSum(NamedTuple):
    """A sum over the people of one scope; `without` another: those who came since a release, or left since."""

    scope: str
    without: str | None
    key: SumKey


class Profiles:
    """People by the answers that some table distinguishes.

    `codes`: the codes of each question that tables use. `people`: how many have the same answers and scopes.
    """

    def __init__(
        self, codes: Mapping[str, Iterable[str]], counters: Counters, people: Mapping[Person, int]
    ) -> None:
        self.questions, self.counters = tuple(codes), counters
        self._representatives: list[dict[Hashable, Answer]] = [{} for _ in codes]
        self._known: dict[tuple[int, Answer], Answer] = {}
        # Answers are processed in a fixed order, so that each class has the same representative on every laptop.
        for at, name in enumerate(self.questions):
            given = {person.answers[at] for person in people}
            for answer in [*(code or None for code in codes[name]), None, *sorted(given, key=codes_of)]:
                self._representative(at, answer)
        self.present: Counter[Person] = Counter()
        for person, number in people.items():
            answers = tuple(self._representative(at, answer) for at, answer in enumerate(person.answers))
            self.present[Person(answers, person.scopes)] += number

    def _representative(self, at: int, answer: Answer) -> Answer:
        if (at, answer) not in self._known:
            name = self.questions[at]
            features = tuple(
                counter.features(name, answer) for counters in self.counters.values() for counter in counters
            )
            self._known[at, answer] = self._representatives[at].setdefault(features, answer)
        return self._known[at, answer]

    def sums_of(self, person: Person) -> Counter[ScopedSum]:
        """All sums in which a person counts, and how much in each."""
        answers = dict(zip(self.questions, person.answers, strict=True))
        sums: Counter[ScopedSum] = Counter()
        for scope in person.scopes:
            counted = Counter({EVERYBODY: 1})
            for counter in self.counters[scope]:
                counted.update(counter.sums_of(answers))
            for without in (None, *(each for each in self.counters if each not in person.scopes)):
                sums.update({ScopedSum(scope, without, key): times for key, times in counted.items()})
        return sums

    def variables(self, scopes: Iterable[tuple[str, ...]], first: Callable[[Person], bool]) -> list[Person]:
        """The people whose number may vary, in a fixed order: those for whom `first` is true come before others."""
        scopes = list(scopes)
        classes = [list(each.values()) for each in self._representatives]
        if prod(len(each) for each in classes) * len(scopes) <= ALL_COMBINATIONS:
            return [Person(answers, each) for each in scopes for answers in product(*classes)]
        ranked = sorted(
            self.present, key=lambda person: (not first(person), -self.present[person], _order(person))
        )
        chosen: dict[Person, None] = {}
        for person in ranked:
            if len(chosen) >= MOST_VARIABLES:
                break
            chosen |= dict.fromkeys(_neighbours(person, classes, scopes))
        return list(chosen)


def _neighbours(
    person: Person, classes: Sequence[Sequence[Answer]], scopes: Sequence[tuple[str, ...]]
) -> Iterator[Person]:
    """The person, and those that differ in one answer or in their scopes."""
    yield person
    for at, answers in enumerate(classes):
        for answer in answers:
            yield person._replace(answers=(*person.answers[:at], answer, *person.answers[at + 1 :]))
    for other in scopes:
        yield person._replace(scopes=other)


def _order(person: Person) -> tuple[object, ...]:
    return (*(codes_of(answer) for answer in person.answers), person.scopes)
