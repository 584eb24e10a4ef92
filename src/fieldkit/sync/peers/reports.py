"""What laptops say in their bundles of how far they hold what, kept by the name that each copy of a laptop writes under.

Sticks come in any order. What one copy says is newer the higher the number of its bundle. Nothing is remembered of names
that nobody here knows, so that a header costs no more than what it tells of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from fieldkit.store.journal.bundle_reader import base_of, by_base, through
from fieldkit.store.kit import Kit
from fieldkit.store.local.setting import ALONE, HEARD, HEARD_ENDS, ORIGIN, PASSED_ON, Setting
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.ops import LARGEST
from fieldkit.store.renewal import former_of
from fieldkit.sync.bundle.peer_reports import Passed, Relayed, Said, Speaker, Speakers
from fieldkit.sync.peers.replicas import in_use

if TYPE_CHECKING:
    from fieldkit.sync.bundle.manifest import Header, Opened
    from fieldkit.sync.network.roster import Roster

#: In what a laptop says it has seen, after an origin: the number that stands for the erasing ops held of it.
MARK = "#erasing"
#: Ends of one stream that copies of one laptop are remembered to have.
_MOST_ENDS = 8
#: Copies of one laptop that are remembered, and former names of one.
_MOST_COPIES = _MOST_FORMER = 32
_ORIGIN = re.compile(r"[a-z2-7]{26}\.[0-9a-f]{8}\Z")


@dataclass(frozen=True)
class Saying:
    """What a bundle brings of what a laptop says: `name` is what that copy of it writes under; `knows`, how far it knows
    the streams of others; `via`, the coordinator that passes it on, "" for the laptop's own word.
    """

    device: str
    name: str
    said: Said
    knows: Mapping[str, int]
    via: str = ""


def sayings(header: Header, opened: Opened, now: int, *, relays: bool) -> Iterator[Saying]:
    """What a bundle says of its sender; and, where the sender `relays`, of those that the sender has heard."""
    sender, made = opened.signer.device_id, _sane(opened.manifest.made)
    last = through({name: seq for name, seq in header.seen.items() if "#" not in name})
    marks = {
        name: (last.get(name, 0), value)
        for key, value in header.seen.items()
        if key.endswith(MARK) and (name := key.removesuffix(MARK))
    }
    said = Said(_sane(opened.manifest.number), now, made, made, header.former, last, marks)
    yield Saying(sender, header.origin if _is_name(sender, header.origin) else "", said, last)
    if relays:
        table = header.heard.marks
        for name, one in header.heard.said.items():
            device = device_of(name)
            if device != sender and _is_name(device, name):
                held = {table[at][0]: table[at][1:] for at in one.marks if 0 <= at < len(table)}
                said = Said(
                    _sane(one.number),
                    _sane(min(one.at, now)),
                    _sane(one.began),
                    _sane(one.made),
                    one.former,
                    one.own,
                    held,
                )
                yield Saying(device, name, said, {}, sender)


def _sane(number: int) -> int:
    return max(0, min(number, LARGEST - 1))


def _is_name(device: str, name: str) -> bool:
    return bool(_ORIGIN.match(name)) and device_of(name) == device


class Heard:
    """Everything that was heard, as it stands when it is asked for."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._streams = kit.ledger.origins()
        self._ends: dict[str, list[int]] = kit.settings.get(HEARD_ENDS)
        self._alone: dict[str, int] = kit.settings.get(ALONE)
        self._branches = _branches(self._streams)
        self.mine = {kit.settings.get(ORIGIN), *former_of(kit)}
        """The names that this very kit writes under, and had before."""

    @cached_property
    def _roster(self) -> Roster:
        from fieldkit.sync.network.identity import identity
        from fieldkit.sync.network.roster import Roster

        return Roster(self._kit, identity(self._kit))

    @cached_property
    def by_device(self) -> dict[str, dict[str, Speaker]]:
        """Device -> its copies. What somebody passed on who is no coordinator any more does not count."""
        found = _known(self._kit, HEARD)
        coordinators = {member.device for member in self._roster.coordinators()}
        for device, speakers in _known(self._kit, PASSED_ON).items():
            copies = found.setdefault(device, {})
            for name, one in speakers.items():
                if one.via not in coordinators:
                    continue
                own = copies.get(name)
                if own is None:
                    copies[name] = one
                elif one.number > own.number:
                    # What this kit heard itself tells more of when that was.
                    copies[name] = msgspec.structs.replace(
                        one,
                        began=own.began,
                        first=own.first,
                        place=own.place,
                        knows=own.knows,
                        beyond=own.beyond,
                    )
        return found

    def of(self, device: str) -> Speakers:
        """The copies of one laptop."""
        return self.by_device.get(device, {})

    def ends_of(self, origin: str) -> set[int]:
        """Up to where the laptop of an origin, and each copy of it, says that it has this stream of its own."""
        copies = self.of(device_of(origin)).values()
        return {*self._ends.get(origin, ()), *(one.own.get(origin, 0) for one in copies)}

    @cached_property
    def lasts(self) -> dict[str, int]:
        """Every name that some laptop says it writes or wrote under -> the last seq that any copy says it has there."""
        found: dict[str, int] = {}
        for speakers in self.by_device.values():
            for one in speakers.values():
                for name, last in one.own.items():
                    if last and name in speakers:
                        found[name] = max(found.get(name, 0), last)
        return found

    def branches(self, origin: str) -> int:
        """In how many ways besides its first a stream goes on here."""
        return self._branches[origin]

    def left_out(self, device: str) -> set[str]:
        """The names of those copies of one laptop that are no more, by somebody's word, and were not heard since."""
        return {name for name, one in self.of(device).items() if one.number <= self._alone.get(name, -1)}

    def in_use(self, device: str) -> set[str]:
        """The names of those copies of one laptop that are in use beside this kit, as far as can be told from here."""
        return in_use(self.of(device), self._branches) - self.left_out(device) - self.mine

    def lost_here(self) -> bool:
        """Whether trusted laptops know changes of this very one that are not held here: they were lost with an older kit."""
        held = through(self._streams)
        return any(
            last > held.get(stream, 0)
            for member in self._roster.members.values()
            if member.status == "trusted"
            for name, one in self.of(member.device).items()
            if name
            for stream, last in one.beyond.items()
        )


def _branches(streams: Iterable[str]) -> Counter[str]:
    """In how many ways besides its first each stream goes on here."""
    return Counter(base_of(name) for name in streams if "~" in name)


def _known(kit: Kit, where: Setting[dict[str, Any]]) -> dict[str, dict[str, Speaker]]:
    try:
        return msgspec.convert(kit.settings.get(where), dict[str, dict[str, Speaker]])
    except msgspec.ValidationError:
        # Of a kit that another program wrote: what can't be read was never heard.
        return {}


def hear(kit: Kit, some: Iterable[Saying]) -> None:
    """Remember what bundles say. What a newer bundle of the same copy said stands."""
    if not (new := list(some)):
        return
    hearing = _Hearing(kit)
    for one in new:
        hearing.take(one)
    hearing.store()


class _Hearing:
    """What is known, while bundles add to it."""

    def __init__(self, kit: Kit) -> None:
        from fieldkit.sync.network.identity import identity
        from fieldkit.sync.network.roster import Roster

        self._kit = kit
        self._known, self._passed = _known(kit, HEARD), _known(kit, PASSED_ON)
        self._ends: dict[str, list[int]] = kit.settings.get(HEARD_ENDS)
        self._before = msgspec.json.encode((self._known, self._passed, self._ends))
        streams = kit.ledger.origins()
        self._held = set(by_base(streams))
        self._branches = _branches(streams)
        self._mine = device_of(kit.origin)
        self._own = {name: last for name, last in streams.items() if device_of(name) == self._mine}
        self._devices = {*Roster(kit, identity(kit)).members, *(device_of(name) for name in streams)}

    def take(self, new: Saying) -> None:
        """Add what one bundle says of one copy."""
        if new.via and (new.device not in self._devices or new.device == self._mine):
            return
        said = self._trimmed(new)
        speakers = (self._passed if new.via else self._known).setdefault(new.device, {})
        old = speakers.get(new.name)
        if old is not None and not new.via and _parts(self._ends, old, said):
            # Which of them holds what, nobody can tell until one goes on under another name.
            speakers[new.name] = msgspec.structs.replace(
                old, marks={}, at=max(old.at, said.at), made=said.made
            )
        elif old is None or _follows(said, old):
            if not new.via:
                # Its own word stands above anybody's for it.
                self._passed.get(new.device, {}).pop(new.name, None)
            began = min(said.began, old.began) if old is not None else said.began
            said = msgspec.structs.replace(said, began=began)
            knows = {stream: _sane(last) for stream, last in new.knows.items() if stream in self._own}
            beyond = {
                stream: _sane(last)
                for stream, last in new.knows.items()
                if _is_name(self._mine, stream) and last > self._own.get(stream, 0)
            }
            first = old.first if old is not None else self._own
            places = (one.place for one in speakers.values())
            place = old.place if old is not None else 1 + max(places, default=0)
            fields = {name: getattr(said, name) for name in Said.__struct_fields__}
            some = dict(sorted(beyond.items())[:_MOST_COPIES])
            speakers[new.name] = Speaker(
                **fields, first=first, knows=knows, beyond=some, via=new.via, place=place
            )
        if len(speakers) > _MOST_COPIES:
            used = in_use(speakers, self._branches)
            del speakers[min(speakers, key=lambda one: (one in used, speakers[one].at))]

    def _trimmed(self, new: Saying) -> Said:
        """What a laptop can say of itself: no other laptop's names, no streams that nobody has, and no number that no
        kit counts to.
        """
        said = new.said
        former = [name for name in said.former if _is_name(new.device, name)][:_MOST_FORMER]
        names = self._held.union(former, {new.name})
        return msgspec.structs.replace(
            said,
            former=former,
            own={
                name: last
                for name, last in said.own.items()
                if name in names and _is_name(new.device, name) and 0 <= last < LARGEST
            },
            marks={
                name: (last, number)
                for name, (last, number) in said.marks.items()
                if name in self._held and 0 <= last < LARGEST and 0 <= number < LARGEST
            },
        )

    def store(self) -> None:
        if msgspec.json.encode((self._known, self._passed, self._ends)) != self._before:
            heard, passed = msgspec.to_builtins(self._known), msgspec.to_builtins(self._passed)
            self._kit.settings.put_all({HEARD: heard, PASSED_ON: passed, HEARD_ENDS: self._ends})


def _follows(new: Said, old: Said) -> bool:
    """Whether of two things that one copy said, `new` is not the older one."""
    if new.number != old.number:
        return new.number > old.number
    # Of one number: parts of one export, or two copies that have not noticed each other.
    return all(new.own.get(name, 0) >= last for name, last in old.own.items())


def _parts(ends: dict[str, list[int]], old: Said, new: Said) -> bool:
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


def leave_out(kit: Kit, device: str) -> int:
    """Of the copies of a laptop that are in use, wait for the one alone that was heard last; returns how many are left
    out. One of them that is heard again counts again.
    """
    found = Heard(kit)
    speakers, used = found.of(device), found.in_use(device)
    others = sorted(used, key=lambda name: (speakers[name].at, name))
    if device != device_of(kit.origin):  # of this very laptop, this kit is the one that is left
        others = others[:-1]
    known: dict[str, int] = kit.settings.get(ALONE)
    if others:
        kit.settings.put(ALONE, known | {name: speakers[name].number for name in others})
    return len(others)


def to_pass_on(kit: Kit, most_bytes: int) -> Relayed:
    """What was heard of each copy, for another coordinator; where there is more than fits, another part each time."""
    import random

    found = Heard(kit)
    every = {name: one for speakers in found.by_device.values() for name, one in speakers.items() if name}
    names = sorted(every)
    places: dict[tuple[str, int, int], int] = {}
    said: dict[str, Passed] = {}
    size = sum(len(msgspec.json.encode(every[name].own)) + 120 for name in names)
    if size > most_bytes // 2:
        random.Random(kit.ledger.next_number()).shuffle(names)  # nothing is secret about an order
    left = most_bytes
    for name in names:
        one = every[name]
        marks = [(origin, last, number) for origin, (last, number) in one.marks.items()]
        fresh = [mark for mark in marks if mark not in places]
        passed = Passed(one.number, one.at, one.began, one.made, one.former, one.own)
        left -= len(msgspec.json.encode(passed)) + len(name) + 6 * len(marks) + 80 * len(fresh)
        if left < 0:
            break
        for mark in fresh:
            places[mark] = len(places)
        said[name] = msgspec.structs.replace(passed, marks=[places[mark] for mark in marks])
    return Relayed(list(places), said)
