"""Looks for words that the glossary replaced: one word for each thing, in code, documents and tests.

`python .ci/check_words.py` ends with 1 and names each line with such a word. `ALLOWED` lists what has to stay, with its reason.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Where everything says one word for each thing.
PLACES = ("src/fieldkit", "tests", "benchmarks", "docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
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
    r"words stand|what stands there": "text, shown",
    r"parts of some": "parts of words",
    r"(?<!there )(?<!and )(?:is|are|was|were) (?-i:none)[.,;]": "is not valid, does not count",
    r"(?<!_)stands?(?!_)": "is, is shown, counts",
    r"(?:is|are) told": "reads, sees, knows",
    r"tells nobody|(?:has|have) told nobody|nobody was told": "knows, has seen, says",
}
#: Names that say nothing of the thing that they hold: "one" of what, "told" whom?
VAGUE = {
    "told", "tell", "said", "one", "some", "found", "its", "stands", "standing", "words", "heard", "news", "brought", "clash",
     "aside", "keeper", "worried", "passing",
}  # fmt: skip
#: Where nothing bears such a name: no variable, parameter, field, function, class, and no id of a widget.
NAMED_PLACES = ("src/fieldkit", "tests", "benchmarks", ".ci")
#: (file or folder, name, reason): names that are kept.
KEPT_NAMES: tuple[tuple[str, str, str], ...] = (
    ("src/fieldkit/records/kinds/", "one", "a field of records that are stored"),
    ("src/fieldkit/records/kinds/", "told", "a field of records that are stored"),
    ("src/fieldkit/records/kinds/", "words", "a field of records that are stored"),
    ("src/fieldkit/presentation/people/look_alike_list.py", "one", "as the field of the stored record"),
    ("src/fieldkit/presentation/cycle/", "words", "a person's own words, as the field of the stored record"),
    ("src/fieldkit/store/db/schema.py", "words", "a column of a table that kits have"),
    ("src/fieldkit/store/journal/merge_transaction.py", "words", "the row of that table"),
    ("src/fieldkit/store/local/setting_shapes.py", "aside", "a key of settings that are stored"),
)
#: (file or folder, pattern): names that another part of the program or a file format gives, and plain uses.
ALLOWED: tuple[tuple[str, str], ...] = (
    # JSON that programs read, files that people keep, and what kits store keep their keys.
    ("src/fieldkit/cli/", r"\"(?:aside|clashes|settled|shut_out|taken_back)\""),
    ("src/fieldkit/importing/mapping_file.py", r"\"settled\"|settled\{where\}"),
    ("src/fieldkit/store/local/", r"\"taken_back\"|\b(?:aside|clashes): list"),
    ("src/fieldkit/sync/merge/report.py", r"\"set_aside\""),
    ("src/fieldkit/sync/receipts/receipts.py", r"_STORED_AS ="),
    ("tests/", r"\"(?:aside|set_aside|clashes|taken_back)\""),
    # An element of HTML.
    ("tests/documents/", r"\"aside\""),
    ("tests/sync/network/test_revoked_laptops.py", r"\"shut_out\""),
    ("docs/promises.md", r"`test_"),
    # A licence is quoted as it is.
    ("src/fieldkit/demo/SOURCES.md", r"(?i)shall"),
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


def replaced() -> Iterator[str]:
    """A line for each word that was replaced."""
    patterns = {re.compile(rf"(?i)(?<![a-z]){loser}(?![a-z])"): word for loser, word in LOSERS.items()}
    # Nearly every line holds none: looking once for all of them is several times quicker.
    any_of_them = re.compile(rf"(?i)(?<![a-z])(?:{'|'.join(LOSERS)})(?![a-z])")
    for name, number, text in lines():
        if not any_of_them.search(text):
            continue
        for pattern, word in patterns.items():
            for match in pattern.finditer(text):
                if not any(name.startswith(place) and re.search(allowed, text) for place, allowed in ALLOWED):
                    yield f"{name}:{number}: “{match[0]}”: say {word}"


def vague() -> Iterator[str]:
    """A line for each name and each id of a widget that says nothing."""
    ids = re.compile(rf"#({'|'.join(sorted(VAGUE))})\b(?=[ ,:.{{\"])|\bid=\"({'|'.join(sorted(VAGUE))})\"")
    for place in NAMED_PLACES:
        for file in sorted((ROOT / place).rglob("*")):
            if file.suffix not in {".py", ".tcss"} or file == Path(__file__).resolve():
                continue
            path, text = file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
            if file.stem.strip("_").lower() in VAGUE:
                yield f"{path}: name the file after its thing"
            for number, line in enumerate(text.splitlines(), 1):
                for match in ids.finditer(line):
                    yield f"{path}:{number}: “{match[1] or match[2]}”: name what the widget shows"
            for number, name in sorted(_names(ast.parse(text))) if file.suffix == ".py" else ():
                plain = name.strip("_").lower()
                kept = any(path.startswith(start) and plain == word for start, word, _ in KEPT_NAMES)
                if plain in VAGUE and not kept:
                    yield f"{path}:{number}: “{name}”: name the thing"


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and name of everything that is named in a file."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
                | ast.arg(arg=name)
            ):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name


def defined_twice() -> Iterator[str]:
    """A line for each term that the glossary defines more than once."""
    terms = re.findall(r"(?m)^\| \*\*([^*]+)\*\*", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"))
    for term in sorted({term for term in terms if terms.count(term) > 1}):
        yield f"docs/glossary.md: “{term}” is defined {terms.count(term)} times"


if __name__ == "__main__":
    problems = [*replaced(), *vague(), *defined_twice()]
    print(*problems, sep="\n")  # noqa: T201  # a program of its own
    sys.exit(1 if problems else 0)
