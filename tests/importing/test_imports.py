"""What a run of the program loads: help and the first frame must not wait for what only later steps need."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

HEAVY = ("pandas", "numpy", "sqlmodel", "sqlalchemy", "pydantic", "textual", "rich", "pyrage", "nacl")

_REPORT = "import sys; print('\\n'.join(sorted(sys.modules)))"


def loaded(program: str) -> set[str]:
    """The names of all modules that `program` has loaded at its end, which it prints on its last lines."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}\n{_REPORT}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.partition(".")[0] for line in done.stdout.splitlines()}


def test_the_report_names_what_was_loaded() -> None:
    assert {"json", "sys"} <= loaded("import json")
    assert "sqlmodel" in loaded("import fieldkit.store.kit")


def test_help_loads_nothing_heavy() -> None:
    modules = loaded("from fieldkit.__main__ import main\nassert main(['--help']) == 0")
    assert "typer" in modules
    assert not modules & set(HEAVY)


def test_help_of_a_command_loads_no_screen_and_no_pandas() -> None:
    modules = loaded("from fieldkit.__main__ import main\nassert main(['record', '--help']) == 0")
    assert "sqlmodel" in modules, "a command's module imports at its top what the command needs"
    assert not modules & {"textual", "rich", "pandas", "numpy"}


def test_the_screens_open_without_the_parser_and_the_store() -> None:
    program = """
import sys, types
opened = []
stub = types.ModuleType("fieldkit.app")
stub.run = lambda folder, secret, demo, theme, problems: opened.append((str(folder), secret, demo)) or 0
sys.modules["fieldkit.app"] = stub
from fieldkit.cli.run_session import Session
Session.demand_terminal = staticmethod(lambda: None)
from fieldkit.__main__ import main
assert main(["--kit", "/nowhere/kit"]) == 0
assert opened == [("/nowhere/kit", None, False)], opened
"""
    assert not loaded(program) & {*HEAVY, "typer"}


def test_the_parts_below_the_screens_load_no_screen() -> None:
    modules = loaded(
        "import fieldkit.sync.merge.merge, fieldkit.importing.importer, fieldkit.insight.summary, fieldkit.demo"
    )
    assert not modules & {"textual", "rich", "typer", "pandas"}


def test_the_first_screens_load_nothing_heavy() -> None:
    names = ("home.home_screen", "setup.first_run", "setup.unlock", "base.kit_app", "base.screen")
    code = (
        "import sys\n"
        + "".join(f"import fieldkit.screens.{name}\n" for name in names)
        + "heavy = ('sqlmodel', 'sqlalchemy', 'pandas', 'fieldkit.records.schema.field', 'fieldkit.records.kinds', "
        "'fieldkit.store.kit', 'fieldkit.sync', 'fieldkit.insight')\n"
        "assert not [name for name in heavy if name in sys.modules]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


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
        "plain frame listing form plots.charts dialogs.choose dialogs.message_box answers entries searched_answers "
        "keyed.keyed_answers sources themes key_hints"
    )
    imports = "; ".join(f"import fieldkit.widgets.{name}" for name in names.split())
    code = (
        f"import sys; {imports}; import fieldkit.presentation.model.form_plan, fieldkit.commands.table; "
        "unwanted = {'sqlmodel', 'sqlalchemy', 'pandas', 'pydantic', 'fieldkit.records.schema.field'}; "
        "print(*sorted(unwanted & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_importing_insight_loads_no_pandas() -> None:
    code = (
        "import sys, fieldkit.insight.summary, fieldkit.insight.table_files, fieldkit.insight.progress\n"
        "print([name for name in ('pandas', 'numpy', 'textual', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
