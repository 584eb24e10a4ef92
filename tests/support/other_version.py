"""Another version of fieldkit: a copy of its source with some lines changed, run in a separate process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import fieldkit


class OtherVersion:
    """A copy of the program in `folder`; `change` edits it, `run` runs a script on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.copytree(
            Path(fieldkit.__file__).parent, folder / "fieldkit", ignore=shutil.ignore_patterns("__pycache__")
        )

    def change(self, file: str, before: str, after: str) -> None:
        """Replace one piece of a source file."""
        path = self._folder / "fieldkit" / file
        source = path.read_text("utf-8")
        assert source.count(before) == 1, (file, before)
        path.write_text(source.replace(before, after), "utf-8")

    def add(self, file: str, source: str) -> None:
        """Add a source file."""
        (self._folder / "fieldkit" / file).write_text(source, "utf-8")

    def run(self, script: str, *arguments: str | Path) -> Any:
        """Run a script with these arguments; returns the JSON that it prints."""
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(self._folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
