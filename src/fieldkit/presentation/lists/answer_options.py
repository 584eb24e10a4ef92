"""The options of a question: the answers of a code list, or records, the newest first or found by words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fieldkit.errors import FieldkitError
from fieldkit.faultlog import log_fault
from fieldkit.presentation.model.form_plan import Offered, Option
from fieldkit.presentation.people.people_apart import people_apart
from fieldkit.presentation.record_names import lines_of
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.answer_digits import answer_digits
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.parse import Terms
from fieldkit.records.schema.terms import same_codes
from fieldkit.store.kit import Kit, Stored

RECENT = 8
"""How many records a link offers before its question is reached."""


def code_options(spec: FieldSpec, terms: Terms) -> list[Option]:
    """The answers to a choice or many, the network's own after the kit's; terms that fold alike appear once."""
    known = spec.code_list
    own = terms.get(spec.codes, {})
    same = same_codes(spec.codes, own)
    added = {code: label for code, label in own.items() if code not in known.codes and same[code] == code}
    keys = {
        code: key for key, code in answer_digits(spec, [*(entry.code for entry in known.entries), *added])
    }
    return [
        Option(
            entry.code,
            entry.label,
            entry.get("group"),
            keys.get(entry.code, ""),
            entry.get("parent"),
            entry.role == "declined",
        )
        for entry in known.entries
    ] + [Option(code, label, key=keys.get(code, "")) for code, label in added.items()]


def link_options(kit: Kit, kind_name: str, chosen: Sequence[str]) -> list[Option]:
    """The records chosen already, then the newest of their kind."""
    records = list(kit.many(kind_name, chosen).values())
    held = {record.record_id for record in records}
    records += [record for record in kit.page(kind_name, 0, RECENT) if record.record_id not in held]
    return labelled_options(kit, records)


def link_search(kit: Kit, kind_name: str) -> Callable[[str, int], Sequence[Option]]:
    """A search of one kind by words. If a kind's line is made of links (a pair), these are searched too.

    It logs unforeseen errors: whoever searches can go on without.
    """

    def search(typed: str, most: int) -> Sequence[Option]:
        try:
            return matches(typed, most)
        except FieldkitError:
            raise
        except Exception as error:
            log_fault(kit.folder, "searching records", error)
            raise

    def matches(typed: str, most: int) -> Sequence[Option]:
        typed = typed.strip()
        records = kit.page(kind_name, 0, most, text=typed)
        total = kit.count(kind_name, text=typed) if len(records) == most else 0
        if typed and len(records) < most:
            records += _by_links(
                kit, kind_name, typed, most - len(records), {record.record_id for record in records}
            )
        return Offered(labelled_options(kit, records), total)

    return search


def _by_links(kit: Kit, kind_name: str, typed: str, most: int, known: set[str]) -> list[Stored]:
    kind = kind_named(kind_name)
    records: list[Stored] = []
    for name in kind.label:
        spec = kind.fields[name]
        if spec.shape != "link":
            continue
        for linked in kit.page(spec.link, 0, 20, text=typed):
            for record in kit.page(kind_name, 0, most, where={name: linked.record_id}):
                if record.record_id not in known and len(records) < most:
                    known.add(record.record_id)
                    records.append(record)
    return records


def labelled_options(kit: Kit, records: Sequence[Stored]) -> list[Option]:
    """Records as answers to pick from, in their given order; people of the same line are shown with more details."""
    terms = kit.terms()
    lines = lines_of(kit, records, terms, longest=IN_LIST, apart=people_apart(kit, records, terms))
    return [Option(record.record_id, lines[record.record_id]) for record in records]
