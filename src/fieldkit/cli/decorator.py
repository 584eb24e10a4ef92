"""`@command`: the one place where a command gets its kit, and where its answer becomes text, JSON and an exit code."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

import typer

from fieldkit.cli.options import Json, session
from fieldkit.cli.output import print_json, print_json_array, say

_GIVEN = ("kit", "here", "as_json")


@dataclass(frozen=True)
class Answer:
    """The answer of a command.

    `data` is printed with --json: one JSON value, or an iterator over the values of an array. `output` is for people: lines,
    or a function that prints them. `code` is the exit code.
    """

    data: Any
    output: Sequence[str] | Callable[[], None] = ()
    code: int = 0

    def print(self, as_json: bool) -> int:
        """Print it; returns the exit code."""
        if as_json:
            (print_json_array if isinstance(self.data, Iterator) else print_json)(self.data)
        elif callable(self.output):
            self.output()
        else:
            say(*self.output)
        return self.code


def command(
    *, writes: bool | Callable[[dict[str, Any]], bool] = False, asks: bool = True, to_read: bool = False
) -> Callable[[Callable[..., Answer | int]], Callable[..., int]]:
    """Turn a function into a command: its parameters are the arguments and options, its docstring is the help.

    Three parameters are not options. `kit` is the kit, open until the answer is printed; `writes` (which may depend on the
    options), `asks` and `to_read` are those of `Session.kit`. `here` is the session. `as_json` says whether --json was given,
    which every command has. A function that has printed its answer itself returns the exit code. Whatever it raises ends in a
    sentence and an exit code.
    """

    def decorate(function: Callable[..., Answer | int]) -> Callable[..., int]:
        hints = get_type_hints(function, include_extras=True)
        parameters = inspect.signature(function).parameters
        options = [
            parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
            for name, parameter in parameters.items()
            if name not in _GIVEN
        ]

        def run(context: typer.Context, as_json: bool = False, **values: Any) -> int:
            here = session(context)
            given: dict[str, Any] = {"here": here, "as_json": as_json}
            with contextlib.ExitStack() as stack:
                if "kit" in parameters:
                    will_write = writes(values) if callable(writes) else writes
                    given["kit"] = stack.enter_context(
                        here.kit(writes=will_write, asks=asks, to_read=to_read)
                    )
                answer = function(
                    **values, **{name: value for name, value in given.items() if name in parameters}
                )
                return answer if isinstance(answer, int) else answer.print(as_json)

        run.__name__, run.__doc__, run.__module__ = function.__name__, function.__doc__, function.__module__
        first = inspect.Parameter(
            "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
        )
        last = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, annotation=Json, default=False)
        run.__signature__ = inspect.Signature([first, *options, last])  # type: ignore[attr-defined]  # read by inspect
        run.__annotations__ = {each.name: each.annotation for each in (first, *options, last)}
        return run

    return decorate
