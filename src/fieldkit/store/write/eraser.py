"""Erasing: whole records, by a coordinator or by receipt code, and old text of records that stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.journal.append import Change, append
from fieldkit.store.local.known_settings import ERASE_AGAIN
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.store.oplog.fold import erases
from fieldkit.store.oplog.ops import ERASED, REDACTS, RESTATES, Op
from fieldkit.store.oplog.receipt_codes import KIND as WITHDRAWAL
from fieldkit.store.oplog.receipt_codes import tail_of
from fieldkit.store.oplog.redaction import free_text_fields, redacting, restating
from fieldkit.store.projection.projection import Projection
from fieldkit.store.query import history
from fieldkit.store.query.joined import PERSON, erased_elsewhere
from fieldkit.store.write.record_resolver import RecordResolver

Progress = Callable[[int, int, str], None]
"""`on_progress(done, total, what)`; total is 0 while it is not known."""


def no_progress(done: int, total: int, what: str) -> None:
    """For callers that show no progress."""


_AT_ONCE = 500

#: The most records of joined people that are erased without a question because another record of theirs was erased.
MOST_JOINED = 10


class Eraser(RecordResolver):
    """The part of a kit that erases. Erased content leaves no trace, and the orders to erase travel."""

    def withdraw(self, code: str) -> int:
        """Erase the record that this receipt code was given for, here and, with the next bundles, everywhere.

        Returns how many records of this kit were erased: 0 if the record is held elsewhere; the withdrawal still travels.

        Raises:
            Misuse: this can't be a code.
        """
        tail_of(code)
        with self.writing() as connection:
            change = Change(WITHDRAWAL, "", kind_named(WITHDRAWAL).check({"code": code}))
            erased = append(connection, self.origin, [change], self.clock)[1].erased
        self.scrub()
        return erased

    def erase(self, record_id: str, kind: str = "") -> None:
        """Erase a record here and, with the next bundles, everywhere. Other kits accept only a coordinator's erasure.
        `kind` as in `get`. A person is erased with all of their records.

        Raises:
            NotFound: there is no such record.
            Misuse: it is a withdrawal.
        """
        seen = self.get(record_id, kind)
        if seen.kind == WITHDRAWAL:
            raise Misuse(
                "A withdrawal can't be erased: it keeps what was withdrawn from coming back.",
                kept="Nothing was erased. It holds nothing but the code.",
            )
        records = self._people(seen).records_of(seen.record_id)
        self._append(kind_named(seen.kind), [Change(seen.kind, record, {ERASED: True}) for record in records])
        self.scrub()

    def joined_to_erase(self) -> list[str]:
        """The records, not erased yet, of people who have another record that was erased or withdrawn."""
        with self.reading() as connection:
            return erased_elsewhere(connection)

    def erase_joined(self, *, agreed: bool = False) -> int:
        """Erase all records of everybody who has another record that was erased or withdrawn; returns how many records.

        For a coordinator's laptop: other laptops send only what a person asked of them, and a receipt code reaches only its own
        record. If there are more than `MOST_JOINED` records, nothing is erased unless somebody `agreed`: joins made by a stolen
        laptop could make one erasure reach everybody.
        """
        due = self.joined_to_erase()
        if len(due) > MOST_JOINED and not agreed:
            return 0
        if due:
            self._append(kind_named(PERSON), [Change(PERSON, record_id, {ERASED: True}) for record_id in due])
            self.scrub()
        return len(due)

    # Old text

    def with_free_text(self, kind: str, record_ids: Sequence[str]) -> list[str]:
        """Those of the records of a kind that hold free text, even in an older change that nobody sees."""
        with self.reading() as connection:
            rows = history.rows_of(connection, kind, record_ids)
        speak = {record_id for record_id, ops in rows.items() if any(free_text_fields(op) for _, op in ops)}
        return [record_id for record_id in record_ids if record_id in speak]

    def redact(self, kind: str, record_ids: Iterable[str], on_progress: Progress = no_progress) -> int:
        """Erase the free text from records of a kind in every copy, keeping their codes, dates and numbers.

        An edit that has not arrived yet stays as it is, whenever it arrives. Other kits accept only a coordinator's order.
        Returns how many records had any text.

        Raises:
            Misuse: everybody needs these records with their text.
        """
        the_kind = kind_named(kind)
        if the_kind.keeps_text:
            raise Misuse(f"Text is not erased from {the_kind.plural}.", kept="Nothing was changed.")
        origin, wanted = self.origin, list(record_ids)
        orders: list[Change] = []
        left: list[Change] = []
        count = 0
        with self.writing() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                on_progress(start, len(wanted), "erasing old text")
                for record_id, ops in history.rows_of(
                    connection, kind, wanted[start : start + _AT_ONCE]
                ).items():
                    if (named := _named(ops)) and not any(erases(op) for _, op in ops):
                        orders += _orders(kind, record_id, named)
                        left += _left(ops, named)
                        count += 1
            # The orders come together: only they are in an invitation, so they form one range of it.
            for changes in (orders, left):
                for start in range(0, len(changes), _AT_ONCE):
                    append(connection, origin, changes[start : start + _AT_ONCE], self.clock)
        if count:
            self.scrub()
        return count

    # A backup that is restored

    def forget(self, orders: Sequence[Mapping[str, Any]], endings: Iterable[str]) -> None:
        """Redact what `orders` (see `order_of`) name, and erase every record whose id ends in one of `endings` or that they name
        as `kind:id`.

        None of these records is accepted again.
        """
        ops = [
            Op("", 0, 0, order["kind"], order["record_id"], {REDACTS: order[REDACTS]})
            for order in orders
            if REDACTS in order
        ]
        with self.writing() as connection:
            projection = Projection(connection)
            cleared = projection.withdraw(set(endings)) > 0
            cleared |= projection.obey(ops)
        if cleared:
            self.scrub()

    def erase_again(self) -> None:
        """After a restore: erase anew what this laptop had erased since the backup was made, so that it travels.

        What other laptops had erased is sent again by them.
        """
        due: list[dict[str, Any]] = self.settings.get(ERASE_AGAIN)
        if not due:
            return
        me = device_of(self.origin)
        changes: list[Change] = []
        with self.reading() as connection:
            known = [order_of(op) for _, op in history.erasing(connection)]
            for order in due:
                if order in known or order.get("by", me) != me:
                    continue
                if "code" in order:
                    changes.append(Change(WITHDRAWAL, order["record_id"], {"code": order["code"]}))
                elif REDACTS not in order:
                    changes.append(Change(order["kind"], order["record_id"], {ERASED: True}))
                else:
                    kind, record_id = order["kind"], order["record_id"]
                    named = {digest: set(names) for digest, names in order[REDACTS].items()}
                    changes += _orders(kind, record_id, named)
                    changes += _left(history.rows_of(connection, kind, [record_id]).get(record_id, []), named)
        with self.writing() as connection:
            append(connection, self.origin, changes, self.clock)
        # Kept for the next restore, until the other laptops' own orders arrive again.
        self.settings.put(ERASE_AGAIN, [order for order in due if order.get("by", me) != me])
        self.scrub()


def order_of(op: Op) -> dict[str, Any]:
    """The content of an erasing op, for whoever has to repeat the order. It holds no text."""
    order = {"kind": op.kind, "record_id": op.record_id, "by": device_of(op.origin)}
    if op.kind == WITHDRAWAL:
        return order | {"code": str(op.fields.get("code", ""))}
    return order | {REDACTS: op.fields[REDACTS]} if REDACTS in op.fields else order


def is_order(stored: Any) -> bool:
    """Whether this value, read from a file, has the form that `order_of` returns."""
    if not isinstance(stored, dict) or stored.keys() - {REDACTS, "code"} != {"kind", "record_id", "by"}:
        return False
    named = stored.get(REDACTS, {})
    return (
        all(isinstance(value, str) for name, value in stored.items() if name != REDACTS)
        and isinstance(named, dict)
        and all(isinstance(names, list) for names in named.values())
        and all(isinstance(name, str) for names in named.values() for name in names)
    )


def _named(ops: Sequence[tuple[bytes, Op]]) -> dict[str, set[str]]:
    """Hash -> the fields whose text is to be erased. A restating op is named together with the op that it restates."""
    named: dict[str, set[str]] = {}
    for digest, op in ops:
        if names := free_text_fields(op):
            named.setdefault(digest.hex(), set()).update(names)
            if RESTATES in op.fields:
                named.setdefault(op.fields[RESTATES]["hash"], set()).update(names)
    return named


def _orders(kind: str, record_id: str, named: Mapping[str, set[str]]) -> list[Change]:
    """The changes that redact the ops of one record."""
    return [Change(kind, record_id, fields) for fields in redacting(named)]


def _left(ops: Sequence[tuple[bytes, Op]], named: Mapping[str, set[str]]) -> list[Change]:
    """The changes that restate what is left of each op that is held here and loses text."""
    changes: list[Change] = []
    texts: set[str] = set()
    for digest, op in ops:
        key = op.fields[RESTATES]["hash"] if RESTATES in op.fields else digest.hex()
        if key in named and key not in texts:
            texts.add(key)
            fields, preds, schema = restating(bytes.fromhex(key), op, named[key])
            changes.append(Change(op.kind, op.record_id, fields, preds, schema=schema))
    return changes
