"""Reading records: single records, pages, columns, histories, conflicts and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection

from fieldkit.records.provider_names import ProviderNames
from fieldkit.records.same_people import SamePeople
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.db.sql import execute
from fieldkit.store.query import history as chronicle
from fieldkit.store.query import names_in_use, queries, record_counts, stored_records
from fieldkit.store.query.joined import same_people
from fieldkit.store.query.stored_records import Stored


class RecordReader:
    """The part of a kit that reads records. Each answer comes from one read transaction."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A read transaction."""
        raise NotImplementedError

    def get(self, record_id: str, kind: str = "") -> Stored:
        """The record with this id, or whose id begins or ends with these characters (4 or more), with its heads.

        Records of several kinds may have the same id: `kind`, or `event:ID`, selects one.

        Raises:
            NotFound: none, or more than one.
        """
        with self.reading() as connection:
            return stored_records.get(connection, record_id, kind)

    def page(
        self,
        kind: str,
        offset: int = 0,
        limit: int = 256,
        *,
        text: str = "",
        where: Mapping[str, Any] | None = None,
        deleted: bool = False,
        apart: bool = False,
    ) -> list[Stored]:
        """Records of a kind, newest first, without heads; `text` searches their words, `where` filters by values.

        A person with joined records is one record, and links lead to it; with `apart`, each record is as it was written.
        """
        with self.reading() as connection:
            return queries.page(
                connection, kind_named(kind), offset, limit, text, where or {}, deleted, apart
            )

    def count(
        self,
        kind: str,
        *,
        text: str = "",
        where: Mapping[str, Any] | None = None,
        deleted: bool = False,
        apart: bool = False,
    ) -> int:
        """The number of records in all pages of `page`."""
        with self.reading() as connection:
            return queries.count(connection, kind_named(kind), text, where or {}, deleted, apart)

    def value_counts(
        self, kind: str, field: str, *, where: Mapping[str, Any] | None = None
    ) -> tuple[int, int, int]:
        """The number of live records, of those with a value in a field, and of different values."""
        with self.reading() as connection:
            return queries.value_counts(connection, kind_named(kind), field, where or {})

    def made_since(self, kinds: Sequence[str], origin: str, stamp: int) -> int:
        """The number of live records of these kinds that an origin made at `stamp` or later."""
        with self.reading() as connection:
            return record_counts.made_since(connection, kinds, origin, stamp)

    def many(self, kind: str, record_ids: Iterable[str], *, apart: bool = False) -> dict[str, Stored]:
        """The records of a kind with these ids, by id; unknown ids are left out.

        Each record of a person with joined records holds what is shown of the person; with `apart`, what was written in that
        record.
        """
        with self.reading() as connection:
            return queries.many(connection, kind_named(kind), list(record_ids), apart=apart)

    def shown(self, record_id: str, kind: str = "") -> Stored:
        """The record that `get` returns, as lists show it: a person's answers from all of their records."""
        with self.reading() as connection:
            return stored_records.joined_record(connection, stored_records.get(connection, record_id, kind))

    def same_people(self) -> SamePeople:
        """The people who have several records."""
        with self.reading() as connection:
            return same_people(connection)

    def alike(self, kind: str, name: str) -> list[Stored]:
        """Live records of a kind with this name in any spelling (`fieldkit.spelling.folded`), the newest first."""
        with self.reading() as connection:
            return queries.alike(connection, kind_named(kind), name)

    def names_in_use(self, kind: str, field: str) -> list[str]:
        """The values of a field in the newest records of a kind, each name in one spelling, the most frequent first."""
        with self.reading() as connection:
            return names_in_use.names_in_use(connection, kind_named(kind), field)

    def columns(
        self,
        kind: str,
        fields: Iterable[str],
        *,
        where: Mapping[str, Any] | None = None,
        apart: bool = False,
    ) -> Iterator[tuple[Any, ...]]:
        """Live records of a kind as tuples of the given fields (also record_id, created, updated, origin); `where` filters by
        values. `apart` as in `page`.
        """
        with self.reading() as connection:
            yield from queries.columns(connection, kind_named(kind), list(fields), where or {}, apart)

    def terms(self) -> dict[str, dict[str, str]]:
        """The terms that the network added to open code lists: list name -> code -> label.

        Terms with one spelling have one label, and count as one, in `columns` as well as in `where`.
        """
        with self.reading() as connection:
            return names_in_use.terms(connection)

    def provider_names(self) -> ProviderNames:
        """The providers by every name that means them: their own names, their ODS codes, the spellings bound to them."""
        with self.reading() as connection:
            return names_in_use.provider_names(connection)

    def history(self, record_id: str, kind: str = "") -> list[chronicle.Step]:
        """Every change of a record, the oldest first; `kind` as in `get`."""
        with self.reading() as connection:
            return chronicle.history(connection, record_id, kind)

    def fingerprint(self, kind: str, record_id: str, field: str) -> str:
        """64 hexadecimal digits that change with a text field's value, the same on every laptop.

        The hash includes the salt of the change that set the value: once that is erased, nobody can search for the value. "" if
        the field is empty, in conflict, or not here.
        """
        with self.reading() as connection:
            return chronicle.fingerprint(connection, kind, record_id, field)

    def conflicts(self, limit: int = 1_000) -> list[chronicle.FieldConflict]:
        """Fields with more than one current value, with every value, who set it and when."""
        with self.reading() as connection:
            return chronicle.conflicts(connection, limit)

    def conflict_count(self) -> int:
        """The number of fields with more than one current value."""
        with self.reading() as connection:
            return int(execute(connection, "SELECT count(*) FROM conflict").fetchone()[0])

    def conflicting(self) -> dict[tuple[str, str], int]:
        """(kind, field) -> the number of records with more than one current value of it."""
        with self.reading() as connection:
            return chronicle.conflicting(connection)

    def counts(self) -> dict[str, int]:
        """The number of live records by kind, with every shared kind named."""
        with self.reading() as connection:
            return record_counts.counts(connection)

    def not_understood(self, names: Iterable[str]) -> int:
        """The number of live records of these kinds with an answer or a field that this version does not know."""
        with self.reading() as connection:
            return record_counts.not_understood(connection, map(kind_named, names))

    def state_hash(self) -> str:
        """64 hexadecimal digits over all shared records: equal on two kits that hold the same ops."""
        with self.reading() as connection:
            return record_counts.state_hash(connection)
