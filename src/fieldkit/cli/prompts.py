"""Questions at the keyboard: yes or no, a line, a passphrase. They go to standard error, so that output can be piped."""

from __future__ import annotations

import contextlib
import sys
from getpass import getpass
from pathlib import Path

from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.plain.line_breaks import question_for_terminal
from fieldkit.disk_errors import disk_error
from fieldkit.errors import FieldkitError, Misuse
from fieldkit.text import clean_line

_LONGEST_SECRET = 4_096


def ask_yes(question: str) -> bool:
    """Whether somebody at the keyboard answers yes.

    Raises:
        EOFError: the answers ended.
    """
    return ask_line(question).strip().casefold() in {"y", "yes"}


def ask_line(question: str) -> str:
    """The answer of somebody at the keyboard, including its line end.

    Raises:
        EOFError: the answers ended.
    """
    sys.stderr.write(question_for_terminal(question, sys.stderr))
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise EOFError
    return answer


def typed_or_given(what: str, given: str) -> str:
    """The given value or, for "-", what is typed at the keyboard or read from standard input, so that the shell does not remember
    it.

    Raises:
        Misuse: it is not text.
        EOFError: the answer ended.
    """
    if given != "-":
        return given
    if at_keyboard():
        return ask_line(f"{clean_line(what)}: ").rstrip("\r\n")
    try:
        return sys.stdin.read().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Misuse("Standard input is not text in UTF-8.", kept="Nothing was changed.") from None


def demand_yes(question: str, yes: bool) -> None:
    """Ask before something that can't be undone, unless --yes was given.

    Raises:
        Misuse: nobody is there to ask.
        FieldkitError: the answer is no.
    """
    if yes:
        return
    if not at_keyboard():
        raise Misuse(
            "This can't be undone, so fieldkit asks first, and nobody is here to answer.",
            kept="Nothing was changed.",
            hint="If it is meant, add --yes",
        )
    if not ask_yes(f"{question} y or n: "):
        raise FieldkitError("Nothing was changed.")


def at_keyboard() -> bool:
    """Whether somebody can be asked."""
    with contextlib.suppress(AttributeError, ValueError):
        return sys.stdin.isatty()
    return False


def read_secret(path: Path) -> str:
    """The first line of a small file.

    Raises:
        StorageError: it can't be read.
        Misuse: its first line is empty, or it is not text.
    """
    try:
        with path_of(path).open("rb") as file:
            content = file.read(_LONGEST_SECRET)
    except OSError as error:
        raise disk_error(error, path) from error
    try:
        secret = content.decode("utf-8-sig").splitlines()[0]
    except (UnicodeDecodeError, IndexError):
        secret = ""
    if not secret.strip():
        raise Misuse(
            f"There is no passphrase in {path}.", hint="It belongs on the first line, and nothing else."
        )
    return secret


def ask_secret(prompt: str) -> str:
    """A line that is not shown while it is typed."""
    return getpass(prompt, stream=sys.stderr)


def ask_twice(prompt: str, hint: str) -> str:
    """A new passphrase, typed twice.

    Raises:
        Misuse: nobody is there to ask, or the two differ.
    """
    if not at_keyboard():
        raise Misuse("A passphrase is needed.", kept="Nothing was made.", hint=hint)
    first = ask_secret(prompt)
    if ask_secret("The same once more: ") != first:
        raise Misuse("The two passphrases differ.", kept="Nothing was made.", hint="Try again.")
    return first
