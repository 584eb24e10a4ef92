"""Invariants: checked after each step for the laptop that it changed, and at the end for all laptops."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress

import msgspec

from fieldkit.errors import NotFound
from fieldkit.store.db.sql import execute
from fieldkit.store.oplog.ops import COORDINATORS_ONLY, ERASED, Op, encode
from fieldkit.store.oplog.receipt_codes import TAIL, tail_of
from fieldkit.sync.bundle.ranges import missing
from fieldkit.sync.network.location import check_place
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.erasure_status import erasures
from fieldkit.sync.peers.known_replicas import KnownReplicas
from naive import Meaning, as_meant, meaning

from .laptop import Laptop, Row, journal
from .pages import readable, whole_folder
from .steps import FIELDS
from .truth import truth
from .world import World

#: Kinds that the people of a story write.
SHOWN_KINDS = (*FIELDS, "same_person")


def demand(holds: bool, what: str) -> None:
    """Fail with a sentence unless it holds."""
    if not holds:
        raise AssertionError(what)


def check_laptop(world: World, laptop: Laptop) -> None:
    """Check everything that must hold for one kit at any time."""
    rows = journal(laptop.kit)
    _nothing_lost(world, laptop, rows)
    _gaps(world, laptop, rows)
    _naive(laptop, rows)
    _receipts(world, laptop, rows)
    _confirmed(world, laptop)
    if any(row.op is None or "redacts" in row.op.fields for row in rows):
        nowhere(world, laptop, rows)


def _nothing_lost(world: World, laptop: Laptop, rows: list[Row]) -> None:
    held = {row.digest: row for row in rows}
    for digest in laptop.accepted:
        demand(digest in held, f"{laptop.name} lost a change that it had accepted")
    for row in rows:
        demand(
            row.op is not None or row.record in world.erased or row.origin.partition(".")[0] in world.hostile,
            f"{laptop.name} holds no words of {row.origin}:{row.seq}, and nobody erased that record",
        )


def _gaps(world: World, laptop: Laptop, rows: list[Row]) -> None:
    held: dict[str, set[int]] = defaultdict(set)
    claimed: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        held[row.origin].add(row.seq)
        if row.op is None and row.relayed:
            claimed[row.origin].add(row.seq)
    demand(
        set(held) == {name for name, last in laptop.kit.ledger.origins().items() if last}, "origins differ"
    )
    for origin, seqs in held.items():
        if origin.partition(".")[0] in world.hostile:
            continue  # a refused order's place is empty, and counts as held once the refusal is known
        gaps = {
            seq for first, last in missing(laptop.kit.ledger.held(origin)) for seq in range(first, last + 1)
        }
        demand(
            gaps == set(range(1, max(seqs) + 1)) - (seqs - claimed[origin]),
            f"{laptop.name} reports gaps of {origin} that are not",
        )


def _gone(laptop: Laptop, rows: list[Row]) -> set[str]:
    """The records that this kit must have erased."""
    ops = [row.op for row in rows if row.op is not None]
    tails = {tail_of(op.fields["code"]) for op in ops if op.kind == "withdrawal"}
    with laptop.kit.reading() as connection:
        held = {row[0] for row in execute(connection, "SELECT tail FROM withdrawn")}
    demand(tails <= held, f"{laptop.name} has forgotten a withdrawal")
    erased = {op.record_id for op in ops if op.fields.get(ERASED) is True}
    return erased | {row.record for row in rows if row.record[-TAIL:] in held}


def _naive(laptop: Laptop, rows: list[Row]) -> None:
    gone = _gone(laptop, rows)
    # A copied laptop writes two ops with one ref: the store then decides by their content.
    ops = sorted({encode(row.op): row.op for row in rows if row.op}.items(), reverse=True)
    listed: dict[str, set[str]] = defaultdict(set)
    for conflict in laptop.kit.conflicts(10**6):
        listed[conflict.record_id].add(conflict.field)
    counted: Counter[str] = Counter()
    meant = meaning([op for _, op in ops if op.record_id not in gone])
    people = _people(meant)
    for (kind, record_id), truth_of in meant.items():
        if record_id in gone:
            continue
        stored = laptop.kit._get(record_id, kind)
        counted[kind] += not truth_of.deleted
        demand(
            (stored.values | stored.extra, stored.deleted, set(stored.conflicts))
            == (truth_of.shown, truth_of.deleted, truth_of.conflicting),
            f"{laptop.name} shows {stored} where the naive model has {truth_of}",
        )
        demand(
            listed.pop(record_id, set()) == truth_of.conflicting,
            f"{laptop.name} lists other conflicts of {record_id}",
        )
    demand(not listed, f"{laptop.name} lists conflicts of records that are not: {dict(listed)}")
    counted["person"] = len(set(people.values()))
    _joined(laptop, meant, people)
    counts = {kind: count for kind, count in laptop.kit.counts().items() if count}
    demand(counts == +counted, f"{laptop.name} counts {counts}, the naive model {dict(counted)}")
    for record_id in gone:
        with suppress(NotFound):
            demand(False, f"{laptop.name} still shows {laptop.kit.get(record_id)}")


def _people(meant: Mapping[tuple[str, str], Meaning]) -> dict[str, int]:
    """Each live record of a person -> the number of the person, following joins until nothing changes."""
    joins = [
        (truth_of.shown["one"], truth_of.shown["other"])
        for (kind, _), truth_of in meant.items()
        if kind == "same_person"
        and not truth_of.deleted
        and truth_of.shown.get("decision") == "same"
        and truth_of.shown.get("kept")
        and truth_of.conflicting.isdisjoint({"decision", "deleted", "one", "other"})
    ]
    number = {each: at for at, each in enumerate(sorted({each for pair in joins for each in pair}))}
    live = {
        record_id
        for (kind, record_id), truth_of in meant.items()
        if kind == "person" and not truth_of.deleted
    }
    number |= {each: len(number) + at for at, each in enumerate(sorted(live - number.keys()))}
    before: dict[str, int] = {}
    while before != number:
        before = dict(number)
        for first, other in joins:
            number[first] = number[other] = min(number[first], number[other])
    return {each: at for each, at in number.items() if each in live}


def _joined(laptop: Laptop, meant: Mapping[tuple[str, str], Meaning], people: Mapping[str, int]) -> None:
    """Check that one record of each person is shown, and that all links to any of their records lead to it."""
    same, shown = laptop.kit.same_people(), laptop.kit.page("person", 0, 10_000)
    kept = {number: same.kept_of(each) for each, number in people.items()}
    demand(
        sorted(record.record_id for record in shown) == sorted(kept.values()),
        f"{laptop.name} shows other people than there are",
    )
    for each, number in people.items():
        demand(same.kept_of(each) == kept[number], f"{laptop.name} shows two records of one person")
    came = [
        truth_of.shown["person"]
        for (kind, _), truth_of in meant.items()
        if kind == "attendance" and not truth_of.deleted and "person" in truth_of.shown
    ]
    different = {kept[people[each]] if each in people else same.kept_of(each) for each in came}
    demand(
        laptop.kit.value_counts("attendance", "person")[2] == len(different),
        f"{laptop.name} counts other people at events than came",
    )


def _receipts(world: World, laptop: Laptop, rows: list[Row]) -> None:
    held = {(row.origin, row.seq): row.digest for row in rows}
    for receipt, origin, seq in world.claims(laptop):
        promised = world.promised.get(receipt, set())
        demand(
            (origin, seq) not in held or held[origin, seq] in promised,
            f"{laptop.name} believes that {receipt} confirms {origin}:{seq}, but it was not held there",
        )


def _confirmed(world: World, laptop: Laptop) -> None:
    """Check that whoever a coordinator does not wait for has the erasure, unless restored since it last reported."""
    if not laptop.coordinating:
        return
    members = Roster(laptop.kit, laptop.me).members
    status = erasures(laptop.kit, laptop.me)
    spoken = KnownReplicas(laptop.kit)
    orders = laptop.kit.ledger.erasing()
    for other in world.laptops.values():
        if other is laptop or not other.joined or other.copied:
            continue
        member = members.get(other.me.device)
        if (
            member is None
            or member.status != "trusted"
            or other.me.origin not in spoken.in_use(other.me.device)
        ):
            continue
        has = {row.digest for row in journal(other.kit)}
        for erasure in status:
            waits = any(name.partition(" (")[0] == member.name for name in erasure.waiting)
            codes = {op.fields.get("code") for _, op in orders if op.record_id == erasure.record_id} - {None}
            same = {
                digest
                for digest, op in orders
                if op.record_id == erasure.record_id or op.fields.get("code") in codes
            }
            demand(
                waits or bool(same & has),
                f"{laptop.name} counts the erasure of {erasure.record_id} as confirmed by {other.name}, which has it not",
            )


def nowhere(world: World, laptop: Laptop, rows: list[Row]) -> None:
    """Check that no word of an erased record is left in any byte of the kit's folder."""
    if not readable():
        return
    gone = _gone(laptop, rows)
    content = whole_folder(laptop.kit.folder, laptop.kit.key)
    for record_id in gone:
        marker = world.markers.get(record_id, "")
        demand(
            not marker or marker.encode() not in content,
            f"{laptop.name} still holds words of {record_id}: {marker}",
        )
    ops = [row.op for row in rows if row.op is not None]
    for record_id in {op.record_id for op in ops if "redacts" in op.fields}:
        marker = world.markers.get(record_id, "")
        # Text of changes made meanwhile, and of orders that others have not received, is still there.
        if marker and not any(marker in str(op.fields) for op in ops if op.record_id == record_id):
            demand(
                marker.encode() not in content,
                f"{laptop.name} still holds words that were taken out of {record_id}: {marker}",
            )
    named = {digest: names for op in ops for digest, names in op.fields.get("redacts", {}).items()}
    for row in rows:
        demand(
            row.op is None or set(named.get(row.digest.hex(), ())).isdisjoint(row.op.fields),
            f"{laptop.name} holds words of {row.origin}:{row.seq} that were to be taken out",
        )


def bring_together(world: World) -> list[Laptop]:
    """Carry everything everywhere in the usual ways, for each coordinator in another order; returns the laptops that take part.

    Laptops that the hub has revoked stay away for good, with everything that only they hold.
    """
    hub = world.laptops["hub"]
    members = Roster(hub.kit, hub.me).members
    out = {device for device, member in members.items() if member.status == "revoked"}
    present = {name: each for name, each in world.laptops.items() if each.me.device not in out}
    copied = any(each.copied for each in world.laptops.values())
    totals: list[int] = []
    for turn in range(8):
        for name, laptop in present.items():
            if laptop.me.device != hub.me.device:
                world._trust(hub, name, _role(laptop, turn))
        made: list[str] = []
        for name, laptop in present.items():
            made.append(f"s{turn}{name}")
            # Receipts don't tell a coordinator what a copy of its own laptop holds.
            world._export(laptop, made[-1], copied and laptop.coordinating)
        for place, laptop in enumerate(present.values()):
            if not laptop.coordinating:
                continue
            world._merge(laptop, tuple(made if (place + turn) % 2 else made[::-1]))
            if laptop.coordinating:
                made += [f"n{turn}{laptop.name}", f"t{turn}{laptop.name}"]
                check_place(laptop.kit)
                world._invite(laptop, made[-2])
                world._receipt(laptop, made[-1])
        for place, laptop in enumerate(present.values()):
            start = (place + turn) % len(made)
            world._merge(laptop, tuple(made[start:] + made[:start]))
        totals.append(sum(len(journal(each.kit)) for each in present.values()))
        if turn > 4 and totals[-3:] == [totals[-1]] * 3:
            break
    return list(present.values())


def _role(laptop: Laptop, turn: int) -> str:
    """The role that a laptop gets at the end. Its acts as coordinator only count from a coordinator, so that comes first."""
    decided = any(
        row.op is not None
        and row.origin.partition(".")[0] == laptop.me.device
        and (
            row.op.kind in {"device", "policy", "same_person"}
            or not COORDINATORS_ONLY.isdisjoint(row.op.fields)
        )
        for row in journal(laptop.kit)
    )
    return "deputy" if laptop.name.startswith("a") or (decided and turn < 3) else "field"


def check_at_end(world: World) -> None:
    """Bring all coordinators to the same set of changes, then check everything for all of them."""
    present = bring_together(world)
    coordinators = [each for each in present if each.coordinating]
    sets = {each.name: {row.digest for row in journal(each.kit)} for each in coordinators}
    union = set().union(*sets.values())
    for name, digests in sets.items():
        demand(digests == union, f"{len(union - digests)} changes never reached {name}")
    for laptop in present:
        demand(laptop.accepted <= union, f"a change of {laptop.name} never reached the coordinators")
    joined = {each.name: str(sorted(each.kit.same_people().kept.items())) for each in coordinators}
    demand(len(set(joined.values())) == 1, f"one set of changes, several joins: {joined}")
    views = {
        each.name: str([record.values for record in each.kit.page("person", 0, 10_000)])
        for each in coordinators
    }
    views = {name: str(sorted(view)) for name, view in views.items()}
    demand(len(set(views.values())) == 1, f"one set of changes, people shown otherwise: {views}")
    states = {each.name: each.kit.state_hash() for each in coordinators}
    demand(len(set(states.values())) == 1, f"one set of changes, several states: {states}")
    for laptop in world.laptops.values():
        check_laptop(world, laptop)
        demand(laptop.kit.check() == [], f"{laptop.name} finds {laptop.kit.check()}")
    for laptop in coordinators:
        _truth(world, laptop)
        laptop.kit.rebuild()
        demand(
            laptop.kit.state_hash() == states[laptop.name], f"{laptop.name} folds otherwise the second time"
        )


def _truth(world: World, laptop: Laptop) -> None:
    rows = journal(laptop.kit)
    gone = _gone(laptop, rows)
    records: dict[str, dict[bytes, Op]] = defaultdict(dict)
    for row in rows:
        if row.op is not None and row.op.kind in SHOWN_KINDS and row.record not in gone:
            for op in as_meant([row.op]):
                digest = bytes.fromhex(op.salt) if "restates" in row.op.fields else row.digest
                held = records[row.record].setdefault(digest, op)
                left = {name: value for name, value in held.fields.items() if name in op.fields}
                records[row.record][digest] = msgspec.structs.replace(held, fields=left)
    for record_id, ops in records.items():
        meaning = truth(ops.items(), world.saw)
        stored = laptop.kit.get(record_id)
        shown = (stored.values | stored.extra, stored.deleted, set(stored.conflicts))
        demand(
            shown == (meaning.shown, meaning.deleted, meaning.conflicting),
            f"{laptop.name} shows {shown}; by what people saw it is {meaning}; "
            + json.dumps([[op.ref, op.stamp, op.fields, op.preds] for op in ops.values()]),
        )
