"""Code lists: the answers that questions accept, read from the data files in `records/codes/`.

Each list is a CSV file: a first comment line `# title | source | open|closed`, then `code,label` and optional further columns
(`group`, `parent`, `nhs` …). A `role` of `declined` or `not-asked` marks the rows of those two answers; `alone` marks an
answer that excludes all others in a question that takes several.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files


@dataclass(frozen=True)
class Code:
    """One answer: its code for exports, its label for screens, and any further columns of its list."""

    code: str
    label: str
    role: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def get(self, column: str) -> str:
        """The value of a further column, "" if there is none."""
        return dict(self.more).get(column, "")


@dataclass(frozen=True)
class CodeList:
    """A named list of answers. `open` lists accept others too: a network adds its own terms."""

    name: str
    title: str
    source: str
    open: bool
    entries: tuple[Code, ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code of the list."""
        return frozenset(entry.code for entry in self.entries)

    @cached_property
    def alone(self) -> frozenset[str]:
        """Codes that exclude all others: declined, none, not asked."""
        return frozenset(
            entry.code for entry in self.entries if entry.role in {"declined", "not-asked", "alone"}
        )

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {entry.code: entry.label for entry in self.entries}

    @cached_property
    def declined(self) -> str:
        """The code for "asked, and declined", "" if the list has none."""
        return next((entry.code for entry in self.entries if entry.role == "declined"), "")

    def label(self, code: str) -> str:
        """The label of `code`, or the code itself if it is not in the list."""
        return self._labels.get(code, code)


@cache
def code_list(name: str) -> CodeList:
    """The list called `name`.

    Raises:
        KeyError: there is no such list.
    """
    path = files("fieldkit.records").joinpath("codes", f"{name}.csv")
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise KeyError(name) from None
    title, source, state = (part.strip() for part in lines[0].lstrip("# ").split("|"))
    entries = tuple(
        Code(
            row["code"],
            row["label"],
            row.get("role") or "",
            tuple(
                (key, value) for key, value in row.items() if key not in {"code", "label", "role"} and value
            ),
        )
        for row in csv.DictReader(lines[1:])
    )
    return CodeList(name, title, source, state == "open", entries)


@cache
def code_list_names() -> tuple[str, ...]:
    """The names of all lists, in alphabetical order."""
    folder = files("fieldkit.records").joinpath("codes")
    return tuple(
        sorted(entry.name.removesuffix(".csv") for entry in folder.iterdir() if entry.name.endswith(".csv"))
    )
