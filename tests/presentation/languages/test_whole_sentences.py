"""Forms for one and several are whole sentences through `plural`: no text is assembled from a verb and an ending."""

from __future__ import annotations

import ast
from pathlib import Path

import fieldkit
from fieldkit.text import plural

SOURCE = Path(fieldkit.__file__).parent
ENDINGS = {"s", "es", "is", "are", "was", "were", "has", "have", "does", "do", "entry", "entries"}


def _words_of(node: ast.expr) -> set[str]:
    return (
        set(node.value.split()) if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()
    )


def test_no_verb_or_ending_is_chosen_by_a_number() -> None:
    glued = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Compare):
                by_number = any(
                    isinstance(each, ast.Constant) and each.value == 1 for each in node.test.comparators
                )
                if by_number and (_words_of(node.body) | _words_of(node.orelse)) & ENDINGS:
                    glued.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
            if (
                isinstance(node, ast.BinOp)
                and isinstance(node.op, ast.Mult)
                and _words_of(node.left) & ENDINGS
            ):
                glued.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert glued == []


def test_plural_knows_one_and_several() -> None:
    assert plural(1, "1 row was refused.", "{n} rows were refused.") == "1 row was refused."
    assert plural(0, "1 row was refused.", "{n} rows were refused.") == "0 rows were refused."
    assert plural(1_200, "1 row was refused.", "{n} rows were refused.") == "1,200 rows were refused."
