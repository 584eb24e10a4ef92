"""A person's preferences on this laptop: keys, colours and plain lines, from config.toml in the user's configuration folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.operating_system import read_regular
from fieldkit.text import shortened

FILE = "config.toml"
COLOURS = ("dark", "light", "high-contrast", "terminal")
_LARGEST, _LONGEST_LINE = 65_536, 1_000
_NAMES = ("theme", "plain", "keys")
_YES = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True)
class Preferences:
    """The contents of config.toml. `keys` is place -> command -> keys as written; `problems` are sentences on the rest."""

    theme: str = ""
    """One of COLOURS, "" for no preference."""
    plain: bool = False
    keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def preferences_file() -> Path:
    """The path of config.toml: FIELDKIT_CONFIG, else in the system's configuration folder."""
    if named := os.environ.get("FIELDKIT_CONFIG"):
        return Path(named)
    import platformdirs  # only the command line needs it

    return Path(platformdirs.user_config_dir("fieldkit", appauthor=False)) / FILE


def read_preferences(path: Path | None = None) -> Preferences:
    """The preferences in a file, `preferences_file()` by default; missing or invalid ones have their defaults."""
    path = path or preferences_file()
    try:
        content = read_regular(path, _LARGEST + 1)
    except FileNotFoundError:
        return Preferences()
    except OSError:
        return _refused("can't be read")
    if len(content) > _LARGEST:
        return _refused("is larger than 64 KB")
    if any(len(line) > _LONGEST_LINE for line in content.splitlines()):
        # Parsing time is quadratic in the number of dots in a name.
        return _refused(f"has a line of more than {_LONGEST_LINE:,} characters")
    import tomllib  # only if somebody has such a file

    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _refused("is not text in UTF-8")
    except (ValueError, RecursionError) as error:  # a number may be too long for Python
        return _refused(f"is not valid TOML: {shortened(str(error), 80)}")
    return _understood(values)


def _refused(reason: str) -> Preferences:
    return Preferences(problems=(f"{FILE} {reason}. fieldkit uses its own keys and colours.",))


def _understood(values: Mapping[str, Any]) -> Preferences:
    problems = [
        f"{FILE}: “{_short(name)}” is no setting. The settings are {', '.join(_NAMES)}."
        for name in values
        if name not in _NAMES
    ]
    theme, plain = values.get("theme", ""), values.get("plain", False)
    if theme not in ("", *COLOURS):
        problems.append(f"{FILE}: theme can't be “{_short(theme)}”. It can be {', '.join(COLOURS)}.")
        theme = ""
    if not isinstance(plain, bool):
        problems.append(f"{FILE}: plain is true or false, without quotation marks.")
        plain = False
    keys: dict[str, dict[str, str]] = {}
    given = values.get("keys", {})
    for place, commands in given.items() if isinstance(given, dict) else ():
        for command, written in commands.items() if isinstance(commands, dict) else ():
            if isinstance(written, str) and written.strip():
                keys.setdefault(place, {})[command] = written
            else:
                problems.append(f"{FILE}: the key of {_short(place)}.{_short(command)} is no text.")
        if not isinstance(commands, dict):
            problems.append(
                f"{FILE}: keys are written below a place, as [keys.home], not as “{_short(place)}”."
            )
    if not isinstance(given, dict):
        problems.append(f"{FILE}: keys are written below a place, as [keys.home].")
    return Preferences(theme, plain, keys, tuple(problems))


def _short(value: object) -> str:
    return shortened(str(value), 40)


def plain_lines_wanted() -> bool:
    """Whether the environment or `config.toml` requests plain lines instead of screens."""
    return plain_lines_asked() or read_preferences().plain


def plain_lines_asked() -> bool:
    """Whether the environment requests plain lines (FIELDKIT_PLAIN), or has a terminal that can't draw screens."""
    asked = os.environ.get("FIELDKIT_PLAIN", "").strip().lower()
    encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
    return asked in _YES or (not asked and not draws_screens(os.environ.get("TERM", ""), encoding or ""))


def draws_screens(name: str, encoding: str) -> bool:
    """Whether a terminal of this name (TERM), whose letters have this encoding, can draw the lines and signs of screens."""
    if name in {"dumb", "unknown"}:
        return False
    try:
        "─▸▌…".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
