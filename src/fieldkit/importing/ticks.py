"""Columns named after one answer to a question (“Disability/Hearing”), and the ticks in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.lookup import find
from fieldkit.records.schema.parse import Terms
from fieldkit.spelling import folded
from fieldkit.spreadsheets import as_text
from fieldkit.text import clean_line, quoted

_TICKED = frozenset(
    folded(word)
    for word in ("1", "1.0", "x", "yes", "y", "true", "t", "ticked", "checked", "selected", "on", "chosen")
)
_NOT_TICKED = frozenset(
    folded(word)
    for word in (
        "0", "0.0", "no", "n", "false", "f", "not ticked", "unticked", "unchecked", "not checked", "not selected",
        "off", "none", "n/a", "not chosen", "unselected",
    )
)  # fmt: skip
_MARKS = frozenset("✓✔☑☒✗✘×✅🗸*")
_NO_MARKS = frozenset("-–—☐.")
_ENDINGS = (
    re.compile(r"(?P<stem>.*?)\s*\[(?P<answer>[^\[\]]+)\]\s*\Z", re.DOTALL),
    re.compile(r"(?P<stem>.*?)\s*\((?P<answer>[^()]+)\)\s*\Z", re.DOTALL),
    re.compile(r"(?P<stem>.+?)\s*(?:/|:|=|\||\s[-–—]\s)\s*(?P<answer>.+)\Z", re.DOTALL),
    re.compile(r"(?P<stem>.*[?.])\s*(?P<answer>[^?]+)\Z", re.DOTALL),
    re.compile(r"(?P<stem>[^\s]+?)[._](?P<answer>[A-Za-z0-9][\w-]*)\Z"),
)
_SEPARATOR = re.compile(r"/|:|=|\||\s[-–—]\s")


def stems_and_answers(heading: str) -> Iterator[tuple[str, str]]:
    """Each way to split a heading into a question and one answer to it."""
    for ending in _ENDINGS:
        if match := ending.match(heading):
            yield match["stem"], match["answer"]
    for match in _SEPARATOR.finditer(heading):
        yield heading[: match.start()], heading[match.end() :]


def answer_named(spec: FieldSpec, heading: str, terms: Terms, *, whole: bool) -> str:
    """The code of the answer that a heading is named after, or "".

    With `whole`, a heading that consists only of the answer also counts: for columns that the user has mapped.
    """
    own = terms.get(spec.codes, {})
    names = [answer for _, answer in stems_and_answers(heading)]
    for text in [heading, *names] if whole else names:
        answer = clean_line(text)
        if answer and (code := find(spec.code_list, answer, own)) is not None:
            return code
    return ""


def question_named(
    heading: str, names: Mapping[str, FieldSpec], terms: Terms
) -> tuple[FieldSpec, str] | None:
    """The field and the code of the answer, if a heading names both, as “Disability/Hearing” does."""
    for stem, answer in stems_and_answers(heading):
        # Survey tools put the form's groups in front of the question: about/disability/02.
        spec = names.get(folded(stem)) or names.get(folded(re.split(r"[/.]", stem)[-1]))
        if spec is None or not spec.codes:
            continue
        code = find(spec.code_list, clean_line(answer), terms.get(spec.codes, {}))
        if code is not None:
            return spec, code
    return None


def is_ticked(spec: FieldSpec, code: str, heading: str, raw: Any, more: Mapping[str, bool]) -> bool:
    """Whether a cell of a column named after an answer ticks it. An empty cell does not.

    Raises:
        ValueError: it is neither a tick nor its absence.
    """
    if raw is None or raw is False:
        return False
    if raw is True:
        return True
    text = clean_line(as_text(raw))
    key = folded(text)
    if key in more:
        return more[key]
    if not text or text in _NO_MARKS or key in _NOT_TICKED:
        return False
    label = spec.code_list.label(code)
    names = {folded(label), folded(heading), *(folded(name) for _, name in stems_and_answers(heading))}
    if key in _TICKED or text in _MARKS or key in names or (key == folded(code) and not key.isdecimal()):
        return True
    if not key.isdecimal() and find(spec.code_list, text, {}) == code:
        return True
    raise ValueError(
        f"{quoted(text)} is neither a tick (1, x, yes) nor its absence (0, no, empty); "
        f"this column was understood as the answer “{label}”."
    )
