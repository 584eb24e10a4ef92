"""One step of the benchmark of disclosure control: protecting a pack of 200 figures about a number of people."""

from __future__ import annotations

import json
import random
import sys
import time

from fieldkit.insight.disclosure.definitions import Level, PeopleTable, Question, Respondent
from fieldkit.insight.disclosure.people_pack import PeoplePack
from fieldkit.insight.disclosure.secondary_suppression import suppress
from fieldkit.insight.disclosure.thresholds import FFT

SERVICES = [f"service {number}" for number in range(7)]
GROUPS = {
    "British": 55,
    "Indian": 8,
    "Pakistani": 10,
    "Caribbean": 7,
    "African": 5,
    "Roma": 1,
    "not asked": 14,
}
RATINGS = {"1": 50, "2": 20, "3": 8, "4": 8, "5": 8, "6": 6}


def question(name: str, codes: list[str]) -> Question:
    """A question with one level."""
    return Question(name, (Level(name, {code: code for code in codes}),))


def main(number: int, search: bool) -> None:
    """Protect a pack about `number` people; prints processor seconds, figures and the number of calls to the solver."""
    chance = random.Random(1)
    people = [
        Respondent(
            {
                "service": chance.choices(SERVICES, [30, 20, 12, 8, 5, 3, 1])[0],
                "group": chance.choices(list(GROUPS), list(GROUPS.values()))[0],
                "rating": chance.choices(list(RATINGS), list(RATINGS.values()))[0],
            }
        )
        for _ in range(number)
    ]
    questions = [
        question("service", SERVICES),
        question("group", list(GROUPS)),
        question("rating", list(RATINGS)),
    ]
    tables = [
        PeopleTable("ratings by service", "service", "rating"),
        PeopleTable("ratings by group", "group", "rating"),
        PeopleTable("services by group", "service", "group"),
    ]
    began = time.process_time()
    # One level for each question, and no coarser one to fall back on: as many small numbers as possible.
    pack = PeoplePack(people, questions, tables, FFT, merges=False)
    answer: dict[str, float] = {"counted": time.process_time() - began, "figures": len(pack.statements)}
    if search:
        result = suppress(pack.pack())
        answer |= {
            "seconds": time.process_time() - began,
            "shown": len(pack.statements) - len(result.hidden),
            "values": sum(need.number for need in result.needs),
            "solves": result.solves,
            "exhausted": result.exhausted,
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "search")
