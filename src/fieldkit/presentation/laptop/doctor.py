"""What may keep the program or the kit from working well on this laptop: what was found, whether it is good, what to do."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from fieldkit import __version__
from fieldkit.faultlog import ERRORS_FILE
from fieldkit.preferences import draws_screens
from fieldkit.presentation.laptop.cloud_folders import cloud_service
from fieldkit.presentation.safety import backup_state, last_backup
from fieldkit.presentation.wording import counted
from fieldkit.removable_media import name_of, sticks
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.location import doubt_clock
from fieldkit.sync.network.network_rules import rules

State = Literal["good", "look", "bad"]

LEAST, ENOUGH = (60, 20), (80, 24)
"""Columns and lines of the smallest window that shows every screen, and of one that cuts nothing short."""
_ROOM = 200_000_000
"""Bytes that should be free for the kit: a backup and a bundle need as much again as the kit."""
_PYTHON = (3, 11)
_YEARS = (2026, 2106)


@dataclass(frozen=True)
class Finding:
    """One line: the `subject`, whether it is good, what was found, and what to do if it is not good."""

    subject: str
    state: State
    seen: str
    advice: str = ""


def terminal(environment: Mapping[str, str], is_terminal: bool, encoding: str) -> Finding:
    """The terminal that draws the screens."""
    name = environment.get("TERM", "")
    if not is_terminal:
        return Finding(
            "Terminal",
            "look",
            "none: the output goes to a file or a program",
            "Screens need a terminal; commands do not.",
        )
    if name in {"dumb", "unknown"}:
        return Finding(
            "Terminal", "look", f"{name}: it draws no screens", "fieldkit opens in plain lines there."
        )
    if encoding.lower().replace("-", "") != "utf8":
        return Finding(
            "Terminal",
            "bad",
            f"{name or 'unnamed'}, letters in {encoding}",
            "Set it to UTF-8 (for example LANG=C.UTF-8). fieldkit opens in plain lines until then."
            if not draws_screens(name, encoding)
            else "Set it to UTF-8: names in other scripts are spelt out now.",
        )
    return Finding("Terminal", "good", f"{name or 'unnamed'}, letters in UTF-8")


def colours(environment: Mapping[str, str]) -> Finding:
    """How many colours there are. Nothing is shown by colour alone, so few colours are not a fault."""
    if environment.get("NO_COLOR"):
        return Finding("Colours", "good", "none, as NO_COLOR asks")
    if environment.get("COLORTERM", "") in {"truecolor", "24bit"} or os.name == "nt":
        return Finding("Colours", "good", "16 million")
    name = environment.get("TERM", "")
    if "256color" in name or "direct" in name:
        return Finding("Colours", "good", "256")
    return Finding(
        "Colours",
        "look",
        "16 or fewer",
        'If words are hard to read, write theme = "terminal" into config.toml.',
    )


def size(columns: int, lines: int) -> Finding:
    """Whether the window is large enough."""
    seen = f"{columns} columns, {lines} lines"
    if columns < LEAST[0] or lines < LEAST[1]:
        return Finding(
            "Window",
            "bad",
            seen,
            f"Make it {ENOUGH[0]} by {ENOUGH[1]}, or the letters smaller; or use fieldkit --plain.",
        )
    if columns < ENOUGH[0] or lines < ENOUGH[1]:
        return Finding("Window", "look", seen, f"It works; {ENOUGH[0]} by {ENOUGH[1]} shows more.")
    return Finding("Window", "good", seen)


def python() -> Finding:
    """The versions of Python and fieldkit."""
    seen = f"{'.'.join(map(str, sys.version_info[:3]))}, fieldkit {__version__}"
    if sys.version_info[:2] < _PYTHON:
        return Finding("Python", "bad", seen, "Install Python 3.11 or later.")
    return Finding("Python", "good", seen)


def preferences(path: Path, problems: Iterable[str]) -> list[Finding]:
    """Whether config.toml is understood."""
    wrong = [Finding("Preferences", "look", problem, "Correct it in " + str(path)) for problem in problems]
    return wrong or [
        Finding("Preferences", "good", f"{path}{'' if path.exists() else ' (none, and none is needed)'}")
    ]


def kit_folder(folder: Path) -> list[Finding]:
    """Whether the kit's folder can be written to and is not copied elsewhere."""
    if not KeyFiles(folder).exists:
        return [
            Finding(
                "Kit",
                "look",
                f"there is none in {folder}",
                "Join a network: fieldkit join FILE. To try: fieldkit demo.",
            )
        ]
    findings = []
    if (reason := _refuses(folder)) != "":
        findings.append(
            Finding(
                "Kit",
                "bad",
                f"{folder} can't be written to: {reason}",
                "Ask the person who looks after the laptop for the right to write there.",
            )
        )
    else:
        findings.append(Finding("Kit", "good", str(folder)))
    if service := cloud_service(folder):
        advice = "Close fieldkit, move the folder elsewhere, and open it with --kit: it must not leave this laptop."
        findings.append(Finding("Cloud folder", "bad", f"{service} copies the kit's folder", advice))
    else:
        findings.append(Finding("Cloud folder", "good", "none that is known copies the kit"))
    free = shutil.disk_usage(folder).free
    low = free < _ROOM
    findings.append(
        Finding(
            "Disk",
            "bad" if low else "good",
            f"{free // 1_000_000:,} MB free",
            "Make room: a backup needs as much as the kit." if low else "",
        )
    )
    if (errors := folder / ERRORS_FILE).exists():
        findings.append(
            Finding(
                "Errors",
                "look",
                f"some were noted in {errors}",
                "Send that file to the person who helps you; there are no records in it.",
            )
        )
    return findings


def _refuses(folder: Path) -> str:
    """Why nothing can be written in a folder; "" if something can."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".fieldkit-", suffix=".tmp") as file:
            file.write(b"1")
            file.flush()
    except OSError as error:
        return error.strerror or "the disk refuses"
    return ""


def media(folders: Iterable[Path] | None = None) -> list[Finding]:
    """Whether the USB sticks that are plugged in can be written to."""
    findings = []
    for stick in sticks() if folders is None else folders:
        if reason := _refuses(stick):
            findings.append(
                Finding(
                    "Stick",
                    "look",
                    f"{name_of(stick)} can't be written to: {reason}",
                    "Look for a switch at its side, or use another.",
                )
            )
        else:
            findings.append(Finding("Stick", "good", f"{name_of(stick)} can be written to"))
    return findings or [Finding("Stick", "good", "none is in")]


def clock(kit: Kit | None, now: datetime | None = None) -> Finding:
    """Whether the clock may be right."""
    now = now or datetime.now(UTC).astimezone()
    seen = f"{now.day} {now:%b %Y, %H:%M}"
    doubt = (
        doubt_clock(kit)
        if kit is not None
        else ""
        if _YEARS[0] <= now.year < _YEARS[1]
        else "That can't be right."
    )
    return Finding(
        "Clock",
        "bad" if doubt else "good",
        doubt or seen,
        "Set the laptop's clock; nothing recorded is lost." if doubt else "",
    )


def tested_backup(kit: Kit | None) -> Finding:
    """When a backup was last written and tested by restoring it."""
    if kit is None:
        return Finding(
            "Backup",
            "look",
            "not known while the kit is locked",
            "Give the passphrase: --passphrase-file FILE.",
        )
    if kit.settings.get(IDENTITY) is None:
        return Finding("Backup", "good", "not needed before the kit belongs to a network")
    backup = last_backup(kit, identity(kit).origin, days := rules(kit).backup_days)
    seen = backup_state(backup, kit.clock())
    if backup.due:
        return Finding(
            "Backup",
            "bad",
            seen,
            f"Write one: fieldkit backup -o FILE. One each {counted(days, 'day')} is the rule.",
        )
    return Finding(
        "Backup",
        "good" if backup.tested else "look",
        seen,
        "" if backup.tested else "Write one: fieldkit backup -o FILE.",
    )
