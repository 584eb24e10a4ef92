"""What may be wrong with a column as a whole: values that can't be right, points that may be thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fieldkit.importing.choices import ColumnChoices, Doubt
from fieldkit.importing.values import Meaning, is_bare, scale_of
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.numbers import DOT_THOUSANDS
from fieldkit.spelling import folded
from fieldkit.spreadsheets import as_text
from fieldkit.text import clean_line

_EXAMPLES = 3


def count_doubts(column: str, meanings: list[Meaning]) -> Iterable[Doubt]:
    dotted = [one for one in meanings if isinstance(one.raw, str) and DOT_THOUSANDS.fullmatch(shown(one.raw))]
    if dotted:
        yield Doubt(
            "points",
            column,
            f"{quoted(dotted)} may be thousands or decimals. Such rows are refused, unless the points mean thousands.",
            {"numbers": "plain"},
            {"numbers": "dot-thousands"},
            "the points mean thousands",
        )
    odd = [one for one in meanings if one.problem and one not in dotted and _numeric(shown(one.raw))]
    yield from other_doubts(
        column, [*odd, *(one for one in meanings if not one.problem)], "is no whole number"
    )


def _numeric(words: str) -> bool:
    return any(letter.isdigit() for letter in words) and not any(letter.isalpha() for letter in words)


def other_doubts(column: str, meanings: list[Meaning], why: str) -> Iterable[Doubt]:
    """A doubt about a column of which one value can't be right, so that the others may be wrong as well."""
    wrong = [one for one in meanings if one.problem]
    if wrong and len(wrong) < len(meanings):
        yield Doubt(
            "others",
            column,
            f"{quoted(wrong)} {why}: look whether the other values mean what they seem to. Such rows are refused.",
            {"settled": "others"},
        )


def quoted(meanings: list[Meaning]) -> str:
    words = [f"“{shown(one.raw)}”" for one in meanings[:_EXAMPLES]]
    more = f" and {len(meanings) - _EXAMPLES:,} more" if len(meanings) > _EXAMPLES else ""
    return ", ".join(words) + more


def shown(raw: Any) -> str:
    """A cell as people see it in the file, on one line."""
    return clean_line(as_text(raw))[:60]


def number_doubts(
    column: str,
    spec: FieldSpec,
    meanings: list[Meaning],
    choices: ColumnChoices,
    terms: dict[str, dict[str, str]],
    in_words: Callable[[Meaning], str],
) -> Iterable[Doubt]:
    """Doubts about numbers and letters in a coded or scaled column: only its list says what they mean.

    `in_words` gives what a cell became.
    """
    bare = [
        one
        for one in meanings
        if folded(shown(one.raw)) not in choices.values
        and (one.value is not None or one.problem)
        and is_bare(spec, one.raw, terms)
    ]
    known = sorted((one for one in bare if not one.problem), key=lambda one: -one.rows)
    if known:
        steps = scale_of(spec)
        scale = spec.shape == "scale"
        yield Doubt(
            "numbers",
            column,
            f"Is {_highest(known)} the best? These were read as a scale from {spec.minimum} (least) to {spec.maximum} (most)."
            if scale
            else "Only the list of answers says what numbers and letters mean: "
            f"{shown(known[0].raw)} was read as {in_words(known[0])}.",
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
    strangers = any(one.problem for one in bare)
    if strangers or (spec.codes and not spec.code_list.open):
        yield from other_doubts(column, meanings, "can't belong to it")


def _highest(known: list[Meaning]) -> str:
    return f"{max(int(one.value) for one in known):,}"
