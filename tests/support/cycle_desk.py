"""A coordinator's kit with a cycle of hostile texts, for testing its screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_datasets import store_figures
from fieldkit.presentation.figures.figure_session import FigureSession
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from networks import new_kit
from pack_kit import add_cycle, add_people, add_story
from project_files import DATA

_FIGURES = DATA / "talking-therapies-2024-25-birmingham-solihull.csv"
HOSTILE = "[/] [@click=app.quit]x[/] \u202e健康 =HYPERLINK()"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A coordinator's kit without any cycle."""
    kit = new_kit(tmp_path / "hub")
    made = SimpleNamespace(hub=kit, chief=create_network(kit, "Bradford", "Coordinator"))
    yield made
    kit.close()


#: The fixture for a module of such tests to import: `(desk,) = FIXTURES`.
FIXTURES = (desk,)


def empty_cycle(kit: Kit, **more: Any) -> str:
    """An empty cycle with a hostile title."""
    return add_cycle(kit, **{"title": f"Therapies {HOSTILE}"} | more)


def import_figures(kit: Kit, cycle: str) -> str:
    """Import the provider's figures for the cycle, as any user would; returns the id of the data set."""
    choices = FigureChoices(
        organisation="QHL", measures=("referrals_received",), unit="referrals", who="16-over", cycle=cycle,
        title=f"Figures {HOSTILE}", publisher="NHS England", understood=True,
    )  # fmt: skip
    return store_figures(kit, FigureSession(_FIGURES, choices), date.today(), "me").datasets[0]


def whole_cycle(kit: Kit, people: int = 60) -> str:
    """A cycle with figures, people, meetings, changes and answers."""
    cycle = empty_cycle(kit)
    feedback = add_people(kit, people, experience=f"It went {HOSTILE} " + "and on " * 40)
    add_story(kit, cycle, feedback)
    import_figures(kit, cycle)
    return cycle
