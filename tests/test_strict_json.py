"""The strict JSON reader refuses what programs read differently, and reads everything else."""

from __future__ import annotations

import json

import pytest

from fieldkit.strict_json import read_json


@pytest.mark.parametrize(
    "data",
    [
        b'"\\ud800"', b'{"\\ud800":1}', b'["\\udfff\\ud800"]', b'"\xed\xa0\x80"', b'"\xff"', b'{"a":1,"a":1}', b"NaN", b"1e999",
        b"-Infinity", b"[" * 100_000, b"9" * 5_000, b"", '"\u00e9"'.encode("utf-16"), b'\xef\xbb\xbf"x"',
    ],
)  # fmt: skip
def test_the_strict_reader_refuses(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_json(data)


def test_the_strict_reader_reads_what_is_whole() -> None:
    value = {"a": ["\U0001f3aa", "ਮੇਲਾ", 1, 1.5, None, True, {"b": {}}], "": ""}
    for ascii_only in (True, False):
        assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value
