"""The man page and the shells' completions, made of the tree of commands: generated, so that they can't differ from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fieldkit.records.schema.kind import kinds

_NO_OPTION = {"--help", "-h"}


def paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group of the tree by the words that name it; () is the program itself."""
    yield path, command
    for word, inner in getattr(command, "commands", {}).items():
        yield from paths(inner, (*path, word))


def preformatted(paragraph: str) -> list[str]:
    """The lines of a paragraph whose line breaks a help text keeps (it begins with Click's mark for them); [] for others."""
    mark, _, lines = paragraph.partition("\n")
    return [line.strip() for line in lines.split("\n")] if mark.strip(" ") == "\b" else []


def options(command: Any) -> list[Any]:
    """Its options and arguments, without help."""
    return [
        each
        for each in command.params
        if not set(each.opts) <= _NO_OPTION and not getattr(each, "hidden", False)
    ]


def words_of(command: Any) -> list[str]:
    """What may follow a command on the line: the commands below it, and its options."""
    flags = [
        name
        for each in options(command)
        if getattr(each, "param_type_name", "") != "argument"
        for name in (*each.opts, *each.secondary_opts)
    ]
    of_kinds = any(getattr(each, "metavar", "") == "KIND" for each in options(command))
    return [*getattr(command, "commands", {}), *(kinds() if of_kinds else ()), *flags, "--help"]


# The man page


def _roff(text: str, *, keep_spaces: bool = False) -> str:
    """Text as roff reads it as such: no line begins a request, and hyphens stay hyphens."""
    text = (text if keep_spaces else " ".join(text.split())).replace("\\", "\\e").replace("-", "\\-")
    text = "".join(letter if letter.isascii() else f"\\[u{ord(letter):04X}]" for letter in text)
    return "\\&" + text if text[:1] in {".", "'"} else text


def _paragraphs(text: str | None) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", (text or "").strip())):
        if number:
            yield ".PP"
        if table := preformatted(paragraph):
            yield from (".nf", *(_roff(line, keep_spaces=True) for line in table), ".fi")
        else:
            yield _roff(paragraph)


def _written(each: Any) -> str:
    if getattr(each, "param_type_name", "") == "argument":
        return f"\\fI{_roff(each.metavar or each.name.upper())}\\fR"
    names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in (*each.opts, *each.secondary_opts))
    return names if getattr(each, "is_flag", False) else f"{names} \\fI{_roff(each.metavar or '')}\\fR"


def man_page(tree: Any, version: str) -> str:
    """The roff of fieldkit(1)."""
    lines = [
        f'.TH FIELDKIT 1 "" "fieldkit {version}" "User commands"',
        ".SH NAME",
        "fieldkit \\- an offline field kit for what patients and carers experience",
        ".SH SYNOPSIS",
        ".B fieldkit",
        "[\\fIOPTION\\fR] [\\fICOMMAND\\fR [\\fIARGUMENT\\fR]]",
        ".SH DESCRIPTION",
        *_paragraphs(tree.help),
        ".SH OPTIONS",
    ]
    for each in options(tree):
        lines += [".TP", _written(each), _roff(each.help or "")]
    lines.append(".SH COMMANDS")
    for path, command in paths(tree):
        if not path or (
            getattr(command, "commands", {}) and not getattr(command, "invoke_without_command", False)
        ):
            continue
        lines += [f".SS {_roff(' '.join(('fieldkit', *path)))}", *_paragraphs(command.help)]
        for each in options(command):
            lines += [".TP", _written(each), _roff(each.help or "")]
    lines += [
        ".SH ENVIRONMENT",
        *(".TP", "\\fBFIELDKIT_HOME\\fR", "The kit's folder, where \\-\\-kit is not given."),
        *(
            ".TP",
            "\\fBFIELDKIT_PASSPHRASE\\fR",
            "The passphrase, where \\-\\-passphrase\\-file is not given.",
        ),
        *(".TP", "\\fBFIELDKIT_PLAIN\\fR", "1: a menu in plain lines in the place of screens."),
        *(".TP", "\\fBFIELDKIT_CONFIG\\fR", "The file of preferences, in the place of config.toml."),
        *(".TP", "\\fBNO_COLOR\\fR", "Set to anything: no colours."),
        ".SH FILES",
        *(
            ".TP",
            "\\fIconfig.toml\\fR",
            "Keys, colours and plain lines; \\fBfieldkit doctor\\fR says where it lies.",
        ),
        ".SH EXIT STATUS",
        "0 when it is done, 1 when it failed, 2 when it was misused, 3 when it is done but something was refused or quarantined.",
    ]
    return "\n".join(lines) + "\n"


# Completions: the words are in the script itself, so that no program starts when Tab is pressed


def bash_completion(tree: Any) -> str:
    """The script for bash."""
    cases = [
        f'    "{" ".join(path)}") words="{" ".join(words_of(command))}" ;;' for path, command in paths(tree)
    ]
    known = sorted({" ".join(path) for path, _ in paths(tree) if path})
    return _BASH.replace("@CASES@", "\n".join(cases)).replace("@KNOWN@", "\n".join(known))


def zsh_completion(tree: Any) -> str:
    """The script for zsh, which understands that of bash."""
    return "#compdef fieldkit\nautoload -U +X bashcompinit && bashcompinit\n" + bash_completion(tree)


def fish_completion(tree: Any) -> str:
    """The script for fish."""
    lines = ["complete -c fieldkit -f"]
    for path, command in paths(tree):
        below = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in path)
        seen = below or "__fish_use_subcommand"
        for word, inner in getattr(command, "commands", {}).items():
            lines.append(
                f"complete -c fieldkit -n {_quoted(seen)} -a {word} -d {_quoted(_first_line(inner.help))}"
            )
        for each in options(command):
            if getattr(each, "param_type_name", "") == "argument":
                continue
            for name in (*each.opts, *each.secondary_opts):
                flag = f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                takes = "" if getattr(each, "is_flag", False) else " -r -F"
                lines.append(
                    f"complete -c fieldkit -n {_quoted(seen)} {flag}{takes} -d {_quoted(_first_line(each.help))}"
                )
    return "\n".join(lines) + "\n"


def _first_line(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_BASH = r"""# Completion of fieldkit for bash: commands, the commands below them, and options; files where a value is expected.
_fieldkit() {
    local current="${COMP_WORDS[COMP_CWORD]}" path="" words="" word at
    local known='
@KNOWN@
'
    for ((at = 1; at < COMP_CWORD; at++)); do
        word="${COMP_WORDS[at]}"
        if [[ "$known" == *$'\n'"${path:+$path }$word"$'\n'* ]]; then
            path="${path:+$path }$word"
        fi
    done
    case "$path" in
@CASES@
    esac
    if [[ "$current" == */* || "$current" == .* ]]; then
        COMPREPLY=($(compgen -f -- "$current"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$current"))
    fi
}
complete -o bashdefault -o default -F _fieldkit fieldkit
"""
