"""Looks for words that the glossary replaced: one word for each thing, in code, documents and tests.

`python .ci/check_words.py` ends with 1 and names each line with such a word. `ALLOWED` lists what has to stay, with its reason.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Where one word for each thing is reached; the rest follows.
PLACES = (
    "src/fieldkit/cli",
    "src/fieldkit/commands",
    "src/fieldkit/presentation",
    "src/fieldkit/screens",
    "src/fieldkit/widgets",
    "docs",
    "README.md",
)
#: What is looked for -> the word to use.
LOSERS = {
    r"clash(?:es|ed|ing)?": "conflict",
    r"settl(?:e|es|ed|ing)": "resolve",
    r"(?:put|puts|putting|taken?|takes|taking|bring|brings|bringing|brought) back": "restore, or undo",
    r"(?:take|taken|taking|bring|put|brought)_back": "restore, or undo",
    r"set aside|set_aside|aside": "quarantine",
    r"shut out|shut_out|shutting out": "revoke, trust",
    r"hand(?:ed)? back|old words|old_words|old-words": "withdraw, erase, old text",
    r"\bshall\b": "is to",
    r"keeper|somebody's laptop": "device, laptop",
}
#: (file or folder, pattern): names that another part of the program or a file format gives, and plain uses.
ALLOWED: tuple[tuple[str, str], ...] = (
    # The store, sync and imports still give these names, and JSON that programs read keeps its keys.
    ("src/", r"\b(?:taken_back|take_back|set_aside|shut_out|SHUT_OUT|put_back)\b"),
    ("src/", r"\baside\b|\bAside\b"),
    ("src/", r"\bClash\b|\bclash\b|\.clashes\b|\"clashes\"|clash\."),
    ("src/", r"\.settled?\b|\bsettled?\(|\"settled\""),
    ("src/fieldkit/presentation/exchange/merge_report.py", r"\bASIDE\b"),
    # Of a result that arrives, a set-up that is finished, a widget that has its size: no conflict between people.
    ("src/fieldkit/screens/base/kit_app.py", r"settle"),
    ("src/fieldkit/screens/setup/", r"settle"),
    ("src/fieldkit/widgets/", r"settled|take_back"),
    ("docs/promises.md", r"`test_"),
    ("docs/bundle-format.md", r""),
    ("docs/architecture.md", r"Clash|clash"),
)
_SUFFIXES = {".py", ".md", ".toml"}


def lines() -> Iterator[tuple[str, int, str]]:
    """(path, number, text) of every line that is looked at."""
    for place in PLACES:
        path = ROOT / place
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in _SUFFIXES:
                name = file.relative_to(ROOT).as_posix()
                for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                    yield name, number, text


def found() -> Iterator[str]:
    """A line for each word that was replaced."""
    patterns = {re.compile(rf"(?i)(?<![a-z]){loser}(?![a-z])"): word for loser, word in LOSERS.items()}
    for name, number, text in lines():
        for pattern, word in patterns.items():
            for match in pattern.finditer(text):
                if not any(name.startswith(place) and re.search(allowed, text) for place, allowed in ALLOWED):
                    yield f"{name}:{number}: “{match[0]}”: say {word}"


if __name__ == "__main__":
    problems = list(found())
    print(*problems, sep="\n")  # noqa: T201  # a program of its own
    sys.exit(1 if problems else 0)
