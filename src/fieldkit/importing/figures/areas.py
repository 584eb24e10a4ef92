"""Areas of a population, found by name or code; the places of integrated care boards."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fieldkit.errors import NotFound
from fieldkit.spelling import folded
from fieldkit.text import clean_line, quoted

RESIDENTS = "These are residents of the districts; NHS counts follow registration with a practice."
_OF = re.compile(r"(?P<name>.+), (?P<title>city|county) of", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Area:
    """An area of a population; `code` is "" where the file has none."""

    code: str
    name: str


@dataclass(frozen=True)
class Board:
    """An integrated care board and the districts of its places; `note` says what is still to be decided about them."""

    code: str
    name: str
    districts: tuple[str, ...]
    note: str = ""


class NoSuchArea(NotFound):
    """A district that the population does not have; `suggested` are similar names."""

    def __init__(self, message: str, *, hint: str, suggested: Sequence[str] = ()) -> None:
        super().__init__(message, kept="Nothing was stored.", hint=hint)
        self.suggested = tuple(suggested)


@cache
def boards() -> dict[str, Board]:
    """Code of a board -> the board with its places, as far as they are known."""
    text = files("fieldkit.importing.figures").joinpath("icb_places.csv").read_text("utf-8")
    return {
        row["code"]: Board(row["code"], row["name"], tuple(row["districts"].split(";")), row["note"])
        for row in csv.DictReader(text.splitlines())
    }


def chosen_areas(wanted: str | Sequence[str], areas: Iterable[Area], name: str) -> list[Area]:
    """The areas that `wanted` names, each once, in that order; commas or semicolons separate names and codes.

    Names may contain commas themselves (`Bristol, City of`) and are also found without `City of`. `name` is the file's.

    Raises:
        NoSuchArea: an area is not in the file, or none is named.
    """
    index = _index(areas)
    parts = [wanted] if isinstance(wanted, str) else list(wanted)
    chosen: dict[Area, None] = {}
    for part in parts:
        for area in _chosen(part, index, name):
            chosen[area] = None
    if not chosen:
        raise NoSuchArea(
            "No district is named.", hint="Name them, for example --districts Birmingham,Solihull"
        )
    return list(chosen)


def _chosen(wanted: str, index: dict[str, Area], name: str) -> list[Area]:
    areas: list[Area] = []
    for part in wanted.split(";"):
        names = [word.strip() for word in part.split(",")]
        at = 0
        while at < len(names):
            if not names[at]:
                at += 1
                continue
            for end in range(min(len(names), at + 4), at, -1):
                if area := index.get(folded(", ".join(names[at:end]))):
                    areas.append(area)
                    at = end
                    break
            else:
                raise _missing(names[at], index, name)
    return areas


def _index(areas: Iterable[Area]) -> dict[str, Area]:
    index: dict[str, Area] = {}
    short: dict[str, Area] = {}
    for area in areas:
        for spelling in filter(None, (area.code, area.name)):
            index.setdefault(folded(spelling), area)
        if titled := _OF.fullmatch(area.name):
            for spelling in (titled["name"], f"{titled['title']} of {titled['name']}"):
                short.setdefault(folded(spelling), area)
    return {**short, **index}


def _missing(wanted: str, index: dict[str, Area], name: str) -> NoSuchArea:
    asked, shown = folded(wanted), quoted(wanted)
    for board in boards().values():
        if asked in {folded(board.code), folded(board.name), folded(board.name.removeprefix("NHS "))}:
            places = ",".join(board.districts)
            return NoSuchArea(
                f"{shown} is an integrated care board, not a district. Its places are {', '.join(board.districts)}.",
                hint=" ".join(
                    filter(None, (f"Use --districts {places!r}.".replace("'", '"'), board.note, RESIDENTS))
                ),
                suggested=board.districts,
            )
    names = {key: area.name for key, area in index.items()}
    alike = difflib.get_close_matches(asked, names, n=5, cutoff=0.7)
    alike += [key for key in names if len(asked) > 3 and (asked in key or (len(key) > 3 and key in asked))]
    suggested = list(dict.fromkeys(names[key] for key in alike))[:3]
    return NoSuchArea(
        f"“{clean_line(name)}” has no district {shown}.",
        hint=f"Did you mean {' or '.join(f'“{suggestion}”' for suggestion in suggested)}?"
        if suggested
        else "Look at the names of its districts with: fieldkit figures districts",
        suggested=suggested,
    )
