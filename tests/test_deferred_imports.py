"""Imports are at the top; only what the first frame, help or pandas need deferred is imported inside a function."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import fieldkit

_SOURCE = Path(fieldkit.__file__).parent
_MOST = 120
#: Modules loaded when the first frame is drawn: as many as before screens imported at the top, and one that counts cells for
#: printed tables, too, which must not load Textual.
_FRAMES = {"none": 420, "locked": 412, "home": 401}
_FIRST_FRAME = """
import sys
before = len(sys.modules)  # what the environment itself loads is no part of the program
from pathlib import Path
from fieldkit.app import FieldkitApp

class App(FieldkitApp):
    def on_ready(self):
        number = len(sys.modules) - before
        print(number, flush=True)
        self.exit()

App(Path(sys.argv[1])).run(headless=True)
"""


def deferred() -> Counter[str]:
    """File -> the number of import statements inside its functions."""
    imports: Counter[str] = Counter()
    for path in _SOURCE.rglob("*.py"):
        lines = set()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                lines |= {
                    node.lineno
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                }
        imports[str(path.relative_to(_SOURCE))] = len(lines)
    return imports


def test_few_imports_stand_inside_functions() -> None:
    imports = deferred()
    assert imports["__main__.py"], "the count must see those that there are"
    assert imports.total() <= _MOST, imports.most_common(20)


@pytest.mark.parametrize("state", _FRAMES)
def test_the_first_frame_loads_no_more_than_it_did(tmp_path: Path, state: str) -> None:
    folder = tmp_path / "kit"
    if state == "locked":
        folder.mkdir()
        (folder / "key.passphrase.age").write_bytes(b"wrapped")
    elif state == "home":
        made = [sys.executable, "-m", "fieldkit", "--kit", str(folder)]
        subprocess.run([*made, "network", "create", "X", "--no-passphrase"], check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_FRAME, str(folder)], capture_output=True, text=True, check=False
    )
    assert int(done.stdout.split()[0]) <= _FRAMES[state], done.stderr
