"""Strict reading of JSON from others: anything that two programs could understand differently is an error."""

from __future__ import annotations

import json
import math
from typing import Any

#: More digits than any number in a file that fieldkit reads; Python itself refuses 4,300, in words for programmers.
_MOST_DIGITS = 400


def read_json(data: bytes) -> Any:
    """The value of `data`: UTF-8, no duplicate key, no impossible number, no half of a surrogate pair.

    A half of a pair can be written as an escape and is no character: whatever receives it later fails, the database first of
    all.

    Raises:
        ValueError: it is anything else, or nested too deeply; the message is a few plain words.
    """
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
        )
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError:
        raise ValueError("not JSON") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeError:
        raise ValueError("text that is not Unicode") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("the same key twice")
    return values


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("a number that is too large")
    return int(digits)


def _finite(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise ValueError("a number that is too large")
    return number
