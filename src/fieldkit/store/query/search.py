"""The SQL condition of a text search: folded words, labels, dates, ids and names of linked records."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from fieldkit.records.schema.dates import parse_date
from fieldkit.records.schema.kind import Kind, kinds, search_index
from fieldkit.spelling import folded_word, folded_words, holds
from fieldkit.store.db.sql import quoted
from fieldkit.store.oplog.record_ids import SHOWN
from fieldkit.store.projection.tables import table_of
from fieldkit.text import clean

#: More words than this don't narrow a search, and make the expression too deep for the database.
MOST_WORDS = 20
LONGEST_WORD = 200
#: A shorter word is searched inside words only: across spaces it would match nearly everywhere.
_SPANNING = 4
#: Reading a record by its id costs about as much as examining this many in index order.
_FEWER = 50
_NAME = "substr(search_text, 1, instr(search_text, char(10)))"
_NOTHING: Mapping[str, str] = {}
_ID = re.compile("[0-9a-z]{4,40}")

Condition = tuple[str, list[Any]]
Labels = Mapping[str, Mapping[str, str]]
Sizes = Mapping[str, int]


def condition(
    kind: Kind, text: str, labels: Labels, sizes: Sizes, kept: Mapping[str, str] = _NOTHING
) -> Condition:
    """The condition for records of `kind` that hold every word of `text`; ("", []) for no words.

    `labels` are the network's own terms: list name -> code -> label. `sizes` are the approximate numbers of records of each kind.
    `kept` maps each joined record of a person to the one that is shown.
    """
    parts: list[str] = []
    bound: list[Any] = []
    for word in clean(text).split()[:MOST_WORDS]:
        sql, values = _word(kind, word[:LONGEST_WORD], labels, sizes, kept)
        parts.append(f"({sql})")
        bound += values
    return " AND ".join(parts), bound


def called(kind: Kind, name: str) -> Condition:
    """The condition for records whose name may be another spelling of `name`; the caller compares them by `folded`."""
    squeezed = folded_words(name).replace(" ", "")
    if not squeezed or kind.fields[kind.label[0]].shape != "line":
        return "0", []
    column = "replace(search_text, ' ', '')"
    return f"({column} LIKE ? OR {column} LIKE ?)", [f"{squeezed}\t%", f"{squeezed}\n%"]


def _word(kind: Kind, word: str, labels: Labels, sizes: Sizes, kept: Mapping[str, str]) -> Condition:
    wanted = folded_word(parse_date(word) or word)
    if not wanted:
        return _signs(kind, word)
    held, bound = _held("search_text", wanted)
    sql, values = _terms(kind, wanted, labels)
    parts, bound = [held, *sql], bound + values
    links = [spec.name for spec in kind.fields.values() if spec.shape == "link"]
    sql, values = _links(links, kind, wanted, labels, sizes, kept)
    parts, bound = parts + sql, bound + values
    if _ID.fullmatch(lower := word.lower()):
        table = _table(kind)
        ends = len(lower) >= SHOWN or any(letter.isdigit() for letter in lower)
        parts.append(
            f"row IN (SELECT row FROM {table} WHERE record_id >= ? AND record_id < ?"  # noqa: S608  # a name from the models
            + (" OR record_id LIKE ?)" if ends else ")")
        )
        bound += [lower, lower + "~", *(["%" + lower] if ends else [])]
    return " OR ".join(parts), bound


def _held(column: str, wanted: str) -> Condition:
    """A folded word inside a column of folded words, or across the spaces between them (`fieldkit.spelling.holds`).

    The cheapest test comes first: the word's letters in order, with anything between. Most rows without the word fail it, at a
    third of the cost of removing their spaces.
    """
    like = f"%{wanted}%"
    if len(wanted) < _SPANNING or " " in wanted or wanted.isdecimal():
        return f"{column} LIKE ?", [like]
    return (
        f"(search_text LIKE ? AND replace({column}, ' ', '') LIKE ? AND ({column} LIKE ? OR spans({column}, ?)))",
        [f"%{'%'.join(wanted)}%", like, like, wanted],
    )


def _terms(kind: Kind, wanted: str, labels: Labels) -> tuple[list[str], list[Any]]:
    """The network's own terms whose label holds the word although their code, which records hold, does not."""
    parts: list[str] = []
    bound: list[Any] = []
    for name, spec in kind.fields.items():
        for code, label in labels.get(spec.codes, {}).items() if spec.codes and not spec.monitoring else ():
            folded_code = folded_words(code)
            if not holds(folded_code, wanted) and holds(folded_words(label), wanted):
                column = quoted(name)
                several = f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = ?)"  # noqa: S608  # a name from the models
                parts.append(f"(search_text LIKE ? AND {several if spec.several else f'{column} = ?'})")
                bound += [f"%{folded_code}%", code]
    return parts, bound


def _links(
    names: list[str], kind: Kind, wanted: str, labels: Labels, sizes: Sizes, kept: Mapping[str, str]
) -> tuple[list[str], list[Any]]:
    """The conditions for records that link to a record with such a name."""
    parts: list[str] = []
    bound: list[Any] = []
    for name in names:
        others: Condition = ("", [])
        linked = kinds()[kind.fields[name].link]
        sql, values = _name(linked, wanted, labels, sizes, kept)
        if kept and linked.name == "person":
            others = _records_of_people(linked, sql, values, kept)
        linking, held = sizes.get(kind.name, 0), sizes.get(linked.name, 0)
        if linking * _FEWER > held:
            # The search index holds everything that is tested; without it the whole table would be read.
            index = search_index(linked)
            sql = f"row IN (SELECT row FROM {_table(linked)} INDEXED BY {index} WHERE deleted IN (0, 1) AND ({sql}))"  # noqa: S608  # names from the models
        if linking < held:
            # The unary plus keeps the planner from looking up each pair of an id and a row.
            sql = sql if linking * _FEWER <= held else f"+{sql}"
            sql = f"record_id IN (SELECT {quoted(name)} FROM {_table(kind)}) AND ({sql})"  # noqa: S608  # names from the models
        parts.append(f"{quoted(name)} IN (SELECT record_id FROM {_table(linked)} WHERE {sql}{others[0]})")  # noqa: S608  # names from the models
        bound += values + others[1]
    return parts, bound


def _records_of_people(person: Kind, sql: str, values: list[Any], kept: Mapping[str, str]) -> Condition:
    """All records of the people of whom one record fulfils a condition: links to any of them lead to the person."""
    pairs = json.dumps(list(kept.items()))
    fitting = (
        f"SELECT json_extract(fitting.value, '$[1]') FROM json_each(?) fitting JOIN {_table(person)} "  # noqa: S608  # names from the models
        f"ON record_id = json_extract(fitting.value, '$[0]') WHERE {sql}"
    )
    records = "SELECT json_extract(joined.value, '$[0]') FROM json_each(?) joined WHERE json_extract(joined.value, '$[1]') IN"
    return f" UNION {records} ({fitting})", [pairs, pairs, *values]


def _name(kind: Kind, wanted: str, labels: Labels, sizes: Sizes, kept: Mapping[str, str]) -> Condition:
    """Records whose name, the line of `Kind.label`, holds the word."""
    held, bound = _held(_NAME, wanted)
    links = [name for name in kind.label if kind.fields[name].link]
    sql, values = _links(links, kind, wanted, labels, sizes, kept)
    return " OR ".join([held, *sql]), bound + values


def _signs(kind: Kind, word: str) -> Condition:
    """A word of signs alone folds to nothing, so it is searched as typed."""
    names = [name for name, spec in kind.fields.items() if spec.shape in {"line", "text"}]
    if not names:
        return "0", []
    like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return " OR ".join(f"{quoted(name)} LIKE ? ESCAPE '\\'" for name in names), [like] * len(names)


def _table(kind: Kind) -> str:
    table = table_of(kind.name)
    assert table is not None
    return table.name
