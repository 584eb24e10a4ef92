"""What the first frame and the widgets load: nothing that takes long."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest


@pytest.mark.parametrize("state", ["none", "locked"])
def test_the_first_frame_loads_nothing_heavy(tmp_path: Path, state: str) -> None:
    folder = tmp_path / "kit"
    if state == "locked":
        folder.mkdir()
        (folder / "key.passphrase.age").write_bytes(b"wrapped")
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from fieldkit.app import FieldkitApp

        heavy = {"sqlmodel", "sqlalchemy", "pandas", "pydantic", "numpy"}
        seen = []

        class App(FieldkitApp):
            def on_ready(self):
                seen.append(sorted(heavy & set(sys.modules)) + [type(self.screen).__name__])
                self.exit()

        App(Path(sys.argv[1])).run(headless=True)
        print(seen)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    screen = "UnlockScreen" if state == "locked" else "FirstRunScreen"
    assert done.stdout.strip() == f"[['{screen}']]", done.stdout + done.stderr


def test_widgets_load_nothing_heavy() -> None:
    names = (
        "plain frame listing form charts dialogs answers entries picking choosing plan sources themes keys"
    )
    imports = "; ".join(f"import fieldkit.widgets.{name}" for name in names.split())
    code = (
        f"import sys; {imports}; import fieldkit.commands; "
        "unwanted = {'sqlmodel', 'sqlalchemy', 'pandas', 'pydantic', 'fieldkit.records.spec'}; "
        "print(*sorted(unwanted & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")
