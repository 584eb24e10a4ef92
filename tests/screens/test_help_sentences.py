"""What screens explain about themselves: no sentence begins with a key, which would begin it with a small letter."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import fieldkit.screens

SCREENS = Path(fieldkit.screens.__file__).parent
KEY_FIRST = re.compile(r"(?:^|[.?!] )\{[a-z-]+\[[a-z-]+\]\}")


def _helps() -> dict[str, str]:
    """Module -> the text of every HELP in it, with the marks of its keys."""
    texts: dict[str, str] = {}
    for path in sorted(SCREENS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == "HELP" for target in node.targets
            ):
                parts = [
                    part.value
                    for part in ast.walk(node.value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
                texts[path.stem] = texts.get(path.stem, "") + " ".join(parts).strip()
    return texts


def test_no_sentence_of_a_help_begins_with_a_key() -> None:
    texts = _helps()
    assert len(texts) > 20
    assert [name for name, text in texts.items() if KEY_FIRST.search(text)] == []
