"""The layout: no module's name occurs twice in the program, and no folder or file holds more than a reader can survey."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import fieldkit

_SOURCE = Path(fieldkit.__file__).parent
_MOST_IN_A_FOLDER = 25
#: Of a module with one subject that can't be cut well; most have fewer than 300.
_MOST_LINES = 450


def test_no_two_modules_share_a_name() -> None:
    names = Counter(path.name for path in _SOURCE.rglob("*.py") if path.name != "__init__.py")
    twice = {name for name, number in names.items() if number > 1}
    assert "app.py" in names
    assert not twice, sorted(twice)


def test_no_folder_holds_more_than_25_modules() -> None:
    folders = Counter(path.parent for path in _SOURCE.rglob("*.py") if path.name != "__init__.py")
    assert folders
    assert not {str(folder): number for folder, number in folders.items() if number > _MOST_IN_A_FOLDER}


def test_no_module_is_longer_than_450_lines() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in _SOURCE.rglob("*.py")}
    assert len(lengths) > 100
    assert not {str(path): length for path, length in lengths.items() if length > _MOST_LINES}
