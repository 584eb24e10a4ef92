"""Matching a provider's hostile labels to groups: each is shown unchanged, and a decision is stored under it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from desk import Desk, says, text
from fieldkit.presentation.figures.figure_overview import open_labels
from fieldkit.presentation.wording import counted
from fieldkit.screens.cycle.cycle_board import CycleBoardScreen
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from fieldkit.text import clean_line
from fieldkit.widgets.dialogs.choose import Choose
from hostile_kit import LETTERS, LINES
from pack_kit import add_cycle
from waiting import until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
HOSTILE = [*(line.replace("\x00", "") for line in LINES), "*", "…"]
LONG = "word " * 20_000
"""Longer than a label may be, as another program might write it: it is read as empty and never asked about."""


@pytest.fixture
def hub(tmp_path: Any) -> Iterator[SimpleNamespace]:
    """A coordinator's kit with a file of figures whose labels match no group."""
    kit, _ = Kit.create(tmp_path / "hub", None)
    chief = create_network(kit, "Bradford", "Coordinator")
    cycle = add_cycle(kit)
    about = {"publisher": HOSTILE[0], "retrieved": "2025-09-01", "sha256": "0" * 64, "file_name": HOSTILE[1]}
    with kit.adding(checked=True) as add:
        data = add(
            "dataset",
            [{"role": "counts", "title": HOSTILE[2], "period_from": "2024-04-01", "period_to": "2025-03-31", "cycle": cycle,
              "measure": HOSTILE[3], "unit": "people", "who": "all-ages", "star_low": 0, "star_high": 4, **about}],
        )[0]  # fmt: skip
        cell = {
            "dataset": data,
            "dimension": "ethnic",
            "scheme": "nhs16",
            "shown": "10",
            "low": 10,
            "high": 10,
        }
        add("cell", [{**cell, "label": label} for label in (*HOSTILE, LONG)])
    yield SimpleNamespace(kit=kit, chief=chief, cycle=cycle)
    kit.close()


def _harmless(app: Any, size: tuple[int, int]) -> None:
    assert app.faults == [] and app.is_running and app.return_code is None
    assert not set(LETTERS) & set(text(app).replace("\n", ""))
    lines = app.screen._compositor.render_strips()
    assert len(lines) == size[1] and all(strip.cell_length <= size[0] for strip in lines)


@SIZES
async def test_hostile_labels_are_shown_as_they_are_and_keep_their_decision(
    hub: SimpleNamespace, size: tuple[int, int]
) -> None:
    labels = [each["label"] for each in open_labels(hub.kit) if each["label"]]
    assert len(labels) == len(HOSTILE)
    app = Desk(hub.kit, hub.chief, "cycle", hub.cycle)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, CycleBoardScreen) and says(app, "ANALYSE"))
        app.screen._match_labels()
        for place, label in enumerate(labels):
            left = counted(len(labels) - place, "label")
            await until(
                pilot, lambda left=left: isinstance(app.screen, Choose) and says(app, f". {left} to match.")
            )
            assert not label.isascii() or says(app, " ".join(clean_line(label).split())[:20])
            _harmless(app, size)
            # Click wherever a mark-up link might be: it must have no effect.
            [row] = [at for at, line in enumerate(text(app).splitlines()) if "Which group is" in line]
            for across in range(size[0] // 4, size[0] * 3 // 4, 6):
                await pilot.click(offset=(across, row))
            assert isinstance(app.screen, Choose)
            await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CycleBoardScreen))
        _harmless(app, size)
    assert [each["label"] for each in open_labels(hub.kit)] == [""]
    decided = {str(stored.values["label_key"]) for stored in hub.kit.page("mapping", 0, 100)}
    assert len(decided) == len(labels)


@SIZES
async def test_going_back_leaves_the_other_labels_open(hub: SimpleNamespace, size: tuple[int, int]) -> None:
    app = Desk(hub.kit, hub.chief, "cycle", hub.cycle)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, CycleBoardScreen) and says(app, "ANALYSE"))
        app.screen._match_labels()
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CycleBoardScreen))
        _harmless(app, size)
    assert len(open_labels(hub.kit)) == len(HOSTILE) + 1
