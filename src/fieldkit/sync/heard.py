"""What laptops say in their bundles of how far they hold what, kept by the name that each copy of a laptop writes under.

Sticks come in any order, and clocks say little. What one copy says is newer the higher the number of its bundle. A laptop
that was put back, or whose folder was copied or moved, goes on under another name and says which names it had before:
one of those is heard no more, unless it proves that it is still in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from fieldkit.store.kit import Kit
from fieldkit.store.ops import LARGEST
from fieldkit.store.reading import base_of

if TYPE_CHECKING:
    from fieldkit.sync.manifest import Header, Opened

_HEARD, _ENDS = "heard", "heard_ends"
#: In what a laptop says it has seen, after an origin: the number that stands for the erasing ops held of it.
MARK = "#erasing"
#: Ends of one stream that copies of one laptop are remembered to have.
_MOST_ENDS = 8
#: Copies of one laptop that are remembered, and former names of one.
_MOST_COPIES = _MOST_FORMER = 32
_ORIGIN = re.compile(r"[a-z2-7]{26}\.[0-9a-f]{8}\Z")


class Said(msgspec.Struct, omit_defaults=True):
    """What one copy of a laptop said last, and a coordinator may pass on.

    `number` is that of its bundle, `at` when it was merged (milliseconds since 1970).
    """

    number: int = 0
    at: int = 0
    former: list[str] = []
    """The names that it wrote under before, or that the kit bore whose place it took."""
    own: dict[str, int] = {}
    """The last seq that it holds of each of its laptop's own streams."""
    marks: dict[str, tuple[int, int]] = {}
    """Origin -> the last seq held of it, and the number for the erasing ops held up to there."""


class Speaker(Said, omit_defaults=True):
    """What is remembered of one copy: `first` and `knows` are how far it came in streams of this kit's own laptop, by
    what this kit held when it heard the copy first, and by what the copy said last.
    """

    first: dict[str, int] = {}
    knows: dict[str, int] = {}


@dataclass(frozen=True)
class Saying:
    """What a bundle brings of what a laptop says: `name` is what that copy of it writes under, "" where its program does
    not say; `knows`, how far it knows the streams of others.
    """

    device: str
    name: str
    said: Said
    knows: Mapping[str, int]


def sayings(header: Header, opened: Opened, now: int, *, relays: bool) -> Iterator[Saying]:
    """What a bundle says of its sender; and, where the sender `relays`, of those that the sender has heard."""
    sender = opened.signer.device_id
    last: dict[str, int] = {}
    for name, seq in header.seen.items():
        if "#" not in name:
            last[base_of(name)] = max(last.get(base_of(name), 0), seq)
    marks = {
        name: (last.get(name, 0), value)
        for key, value in header.seen.items()
        if key.endswith(MARK) and (name := key.removesuffix(MARK))
    }
    said = Said(opened.manifest.number, now, header.former, last, marks)
    writes = header.origin if _is_name(sender, header.origin) else ""
    yield Saying(sender, writes, _trimmed(sender, said), last)
    if relays:
        for name, one in header.heard.items():
            device = name.partition(".")[0]
            if device != sender and _is_name(device, name):
                at = min(one.at, now)
                yield Saying(device, name, _trimmed(device, msgspec.structs.replace(one, at=at)), {})


def _trimmed(device: str, said: Said) -> Said:
    """What a laptop can say of itself: no other laptop's names and streams, and no number that no kit counts to."""
    return Said(
        max(0, min(said.number, LARGEST - 1)),
        max(0, min(said.at, LARGEST - 1)),
        [name for name in said.former if _is_name(device, name)][:_MOST_FORMER],
        {name: last for name, last in said.own.items() if _is_name(device, name) and 0 <= last < LARGEST},
        {
            name: (last, number)
            for name, (last, number) in said.marks.items()
            if _ORIGIN.match(name) and 0 <= last < LARGEST and 0 <= number < LARGEST
        },
    )


def _is_name(device: str, name: str) -> bool:
    return bool(_ORIGIN.match(name)) and name.partition(".")[0] == device


Heard = dict[str, dict[str, Speaker]]
"""Device -> the name that a copy of it writes under ("" where its program does not say) -> what it said last."""


def heard(kit: Kit) -> Heard:
    """Everything that was heard."""
    return msgspec.convert(kit.desk.setting(_HEARD, {}), Heard)


def ends_of(kit: Kit, origin: str) -> set[int]:
    """Up to where the laptop of an origin, and each copy of it, says that it has this stream of its own."""
    device = origin.partition(".")[0]
    ends: dict[str, list[int]] = kit.desk.setting(_ENDS, {})
    return {*ends.get(origin, ()), *(one.own.get(origin, 0) for one in heard(kit).get(device, {}).values())}


def heard_of(kit: Kit) -> dict[str, int]:
    """Every name that some laptop says it writes under and has written under -> the last seq that any copy says it has."""
    found: dict[str, int] = {}
    for speakers in heard(kit).values():
        for one in speakers.values():
            for name, last in one.own.items():
                if last and name in speakers:
                    found[name] = max(found.get(name, 0), last)
    return found


def hear(kit: Kit, sayings: Iterable[Saying]) -> None:
    """Remember what bundles say. What a newer bundle of the same copy said stands."""
    some = list(sayings)
    if not some:
        return
    known = heard(kit)
    ends: dict[str, list[int]] = kit.desk.setting(_ENDS, {})
    before = msgspec.json.encode((known, ends))
    mine = kit.origin.partition(".")[0]
    own = {name: last for name, last in kit.ledger.origins().items() if name.partition(".")[0] == mine}
    for new in some:
        speakers = known.setdefault(new.device, {})
        old = speakers.get(new.name)
        if old is not None and _note_ends(ends, old, new.said):
            # Which of them holds what, nobody can tell until one goes on under another name.
            speakers[new.name] = msgspec.structs.replace(old, marks={}, at=max(old.at, new.said.at))
        elif old is None or _follows(new.said, old):
            knows = {stream: min(last, LARGEST - 1) for stream, last in new.knows.items() if stream in own}
            first = old.first if old is not None else own
            speakers[new.name] = Speaker(**msgspec.structs.asdict(new.said), first=first, knows=knows)
        while len(speakers) > _MOST_COPIES:
            del speakers[min(speakers, key=lambda one: speakers[one].at)]
    if msgspec.json.encode((known, ends)) != before:
        kit.desk.set_settings({_HEARD: msgspec.to_builtins(known), _ENDS: ends})


def _follows(new: Said, old: Said) -> bool:
    """Whether of two things that one copy said, `new` is not the older one."""
    if new.number != old.number:
        return new.number > old.number
    # Of one number: parts of one export, or two copies that have not noticed each other.
    return all(new.own.get(name, 0) >= last for name, last in old.own.items())


def _note_ends(ends: dict[str, list[int]], old: Said, new: Said) -> bool:
    """Whether two laptops say different things under one name, so that they were copied: what each has is known by its
    end.
    """
    found = False
    for name in old.own.keys() & new.own.keys():
        one, other = (old, new) if old.number <= new.number else (new, old)
        if one.own[name] <= other.own[name] and not (
            one.number == other.number and one.own[name] != other.own[name]
        ):
            continue
        noted = ends.setdefault(name, [])
        noted += [end for end in (one.own[name], other.own[name]) if end not in noted]
        del noted[:-_MOST_ENDS]
        found = True
    return found


def in_use(kit: Kit, speakers: Mapping[str, Speaker]) -> set[str]:
    """The names of those copies of one laptop that are in use, as far as can be told from here.

    A name that others had before them has gone over to so many as there were copies that wrote under it: the ones that
    were heard last. It and the others are no more in use, unless one proves that it is by knowing more of this laptop's
    changes than there were when another had been heard already.
    """
    found = set(speakers)
    for name in speakers:
        after = {other for other, said in speakers.items() if name in said.former or (not name and other)}
        latest = [other for other in after if not any(other in speakers[one].former for one in after)]
        number = 1 + branches(kit, name)
        if len(latest) >= number and not _proven(speakers, name, latest):
            found.discard(name)
        shown = {one: _proven(speakers, one, latest) for one in latest}
        latest.sort(key=lambda one: (shown[one], speakers[one].at, one), reverse=True)
        found -= {one for one in latest[number:] if not shown[one]}
    return found


def _proven(speakers: Mapping[str, Speaker], name: str, others: Iterable[str]) -> bool:
    """Whether a copy spoke after one of the others had been heard here: no clock is needed to tell."""
    return any(
        seq > speakers[other].first.get(stream, 0)
        for other in others
        if other != name
        for stream, seq in speakers[name].knows.items()
    )


def branches(kit: Kit, origin: str) -> int:
    """In how many ways besides its first a stream goes on here."""
    return sum(base_of(name) == origin != name for name in kit.ledger.origins())


def to_pass_on(kit: Kit, most_bytes: int) -> dict[str, Said]:
    """What was heard of each copy, for another coordinator: the latest first, as much as fits."""
    every = {
        name: Said(one.number, one.at, one.former, one.own, one.marks)
        for speakers in heard(kit).values()
        for name, one in speakers.items()
        if name
    }
    found: dict[str, Said] = {}
    size = 0
    for name, said in sorted(every.items(), key=lambda one: (-one[1].at, one[0])):
        size += len(msgspec.json.encode(said)) + len(name) + 4
        if size > most_bytes:
            break
        found[name] = said
    return found
