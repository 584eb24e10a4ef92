"""Keys are defined only in the table of commands: a change there changes home, footers, panels, help and sentences."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import fieldkit
from fieldkit.commands.command import BULLETIN
from fieldkit.commands.table import COMMANDS, with_keys
from fieldkit.widgets.form import LEAVING

_SOURCE = Path(fieldkit.__file__).parent
#: A key in a sentence: `Press z to …`, `(x on “send and receive”)`, `: v shows all`.
_WRITTEN_OUT = re.compile(
    r"[Pp]ress [a-z0-9/]\b(?!\[)|\b[a-z] on “|\bPress F[0-9]|[:;,.] [b-hj-z] (?:shows|lists|there|erases)\b"
)
_CHANGED = """
import json
from dataclasses import replace
from fieldkit.commands import table

KEYS = {("record", "restore"): "ctrl+y", ("home", "feedback"): "ctrl+f", ("sync", "invite"): "ctrl+n",
        ("safety", "backup"): "ctrl+b", ("merge", "trust"): "ctrl+r"}
table.COMMANDS = tuple(
    replace(each, keys=KEYS.get((each.screens[0], each.id), each.keys)) for each in table.COMMANDS
)

from fieldkit.commands.command import HOME
from fieldkit.commands.table import bindings_for, documentation, with_keys
from fieldkit.screens.home.home_columns import RECORD
from fieldkit.screens.safety.safety_panel import _key as safety_key
from fieldkit.screens.exchange.sync_panel import _key as sync_key
print(json.dumps({
    "sentence": with_keys("Press {record[restore]} to restore it."),
    "home": " ".join(line.plain for line in RECORD),
    "footer": [binding.key for binding in bindings_for(HOME)],
    "document": documentation(),
    "safety": safety_key("backup", "make one", 40).plain,
    "sync": sync_key("invite", "network file", 40).plain,
    "presentation": with_keys("press {merge[trust]}"),
}))
"""


def sources() -> list[Path]:
    folders = ("screens", "presentation", "widgets")
    return [path for folder in folders for path in sorted((_SOURCE / folder).rglob("*.py"))]


def test_the_pattern_sees_a_key_that_is_written_out() -> None:
    assert all(map(_WRITTEN_OUT.search, ("Press z to restore it.", "(x on “send", "all: v shows them")))
    assert not _WRITTEN_OUT.search(with_keys("Press {x[y]}"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(_SOURCE)))
def test_no_sentence_writes_a_key_out(path: Path) -> None:
    assert not _WRITTEN_OUT.findall(path.read_text(encoding="utf-8"))


def test_every_mark_names_a_command() -> None:
    for path in sources():
        for mark in re.findall(r"\{[a-z-]+\[[a-z-]+\]\}", path.read_text(encoding="utf-8")):
            assert with_keys(mark) != mark, (path, mark)


def test_a_changed_key_is_shown_everywhere() -> None:
    import json

    done = subprocess.run([sys.executable, "-c", _CHANGED], capture_output=True, text=True, check=True)
    shown = json.loads(done.stdout)
    assert shown["sentence"] == "Press ctrl+y to restore it."
    assert "^f  feedback" in shown["home"]
    assert "ctrl+f" in shown["footer"]
    assert "`ctrl+y`" in shown["document"] and "`ctrl+n`" in shown["document"]
    assert "^b" in shown["safety"] and "^n" in shown["sync"]
    assert shown["presentation"] == "press ctrl+r"


def test_text_that_only_looks_like_a_mark_stays() -> None:
    assert with_keys("a {file[name]} of {} and {record[restore]}") == "a {file[name]} of {} and z"


def test_an_entry_that_waits_is_unfinished_and_no_draft() -> None:
    """ "Draft" means a translation that nobody has read, or a bulletin's text."""
    drafts = [
        command.id
        for command in COMMANDS
        if "draft" in f"{command.label} {command.help}".lower() and BULLETIN not in command.screens
    ]
    assert drafts == [] and not any("draft" in label for label in LEAVING.values())
