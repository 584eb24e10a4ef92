"""Around every run: whatever goes wrong ends in a calm sentence and an exit code, never in a traceback."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from fieldkit.errors import BundleRefused, FieldkitError
from fieldkit.paths import disk_error, kit_folder
from fieldkit.text import clean

ERRORS_FILE = "errors.log"
_STOPPED = "Stopped."
_SAFE = "What was saved is safe."
_ROOM = "Is the disk full, or the stick out? The kit itself is as the command left it."


def guarded(run: Callable[[], int], options: Mapping[str, str], *, as_json: bool = False) -> int:
    """What `run` returns; for what it raises, the sentence is printed and the exit code returned.

    `options` are the words given with --kit and --passphrase-file; `as_json` prints errors as JSON objects.
    """
    try:
        code = run()
        sys.stdout.flush()
        return code
    except FieldkitError as error:
        # Raised, not reported: nothing was done, so the 3 of "done, but something was set aside" is not true.
        code = 1 if isinstance(error, BundleRefused) else error.exit_code
        return _tell(error.message, error.kept, error.hint, code, as_json)
    except KeyboardInterrupt:
        return _tell(_STOPPED, _SAFE, "", 1, as_json)
    except EOFError:
        return _tell("The answers ended before the last question.", _SAFE, "", 1, as_json)
    except BrokenPipeError:
        _close_quietly()
        return 1
    except OSError as error:
        if isinstance(error.filename, str | os.PathLike):
            _write_down(error, options.get("--kit"))
            said = disk_error(error, Path(error.filename))
            return _tell(said.message, said.kept, said.hint, 1, as_json)
        if error.filename is not None:
            return _unexpected(error, options, as_json)
        # Files of the kit are named in their errors: this is what was to be shown, and there was no room for it.
        _close_quietly()
        return _tell(
            "What the command says could not be written where it was sent.", _SAFE, _ROOM, 1, as_json
        )
    except Exception as error:
        if hasattr(error, "format_message"):
            return _misused(error, as_json)
        return _unexpected(error, options, as_json)


def _tell(message: str, kept: str, hint: str, code: int, as_json: bool) -> int:
    """Print one block on standard error."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    if as_json:
        said = json.dumps({"error": clean(message), "kept": clean(kept), "hint": clean(hint)})
    else:
        said = "\n".join(clean(part) for part in (message, kept, hint) if part)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(said + "\n")
        sys.stderr.flush()
    return code


def _misused(error: Exception, as_json: bool) -> int:
    """The parser's complaint about an option or argument."""
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "fieldkit")
    message = " ".join(str(error.format_message()).split())  # type: ignore[attr-defined]  # click's own errors
    return _tell(message, "Nothing was changed.", f"See how it is used with: {command} --help", 2, as_json)


def _unexpected(error: Exception, options: Mapping[str, str], as_json: bool) -> int:
    where = _write_down(error, options.get("--kit"))
    hint = (
        f"Try again. If it goes on, show this file to whoever looks after the kit: {where}"
        if where
        else "Try again."
    )
    return _tell("Something went wrong that the kit did not expect.", _SAFE, hint, 1, as_json)


def _write_down(error: BaseException, kit: str | None) -> Path | None:
    """Add the details to the kit's own file of errors, where there is a kit.

    Places in the program and names of errors alone: an error's words may hold what somebody recorded, and
    this file is not encrypted.
    """
    import traceback
    from datetime import UTC, datetime

    try:
        folder = kit_folder(Path(kit) if kit else None)
        if not folder.is_dir():
            return None
        path = folder / ERRORS_FILE
        lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"]
        seen: BaseException | None = error
        while seen is not None:
            frames = traceback.extract_tb(seen.__traceback__)
            lines += [type(seen).__name__, *(f"  {one.filename}:{one.lineno} {one.name}" for one in frames)]
            seen = seen.__cause__ or seen.__context__
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n\n")
    except (OSError, RuntimeError, ValueError):
        return None
    return path


def _close_quietly() -> None:
    """Whoever read the output has gone: what is still to be written must not complain at the end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
