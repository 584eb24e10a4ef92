"""Loading what an open kit needs while the first screen is looked at, so that nobody waits for it later."""

from __future__ import annotations

import contextlib
import importlib
import threading

LOAD_AFTER = 0.3
"""Seconds after a screen opened, so that its first frame has the machine to itself."""

_MODULES = ("fieldkit.records.kinds.register", "fieldkit.presentation.home", "fieldkit.presentation.opening")


def load_soon() -> None:
    """Load it in a thread."""
    threading.Thread(target=_load, daemon=True, name="load").start()


def _load() -> None:
    # What fails here fails again when it is needed, with a sentence then.
    with contextlib.suppress(Exception):
        for name in _MODULES:
            importlib.import_module(name)
