"""Bulk work without the collector of rings: it would look through everything every few hundred objects, and find none."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Operations, rows and values hold no rings: they go when the last that names them goes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
