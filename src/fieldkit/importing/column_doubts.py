"""Doubts about a column as a whole: values that can't be right, full stops that may separate thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fieldkit.importing.choices import ColumnChoices, Doubt
from fieldkit.importing.values import Meaning, is_bare, scale_of
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.numbers import DOT_THOUSANDS
from fieldkit.spelling import folded
from fieldkit.spreadsheets import as_text
from fieldkit.text import as_typed, plural, shortened

_EXAMPLES = 3


def count_doubts(column: str, meanings: list[Meaning]) -> Iterable[Doubt]:
    dotted = [
        meaning
        for meaning in meanings
        if isinstance(meaning.raw, str) and DOT_THOUSANDS.fullmatch(as_typed(meaning.raw))
    ]
    if dotted:
        yield Doubt(
            "points",
            column,
            f"{quoted(dotted)} may be thousands or decimals. Such rows are refused, unless the points mean thousands.",
            {"numbers": "plain"},
            {"numbers": "dot-thousands"},
            "the points mean thousands",
        )
    odd = [
        meaning
        for meaning in meanings
        if meaning.problem and meaning not in dotted and _numeric(shown(meaning.raw))
    ]
    yield from other_doubts(
        column,
        [*odd, *(meaning for meaning in meanings if not meaning.problem)],
        ("is not a whole number", "are not whole numbers"),
    )


def _numeric(text: str) -> bool:
    return any(letter.isdigit() for letter in text) and not any(letter.isalpha() for letter in text)


def other_doubts(column: str, meanings: list[Meaning], why: tuple[str, str]) -> Iterable[Doubt]:
    """A doubt about a column with a value that can't be right: its other values may be wrong as well.

    `why` goes on from one value, and from several.
    """
    wrong = [meaning for meaning in meanings if meaning.problem]
    if wrong and len(wrong) < len(meanings):
        yield Doubt(
            "others",
            column,
            f"{quoted(wrong)} {plural(len(wrong), *why)}: look whether the other values mean what they seem to. "
            "Such rows are refused.",
            {"resolved": "others"},
        )


def quoted(meanings: list[Meaning]) -> str:
    examples = [f"“{shown(meaning.raw)}”" for meaning in meanings[:_EXAMPLES]]
    more = f" and {len(meanings) - _EXAMPLES:,} more" if len(meanings) > _EXAMPLES else ""
    return ", ".join(examples) + more


def shown(raw: Any) -> str:
    """A cell as people see it in the file, on one line."""
    return shortened(as_text(raw))


def number_doubts(
    column: str,
    spec: FieldSpec,
    meanings: list[Meaning],
    choices: ColumnChoices,
    terms: dict[str, dict[str, str]],
    describe: Callable[[Meaning], str],
) -> Iterable[Doubt]:
    """Doubts about numbers and letters in a coded or scaled column: only the list of answers says what they mean.

    `describe` returns what a cell became, in words.
    """
    bare = [
        meaning
        for meaning in meanings
        if folded(shown(meaning.raw)) not in choices.values
        and (meaning.value is not None or meaning.problem)
        and is_bare(spec, meaning.raw, terms)
    ]
    known = sorted((meaning for meaning in bare if not meaning.problem), key=lambda meaning: -meaning.rows)
    if known:
        steps = scale_of(spec)
        scale = spec.shape == "scale"
        yield Doubt(
            "numbers",
            column,
            f"Is {_highest(known)} the best? These were read as a scale from {spec.minimum} (least) to {spec.maximum} (most)."
            if scale
            else "Only the list of answers says what numbers and letters mean: "
            f"{shown(known[0].raw)} was read as {describe(known[0])}.",
            {"direction": "as-listed"},
            {"direction": "reversed"} if steps or scale else {},
            (
                f"the highest number means {spec.code_list.label(steps[0])}"
                if steps
                else f"{spec.minimum} is most, {spec.maximum} least"
            )
            if steps or scale
            else "",
        )
    strangers = any(meaning.problem for meaning in bare)
    if strangers or (spec.codes and not spec.code_list.open):
        yield from other_doubts(column, meanings, ("can't belong to it",) * 2)


def _highest(known: list[Meaning]) -> str:
    return f"{max(int(meaning.value) for meaning in known):,}"
