"""Mappings kept by name: how to read files with certain headings, as TOML files and in the kit's settings."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import tomli_w

from fieldkit.disk_errors import disk_error
from fieldkit.errors import Misuse, NotFound
from fieldkit.file_writing import write_private_file
from fieldkit.importing.choices import Choices, ColumnChoices
from fieldkit.importing.columns import field_named
from fieldkit.operating_system import read_regular
from fieldkit.paths import expanded
from fieldkit.records.schema.kind import Kind
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IMPORT_MAPPINGS
from fieldkit.text import clean_line, displayed_line, ended, quoted, shortened

LARGEST = 256_000
"""Bytes. A longer file is not a mapping of a spreadsheet."""
_MOST_KEPT = 50
_OF_FILE = ("dates", "hidden_rows", "totals")
_OF_COLUMN = ("direction", "dates", "real_dates", "times", "numbers")
_OF_ONE_FILE = frozenset({"others", "century", "year-day-month"})
"""Doubts about the values of one file; the next file has other values."""


@dataclass(frozen=True)
class KeptMapping:
    """A mapping: its `name`, the `kind` of record, the choices, the file's `headings`, and `settings` for every row."""

    name: str
    kind: str
    choices: Choices
    settings: dict[str, str]
    headings: tuple[str, ...] = ()

    def fits(self, kind: Kind, headings: Iterable[str]) -> bool:
        """Whether the mapping was made for files with these headings."""
        return (
            self.kind == kind.name
            and bool(self.headings)
            and {folded(heading) for heading in self.headings} == {folded(heading) for heading in headings}
        )


def read_mapping(path: Path, kind: Kind) -> KeptMapping:
    """The mapping in a TOML file.

    Raises:
        NotFound: there is no such file.
        Misuse: it is not a mapping, or is for another kind.
        StorageError: it can't be read.
    """
    try:
        content = read_regular(path, LARGEST + 1)
    except FileNotFoundError:
        raise NotFound(
            f"There is no mapping “{displayed_line(path.name)}”.",
            kept="Nothing was stored.",
            hint="Check the name.",
        ) from None
    except OSError as error:
        raise disk_error(error, path) from error
    if len(content) > LARGEST:
        raise _refused(path.name, "It is too long for a mapping.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path.name, "It is not text in UTF-8.") from None
    return parse_mapping(path.stem, text, kind)


def parse_mapping(name: str, text: str, kind: Kind) -> KeptMapping:
    """The mapping that TOML text holds.

    Raises:
        Misuse: it is not a mapping, or is for another kind.
    """
    try:
        content = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, ended(f"It is not valid TOML: {shortened(str(error), 120)}")) from None
    except (RecursionError, ValueError):
        raise _refused(name, "It is not valid TOML.") from None
    reading = _Reading(name, kind)
    return reading.mapping(content)


def _refused(name: str, sentence: str) -> Misuse:
    return Misuse(
        f"The mapping {quoted(name)} can't be used. {sentence}",
        kept="Nothing was stored.",
        hint="Correct it in a text editor, or make a new one with --save-mapping.",
    )


class _Reading:
    """Checks the content of a mapping, key by key."""

    def __init__(self, name: str, kind: Kind) -> None:
        self.name, self.kind = name, kind

    def mapping(self, content: dict[str, Any]) -> KeptMapping:
        self._known(
            content, {"kind", "headings", "consent", "heading_rows", "ticks", "set", "columns", *_OF_FILE}, ""
        )
        kind = self._text(content, "kind", self.kind.name)
        if kind != self.kind.name:
            raise _refused(self.name, f"It is for {shortened(kind, 40)}, not for {self.kind.name}.")
        rows = content.get("heading_rows")
        if rows is not None and (type(rows) is not int or not 1 <= rows <= 5):
            raise _refused(self.name, "heading_rows is a number from 1 to 5.")
        headings = content.get("headings", [])
        if not isinstance(headings, list) or not all(isinstance(each, str) for each in headings):
            raise _refused(self.name, "headings is a list of texts.")
        ticks = self._table(content, "ticks")
        if not all(isinstance(value, bool) for value in ticks.values()):
            raise _refused(self.name, "Below [ticks], each word is true or false.")
        settings = self._texts(content, "set")
        for field in settings:
            field_named(self.kind, field)
        columns = {}
        for heading, entry in self._table(content, "columns").items():
            if not isinstance(entry, dict):
                raise _refused(self.name, f"Below [columns], {quoted(heading, 40)} is no table.")
            columns[folded(heading)] = self._column(heading, entry)
        choices = Choices(
            columns=columns,
            consent=clean_line(self._text(content, "consent")),
            heading_rows=rows,
            ticks={folded(word): value for word, value in ticks.items()},
            **{name: self._one_of(content, name, Choices) for name in _OF_FILE},
        )
        return KeptMapping(self.name, kind, choices, settings, tuple(headings))

    def _column(self, heading: str, entry: dict[str, Any]) -> ColumnChoices:
        where = f" below {quoted(heading, 40)}"
        self._known(entry, {"field", "values", "settled", *_OF_COLUMN}, where)
        resolved = entry.get("settled", [])
        if not isinstance(resolved, list) or not all(isinstance(code, str) for code in resolved):
            raise _refused(self.name, f"settled{where} is a list of texts.")
        return ColumnChoices(
            field=self._text(entry, "field") if "field" in entry else None,
            resolved=frozenset(resolved),
            values={folded(clean_line(key)): value for key, value in self._texts(entry, "values").items()},
            **{name: self._one_of(entry, name, ColumnChoices) for name in _OF_COLUMN},
        )

    def _known(self, table: dict[str, Any], names: set[str], where: str) -> None:
        for name in table:
            if name not in names:
                raise _refused(
                    self.name,
                    f"{quoted(name, 40)}{where} is not known; known: {', '.join(sorted(names))}.",
                )

    def _text(self, table: dict[str, Any], name: str, default: str = "") -> str:
        value = table.get(name, default)
        if not isinstance(value, str):
            raise _refused(self.name, f"{name} is text in quotation marks.")
        return value

    def _table(self, table: dict[str, Any], name: str) -> dict[str, Any]:
        value = table.get(name, {})
        if not isinstance(value, dict):
            raise _refused(self.name, f"{name} is a table, as [{name}].")
        return value

    def _texts(self, table: dict[str, Any], name: str) -> dict[str, str]:
        values = self._table(table, name)
        if not all(isinstance(value, str) for value in values.values()):
            raise _refused(self.name, f"Below [{name}], each value is text in quotation marks.")
        return values

    def _one_of(self, table: dict[str, Any], name: str, model: type) -> Any:
        answers = [answer for answer in get_args(get_type_hints(model)[name]) if answer]
        value = table.get(name, "")
        if value != "" and value not in answers:
            raise _refused(self.name, f"{name} is one of: {', '.join(answers)}.")
        return value


def as_toml(mapping: KeptMapping) -> str:
    """The mapping as TOML that `parse_mapping` reads."""
    choices = mapping.choices
    spelt = {folded(heading): heading for heading in mapping.headings}
    content: dict[str, Any] = {"kind": mapping.kind, "headings": list(mapping.headings)}
    if choices.consent:
        content["consent"] = choices.consent
    if choices.heading_rows:
        content["heading_rows"] = choices.heading_rows
    content |= {name: getattr(choices, name) for name in _OF_FILE if getattr(choices, name)}
    if choices.ticks:
        content["ticks"] = choices.ticks
    if mapping.settings:
        content["set"] = mapping.settings
    columns: dict[str, Any] = {}
    for key, chosen in choices.columns.items():
        column: dict[str, Any] = {} if chosen.field is None else {"field": chosen.field}
        column |= {name: getattr(chosen, name) for name in _OF_COLUMN if getattr(chosen, name)}
        if lasting := sorted(chosen.resolved - _OF_ONE_FILE):
            column["settled"] = lasting
        if chosen.values:
            column["values"] = chosen.values
        if column:
            columns[spelt.get(key, key)] = column
    if columns:
        content["columns"] = columns
    return tomli_w.dumps(content)


def mapping_of(
    name: str,
    kind: Kind,
    choices: Choices,
    settings: dict[str, str],
    columns: Iterable[str],
    plan: dict[str, str],
) -> KeptMapping:
    """The mapping of an import: the choices for its file, and where each of its columns went (`plan`)."""
    headings = tuple(columns)
    for column in headings:
        choices = choices.with_column(column, field=plan.get(column, ""))
    return KeptMapping(name, kind.name, replace(choices, understood=False, again=False), settings, headings)


def write_mapping(path: Path, mapping: KeptMapping) -> None:
    """Write a mapping, replacing an older one of that name.

    Raises:
        StorageError: the disk refuses.
    """
    write_private_file(path, as_toml(mapping).encode())


def keep(kit: Kit, mapping: KeptMapping) -> None:
    """Keep a mapping in the kit's settings, to be suggested for the next file with the same headings."""
    kept: dict[str, Any] = kit.settings.get(IMPORT_MAPPINGS)
    kept.pop(f"{mapping.kind}/{mapping.name}", None)
    kept[f"{mapping.kind}/{mapping.name}"] = as_toml(mapping)
    kit.settings.put(IMPORT_MAPPINGS, dict(list(kept.items())[-_MOST_KEPT:]))


def kept_mappings(kit: Kit, kind: Kind) -> list[KeptMapping]:
    """The mappings that this kit keeps for a kind, the latest first, without those that are no longer valid."""
    kept = []
    for key, text in reversed(kit.settings.get(IMPORT_MAPPINGS).items()):
        owner, _, name = key.partition("/")
        if owner == kind.name:
            try:
                kept.append(parse_mapping(name, text, kind))
            except Misuse:
                continue
    return kept


def named_mapping(kit: Kit, name: str, kind: Kind) -> KeptMapping:
    """The mapping called `name`: a file, or else one that the kit keeps.

    Raises:
        NotFound, Misuse: there is none, or it can't be used.
    """
    path = expanded(name)
    if not path.exists() and os.sep not in name:
        for mapping in kept_mappings(kit, kind):
            if folded(mapping.name) in {folded(name), folded(Path(name).stem)}:
                return mapping
    return read_mapping(path, kind)
