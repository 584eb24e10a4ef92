"""Checks that the documents are true: every command and key, every example, every link, every test and folder named.

`python .ci/check_docs.py` compares and ends with 1 when something differs; `--write` writes docs/commands.md,
docs/keys.md, docs/data-dictionary.md, the man page and the shells' completions anew.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from command_files import bash_completion, fish_completion, man_page, preformatted, zsh_completion

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
_NO_OPTION = {"--help", "-h"}


def command_tree() -> Any:
    """The whole command line as one command object."""
    from fieldkit.cli.program import app

    return typer.main.get_command(app)


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below and with its whole name; groups alone are passed over."""
    below = getattr(command, "commands", {})
    if not below or getattr(command, "invoke_without_command", False):
        yield name, command
    for word, inner in below.items():
        yield from commands(inner, f"{name} {word}")


def options_of(command: Any) -> list[tuple[str, str]]:
    """(how it is written, its help) of each option and argument."""
    options = []
    for parameter in command.params:
        if set(parameter.opts) <= _NO_OPTION or getattr(parameter, "hidden", False):
            continue
        if getattr(parameter, "param_type_name", "") == "argument":
            written = parameter.metavar or parameter.name.upper()
        else:
            names = ", ".join([*parameter.opts, *parameter.secondary_opts])
            written = (
                names
                if getattr(parameter, "is_flag", False)
                else f"{names} {parameter.metavar or ''}".strip()
            )
        options.append((written, " ".join((getattr(parameter, "help", "") or "").split())))
    return options


def commands_page() -> str:
    """The Markdown of docs/commands.md."""
    tree = command_tree()
    parts = ["# Commands", "", *_paragraphs(tree.help), "", "These come before any command:", ""]
    parts += _table(options_of(tree))
    for name, command in commands(tree, "fieldkit"):
        if command is tree:
            continue
        parts += ["", f"## `{name}`", "", *_paragraphs(command.help)]
        if options := options_of(command):
            parts += ["", *_table(options)]
    return "\n".join(parts) + "\n"


def _paragraphs(text: str | None) -> list[str]:
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", (text or "").strip()):
        if table := preformatted(paragraph):
            lines += ["", "```text", *table, "```"]
        else:
            lines += ["", " ".join(paragraph.split())]
    return lines[1:]


def _table(rows: list[tuple[str, str]]) -> list[str]:
    cells = [(f"`{written}`".replace("|", "\\|"), help.replace("|", "\\|")) for written, help in rows]
    return ["| option | |", "|---|---|", *(f"| {written} | {help} |" for written, help in cells)]


def keys_page() -> str:
    """The Markdown of docs/keys.md."""
    from fieldkit.commands.table import documentation

    return documentation()


def dictionary_page() -> str:
    """The Markdown of docs/data-dictionary.md."""
    from fieldkit.records import dictionary

    return dictionary.data_dictionary()


def manual() -> str:
    """The man page."""
    from fieldkit import __version__

    return man_page(command_tree(), __version__)


# What is checked


def check_help() -> Iterator[str]:
    """Every command and every option says what it does."""
    for name, command in commands(command_tree(), "fieldkit"):
        if not (command.help or "").strip():
            yield f"“{name}” has no help."
        for written, help in options_of(command):
            if not help:
                yield f"{written} of “{name}” has no help."


def check_keys() -> Iterator[str]:
    """Every key has words, and no screen gives one key to two commands."""
    from fieldkit.commands.command import PLACES
    from fieldkit.commands.table import COMMANDS, commands_for

    for command in COMMANDS:
        if not (command.keys and command.label and command.help and command.screens):
            yield f"The key command “{command.id}” lacks a key, a label, help or a screen."
    for place in PLACES:
        taken: dict[str, str] = {}
        for command in commands_for(place):
            if command.built_in:
                continue
            for key in command.keys.split(","):
                if taken.setdefault(key.strip(), command.id) != command.id:
                    yield f"On {place}, {key} means both {taken[key.strip()]} and {command.id}."


def check_page(name: str, wanted: str) -> Iterator[str]:
    """A generated page is what would be generated now."""
    page = DOCS / name
    if not page.exists() or page.read_text("utf-8") != wanted:
        yield f"docs/{name} is not up to date; write it with: python .ci/check_docs.py --write"


def documents() -> list[Path]:
    """Every page that people read."""
    return sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])


#: One command of a line: up to && or | or ; that stands in no quotes.
_COMMAND = re.compile(r"""(?:"[^"]*"|'[^']*'|[^&|;"'])+""")


def check_examples(page: Path) -> Iterator[str]:
    """Every `fieldkit …` line in a block of commands names a command and options that exist."""
    text = page.read_text("utf-8")
    for block in re.findall(r"^```(?:bash|sh|console)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            for part in _COMMAND.findall(line.partition("  #")[0]):
                parts = part.split()
                if parts[:1] == ["fieldkit"]:
                    yield from (
                        f"{page.name}: {problem} (in “{part.strip()}”)" for problem in _wrong_in(part)
                    )


def _wrong_in(line: str) -> Iterator[str]:
    command, name = command_tree(), "fieldkit"
    known = {name for parameter in command.params for name in parameter.opts}
    options: list[str] = []
    parts = shlex.split(line)[1:]
    while parts:
        part = parts.pop(0)
        if part.startswith("-") and part != "-":
            options.append(part.partition("=")[0])
            if part in {"--kit", "--passphrase-file"} and parts:
                parts.pop(0)
        elif part in getattr(command, "commands", {}):
            command, name = command.commands[part], f"{name} {part}"
            known |= {name for parameter in command.params for name in parameter.opts}
        elif getattr(command, "commands", {}):
            yield f"“{name}” has no command “{part}”"
            return
    for option in options:
        if option not in known | _NO_OPTION:
            yield f"“{name}” has no option “{option}”"


def check_links(page: Path) -> Iterator[str]:
    """Every relative link leads to a file."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target and not (page.parent / target).exists():
            yield f"{page.name}: nothing lies at {target}."


def check_tests(page: Path) -> Iterator[str]:
    """Every test named as `test_file.py::test_name` is there."""
    files = {file.name: file for file in (ROOT / "tests").rglob("test_*.py")}
    for name, test in re.findall(r"`(test_\w+\.py)(?:::(\w+))?`", page.read_text("utf-8")):
        file = files.get(name)
        if file is None or (test and f"def {test}(" not in file.read_text("utf-8")):
            yield f"{page.name}: there is no test {name}::{test}."


def check_rows(page: Path) -> Iterator[str]:
    """No promise is made twice: neither the same sentence, nor a row of the same cells."""
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| ")]
    promises = [row.rpartition(" | ")[0] for row in rows if "`test_" in row]
    for promise in sorted({each for each in promises if promises.count(each) > 1}):
        yield f"{page.name}: promised twice: {promise.strip('| ')}"


def check_floors(page: Path, source: Path) -> Iterator[str]:
    """The list of floors names every folder and every module beside them, and nothing else."""
    block = page.read_text("utf-8").partition("```\n")[2].partition("```")[0]
    floors = dict(re.findall(r"^(\S+)((?:.*\n)(?: +.*\n)*)", block, re.MULTILINE))
    folders = {path.name: path for path in source.iterdir() if (path / "__init__.py").exists()}
    modules = {path.stem for path in source.glob("*.py")} - {"__init__"}
    yield from _differing(page, "", {f"{name}/" for name in folders} | modules, set(floors))
    for name, folder in folders.items():
        # A folder may hold data alone, or nothing but what Python left of modules that were moved.
        inner = {f"{path.parent.name}/" for path in folder.glob("*/*") if path.is_file()} - {"__pycache__/"}
        yield from _differing(page, f"{name}/", inner, set(re.findall(r"\w+/", floors.get(f"{name}/", ""))))


def _differing(page: Path, folder: str, there: set[str], named: set[str]) -> Iterator[str]:
    yield from (f"{page.name}: the floors lack {folder}{name}." for name in sorted(there - named))
    yield from (f"{page.name}: there is no {folder}{name}." for name in sorted(named - there))


def main(arguments: list[str]) -> int:
    """Check, or with --write bring the generated pages up to date; returns the exit code."""
    pages = {
        "commands.md": commands_page,
        "keys.md": keys_page,
        "data-dictionary.md": dictionary_page,
        "man/fieldkit.1": manual,
        "completion/fieldkit.bash": lambda: bash_completion(command_tree()),
        "completion/_fieldkit": lambda: zsh_completion(command_tree()),
        "completion/fieldkit.fish": lambda: fish_completion(command_tree()),
    }
    if arguments == ["--write"]:
        for name, make in pages.items():
            (DOCS / name).parent.mkdir(exist_ok=True)
            (DOCS / name).write_text(make(), "utf-8")
    wrong = [*check_help(), *check_keys()]
    for name, make in pages.items():
        wrong += check_page(name, make())
    wrong += [
        *check_rows(DOCS / "promises.md"),
        *check_floors(DOCS / "architecture.md", ROOT / "src" / "fieldkit"),
    ]
    for page in documents():
        wrong += [*check_examples(page), *check_links(page), *check_tests(page)]
    for sentence in wrong:
        sys.stderr.write(sentence + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
