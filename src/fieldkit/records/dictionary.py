"""The data dictionary: every kind, field and code list in Markdown, made from the models."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from fieldkit.records.schema.codes import CodeList, code_list, code_list_names
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind, kinds

_INTRODUCTION = """\
# Data dictionary

<!-- Made by `python -m fieldkit.records.dictionary`; change the models, not this page. -->

What each kind of record holds. Values have one form in files, bundles and the kit itself: text; codes from
the lists below; dates as `YYYY-MM-DD` and times as `HH:MM`; whole numbers; a list of codes where several
answers fit; the id of another record. An empty value means that the question was not asked. A person who was
asked and preferred not to say has given an answer, and it has its own code.
"""


def data_dictionary() -> str:
    """The whole page, ending in a newline."""
    parts = [_INTRODUCTION, "## Kinds of record\n"]
    parts += ["\n".join(_kind(kind)) for kind in kinds().values()]
    parts.append("## Code lists\n")
    parts += ["\n".join(_list(code_list(name))) for name in code_list_names()]
    return "\n".join(parts)


def _kind(kind: Kind) -> Iterator[str]:
    yield f"### {kind.title} (`{kind.name}`)\n"
    yield f"{kind.help}\n"
    yield f"{_travels(kind)}\n"
    yield "| field | title | form | required | help |"
    yield "|---|---|---|---|---|"
    for spec in kind.fields.values():
        cells = (f"`{spec.name}`", spec.title, _form(spec), "yes" if spec.required else "", _help(kind, spec))
        yield "| " + " | ".join(map(_cell, cells)) + " |"
    yield ""


def _travels(kind: Kind) -> str:
    if not kind.shared:
        return "*Local*: it never leaves the laptop."
    sentence = "*Shared*: it travels in bundles."
    if kind.network:
        sentence += " It is part of the network's invitation."
    if kind.coordinator_only:
        sentence += " It is accepted from coordinators alone."
    if kind.desk:
        sentence += " It is made at a coordinator's desk, and no invitation carries it to field laptops."
    return sentence


def _form(spec: FieldSpec) -> str:
    match spec.shape:
        case "line":
            return f"one line, up to {spec.length:,} characters"
        case "text":
            return f"text, up to {spec.length:,} characters"
        case "choice" | "many":
            amount = "one code" if spec.shape == "choice" else "any codes"
            return f"{amount} of [{spec.codes}](#list-{_anchor(spec.codes)})"
        case "date":
            return "date"
        case "time":
            return "time of day"
        case "link":
            return f"id of a `{spec.link}`"
        case "links":
            return f"ids of `{spec.link}`"
        case _:
            return f"whole number, {spec.minimum:,} to {spec.maximum:,}"


def _help(kind: Kind, spec: FieldSpec) -> str:
    notes = [spec.help] if spec.help else []
    if spec.only_if:
        other, answers = spec.only_if
        asked = kind.fields[other]
        condition = " or ".join(
            asked.code_list.label(answer) if asked.codes else answer for answer in answers
        )
        notes.append(f"Asked only if `{other}` is {condition}.")
    if spec.monitoring:
        notes.append("Monitoring.")
    return " ".join(notes)


def _list(answers: CodeList) -> Iterator[str]:
    yield f'<a id="list-{_anchor(answers.name)}"></a>\n'
    yield f"### {answers.title} (`{answers.name}`)\n"
    state = "Open: a network may add its own answers." if answers.open else "Closed."
    yield f"Source: {answers.source}. {state}\n"
    if len(answers.entries) > 60:
        yield "; ".join(f"`{entry.code}` {entry.label}" for entry in answers.entries) + ".\n"
        return
    columns = list(
        dict.fromkeys(name for entry in answers.entries for name, _ in entry.more if name != "also")
    )
    columns += ["role"] if any(entry.role for entry in answers.entries) else []
    yield "| " + " | ".join(["code", "label", *columns]) + " |"
    yield "|" + "---|" * (2 + len(columns))
    for entry in answers.entries:
        further = [entry.role if name == "role" else entry.get(name) for name in columns]
        yield "| " + " | ".join(map(_cell, [f"`{entry.code}`", entry.label, *further])) + " |"
    yield ""


def _anchor(name: str) -> str:
    return name.replace("_", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(data_dictionary())
