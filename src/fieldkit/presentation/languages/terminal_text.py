"""Sentences for respondents as a terminal can show them: right-to-left scripts are joined and reordered here.

Most terminals draw letter after letter from the left, so Urdu falls apart and reads backwards. For these, the letters of a
line are joined (arabic-reshaper) and the line is reordered (python-bidi). Some terminals do both themselves and would reverse
it again: they get the line unchanged. Lines are broken before they are reordered.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display  # the other one leaves brackets unmirrored

#: Terminals that join and reorder by themselves: the variable that they set, and the least version.
_THEMSELVES = {"VTE_VERSION": 5800, "KONSOLE_VERSION": 0, "MLTERM": 0}
_RESHAPER = ArabicReshaper({"support_ligatures": False})


def terminal_orders_scripts(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal orders and joins right-to-left scripts by itself. Inside tmux or screen nothing does."""
    if environment.get("TMUX") or environment.get("STY"):
        return False
    for name, least in _THEMSELVES.items():
        version = environment.get(name, "")
        if version and (not version.isdecimal() or int(version) >= least):
            return True
    return environment.get("TERM_PROGRAM") == "Apple_Terminal"


def is_from_right(text: str) -> bool:
    """Whether a text holds letters that are written from the right."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)


def terminal_line(line: str, environment: Mapping[str, str] = os.environ) -> str:
    """One line, already broken, as it is to be drawn from the left. Lines without right-to-left letters are unchanged."""
    if not is_from_right(line) or terminal_orders_scripts(environment):
        return line
    return str(get_display(_RESHAPER.reshape(line), base_dir="R"))
