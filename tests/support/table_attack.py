"""The attack on a folder of true tables and what was written of them: every number that it could pin but should not."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from attack import Attack, Cell, read_csv
from fieldkit.insight.disclosure.thresholds import HES, Preset


def written(folder: Path, preset: Preset, files: Mapping[str, bytes], scratch: Path) -> Attack:
    """The attack on the files that fieldkit wrote."""
    tables = {}
    for name, content in files.items():
        (scratch / name).write_bytes(content)
        tables[name.removesuffix(".csv")] = read_csv(scratch / name)
    text = (folder / "relations.txt").read_text()
    rounded = None
    if (
        preset is HES
    ):  # totals are sums of the shown numbers, and percentages follow from those: neither reveals anything
        rounded = (5, 8)
        totals = {
            (table, label) for table, label in re.findall(r"^sum (\S+) (?:col|row) (.*?) = ", text, re.M)
        }
        tables = {
            name: {
                key: "*" if {(name, part) for part in key} & totals or "%" in key[1] else cell
                for key, cell in table.items()
            }
            for name, table in tables.items()
        }
    return Attack(tables, text, (0, math.inf), rounded, preset.least_base)


def true_numbers(folder: Path) -> dict[tuple[Cell, ...], int]:
    """Every number of people, and every watched sum of them."""
    cells: dict[tuple[Cell, ...], int] = {}
    for path in folder.glob("true-*.csv"):
        table = path.stem.removeprefix("true-")
        for (row, column), text in read_csv(path).items():
            if text and "%" not in text:
                cells[((table, row, column),)] = int(text)
    for line in (folder / "relations.txt").read_text().splitlines():
        if line.startswith("watch "):
            terms = tuple(Attack.place(part.strip()) for part in line[6:].split(" + "))
            if all((term,) in cells for term in terms):
                cells[terms] = sum(cells[term,] for term in terms)
    return cells


def known_alone(folder: Path) -> Attack:
    """What readers know without any table."""
    tables = {
        path.stem.removeprefix("true-"): dict.fromkeys(read_csv(path), "*")
        for path in folder.glob("true-*.csv")
    }
    return Attack(tables, (folder / "relations.txt").read_text())


def leaks(folder: Path, preset: Preset, files: Mapping[str, bytes], scratch: Path) -> list[str]:
    """Each number about which the written tables reveal too much; none if they are safe."""
    attack = written(folder, preset, files, scratch)
    alone = known_alone(folder)
    printed = {name.removesuffix(".csv"): read_csv(scratch / name) for name in files}
    leaked: list[str] = []
    for terms, value in true_numbers(folder).items():
        if preset.is_small(value):
            small = range(1, preset.threshold)
            impossible = [each for each in attack.pinned(terms, small) if alone.possible(terms, each)]
            if impossible:
                leaked.append(f"{terms} is {value} and can't be {impossible}")
        elif all(printed[term[0]][term[1:]] == "*" for term in terms):
            near = range(max(0, value - 20), value + 20)
            possible = sum(attack.possible(terms, each) for each in near)
            enough = min(preset.threshold - 1, sum(alone.possible(terms, each) for each in near))
            if possible < enough:
                leaked.append(f"{terms} is {value} and has {possible} values")
    return leaked
