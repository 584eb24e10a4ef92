"""What happens in a network, as plain data: any part of a list of steps can be run, so that a failure can be shrunk."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

LAPTOPS = ("a", "b", "c", "d")
LAST_MOMENT = 4_291_747_200_000
"""The first of January 2106 in milliseconds since 1970."""


class Step(NamedTuple):
    """One thing that somebody does on laptop `who`, whose clock says `at` (milliseconds since 1970)."""

    verb: str
    who: str
    what: tuple[Any, ...]
    at: int


_VERBS = {
    "add": 14,
    "add_with_code": 4,
    "edit": 16,
    "look": 6,
    "edit_unseen": 8,
    "delete": 4,
    "restore_record": 3,
    "resolve": 5,
    "withdraw": 2,
    "erase": 2,
    "export": 12,
    "invite": 6,
    "receipt": 5,
    "merge": 22,
    "lose": 2,
    "join": 1,
    "trust": 3,
    "revoke": 1,
    "clone": 1,
    "backup": 2,
    "restore": 1,
    "rebuild": 1,
}
FIELDS = {"event": ("title", "place", "notes"), "feedback": ("experience", "need", "provider")}


class _Maker:
    """Chooses steps by chance alone: it never looks at a kit, only at the names it has given."""

    def __init__(self, seed: int, calm: bool) -> None:
        self.chance = random.Random(seed)
        self.calm = calm
        self.laptops = ["hub"]
        self.records: list[tuple[str, str]] = []
        self.coded: list[str] = []
        self.files: list[str] = []
        self.invitations: list[str] = []
        self.backups: list[tuple[str, str]] = []
        self.steps: list[Step] = []
        self.clocks: dict[str, int] = {}
        self.count = 0

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def clock(self, who: str) -> int:
        """Mostly a little later than before, sometimes anywhere between 1970 and 2106."""
        if who not in self.clocks or self.chance.random() < 0.06:
            self.clocks[who] = self.chance.randrange(LAST_MOMENT)
        elif self.chance.random() < 0.1:
            self.clocks[who] -= self.chance.randrange(10**9)
        else:
            self.clocks[who] += self.chance.choice((0, 0, 1, 1_000, 10**7))
        self.clocks[who] = min(max(self.clocks[who], 0), LAST_MOMENT)
        return self.clocks[who]

    def step(self, verb: str, who: str, *what: Any) -> None:
        self.steps.append(Step(verb, who, what, self.clock(who)))

    def prologue(self) -> None:
        self.step("invite", "hub", self.file("n"))
        for who in LAPTOPS[:3]:
            self.join(who)
            self.step("trust", "hub", who, "deputy" if who == "a" else "field")

    def file(self, letter: str) -> str:
        name = self.name(letter)
        (self.invitations if letter == "n" else self.files).append(name)
        return name

    def join(self, who: str) -> None:
        self.step("join", who, self.chance.choice(self.invitations))
        self.laptops.append(who)

    def one(self) -> None:
        verbs = {verb: weight for verb, weight in _VERBS.items() if not (self.calm and verb in {"clone", "restore", "revoke"})}
        verb = self.chance.choices(list(verbs), list(verbs.values()))[0]
        who = self.chance.choice(self.laptops)
        boss = self.chance.choice(("hub", "hub", "a", who))
        record, kind = self.chance.choice(self.records[-8:] or [("", "event")])
        match verb:
            case "add" | "add_with_code":
                kind = "feedback" if verb == "add_with_code" else self.chance.choice(tuple(FIELDS))
                record = self.name("r")
                self.records.append((record, kind))
                if verb == "add_with_code":
                    self.coded.append(record)
                self.step(verb, who, record, kind)
            case "edit" | "edit_unseen" | "resolve":
                fields = self.chance.sample(FIELDS[kind], self.chance.choice((1, 1, 2)))
                # Few different words, so that two people sometimes write the same.
                self.step(verb, who, record, {name: self.chance.choice("pqrs") for name in fields})
            case "look" | "delete" | "restore_record":
                self.step(verb, who, record)
            case "withdraw" if self.coded:
                self.step(verb, who, self.chance.choice(self.coded))
            case "erase":
                self.step(verb, boss, record)
            case "export":
                self.step(verb, who, self.file("f"), self.chance.random() < 0.2)
            case "invite":
                self.step(verb, boss, self.file("n"))
            case "receipt":
                self.step(verb, boss, self.file("f"))
            case "merge":
                files = [*self.files[-10:], *self.invitations[-3:]]
                some = self.chance.sample(files, min(len(files), self.chance.choice((1, 2, 3, 6))))
                self.step(verb, self.chance.choice((who, boss, "hub")), tuple(some))
            case "lose" if self.files:
                self.step(verb, "hub", self.chance.choice(self.files))
            case "join" if len(self.laptops) < 1 + len(LAPTOPS) and self.calm is not None:
                missing = [name for name in LAPTOPS if name not in self.laptops]
                if missing:
                    self.join(missing[0])
            case "trust":
                role = self.chance.choice(("field", "field", "deputy", "coordinator"))
                self.step(verb, boss, who, role)
            case "revoke":
                self.step(verb, boss, who)
            case "clone" if len(self.laptops) < 7:
                copy = self.name(who.rstrip("0123456789"))
                self.laptops.append(copy)
                self.step(verb, who, copy)
            case "backup":
                name = self.name("k")
                self.backups.append((name, who))
                self.step(verb, who, name)
            case "restore" if self.backups:
                name, who = self.chance.choice(self.backups)
                self.step(verb, who, name)
            case "rebuild":
                self.step(verb, who)


def story(seed: int, length: int, *, calm: bool = False) -> list[Step]:
    """`length` steps that follow from the seed alone; `calm`: no laptop is copied, put back or shut out."""
    maker = _Maker(seed, calm)
    maker.prologue()
    while len(maker.steps) < length:
        maker.one()
    return maker.steps
