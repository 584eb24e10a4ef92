"""The parser's complaints about options and arguments, in the kit's own words."""

from __future__ import annotations

import re
from typing import Any

from fieldkit.text import bounds_in_words

_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)\Z", re.DOTALL)
_COMMAND = re.compile(r"No such command '(.*?)'\.(?: Did you mean (.*)\?)?", re.DOTALL)
#: What people call something that another command does.
_OTHER_NAMES = {
    "fieldkit import": "To store the rows of a table: fieldkit record KIND --from FILE. See: fieldkit record --help"
}


def misuse_of(error: Any) -> tuple[str, str]:
    """What a complaint of the parser means, and what to do about it.

    The parser has no class for some complaints, so these are recognised by how they begin; an unknown one keeps its own words.
    """
    command = getattr(getattr(error, "ctx", None), "command_path", "fieldkit")
    usage = f"See how it is used with: {command} --help"
    kind, complaint = type(error).__name__, " ".join(str(error.format_message()).split())
    param = getattr(error, "param", None)
    if kind == "NoSuchOption":
        meant = f" Did you mean {' or '.join(error.possibilities)}?" if error.possibilities else ""
        return f"{command} has no option {error.option_name}.{meant}", usage
    if kind == "MissingParameter" and param is not None:
        is_what = " ".join(filter(None, (getattr(param, "help", None), usage)))
        return f"{_named(param)} is missing.", is_what
    if kind == "BadParameter" and getattr(param, "metavar", None) == "N":
        return f"{_named(param)} takes a whole number{_bounds(param)}.", usage
    if kind == "BadOptionUsage":
        if "not take a value" in complaint:
            return f"{error.option_name} takes no value.", usage
        return f"Nothing follows {error.option_name}, which needs a value.", usage
    if extra := _EXTRA.match(complaint):
        return (
            f"The command does not take the argument “{extra[1]}”.",
            f"Put quotation marks round an argument with spaces. {usage}",
        )
    if unknown := _COMMAND.match(complaint):
        near = " or ".join(f"“{name}”" for name in re.findall("'([^']+)'", unknown[2] or ""))
        meant = f" Did you mean {near}?" if near else ""
        hint = _OTHER_NAMES.get(f"{command} {unknown[1]}", f"See them all with: {command} --help")
        return f"There is no command “{unknown[1]}”.{meant}", hint
    return complaint, usage


def _named(param: Any) -> str:
    """--out, or KIND for a parameter without a name of its own."""
    names = [str(name) for name in param.opts]
    return names[0] if names and names[0].startswith("-") else str(param.metavar or param.name)


def _bounds(param: Any) -> str:
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    bounds = bounds_in_words(low, high)
    return f"{',' if high is None else ''} {bounds}" if bounds else ""
