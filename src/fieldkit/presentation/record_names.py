"""The lines that name records, on screens and in commands, many at a time. They read the kit: call them in a thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from fieldkit.records.label import LONGEST, describe
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.records.schema.parse import Terms
from fieldkit.store.kit import Kit, Stored


def named(kind: Kind, line: str) -> str:
    """A record's kind and line: `Feedback · 27 Oct 2026`; only the kind if the line adds nothing."""
    return kind.title if line == kind.title else f"{kind.title} · {line}"


def plural_of(kind_name: str) -> str:
    """The plural of a kind's title; the name of the kind if it is not known here."""
    kind = kinds().get(kind_name)
    return kind.plural if kind is not None else kind_name


def joined_parts(*parts: str) -> str:
    """The parts of a line, without those that are empty."""
    return " · ".join(filter(None, parts))


def named_record(kit: Kit, record: Stored, terms: Terms, *, longest: int = LONGEST) -> str:
    """The same for a stored record of any kind, with a line of at most `longest` characters."""
    kind = kinds().get(record.kind)
    line = lines_of(kit, [record], terms, longest=longest)[record.record_id]
    return named(kind, line) if kind is not None else line


def line_of(kit: Kit, record: Stored, terms: Terms, *, longest: int = LONGEST) -> str:
    """The line that names `record`; its links are shown by their own lines."""
    return lines_of(kit, [record], terms, longest=longest)[record.record_id]


def lines_of(
    kit: Kit,
    records: Iterable[Stored],
    terms: Terms,
    *,
    longest: int = LONGEST,
    apart: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Record id -> line of at most `longest` characters, for records of one kind.

    `apart` gives what distinguishes records of the same line (id -> details): it follows the line.
    """
    same_kind = list(records)
    if not same_kind:
        return {}
    kind = kinds().get(same_kind[0].kind)
    if kind is None:
        unknown = f"a record of a newer kit ({same_kind[0].kind})"
        return {record.record_id: unknown for record in same_kind}
    names: dict[str, str] = {}
    for field in kind.label:
        if link := kind.fields[field].link:
            wanted = {str(record.values[field]) for record in same_kind if record.values.get(field)}
            linked = kit.many(link, sorted(wanted)).values()
            names |= lines_by_name(kit, linked, terms, longest=longest, apart=apart)
    return {
        record.record_id: joined_parts(
            describe(kind, record.values, terms, names, longest=longest),
            apart.get(record.record_id, ""),
        )
        for record in same_kind
    }


def lines_by_name(
    kit: Kit,
    records: Iterable[Stored],
    terms: Terms,
    *,
    longest: int = LONGEST,
    apart: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """`KIND:ID` -> line of at most `longest` characters, for records of any kinds, of which several may have one id."""
    by_kind: dict[str, list[Stored]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(record)
    return {
        f"{name}:{record_id}": line
        for name, same_kind in by_kind.items()
        for record_id, line in lines_of(kit, same_kind, terms, longest=longest, apart=apart).items()
    }


def lines_of_links(
    kit: Kit,
    records: Iterable[Stored],
    terms: Terms,
    fields: Collection[str] | None = None,
    *,
    longest: int = LONGEST,
) -> dict[str, str]:
    """`KIND:ID` -> line of at most `longest` characters, for everything that the link fields of `records` point to.

    `fields` limits it to those fields.
    """
    wanted: dict[str, set[str]] = {}
    for record in records:
        for name, spec in kinds()[record.kind].fields.items() if record.kind in kinds() else ():
            if (fields is None or name in fields) and (targets := spec.targets(record.values.get(name))):
                wanted.setdefault(spec.link, set()).update(targets)
    lines: dict[str, str] = {}
    for kind, ids in wanted.items():
        lines |= lines_by_name(kit, kit.many(kind, sorted(ids)).values(), terms, longest=longest)
    return lines
