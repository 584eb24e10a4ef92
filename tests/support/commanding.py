"""The result of a command, for tests of the command line; the fixtures that run commands are in conftest.py."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Ran:
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


class Keyboard(io.StringIO):
    """Standard input with somebody at the keyboard, who types this."""

    def isatty(self) -> bool:
        return True
