"""Finding the record that somebody names: by its id, a short form of it, or what lists and labels show of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fieldkit.errors import NotFound, SeveralRecords
from fieldkit.records.label import describe
from fieldkit.records.schema.dates import WrongWeekday, parse_date, short_date
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.parse import labelled, pieces_of
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.text import clean_line, quoted

_PART_OF_ID = re.compile(r"[0-9a-z]{4,40}")
_AND = re.compile(r"\s+(?:&|\+|and|with)\s+|\s*[·/|]\s*|\s+[-–—]\s+", re.IGNORECASE)
_MOST_NAMED = 3
_MOST_LOOKED_AT = 100
_SHORTEST = 4
"""The fewest characters of a label to search for; fewer match too many records."""
_LABELLED = (
    *(
        "event",
        "person",
        "partner",
        "provider",
        "cycle",
        "change",
        "mentorship",
        "session",
        "action",
        "attendance",
        "note",
        "term",
    ),
    *("dataset", "case_study", "desk_source", "rationale", "engagement", "response", "support"),
)
"""Kinds in which `find_any` looks for a name; those that people know by a name come first."""

_MANY = frozenset({"feedback", "cell", "attendance"})
"""Kinds with possibly so many records that reading them all for one name would take long."""

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {"provider": ("ods_code", "spellings")}
"""Fields other than the label that hold names of a record, one a line."""


class RecordFinder:
    """Names of records by kind, read when the first record of that kind is requested."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._catalogues: dict[str, _Catalogue] = {}

    def find(self, kind: str, name_or_id: str, known: Mapping[str, str] | None = None) -> str:
        """The id of the record of a kind that `name_or_id` names. `known`: its fields -> texts that help to identify it.

        Accepted are the id, its end as lists show it or another part of 4 characters or more; the label as shown anywhere; the
        first parts of the label; a name followed by its date; for a pair, two names joined by a sign or “and”.

        Raises:
            ValueError: no record is called so, or several are, with a sentence that distinguishes them.
        """
        asked = clean_line(name_or_id)
        if kind in _MANY and (key := self._one_of_many(kind, asked)):
            return key
        catalogue = self._catalogue(kind)
        hints = {name: hint for name, hint in (known or {}).items() if clean_line(hint)}
        matches = catalogue.named(asked) if asked else set(catalogue.records)
        if not matches:
            # Ids come last: eight small letters are more likely a name.
            matches = catalogue.with_id(asked)
            if len(matches) == 1:
                return matches.pop()
        if len(matches) != 1 and hints:
            narrowed = catalogue.narrowed(matches or set(catalogue.records), hints, self)
            if len(narrowed) == 1 and (matches or not asked or _contains(catalogue, narrowed, asked)):
                return narrowed.pop()
        if len(matches) == 1:
            return matches.pop()
        if kind == "provider" and len(providers := self._counting(matches)) == 1:
            return providers.pop()
        raise ValueError(self._sentence(kind, asked, matches, catalogue))

    def linked(self, spec: FieldSpec, text: str) -> str | list[str]:
        """The value of a link or links: the id of the record that `text` names, or of each name between semicolons.

        Raises:
            ValueError: with a sentence that begins with the field's title.
        """
        try:
            if not spec.several:
                return self.find(spec.link, text)
            return spec.check([self.find(spec.link, name) for name in pieces_of(text)]) or []
        except ValueError as error:
            raise ValueError(f"{spec.title}: {error}") from None

    def find_any(self, name_or_id: str) -> Stored:
        """The record of any kind that `name_or_id` names: an id or part of one, else a label.

        Raises:
            NotFound: none is called so, or several are.
        """
        try:
            return self._kit.get(name_or_id)
        except SeveralRecords:
            raise
        except NotFound as missing:
            asked, ids = clean_line(name_or_id), {}
            kind_name, _, rest = asked.partition(" ")
            for name in _LABELLED:
                if name not in kinds():
                    continue
                catalogue = self._catalogue(name)
                own = {folded(name), folded(kind_named(name).title), folded(kind_named(name).plural)}
                for record_id in catalogue.named(asked) or (
                    catalogue.named(rest) if folded(kind_name) in own and rest else ()
                ):
                    ids[f"{name}:{record_id}"] = catalogue.records[record_id]
            ids = ids or self._feedback(asked)
            if len(ids) == 1:
                return self._kit.get(next(iter(ids)))
            if not ids:
                raise missing
            shown = "; ".join(
                f"{label} ({short_id(record_id)})" for record_id, label in list(ids.items())[:_MOST_NAMED]
            )
            raise NotFound(
                f"{len(ids):,} records are called {quoted(asked, 40)}: {shown}.", hint="Give the id of one."
            ) from None

    def _feedback(self, asked: str) -> dict[str, str]:
        """Feedback by its label: there may be a million records, so a search narrows them down first."""
        kind, terms = kind_named("feedback"), self._kit.terms()
        wanted = folded(asked.rstrip("…"))
        if len(wanted) < _SHORTEST:
            return {}
        labels = {
            record.name: describe(kind, record.values, terms)
            for record in self._kit.page(
                "feedback", limit=_MOST_LOOKED_AT, text=asked.rstrip("…").replace("·", " ")
            )
        }
        return {
            record_id: label
            for record_id, label in labels.items()
            if folded(label.rstrip("…")).startswith(wanted)
        }

    def _one_of_many(self, kind: str, asked: str) -> str:
        """The id of one record of a kind with very many: by a whole id, or by a label that only one record has; else ""."""
        if asked in self._kit.many(kind, [asked]):
            return asked
        matches = self._feedback(asked) if kind == "feedback" else {}
        return next(iter(matches)) if len(matches) == 1 else ""

    def _counting(self, record_ids: set[str]) -> set[str]:
        """The providers that count for these records: one for all that share a name, as records of several laptops do."""
        known = self._kit.provider_names()
        return {known.counts_as(record_id) for record_id in record_ids}

    def _catalogue(self, kind: str) -> _Catalogue:
        if kind not in self._catalogues:
            self._catalogues[kind] = _Catalogue(self._kit, kind_named(kind), self)
        return self._catalogues[kind]

    def label(self, kind: str, record_id: str) -> str:
        """The line that names a record; its id if it is not held here."""
        return self._catalogue(kind).records.get(record_id, record_id)

    @staticmethod
    def _sentence(kind: str, asked: str, matches: set[str], catalogue: _Catalogue) -> str:
        the_kind = kind_named(kind)
        title = the_kind.title.lower()
        if not matches:
            return (
                f"there is no {title} {quoted(asked)} here. Record it first, or give the label or id that "
                f"“fieldkit list {kind}” shows."
            )
        labels = [f"{catalogue.records[record_id]} ({short_id(record_id)})" for record_id in sorted(matches)]
        more = f" and {len(labels) - _MOST_NAMED:,} more" if len(labels) > _MOST_NAMED else ""
        return (
            f"{the_kind.counted(len(labels))} fit {quoted(asked)}: {'; '.join(labels[:_MOST_NAMED])}{more}. "
            "Give the whole label, or the id in brackets."
        )


class _Catalogue:
    """The records of one kind by every name that people may use for them."""

    def __init__(self, kit: Kit, kind: Kind, finder: RecordFinder) -> None:
        self.kind = kind
        self.records: dict[str, str] = {}
        """Id -> label."""
        self.values: dict[str, dict[str, Any]] = {}
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._joined: dict[str, str] = {}
        """Ids of people's records that are not shown -> the kept ones."""
        terms = kit.terms()
        fields = tuple(dict.fromkeys((*kind.label, *_OTHER_NAMES.get(kind.name, ()))))
        for record_id, *row in kit.columns(kind.name, ("record_id", *fields)):
            values = {name: value for name, value in zip(fields, row, strict=True) if value is not None}
            names = {
                f"{kind.fields[name].link}:{value}": finder.label(kind.fields[name].link, value)
                for name, value in values.items()
                if kind.fields[name].shape == "link"
            }
            self.records[record_id] = describe(kind, values, terms, names)
            self.values[record_id] = values
            for name in self._spellings(record_id, self.records[record_id], values, terms, names):
                self._names[name].add(record_id)
        if kind.name == "person":
            self._add_joined(kit, terms)

    def _add_joined(self, kit: Kit, terms: Any) -> None:
        """Add people by the names and ids of all their records."""
        people = kit.same_people()
        for record_id, record in kit.many("person", people.hidden, apart=True).items():
            self._joined[record_id] = people.kept_of(record_id)
            label = describe(self.kind, record.values, terms)
            for name in self._spellings(record_id, label, record.values, terms, {}):
                self._names[name].add(people.kept_of(record_id))

    def _spellings(
        self, record_id: str, label: str, values: dict[str, Any], terms: Any, names: Mapping[str, str]
    ) -> Iterator[str]:
        yield record_id
        yield folded(label)
        for name in _OTHER_NAMES.get(self.kind.name, ()):
            yield from filter(None, map(folded, str(values.get(name) or "").splitlines()))
        parts: list[str] = []
        for name in self.kind.label:
            if name not in values:
                continue
            part = describe_field(self.kind, name, values[name], terms, names)
            parts.append(part)
            yield folded(" ".join(parts))
        if self.kind.name in {"mentorship", "attendance"}:
            # Linked people are also known by their names alone.
            linked = [
                names.get(f"{self.kind.fields[name].link}:{values[name]}", "")
                for name in self.kind.label
                if name in values
            ]
            short = [label.partition(" · ")[0] for label in linked if label]
            if len(short) > 1:
                yield folded(" ".join(short))
        first = values.get(self.kind.label[0])
        when = values.get("date")
        if isinstance(first, str) and isinstance(when, str) and self.kind.label[0] != "date":
            yield folded(first) + "\n" + when

    def named(self, asked: str) -> set[str]:
        """The ids of the records with this name."""
        if asked in self.records:
            return {asked}
        if record_ids := self._names.get(folded(_AND.sub(" ", asked))) or self._names.get(folded(asked)):
            return set(record_ids)
        if asked.endswith("…") and len(beginning := folded(asked[:-1])) >= 4:
            return {
                record_id for record_id, label in self.records.items() if folded(label).startswith(beginning)
            }
        for name, when in dated(asked):
            if record_ids := self._names.get(folded(name) + "\n" + when):
                return set(record_ids)
        return set()

    def with_id(self, asked: str) -> set[str]:
        """The ids that equal this one, or begin or end with it."""
        wanted = asked.lower()
        if not _PART_OF_ID.fullmatch(wanted):
            return set()
        ids = {record_id: record_id for record_id in self.records} | self._joined
        return {
            shown
            for record_id, shown in ids.items()
            if record_id.startswith(wanted) or record_id.endswith(wanted)
        }

    def narrowed(self, ids: set[str], known: Mapping[str, str], finder: RecordFinder) -> set[str]:
        """Those of `ids` whose fields match `known`."""
        left = ids
        for name, hint in known.items():
            spec = self.kind.fields[name]
            if spec.shape == "date":
                try:
                    when = parse_date(clean_line(hint))
                except WrongWeekday:
                    when = None
                left = {record_id for record_id in left if when and self.values[record_id].get(name) == when}
            elif spec.shape == "link":
                try:
                    target = finder.find(spec.link, hint)
                except ValueError:
                    target = ""
                left = {
                    record_id for record_id in left if target and self.values[record_id].get(name) == target
                }
            else:
                wanted = folded(clean_line(hint))
                left = {
                    record_id
                    for record_id in left
                    if folded(str(self.values[record_id].get(name, ""))) == wanted
                }
        return left


def _contains(catalogue: _Catalogue, ids: set[str], asked: str) -> bool:
    return folded(_AND.sub(" ", asked)) in folded(catalogue.records[next(iter(ids))])


def describe_field(
    kind: Kind, name: str, value: Any, terms: Mapping[str, Mapping[str, str]], names: Mapping[str, str]
) -> str:
    """One part of a record's label."""
    spec = kind.fields[name]
    if spec.shape == "link":
        return names.get(f"{spec.link}:{value}", "")
    return short_date(value) if spec.shape == "date" else labelled(spec, value, terms)


def dated(text: str) -> Iterator[tuple[str, str]]:
    """Each way to read `text` as a name with a date after or before it, as (name, YYYY-MM-DD)."""
    tokens: Sequence[str] = text.replace("·", " ").replace("(", " ").replace(")", " ").split()
    for size in (1, 2, 3, 4):
        if len(tokens) <= size:
            return
        for name, day in ((tokens[:-size], tokens[-size:]), (tokens[size:], tokens[:size])):
            try:
                when = parse_date(" ".join(day).strip(",;:"))
            except WrongWeekday:
                continue
            if when:
                joined = " ".join(name).strip(" ,;:-–—")
                yield joined.removesuffix(" on").strip(" ,;:-–—"), when
