"""Finding people by name, one keystroke after another, measured in processor time."""

from __future__ import annotations

import random
import time

from fieldkit.records.people_names.name_index import NameIndex

GIVEN = (
    "Mohammed",
    "Amina",
    "Fatima",
    "Aisha",
    "John",
    "Mary",
    "Gurpreet",
    "Harjit",
    "Nguyen",
    "Olena",
    "Ibrahim",
    "Hassan",
)
FAMILY = (
    "Khan",
    "Ali",
    "Hussain",
    "Begum",
    "Kaur",
    "Singh",
    "Patel",
    "Smith",
    "Jones",
    "Evans",
    "Rahman",
    "Okafor",
)
SYLLABLES = (
    "ba",
    "ki",
    "ko",
    "la",
    "le",
    "ma",
    "mi",
    "na",
    "ra",
    "sa",
    "ta",
    "wa",
    "ya",
    "sha",
    "jo",
    "gu",
    "han",
    "ton",
    "ley",
)


def names(count: int, chance: random.Random) -> list[tuple[str, str]]:
    """(id, name) of `count` people: half of the names are common, the others made of syllables."""

    def word(common: tuple[str, ...]) -> str:
        return (
            chance.choice(common)
            if chance.random() < 0.5
            else "".join(chance.choices(SYLLABLES, k=3)).title()
        )

    return [(f"p{number}", f"{word(GIVEN)} {word(FAMILY)}") for number in range(count)]


def keystrokes(count: int) -> tuple[float, list[float]]:
    """Seconds to read the names of `count` people, and the sorted milliseconds of each keystroke for 100 names."""
    chance = random.Random(5)
    people = names(count, chance)
    start = time.process_time()
    index = NameIndex(people)
    read, took = time.process_time() - start, []
    for _, name in chance.sample(people, 100):
        typed = " ".join(reversed(name.split())) if chance.random() < 0.5 else name
        for end in range(1, len(typed) + 1):
            start = time.process_time()
            index.find(typed[:end])
            took.append((time.process_time() - start) * 1000)
    return read, sorted(took)
