"""The first page of the first run: its lines take the room that there is, and it names keys as the foot does."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import picture, running
from waiting import until


@pytest.mark.parametrize("width", [60, 80])
async def test_a_choice_takes_no_second_line_that_it_does_not_need(tmp_path: Path, width: int) -> None:
    async with running(tmp_path / "kit") as pilot:
        await pilot.resize_terminal(width, 24)
        await until(pilot, lambda: "Create a network" in picture(pilot), "the choices")
        assert "You have an invitation: a file that ends in .fkn." in picture(pilot)
        assert "^q  leave" in picture(pilot)
