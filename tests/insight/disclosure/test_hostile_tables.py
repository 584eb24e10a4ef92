"""Tables that leak after naive hiding: the attack pins what was published of them, but nothing that fieldkit writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from attack import Attack, read_csv
from fieldkit.insight.disclosure.plain_tables import protect_tables
from fieldkit.insight.disclosure.thresholds import FFT, HES, TEN, Preset
from project_files import DATA
from table_attack import leaks, true_numbers

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
"""The number of figures shown with fft and with ten: no change may hide more."""


def published(folder: Path) -> Attack:
    """The attack on what the naive rule published."""
    text = (folder / "relations.txt").read_text()
    low, high = re.search(r"^star (\S+) (\S+)", text, re.M).groups() if "star " in text else ("0", "inf")
    rounding = re.search(r"^round (\d+) (\d+)", text, re.M)
    tables = {path.stem: read_csv(path) for path in folder.glob("*.csv") if not path.stem.startswith("true-")}
    rounded = (int(rounding[1]), int(rounding[2])) if rounding else None
    return Attack(tables, text, (float(low), float(high)), rounded)


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
    assert not leaks(folder, preset, protected.files, tmp_path)
    if preset is not HES:
        least = LEAST_SHOWN[folder.name[:2]][0 if preset is FFT else 1]
        assert protected.shown >= least


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_same_tables_give_the_same_bytes(folder: Path) -> None:
    assert protect_tables(folder, FFT).files == protect_tables(folder, FFT).files
