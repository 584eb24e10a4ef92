"""The steps of a story as plain data: any subset of the list can be run, so that a failure can be shrunk."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any, NamedTuple

LIES = ("foreign kind", "device id", "roster", "erasure", "private")
LAPTOPS = ("a", "b", "c", "d")
LAST_MOMENT = 4_291_747_200_000
"""1 January 2106, in milliseconds since 1970."""


class Step(NamedTuple):
    """One act of the user of laptop `who`, whose clock shows `at` (milliseconds since 1970)."""

    verb: str
    who: str
    what: tuple[Any, ...]
    at: int


_VERBS = {
    "add": 10,
    "add_with_code": 4,
    "edit": 18,
    "link": 12,
    "look": 8,
    "edit_unseen": 8,
    "delete": 4,
    "restore_record": 2,
    "undo": 3,
    "undo_merge": 1,
    "resolve": 8,
    "withdraw": 2,
    "erase": 1,
    "round": 6,
    "export": 4,
    "invite": 2,
    "receipt": 3,
    "merge": 12,
    "lose": 2,
    "join": 1,
    "trust": 2,
    "revoke": 1,
    "clone": 1,
    "backup": 2,
    "restore": 2,
    "rebuild": 1,
    "retain": 3,
    "rotate": 1,
    "newer": 3,
    "full": 4,
    "lie": 2,
    "steal": 1,
    "join_people": 7,
    "part_people": 3,
    "answer_people": 2,
    "attend": 4,
}
#: What can be done on a laptop with a full disk, besides what is drawn for it.
_ON_FULL_DISKS = {
    "add",
    "add_with_code",
    "edit",
    "link",
    "delete",
    "resolve",
    "undo",
    "undo_merge",
    "withdraw",
    "erase",
    "export",
    "invite",
}
_ON_FULL_DISKS |= {"join_people", "part_people", "answer_people", "attend"}
_ON_FULL_DISKS |= {"receipt", "merge", "rebuild", "retain", "rotate", "trust", "backup"}
FIELDS = {
    "event": ("title", "place", "notes"),
    "feedback": ("experience", "need", "provider"),
    "provider": ("name", "ods_code", "spellings"),
    "cycle": ("title", "question", "notes"),
    "change": ("title", "what", "status"),
    "response": ("words", "from_role", "shown_by"),
    "mapping": ("label_key", "code", "confirmed_by"),
    "quote": ("proposed_by", "reason", "state"),
    "person": ("name", "organisation", "job"),
}
"""The fields that people write, by kind; the first is filled from the beginning."""
LINKS = {
    "cycle": ("provider", "provider"),
    "change": ("cycle", "cycle"),
    "response": ("change", "change"),
    "quote": ("feedback", "feedback"),
    "feedback": ("event", "event"),
}
"""By kind: the field of a link, and the kind that it links to."""
_IN_INVITATIONS = {"event", "provider"}
#: Feedback and events occur as often as all kinds of a cycle together.
_OFTEN = ("event", "feedback", *(kind for kind in FIELDS if kind not in {"event", "feedback"}))
_HOW_OFTEN = (3, 3, 1, 1, 1, 1, 1, 1, 3)


class _Maker:
    """Chooses steps by chance alone. It never reads a kit: what somebody may know is only guessed from the steps."""

    def __init__(self, seed: int, calm: bool) -> None:
        self.chance = random.Random(seed)
        self.left_out = {"clone", "restore", "revoke", "full"} if calm else set()
        self.laptops = ["hub"]
        self.kinds: dict[str, str] = {}
        self.coded: list[str] = []
        self.looked: dict[str, list[str]] = defaultdict(list)
        self.knows: dict[str, set[str]] = defaultdict(set)
        self.files: dict[str, set[str]] = {}
        self.backups: list[tuple[str, str]] = []
        self.steps: list[Step] = []
        self.clocks: dict[str, int] = {}
        self.count = 0

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def clock(self, who: str) -> int:
        """Usually a little later than before, sometimes anywhere between 1970 and 2106."""
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

    # Files

    def send(self, who: str, verb: str, *more: Any) -> str:
        """Add a step in which `who` writes a file: an invitation, a bundle or a receipt."""
        name = self.name({"invite": "n", "export": "f", "receipt": "t"}[verb])
        carried = {
            record for record in self.knows[who] if verb == "export" or self.kinds[record] in _IN_INVITATIONS
        }
        self.files[name] = set() if verb == "receipt" else carried
        self.step(verb, who, name, *more)
        return name

    def take(self, who: str, names: list[str]) -> None:
        self.step("merge", who, tuple(names))
        for name in names:
            if name.startswith("n") or who in {"hub", "a"}:
                self.knows[who] |= self.files[name]

    def join(self, who: str) -> None:
        self.step("join", who, self.chance.choice([name for name in self.files if name.startswith("n")]))
        self.laptops.append(who)

    def prologue(self) -> None:
        self.send("hub", "invite")
        for who in LAPTOPS[:3]:
            self.join(who)
            self.step("trust", "hub", who, "deputy" if who == "a" else "field")
        self.take("a", [self.send("hub", "invite")])
        for _ in range(3):
            person = self.name("r")
            self.kinds[person] = "person"
            self.knows["hub"].add(person)
            self.step("add", "hub", person, "person")

    def round(self) -> None:
        """Add a day on which most laptops meet: bundles to a coordinator, then its network file and receipt to them."""
        boss = self.chance.choice(("hub", "hub", "a"))
        met = [who for who in self.laptops if who != boss and self.chance.random() < 0.8]
        sent = [self.send(who, "export", self.chance.random() < 0.1) for who in met]
        self.chance.shuffle(sent)
        if sent:
            self.take(boss, sent)
        files = [self.send(boss, "invite"), self.send(boss, "receipt")]
        for who in met:
            self.take(who, files[: self.chance.choice((1, 2))])

    # Everything

    def record(self, who: str) -> str:
        """One of the latest records that `who` may know."""
        known = [record for record in self.kinds if record in self.knows[who]] or list(self.kinds) or [""]
        return self.chance.choice(known[-6:])

    def people(self) -> list[str]:
        """All records of people so far."""
        return [record for record, kind in self.kinds.items() if kind == "person"]

    def any_step(self) -> None:
        verbs = {verb: weight for verb, weight in _VERBS.items() if verb not in self.left_out}
        verb = self.chance.choices(list(verbs), list(verbs.values()))[0]
        who = self.chance.choice(self.laptops)
        boss = self.chance.choice(("hub", "hub", "a", who))
        match verb:
            case "add" | "add_with_code":
                record = self.name("r")
                drawn = self.chance.choices(_OFTEN, _HOW_OFTEN)[0]
                coded = self.chance.choice(("feedback", "feedback", "person"))
                self.kinds[record] = coded if verb == "add_with_code" else drawn
                self.knows[who].add(record)
                if verb == "add_with_code":
                    self.coded.append(record)
                self.step(verb, who, record, self.kinds[record])
            case "edit" | "edit_unseen" | "resolve":
                record = self.record(who)
                if verb == "edit_unseen" and self.looked[who]:
                    record = self.chance.choice(self.looked[who][-4:])
                fields: tuple[str, ...] = FIELDS[self.kinds.get(record, "event")]
                fields = tuple(self.chance.sample(fields, self.chance.choice((1, 1, 2))))
                # Few different words, so that two people sometimes write the same one.
                self.step(verb, who, record, {name: self.chance.choice("pqrs") for name in fields})
            case "link":
                linked = sorted({kind for kind in self.kinds.values() if kind in LINKS}) or [""]
                kind = self.chance.choice(linked)
                name, wanted = LINKS.get(kind, ("", ""))
                targets = [each for each, of in self.kinds.items() if of == wanted]
                if targets:
                    record = self.chance.choice([each for each, of in self.kinds.items() if of == kind])
                    self.step(verb, who, record, name, self.chance.choice(targets[-3:]))
            case "join_people" | "part_people" | "answer_people" if len(self.people()) > 1:
                first, other = self.chance.sample(self.people()[-5:], 2)
                if verb == "answer_people":
                    self.step(verb, who, first, other, self.chance.choice(("same", "different", "not_sure")))
                elif verb == "part_people":
                    self.step(verb, boss, first, other)
                else:
                    taken = self.chance.choice(((), ("job",), ("organisation", "job"), ("name",)))
                    self.step(verb, boss, first, other, taken)
            case "attend" if self.people():
                self.step(verb, who, self.chance.choice(self.people()[-5:]))
            case "look" | "delete" | "restore_record":
                record = self.record(who)
                if verb == "look":
                    self.looked[who].append(record)
                self.step(verb, who, record)
            case "undo":
                self.step(verb, who, self.record(who), self.chance.choice((1, 1, 2, 3)))
            case "undo_merge":
                self.step(verb, who)
            case "withdraw" if self.coded:
                self.step(verb, who, self.chance.choice(self.coded))
            case "erase":
                self.step(verb, boss, self.record(boss))
            case "round":
                self.round()
            case "export":
                self.send(who, verb, self.chance.random() < 0.2)
            case "invite" | "receipt":
                self.send(boss, verb)
            case "merge":
                files = list(self.files)[-14:]
                chosen = self.chance.sample(files, min(len(files), self.chance.choice((1, 2, 3, 6))))
                self.take(self.chance.choice((who, boss)), chosen)
            case "lose":
                self.step(verb, "hub", self.chance.choice(list(self.files)[-10:]))
            case "join" if missing := [name for name in LAPTOPS if name not in self.laptops]:
                self.join(missing[0])
            case "trust":
                self.step(verb, boss, who, self.chance.choice(("field", "field", "deputy", "coordinator")))
            case "revoke":
                self.step(verb, boss, who)
            case "clone" if len(self.laptops) < 7:
                copy = self.name(who.rstrip("0123456789"))
                self.laptops.append(copy)
                self.knows[copy], self.looked[copy] = set(self.knows[who]), list(self.looked[who])
                self.step(verb, who, copy, self.chance.random() < 0.5)
            case "backup":
                self.backups.append((self.name("k"), who))
                self.step(verb, who, self.backups[-1][0])
            case "restore" if self.backups:
                name, who = self.chance.choice(self.backups)
                self.step(verb, who, name)
            case "rebuild":
                self.step(verb, who)
            case "retain":
                # Any year between 1970 and 2106 is the present on some laptop, so text of the last decades is kept.
                self.step(verb, boss, self.chance.choice((1, 600, 900)))
            case "rotate":
                self.step(verb, boss, self.chance.choice((1, 180, 50_000)))
            case "newer":
                new = self.chance.random() < 0.3
                self.step(verb, who, self.name("w") if new else self.record(who), self.chance.choice("pqrs"))
            case "lie":
                name = self.name("l")
                self.files[name] = set()
                self.step(verb, boss, name, self.record(who), self.chance.choice(LIES))
            case "steal":
                name = self.name("x")
                self.files[name] = set()
                self.step(verb, boss, name, self.record(who), self.chance.random() < 0.5)
            case "full":
                self.full()

    def full(self) -> None:
        """Add any step, done on a disk that is nearly full."""
        held = len(self.steps)
        while len(self.steps) == held:
            self.any_step()
        step = self.steps[held]
        if step.verb in _ON_FULL_DISKS:
            room = self.chance.choice((0, 0, 1_000, 5_000, 20_000, 100_000))
            self.steps[held] = Step("full", step.who, (step.verb, step.what, room), step.at)


def story(seed: int, length: int, *, calm: bool = False) -> list[Step]:
    """`length` steps determined by the seed; `calm`: no laptop is copied, restored or revoked, and no disk is full."""
    maker = _Maker(seed, calm)
    maker.prologue()
    while len(maker.steps) < length:
        maker.any_step()
    return maker.steps
