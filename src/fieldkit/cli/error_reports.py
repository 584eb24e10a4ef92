"""Wraps every run: every error ends in a calm sentence and an exit code, never in a traceback."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from fieldkit.cli.plain.line_breaks import for_terminal
from fieldkit.cli.usage_errors import misuse_of
from fieldkit.disk_errors import disk_error
from fieldkit.errors import BundleRefused, FieldkitError, InvalidRecord, Misuse
from fieldkit.faultlog import log_fault
from fieldkit.paths import kit_folder
from fieldkit.text import displayed, plural

_STOPPED = "Stopped."
_SAFE = "What was saved is safe."
_UNCHANGED = "Nothing was changed."
#: What a full disk, a quota, a bound of file sizes, a stick that is out or a closed terminal raises while output is written.
_OUTPUT_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF, errno.ENXIO}
_ROOM = "Is the disk full, or the stick out? The kit itself is as the command left it."


def guarded(run: Callable[[], int], options: Mapping[str, str], *, as_json: bool = False) -> int:
    """The result of `run`; if it raises, print a sentence and return the exit code.

    `options` are the values of --kit and --passphrase-file; `as_json` prints errors as JSON objects.
    """
    try:
        code = run()
        sys.stdout.flush()
        return code
    except InvalidRecord as error:
        hint = plural(
            len(error.problems), "Correct this, then run it again.", "Correct these, then run it again."
        )
        return _print_error(error.message, error.kept or _UNCHANGED, error.hint or hint, 2, as_json)
    except FieldkitError as error:
        # If it is raised rather than reported, nothing was done, so exit code 3 ("done, but something was refused or
        # quarantined") would be wrong.
        code = 1 if isinstance(error, BundleRefused) else error.exit_code
        kept = error.kept or (_UNCHANGED if isinstance(error, Misuse) else "")
        return _print_error(error.message, kept, error.hint, code, as_json)
    except KeyboardInterrupt:
        return _print_error(_STOPPED, _SAFE, "", 1, as_json)
    except EOFError:
        return _print_error("The answers ended before the last question.", _SAFE, "", 1, as_json)
    except BrokenPipeError:
        _close_quietly()
        return 1
    except OSError as error:
        if isinstance(error.filename, str | os.PathLike):
            _write_down(error, options.get("--kit"))
            report = disk_error(error, Path(error.filename))
            return _print_error(report.message, report.kept, report.hint, 1, as_json)
        if error.filename is not None or error.errno not in _OUTPUT_ERRORS:
            return _unexpected(error, options, as_json)
        # Errors about the kit's files name them, so this one is about the output.
        _close_quietly()
        return _print_error(
            "What the command says could not be written where it was sent.", _SAFE, _ROOM, 1, as_json
        )
    except Exception as error:
        if hasattr(error, "format_message"):
            return _misused(error, as_json)
        return _unexpected(error, options, as_json)


def _print_error(message: str, kept: str, hint: str, code: int, as_json: bool) -> int:
    """Print one block on standard error."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    if as_json:
        block = json.dumps({"error": displayed(message), "kept": displayed(kept), "hint": displayed(hint)})
    else:
        block = "\n".join(displayed(part) for part in (message, kept, hint) if part)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write((block if as_json else for_terminal(block, sys.stderr)) + "\n")
        sys.stderr.flush()
    return code


def _misused(error: Exception, as_json: bool) -> int:
    """The parser's complaint about an option or argument; the help, if only a group of commands was named."""
    if type(error).__name__ == "NoArgsIsHelpError" and not as_json:
        return _print_error(str(error.format_message()), "", "", 2, as_json)  # type: ignore[attr-defined]  # click's own errors
    message, hint = misuse_of(error)
    return _print_error(message, _UNCHANGED, hint, 2, as_json)


def _unexpected(error: Exception, options: Mapping[str, str], as_json: bool) -> int:
    where = _write_down(error, options.get("--kit"))
    hint = (
        f"Try again. If it goes on, show this file to whoever looks after the kit: {where}"
        if where
        else "Try again."
    )
    return _print_error("Something went wrong that the kit did not expect.", _SAFE, hint, 1, as_json)


def _write_down(error: BaseException, kit: str | None) -> str:
    """Log the error beside the kit, if there is one; returns the file's path, otherwise ""."""
    return log_fault(kit_folder(kit), "running a command", error)


def _close_quietly() -> None:
    """The reader of the output has gone: prevent errors about the unwritten rest at exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
