"""A program killed during an import leaves a complete import that one undo removes, or nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from fieldkit.importing.figures.figure_storage import decisions
from fieldkit.importing.importer import import_rows
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_datasets import store_figures
from fieldkit.presentation.figures.figure_questions import questions
from fieldkit.presentation.figures.figure_session import FigureSession
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IMPORTS
from fieldkit.store.undo_log import undo_import

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lives that are killed are made by fork"),
]

TODAY = date(2026, 11, 26)
CHOICES = FigureChoices(
    unit="referrals", who="all", period_days=("2024-04-01", "2025-03-31"), publisher="A trust"
)
LABELS = ("Moon people", "Sun people")


def killed(work: Callable[[Kit], object], folder: Path, point: int) -> bool:
    """Let a child work in a kit and kill it just before its n-th call to the database; returns whether it was killed."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)
    try:
        steps = count(1)

        def step(*_: object) -> None:
            if next(steps) == point:
                os.kill(os.getpid(), signal.SIGKILL)

        with Kit.open(folder) as kit:
            event.listen(kit._engine, "checkout", lambda driver, *_: driver.set_trace_callback(step))
            # The commit is done when a connection is returned: an import is kept then, although nothing has been printed.
            event.listen(kit._engine, "checkin", step)
            work(kit)
    except BaseException:
        os._exit(1)
    os._exit(0)


def figures(folder: Path, number: int) -> FigureSession:
    """A file with labels that match nothing, all of them decided."""
    path = folder / f"figures-{number}.csv"
    rows = "".join(
        f"{label},{40 + number + at}\n" for at, label in enumerate((*LABELS, "Indian", "White - Irish"))
    )
    path.write_text(f"Ethnic group,Referrals\n{rows}", encoding="utf-8")
    session = FigureSession(path, CHOICES)
    while open_questions := questions(session):
        # Use another code than for the file before, so that the existing decision is changed.
        session = session.saying(open_questions[0].answer("KL"[number % 2]))
    return session


def held(kit: Kit) -> tuple[int, ...]:
    """The numbers of all records that an import of figures makes."""
    return (kit.count("dataset"), kit.count("cell"), len(kit.settings.get(IMPORTS)))


def test_figures_are_imported_whole_or_not_at_all(kit: Kit, tmp_path: Path) -> None:
    store_figures(kit, figures(tmp_path, 0), TODAY, "me")
    home, before, known = kit.folder, held(kit), decisions(kit)
    session = figures(tmp_path, 1)
    assert session.new_decisions()
    kit.close()
    point = kept = 0
    while killed(lambda child: store_figures(child, session, TODAY, "me"), home, point := point + 1):
        with Kit.open(home) as after:
            assert after.check() == []
            if held(after) == before:
                assert decisions(after) == known
                continue
            kept += 1
            assert held(after) == (before[0] + 1, before[1] + 4, before[2] + 1)
            # Whatever is kept has a number, which undoes all of it including changed decisions.
            assert undo_import(after, before[2] + 1)
            assert (after.count("dataset"), after.count("cell")) == before[:2]
            assert decisions(after) == known
            break
    assert point > 20 and kept, point


def test_rows_are_imported_whole_or_not_at_all(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("Title,Date,Place\nFair,2025-05-01,Hall\nWalk,2025-06-01,Park\n", encoding="utf-8")
    home = kit.folder
    kit.close()
    point = kept = 0
    while killed(lambda child: import_rows(child, "event", path), home, point := point + 1):
        with Kit.open(home) as after:
            assert after.check() == []
            made = (after.count("event"), len(after.settings.get(IMPORTS)))
            assert made in {(0, 0), (2, 1)}
            if made != (0, 0):
                kept += 1
                assert undo_import(after, 1) == 2 and after.count("event") == 0
                break
    assert point > 10 and kept
