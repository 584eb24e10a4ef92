"""Tables that naive hiding leaks: the attack pins what was published of them, and nothing of what fieldkit writes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from attack import Attack, Cell, read_csv
from fieldkit.insight.disclosure.plain_tables import protect_tables
from fieldkit.insight.disclosure.thresholds import FFT, HES, TEN, Preset
from project_files import DATA

FOLDERS = sorted((DATA / "hostile-tables").iterdir())
LEAST_SHOWN = {
    "01": (3, 3),
    "02": (12, 10),
    "03": (4, 3),
    "04": (3, 3),
    "06": (10, 10),
    "08": (3, 0),
    "10": (3, 1),
    "12": (2, 0),
}
"""How many figures are shown with fft and with ten: no change may hide more."""


def published(folder: Path) -> Attack:
    """The attack on what the naive rule published."""
    text = (folder / "relations.txt").read_text()
    low, high = re.search(r"^star (\S+) (\S+)", text, re.M).groups() if "star " in text else ("0", "inf")
    rounding = re.search(r"^round (\d+) (\d+)", text, re.M)
    tables = {path.stem: read_csv(path) for path in folder.glob("*.csv") if not path.stem.startswith("true-")}
    rounded = (int(rounding[1]), int(rounding[2])) if rounding else None
    return Attack(tables, text, (float(low), float(high)), rounded)


def written(folder: Path, preset: Preset, files: dict[str, bytes], scratch: Path) -> Attack:
    """The attack on what fieldkit writes."""
    tables = {}
    for name, content in files.items():
        (scratch / name).write_bytes(content)
        tables[name.removesuffix(".csv")] = read_csv(scratch / name)
    text = (folder / "relations.txt").read_text()
    rounded = None
    if (
        preset is HES
    ):  # totals are sums of what is shown, and percentages follow from that: neither tells anything
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


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_attack_pins_what_naive_hiding_published(folder: Path) -> None:
    attack = published(folder)
    small = {terms: value for terms, value in true_numbers(folder).items() if terms[0] in attack.cells}
    pinned = [
        terms
        for terms, value in small.items()
        if attack.possible(terms, value)
        and not any(attack.possible(terms, value + by) for by in (-3, -2, -1, 1, 2, 3))
    ]
    starred = [
        terms
        for terms in pinned
        if len(terms) > 1 or attack.tables[terms[0][0]].get(terms[0][1:]) in {"*", "5", "30"}
    ]
    assert starred


@pytest.mark.parametrize("preset", [FFT, TEN, HES], ids=lambda preset: preset.name)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_small_number_may_be_any_small_number(folder: Path, preset: Preset, tmp_path: Path) -> None:
    protected = protect_tables(folder, preset)
    attack = written(folder, preset, dict(protected.files), tmp_path)
    alone = known_alone(folder)
    for terms, value in true_numbers(folder).items():
        small = range(1, preset.threshold)
        if value in small:
            impossible = attack.pinned(terms, small)
            assert all(not alone.possible(terms, each) for each in impossible), (terms, impossible)
        elif all(attack.tables[term[0]][term[1:]] == "*" for term in terms):
            near = [each for each in range(max(0, value - 20), value + 20) if attack.possible(terms, each)]
            assert len(near) >= preset.threshold - 1, (terms, near)
    if preset is not HES:
        least = LEAST_SHOWN[folder.name[:2]][0 if preset is FFT else 1]
        assert protected.shown >= least


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_same_tables_give_the_same_bytes(folder: Path) -> None:
    assert protect_tables(folder, FFT).files == protect_tables(folder, FFT).files
