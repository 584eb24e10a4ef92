"""The record tables, kept in step with the journal: all stored ops go through `Projection.apply`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection

from fieldkit.store.db.sql import chunks, execute, execute_many, marks
from fieldkit.store.oplog.fold import Folded, erases, fold
from fieldkit.store.oplog.ops import Op, decode_stored
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.oplog.receipt_codes import TAIL, WithdrawnIds, is_withdrawn, tails_of
from fieldkit.store.oplog.redaction import erases_others
from fieldkit.store.projection.erasure import erase, obey
from fieldkit.store.projection.single_edits import edit_rows
from fieldkit.store.projection.tables import Edit, Gathered, Group, Groups, gather, table_of, tables
from fieldkit.store.projection.tallies import Changed, Tallies

_OTHER = (
    "INSERT INTO other (kind, record_id, deleted, digest) VALUES (?,?,?,?) "
    "ON CONFLICT(kind, record_id) DO UPDATE SET deleted=excluded.deleted, digest=excluded.digest"
)


#: Bytes of ops that are folded at once.
_PORTION = 1 << 20
#: The shortest ref in a line: 35 characters of origin, a colon, a digit, quotes and a comma.
_SHORTEST_REF = 40
#: The shortest value inside a list: a digit and a comma.
_SHORTEST_VALUE = 2
#: The most tails of withdrawn records held in memory; if there are more, each batch looks up its own.
_MOST_LOADED = 4_000


class Projection:
    """Keeps the record tables of one connection equal to the fold of its journal."""

    def __init__(self, connection: Connection, journal: str = "op") -> None:
        self.connection = connection
        self.journal = journal
        self._all: set[str] | None = None
        """Every tail in `withdrawn`, if they are few; None if they are looked up."""
        self._loaded = False
        self._codes: set[str] = set()
        self._sought: set[str] = set()
        self._waiting: dict[str, bool] = {}
        """Record -> whether the journal held any of its ops before."""

    def apply(self, ops: Sequence[Op], held: AbstractSet[str]) -> Changed:
        """Bring the records of `ops` up to date; the ops are in the journal already.

        `held` are those of their record ids that the journal held before.
        """
        changed = self.apply_gathered(gather(ops), held)
        changed.add(self.fold_waiting())
        return changed

    def apply_gathered(self, gathered: Gathered, held: AbstractSet[str]) -> Changed:
        """`apply` for gathered ops, without what `fold_waiting` does.

        A record with a single op is written straight from it; most first edits are made in the row. Any other record waits to be
        folded anew from all its ops: once, however many of them a bundle brings.
        """
        tallies, changed = Tallies(), Changed()
        self.note_codes(gathered.codes)
        ids = [(group.kind, row[0]) for group in gathered.groups for row in group.rows]
        tails = self._endings([*ids, *((edit.kind, edit.record_id) for edit in gathered.edits)])
        again = set(gathered.again)
        for group in gathered.groups:
            out = held | again
            if tails:
                out |= {row[0] for row in group.rows if is_withdrawn(group.kind, row[0], tails)}
            again.update(group.drop(out))
        self._store(gathered.groups, tallies)
        for group in gathered.groups:
            changed.new += len(group.rows)
            changed.count(group.kind, "new", len(group.rows))
        again |= self._edit(gathered.edits, held, again | tails, tallies, changed)
        for record_id in again:
            self._waiting.setdefault(record_id, record_id in held)
        tallies.write(self.connection)
        return changed

    def wait(self, records: AbstractSet[str]) -> None:
        """Queue these records for the next `fold_waiting`; looks up which of them were held before."""
        for chunk in chunks(sorted(records)):
            held = {
                row[0]
                for name, _ in self._tables()
                for row in execute(
                    self.connection,
                    f"SELECT record_id FROM {name} WHERE record_id IN ({marks(chunk)})",  # noqa: S608  # names from the models
                    chunk,
                )
            }
            for record_id in chunk:
                self._waiting.setdefault(record_id, record_id in held)

    def remove(self, records: AbstractSet[tuple[str, str]]) -> None:
        """Remove records, (kind, id) each, from the tables when the journal no longer holds any of their ops."""
        tallies = Tallies()
        for kind, record_id in sorted(records):
            for name, kind_of_table in self._tables({kind}):
                for deleted, digest, held_as in execute(
                    self.connection,
                    f"SELECT deleted, digest, {kind_of_table} FROM {name} WHERE record_id = ?",  # noqa: S608  # names from the models
                    (record_id,),
                ):
                    if held_as == kind:
                        tallies.take_out(kind, digest, deleted=bool(deleted))
        erase(self.connection, self.journal, records, self._table_of)
        tallies.write(self.connection)

    @property
    def waiting(self) -> int:
        """The number of records that wait for `fold_waiting`."""
        return len(self._waiting)

    def crowded(self, changes: int, size: int, references: int, values: int) -> list[str]:
        """The waiting records with more ops than `changes`, or with so many bytes that one laptop may have sent more than `size`
        bytes, more refs than `references`, or more than `values` values inside lists.
        """
        self._seek()
        # Each takes at least this many bytes, so fewer bytes can't hold more of them.
        least = min(size, references * _SHORTEST_REF, values * _SHORTEST_VALUE)
        return [
            record
            for chunk in chunks(sorted(self._waiting))
            for record, (count, length) in self._sizes(chunk).items()
            if count > changes or length > least
        ]

    def _sizes(self, record_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Record -> the number of its ops in the journal, and their bytes."""
        return {
            record: (count, int(length))
            for record, count, length in execute(
                self.connection,
                f"SELECT record, count(*), total(length(body)) FROM {self.journal} "  # noqa: S608  # a fixed name and marks
                f"WHERE record IN ({marks(record_ids)}) GROUP BY record",
                record_ids,
            )
        }

    def _portions(self, record_ids: Sequence[str]) -> Iterator[list[str]]:
        """`record_ids` in runs whose ops fit in memory together."""
        for chunk in chunks(record_ids):
            sizes = self._sizes(chunk)
            portion: list[str] = []
            room = _PORTION
            for record in chunk:
                size = sizes.get(record, (0, 0))[1]
                if portion and size > room:
                    yield portion
                    portion, room = [], _PORTION
                portion.append(record)
                room -= size
            yield portion

    def fold_waiting(self) -> Changed:
        """Fold the waiting records, and erase those that were withdrawn meanwhile."""
        self._seek()
        waiting, self._waiting = self._waiting, {}
        tallies, changed = Tallies(), Changed()
        if waiting:
            held = {record_id for record_id, known in waiting.items() if known}
            self._fold_again(sorted(waiting), tallies, changed, held)
            tallies.write(self.connection)
        return changed

    def _edit(
        self,
        edits: Sequence[Edit],
        held: AbstractSet[str],
        not_these: AbstractSet[str],
        tallies: Tallies,
        changed: Changed,
    ) -> set[str]:
        """Make edits in the rows of their records if the result equals a fold; returns the other records."""
        in_rows = [
            edit
            for edit in edits
            if self.journal == "op"
            and edit.record_id in held
            and not_these.isdisjoint((edit.record_id, edit.record_id[-TAIL:]))
        ]
        edited = edit_rows(self.connection, in_rows)
        for kind, digest in edited.before:
            tallies.take_out(kind, digest, deleted=False)
        groups = edited.groups.all()
        self._store(groups, tallies)
        for group in groups:
            changed.changed += len(group.rows)
            changed.count(group.kind, "changed", len(group.rows))
        return edited.left | ({edit.record_id for edit in edits} - {edit.record_id for edit in in_rows})

    def _store(self, groups: Iterable[Group], tallies: Tallies) -> None:
        """Write rows into the tables of their kinds."""
        for group in groups:
            rows, digests = group.rows, group.digests
            tallies.add(group)
            table = table_of(group.kind)
            if table is None:
                others = [
                    (group.kind, row[0], row[4], digest) for row, digest in zip(rows, digests, strict=True)
                ]
                execute_many(self.connection, _OTHER, others)
                continue
            for row, digest in zip(rows, digests, strict=True):
                row.append(digest)
            execute_many(self.connection, table.upsert(group.columns), rows)

    def _fold_again(
        self, record_ids: Sequence[str], tallies: Tallies, changed: Changed, held: AbstractSet[str]
    ) -> None:
        for portion in self._portions(record_ids):
            grouped = self._ops_of(portion)
            tails = self._endings(grouped)
            if cleared := obey(
                self.connection, [op for ops in grouped.values() for op in ops if erases_others(op)]
            ):
                changed.redacted += len(cleared)
                grouped = self._ops_of(portion)
            self._forget(portion, {kind for kind, _ in grouped}, tallies)
            erased = {
                key
                for key, ops in grouped.items()
                if key[0] != WITHDRAWAL and (is_withdrawn(*key, tails) or any(map(erases, ops)))
            }
            changed.erased += erase(self.connection, self.journal, erased, self._table_of)
            before = self._conflicts_of(portion)
            folded = {key: fold(ops) for key, ops in grouped.items() if key not in erased}
            # Some records have nothing left but redacting ops.
            folded = {key: record for key, record in folded.items() if not record.erased}
            conflicting = self._write(folded.values(), before, tallies) - before
            changed.conflicts += len(conflicting)
            for _, _, kind in conflicting:
                changed.count(kind, "conflicts")
            for kind, record_id in folded:
                changed.count(kind, "changed" if record_id in held else "new")
            # Records that have only skeletons have no known kind here.
            stay = [record_id for _, record_id in folded]
            stay += set(portion).difference(record_id for _, record_id in grouped)
            known = sum(record_id in held for record_id in stay)
            changed.changed += known
            changed.new += len(stay) - known

    def _ops_of(self, record_ids: Sequence[str]) -> dict[tuple[str, str], list[Op]]:
        """(kind, record id) -> its ops, each once: a stream that diverged may be held under two names."""
        grouped: dict[tuple[str, str], list[Op]] = {}
        seen: set[bytes] = set()
        for (body,) in execute(
            self.connection,
            f"SELECT body FROM {self.journal} WHERE record IN ({marks(record_ids)}) AND body IS NOT NULL",  # noqa: S608  # a fixed name and marks
            record_ids,
        ):
            if body not in seen:
                seen.add(body)
                op = decode_stored(body)
                grouped.setdefault((op.kind, op.record_id), []).append(op)
        return grouped

    def _conflicts_of(self, record_ids: Sequence[str]) -> set[tuple[str, str, str]]:
        return {
            tuple(row)
            for row in execute(
                self.connection,
                f"SELECT record_id, field, kind FROM conflict WHERE record_id IN ({marks(record_ids)})",  # noqa: S608  # marks
                record_ids,
            )
        }

    def _forget(self, record_ids: Sequence[str], kinds: AbstractSet[str], tallies: Tallies) -> None:
        """Subtract these records from the tallies; `kinds` are all kinds with ops of theirs."""
        for name, kind in self._tables(kinds):
            for deleted, digest, kind_name in execute(
                self.connection,
                f"SELECT deleted, digest, {kind} FROM {name} WHERE record_id IN ({marks(record_ids)})",  # noqa: S608  # names from the models
                record_ids,
            ):
                tallies.take_out(kind_name, digest, deleted=bool(deleted))

    @staticmethod
    def _table_of(kind: str) -> str:
        """The table that holds records of a kind."""
        return kind if kind in tables() else "other"

    def _tables(self, kinds: AbstractSet[str] | None = None) -> Iterator[tuple[str, str]]:
        """(table, its kind as SQL) of this journal's kinds, or of the kinds given."""
        for name, table in tables().items():
            if table.kind.shared == (self.journal == "op") and (kinds is None or name in kinds):
                yield table.name, f"'{name}'"
        if self.journal == "op" and (kinds is None or not kinds <= tables().keys()):
            yield "other", "kind"

    def _write(
        self, records: Iterable[Folded], before: AbstractSet[tuple[str, str, str]], tallies: Tallies
    ) -> set[tuple[str, str, str]]:
        """Write folded records; `before` are their (record id, field, kind) in conflict so far. Returns those in conflict now."""
        groups = Groups()
        in_conflict: list[tuple[str, str, str]] = []
        for record in records:
            in_conflict += [(record.record_id, name, record.kind) for name in record.conflicts]
            groups.add_folded(record)
        self._store(groups.all(), tallies)
        execute_many(
            self.connection,
            "DELETE FROM conflict WHERE record_id = ?",
            [(record_id,) for record_id in {record_id for record_id, _, _ in before}],
        )
        execute_many(
            self.connection, "INSERT INTO conflict (record_id, field, kind) VALUES (?,?,?)", in_conflict
        )
        return set(in_conflict)

    # Erasure

    def _endings(self, records: Collection[tuple[str, str]]) -> set[str]:
        """What `withdrawn` holds of these records, (kind, id) each: the tails of their ids, or `kind:id` (see `withdraw`)."""
        if self.journal != "op" or not records:
            return set()
        if not self._loaded:
            self._loaded = True
            rows = execute(
                self.connection, "SELECT tail FROM withdrawn LIMIT ?", (_MOST_LOADED + 1,)
            ).fetchall()
            self._all = {row[0] for row in rows} if len(rows) <= _MOST_LOADED else None
        if self._all is not None:
            return self._all
        return self._held({name for kind, record in records for name in (record[-TAIL:], f"{kind}:{record}")})

    def _held(self, endings: AbstractSet[str]) -> set[str]:
        """The tails that are recorded as withdrawn."""
        return {
            row[0]
            for chunk in chunks(sorted(endings))
            for row in execute(
                self.connection,
                f"SELECT tail FROM withdrawn WHERE tail IN ({marks(chunk)})",  # noqa: S608  # marks
                chunk,
            )
        }

    def note_codes(self, codes: Iterable[str]) -> None:
        """Record what these codes withdraw."""
        if self.journal == "op" and (fresh := set(codes) - self._codes):
            self._codes |= fresh
            tails = tails_of(fresh)
            self._note(tails - self._held(tails))

    def _note(self, fresh: AbstractSet[str]) -> None:
        """Record that records with these tails are withdrawn; those held already are looked up later."""
        execute_many(
            self.connection, "INSERT INTO withdrawn (tail) VALUES (?)", [(tail,) for tail in sorted(fresh)]
        )
        if self._all is not None:
            self._all |= fresh
        self._sought |= fresh

    def withdraw(self, tails: AbstractSet[str]) -> int:
        """Erase every record whose id ends in one of these tails, or that is named as `kind:id`, now and whenever more of it
        arrives.

        Returns how many had content.
        """
        self._note(tails - self._held(tails))
        return self.fold_waiting().erased

    def _seek(self) -> None:
        """Queue the held records that were withdrawn: one scan of the index of all ids serves many codes."""
        if not self._sought:
            return
        sought = WithdrawnIds(self._sought)
        for (record_id,) in execute(self.connection, "SELECT DISTINCT record FROM op"):
            if record_id in sought:
                self._waiting.setdefault(record_id, True)
        self._sought = set()

    def obey(self, orders: Sequence[Op]) -> bool:
        """Redact as these ops order, though they are not in the journal; returns whether anything was redacted."""
        cleared = obey(self.connection, orders)
        self._waiting |= dict.fromkeys(cleared, True)
        self.fold_waiting()
        return bool(cleared)
