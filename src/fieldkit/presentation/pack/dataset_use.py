"""The data sets of a cycle compared with who lives in its area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fieldkit.presentation.cycle.cycle_facts import CycleFacts

if TYPE_CHECKING:
    from fieldkit.presentation.utilisation.use_report import UseReport
    from fieldkit.store.kit import Kit


def uses_of_cycle(kit: Kit, facts: CycleFacts, dimensions: Sequence[str]) -> Iterator[UseReport]:
    """A comparison for each data set of counts and each dimension that it has."""
    yield from ()
