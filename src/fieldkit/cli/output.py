"""What commands print: plain words for people, tables on a terminal, JSON for programs.

Text from records is always cleaned of terminal control codes and never read as markup.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from fieldkit.cli.plain.line_breaks import for_terminal
from fieldkit.text import displayed, displayed_line, escaped

if TYPE_CHECKING:
    from fieldkit.store.kit import Progress
    from fieldkit.sync.network.identity import Identity


def say(*lines: str) -> None:
    """Print lines of words on standard output."""
    write(sys.stdout, *lines)


def note(*lines: str) -> None:
    """Print lines of words on standard error, beside the result."""
    write(sys.stderr, *lines)


def write(stream: TextIO, *lines: str) -> None:
    """Print cleaned lines on a stream; line breaks inside them stay. For a terminal, they are broken at words."""
    for line in lines:
        indent = line[: len(line) - len(line.lstrip(" "))]
        stream.write(for_terminal(f"{indent}{displayed(line)}", stream) + "\n")


def print_json(value: Any) -> None:
    """Print one JSON value."""
    sys.stdout.write(_encode(value, 2) + "\n")


def print_json_array(values: Iterable[Any]) -> None:
    """Print a JSON array, one value per line, as the values arrive."""
    lead = "["
    for value in values:
        sys.stdout.write(f"{lead}\n{_encode(value)}")
        lead = ","
    sys.stdout.write("[]\n" if lead == "[" else "\n]\n")


def _encode(value: Any, indent: int | None = None) -> str:
    utf8 = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    return escaped(json.dumps(value, ensure_ascii=not utf8, indent=indent))


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, numbers: Sequence[int] = ()
) -> None:
    """Print a table: drawn on a terminal, otherwise a heading and tab-separated rows.

    `numbers` are the positions of right-aligned columns.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(columns), *cells]:
            sys.stdout.write("\t".join(line).rstrip("\t") + "\n")
        return
    from fieldkit.cli.terminal_output import draw_table  # Rich, only for output on a terminal

    draw_table(columns, cells, numbers)


def _cell(value: Any) -> str:
    return "" if value is None else displayed_line(str(value))


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """A callback for long work that draws a bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total, what: None
        return
    from fieldkit.cli.terminal_output import progress_bar

    with progress_bar() as on_progress:
        yield on_progress


def device_as_data(me: Identity) -> dict[str, str]:
    """This laptop as JSON: its id, its name, and its key as text and as words."""
    key = me.key.public
    return {"id": me.device, "name": me.name, "fingerprint": key.fingerprint, "words": key.six_words}


def iso_time(stamp: int) -> str | None:
    """Milliseconds since 1970 as ISO 8601 in UTC, for JSON; None for 0 and for an invalid time."""
    try:
        return f"{datetime.fromtimestamp(stamp / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}" if stamp else None
    except (ValueError, OverflowError, OSError):
        return None
