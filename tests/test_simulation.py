"""Some stories of the simulated network; `python -m tests.simulate` tells them for hours."""

from __future__ import annotations

import pytest

from simulate.looking import nowhere
from simulate.pages import readable
from simulate.steps import Step, story
from simulate.telling import as_text, shrink, tell


@pytest.mark.parametrize("seed", [5, 6])
def test_a_network_of_people_who_behave(seed: int) -> None:
    steps = story(seed, 50, calm=True)
    assert not (failure := tell(steps)), f"seed {seed}: {failure}\n{as_text(steps)}"


@pytest.mark.parametrize("seed", [11, 12])
def test_a_network_where_laptops_are_copied_and_put_back(seed: int) -> None:
    steps = story(seed, 60)
    assert not (failure := tell(steps)), f"seed {seed}: {failure}\n{as_text(steps)}"
