"""pandas and numpy, loaded on first use: importing a module of insight must not take a second."""

from __future__ import annotations

import importlib
from typing import Any


class _Lazy:
    """A module that is imported when one of its attributes is first accessed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)


pd: Any = _Lazy("pandas")
np: Any = _Lazy("numpy")
