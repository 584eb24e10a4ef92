"""The layout: no file name occurs twice in the program, and no folder holds more than a reader can survey."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import fieldkit

_SOURCE = Path(fieldkit.__file__).parent
_MOST_IN_A_FOLDER = 25


def test_no_file_name_stands_twice() -> None:
    names = Counter(path.name for path in _SOURCE.rglob("*.py") if path.name != "__init__.py")
    twice = {name for name, number in names.items() if number > 1}
    assert "app.py" in names
    assert not twice, sorted(twice)


def test_no_folder_holds_more_than_25_modules() -> None:
    folders = Counter(path.parent for path in _SOURCE.rglob("*.py") if path.name != "__init__.py")
    assert folders
    assert not {str(folder): number for folder, number in folders.items() if number > _MOST_IN_A_FOLDER}
