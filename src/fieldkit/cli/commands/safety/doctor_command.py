"""`fieldkit doctor`: whether the program and the kit can work well on this laptop."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.run_session import Session
from fieldkit.commands.remapping import remapped
from fieldkit.commands.table import COMMANDS
from fieldkit.errors import FieldkitError
from fieldkit.preferences import preferences_file, read_preferences
from fieldkit.presentation.laptop import doctor as checks
from fieldkit.presentation.laptop.doctor import Finding
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit

_MARKS = {"good": "good", "look": "look", "bad": "BAD "}


def _summary(bad: int, look: int) -> str:
    """A summary of the findings: how many lines need attention."""
    if bad:
        return f"{bad} to put right: the lines that begin with BAD."
    return (
        f"Nothing has to be put right. {look} to look at: the lines that begin with look."
        if look
        else "All is well."
    )


@command()
def doctor(here: Session) -> Answer:
    """Look at the terminal, the kit's folder, sticks, the clock and the last backup, and say what to do.

    Nothing is changed, no passphrase is asked for, and no network is used. It ends with 1 if something is bad.
    """
    findings = [*_laptop(here), *_kit(here)]
    bad = sum(finding.state == "bad" for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.state]}  {finding.subject}: {finding.seen}")
        if finding.advice:
            lines.append(f"      {finding.advice}")
    lines += ["", _summary(bad, sum(finding.state == "look" for finding in findings))]
    return Answer([asdict(finding) for finding in findings], lines, 1 if bad else 0)


def _laptop(here: Session) -> Iterator[Finding]:
    window = shutil.get_terminal_size()
    yield checks.terminal(os.environ, sys.stdout.isatty(), sys.stdout.encoding or "")
    yield checks.colours(os.environ)
    if sys.stdout.isatty():
        yield checks.size(window.columns, window.lines)
    yield checks.python()
    preferences, path = read_preferences(), preferences_file()
    _, problems = remapped(COMMANDS, preferences.keys)
    yield from checks.preferences(path, [*preferences.problems, *problems])
    yield from checks.kit_folder(here.folder)
    yield from checks.media()


def _kit(here: Session) -> Iterator[Finding]:
    """The clock and the backup, which the kit knows; it is opened only if that needs no question."""
    vault, secret = Vault(here.folder), here.given_secret()
    if not vault.exists or (vault.locked and secret is None):
        yield checks.clock(None)
        if vault.exists:
            yield checks.tested_backup(None)
        return
    try:
        with Kit.open(here.folder, secret, to_read=True) as kit:
            yield checks.clock(kit)
            yield checks.tested_backup(kit)
    except FieldkitError as error:
        yield checks.clock(None)
        yield Finding(
            "Kit",
            "bad",
            f"it can't be opened: {error.message}",
            error.hint or "Restore the last backup: fieldkit restore FILE.",
        )
