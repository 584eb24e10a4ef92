"""The roster: which laptops this network trusts, and what each may do. Stored as records of the kind `device`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from sqlalchemy import Connection

from fieldkit.errors import Misuse, NotFound
from fieldkit.quarantine_reasons import Reason
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.known_settings import DEVICE_AGES, DEVICE_NAMES
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.query.queries import page
from fieldkit.sync.bundle.keys import PublicKey, parse_fingerprint
from fieldkit.sync.bundle.limits import LIMITS
from fieldkit.sync.network.identity import Identity, sealing_key
from fieldkit.sync.network.laptop_names import NameHolders, taken_for_one
from fieldkit.sync.network.let_in import trusted_through
from fieldkit.sync.network.sealing_keys import (
    key_fields,
    signed_by_itself,
    stated_keys,
)
from fieldkit.text import is_seen, quoted

COORDINATING = frozenset({"coordinator", "deputy"})
#: The most keys of one coordinator that bundles are sealed to: more than a kit that was restored a few times has.
_MOST_KEYS = 8


@lru_cache(maxsize=1024)
def key_of(line: str | None) -> PublicKey | None:
    """The signing key that a record states, None if it is not valid. A roster is read often, and its keys seldom change."""
    try:
        return PublicKey.from_ssh_line(line or "")
    except ValueError:
        return None


def _status(record: Stored) -> str:
    """If one coordinator revoked a laptop and another trusted it at once, it is revoked until somebody resolves the conflict."""
    return "revoked" if "status" in record.conflicts else record.values.get("status", "revoked")


def _role(record: Stored) -> str:
    """If coordinators gave two roles at once, the lesser one counts until somebody resolves the conflict."""
    return "field" if "role" in record.conflicts else record.values.get("role", "field")


def _only(members: list[Member], text: str) -> Member:
    """The one laptop that `text` names.

    Raises:
        Misuse: it fits several.
    """
    if len(members) > 1:
        each = "; ".join(f"{member.key.six_words} ({member.key.fingerprint})" for member in members)
        raise Misuse(
            f"More than one laptop is called {quoted(text)}.",
            kept="Nothing was changed.",
            hint=f"Give the six words, in quotation marks, or the fingerprint of the laptop that you mean: {each}",
        )
    return members[0]


@dataclass(frozen=True)
class Member:
    """A laptop of the network. `waiting`: its bundle came, but nobody has trusted it yet."""

    device: str
    name: str
    role: str
    status: str
    key: PublicKey
    age: str = ""
    ambiguous: bool = False
    """Whether its name can be confused with another laptop's: spelt alike, or with the suffix that a list adds."""

    @property
    def named(self) -> bool:
        """Whether it has a name: until one of its bundles is opened, its six words are in its place."""
        return self.name != self.key.six_words

    @property
    def shown(self) -> str:
        """Its name for people, with the first two of its six words if another laptop has a similar name."""
        if not self.ambiguous:
            return self.name
        return f"{self.name} ({' '.join(self.key.six_words.split()[:2])} …)"

    @property
    def waiting(self) -> bool:
        """Whether a coordinator has yet to trust it."""
        return self.status == "waiting"


class Roster:
    """A snapshot of the roster; it always lists the founder of the network as coordinator.

    With `connection`, the roster as of that transaction.
    """

    def __init__(self, kit: Kit, me: Identity, connection: Connection | None = None) -> None:
        self._kit, self.me = kit, me
        # Before its own record came, or if that was made from its key alone, a laptop still knows its own name.
        names = kit.settings.get(DEVICE_NAMES) | {me.device: me.name}
        self._names = names
        ages: dict[str, str] = kit.settings.get(DEVICE_AGES)
        self.members: dict[str, Member] = {}
        self._keys: dict[str, list[str]] = {}
        self._unreadable: set[str] = set()
        self._unsigned: set[str] = set()
        with kit.reading() if connection is None else nullcontext(connection) as reading:
            records = page(reading, kind_named("device"), 0, 100_000, "", {}, False)
            stated: dict[str, list[str]] = {}
            for record in records:
                created = record.record_id == me.founder.device_id
                laptop = key_of(record.values.get("public_key"))
                coordinating = _role(record) in COORDINATING and _status(record) == "trusted"
                if laptop is not None and (created or coordinating):
                    stated[laptop.device_id] = stated_keys(reading, laptop, me.founder)
                    if me.is_founder and not signed_by_itself(reading, laptop):
                        # A key that this laptop signed for another gives way to the key in that laptop's own bundles.
                        self._unsigned.add(laptop.device_id)
        for record in records:
            values = record.values
            key = key_of(values.get("public_key"))
            # A record counts only for the key from which its id is derived.
            if key is None or key.device_id != record.record_id:
                continue
            recorded_name = values.get("name", "")
            name = names.get(key.device_id) if recorded_name == key.six_words else recorded_name
            written = stated.get(key.device_id, [])
            self._keys[key.device_id] = [sealing for sealing in map(sealing_key, written) if sealing]
            # The key in its own signed bundles, until a record states it.
            reported = me.age_public if key.device_id == me.device else ages.get(key.device_id, "")
            age = next(iter(self._keys[key.device_id]), "")
            if not age or key.device_id in self._unsigned:
                age = sealing_key(reported) or age
            if any(written) and not age:
                self._unreadable.add(key.device_id)
            self.members[key.device_id] = Member(
                key.device_id,
                name if name and is_seen(name) else key.six_words,
                _role(record),
                _status(record),
                key,
                age,
            )
        #: In the order in which this kit first saw them.
        self._rank = {record.record_id: -place for place, record in enumerate(records)}
        founder = me.founder
        self._rank.setdefault(founder.device_id, 0)
        recorded = self.members.get(founder.device_id)
        age = recorded.age if recorded else (me.age_public if me.is_founder else "")
        name = recorded.name if recorded else (me.name if me.is_founder else "coordinator")
        self.members[founder.device_id] = Member(
            founder.device_id, name, "coordinator", "trusted", founder, age
        )
        self._mark_ambiguous()

    def _mark_ambiguous(self) -> None:
        bearers = NameHolders(member.name for member in self.members.values())
        for device, member in self.members.items():
            if bearers.share(member.name):
                self.members[device] = replace(member, ambiguous=True)

    @cached_property
    def my_role(self) -> str:
        """What this laptop may do: field, coordinator or deputy."""
        mine = self.members.get(self.me.device)
        return mine.role if mine and mine.status == "trusted" else "field"

    @property
    def coordinating(self) -> bool:
        """Whether this laptop is a coordinator's."""
        return self.my_role in COORDINATING

    def recipients(self) -> list[str]:
        """The age keys that bundles are sealed to: every trusted coordinator's, at most as many as a seal may name.

        If a coordinator has two keys, as after its kit was restored, nobody knows which of them is lost: both are used.
        """
        return sorted(self._sealed_to[0])

    def without_seal(self) -> int:
        """How many trusted coordinators bundles are not sealed to, because a seal may name no more keys."""
        return self._sealed_to[1]

    @cached_property
    def _sealed_to(self) -> tuple[set[str], int]:
        """The keys of the creator's laptop, then of the laptops known here longest: whatever laptops and keys a stolen deputy
        invents, it keeps nobody else from reading.
        """
        ages: set[str] = set()
        left_out = 0
        most = LIMITS.stanzas - 1  # The library adds one stanza of its own.
        for member in sorted(
            self.coordinators(), key=lambda member: (member.key != self.me.founder, self._rank[member.device])
        ):
            own = [age for age in dict.fromkeys([member.age, *self._keys.get(member.device, ())]) if age]
            new = [age for age in own if age not in ages]
            ages.update(new[: most if member.key == self.me.founder else _MOST_KEYS][: most - len(ages)])
            left_out += bool(own) and ages.isdisjoint(own)
        return ages, left_out

    def unreadable(self) -> list[str]:
        """The names of trusted coordinators that nothing can be sealed to, because their key is not valid."""
        return sorted(m.shown for m in self.coordinators() if m.device in self._unreadable)

    def coordinators(self) -> list[Member]:
        """The trusted coordinators and deputies."""
        return [m for m in self.members.values() if m.role in COORDINATING and m.status == "trusted"]

    def above(self) -> list[Member]:
        """The trusted coordinators and deputies other than this laptop."""
        return [m for m in self.coordinators() if m.device != self.me.device]

    def name_of(self, origin: str) -> str:
        """The name of the laptop with this origin or device id; its first characters if it is not known."""
        device = device_of(origin)
        if device == self.me.device:
            return self.me.name
        member = self.members.get(device)
        return member.shown if member else self._names.get(device, f"laptop {device[:8]}")

    # Changing it

    def waiting(self) -> list[Member]:
        """Laptops whose bundles are in quarantine because nobody has trusted them yet."""
        waiting: dict[str, Member] = {}
        names: dict[str, str] = self._kit.settings.get(DEVICE_NAMES)
        for file in self._kit.ledger.quarantine():
            if file.reason == Reason.UNKNOWN_SENDER.code and file.device:
                key = PublicKey.from_ssh_line(file.device)
                if key.device_id not in self.members and key.device_id != self.me.device:
                    name = names.get(key.device_id, key.six_words)
                    waiting[key.device_id] = Member(key.device_id, name, "field", "waiting", key)
        bearers = NameHolders(m.name for m in [*self.members.values(), *waiting.values()])
        return [replace(m, ambiguous=bearers.share(m.name)) for m in waiting.values()]

    def calling_itself(self, member: Member, name: str) -> Member:
        """A laptop under the name that its bundle states, which may be confused with another's."""
        others = (other for other in self.members.values() if other.device != member.device)
        return replace(member, name=name, ambiguous=any(taken_for_one(name, other.name) for other in others))

    def find(self, name_or_words: str) -> Member:
        """The trusted, revoked or waiting laptop with this fingerprint, six words, id or name.

        Raises:
            Misuse: it is neither a fingerprint nor a laptop's name, or it fits several.
            NotFound: nothing here came from a laptop with that fingerprint.
        """
        everybody = [*self.members.values(), *self.waiting()]
        # A fingerprint first: a laptop may call itself anything, even another's six words.
        try:
            wanted = parse_fingerprint(name_or_words)
        except Misuse:
            named = [m for m in everybody if self.is_called(m, name_or_words)]
            if not named:
                raise
            return _only(named, name_or_words)
        if matching := [m for m in everybody if wanted.matches(m.key)]:
            return _only(matching, name_or_words)
        if name_or_words.strip().startswith("ssh-"):
            key = PublicKey.from_ssh_line(" ".join(name_or_words.split()))
            return Member(key.device_id, key.six_words, "field", "waiting", key)
        raise NotFound(
            "No laptop with that fingerprint has sent anything here.",
            hint="Merge its first bundle, or give its whole ssh-ed25519 line.",
        )

    @staticmethod
    def is_called(member: Member, text: str) -> bool:
        """Whether `text` is the laptop's name, in any spelling."""
        return taken_for_one(member.name, text)

    def fill_in(self, devices: Iterable[str]) -> None:
        """Write what bundles stated about `devices` into the roster for everybody: names, and the sealing keys of coordinators.

        A laptop may be trusted, or made a deputy, before its first bundle has come; until then its name is its six words. Nothing
        happens on a field laptop.
        """
        if not self.coordinating:
            return
        for device, record in self._kit.many("device", devices).items():
            member = self.members.get(device)
            if member is None or member.status != "trusted":
                continue
            learnt = {}
            if record.values.get("name") == member.key.six_words != member.name:
                learnt["name"] = member.name
            if member.role in COORDINATING and member.age and device in self._unsigned:
                learnt |= self._key_fields(member, member.age)
            if learnt:
                self._kit.put("device", device, learnt)

    def put(self, member: Member, *, status: str, role: str = "", name: str = "", age: str = "") -> None:
        """Write a laptop into the roster.

        Raises:
            Misuse: this laptop is not a coordinator's, or the founder would be revoked.
        """
        if not self.coordinating:
            raise Misuse("Only a coordinator's laptop can change the roster.", kept="Nothing was changed.")
        if member.device == self.me.founder.device_id and status != "trusted":
            raise Misuse("The laptop that created the network can't be revoked.", kept="Nothing was changed.")
        values = {
            "name": name or member.name,
            "role": role or member.role,
            "status": status,
            "public_key": member.key.ssh_line(),
        }
        age = age or member.age
        if age and (
            member.device == self.me.device or (self.me.is_founder and member.device in self._unsigned)
        ):
            values |= self._key_fields(member, age)
        confirmed = self._confirmed(member, status)
        self._kit.put("device", member.device, values, decides=True, confirms=confirmed)

    def _confirmed(self, member: Member, status: str) -> tuple[str, ...]:
        """Fields that the creator's laptop writes even if unchanged, to confirm trust in a laptop that a deputy trusted."""
        if not self.me.is_founder or status != "trusted":
            return ()
        with self._kit.reading() as connection:
            return ("status",) if member.device in trusted_through(connection, self.me.device) else ()

    def _key_fields(self, member: Member, age: str) -> dict[str, str]:
        """The fields with which this laptop states another's sealing key in its record; {} if it has stated that key already."""
        with self._kit.reading() as connection:
            return key_fields(connection, self.me, member.key, age, self._kit.clock())
