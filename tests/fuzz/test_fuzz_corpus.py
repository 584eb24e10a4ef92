"""Every input in the initial fuzzing corpus is accepted or refused with a message, by the reader that it is for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz_targets import TARGETS, close_desk, give

CORPUS = Path(__file__).parent / "corpus"
INPUTS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    """Close the kit into which inputs are merged after the last of them."""
    yield
    close_desk()


@pytest.mark.parametrize("name", INPUTS)
def test_it_is_taken_or_refused_in_words(name: str) -> None:
    give(name.split("/")[0], (CORPUS / name).read_bytes())


def test_every_reader_has_inputs_to_begin_with() -> None:
    assert {name.split("/")[0] for name in INPUTS} == set(TARGETS)
