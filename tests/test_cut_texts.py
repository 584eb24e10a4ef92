"""Whatever a sentence quotes is shortened by one function, which shows that it did."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import fieldkit
from fieldkit.cli.record_arguments import kind_of
from fieldkit.errors import Misuse

_SOURCE = Path(fieldkit.__file__).parent
#: Shorter pieces are parts of dates, ids and digests.
_SHORTEST = 20


def _cuts(tree: ast.AST) -> list[int]:
    """The lines with a sentence in which a text is cut by a plain slice."""
    return [
        part.lineno
        for sentence in ast.walk(tree)
        if isinstance(sentence, ast.JoinedStr)
        and any(isinstance(text, ast.Constant) and " " in str(text.value) for text in sentence.values)
        for part in ast.walk(sentence)
        if isinstance(part, ast.Subscript)
        and isinstance(part.slice, ast.Slice)
        and part.slice.lower is None
        and isinstance(part.slice.upper, ast.Constant)
        and int(str(part.slice.upper.value)) >= _SHORTEST
    ]


def test_no_sentence_cuts_what_it_quotes_without_a_sign() -> None:
    assert _cuts(ast.parse("f'“{typed[:40]}” is not a date.'")) == [1]
    cut = {
        str(path.relative_to(_SOURCE)): lines
        for path in sorted(_SOURCE.rglob("*.py"))
        if (lines := _cuts(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert not cut


def test_a_long_name_in_a_refusal_ends_in_the_sign_that_more_follows() -> None:
    with pytest.raises(Misuse) as refused:
        kind_of("feedback from the fair in Bradford, second sheet of the workbook")
    assert (
        refused.value.message
        == "There is no kind of record called “feedback from the fair in bradford, sec…”."
    )
