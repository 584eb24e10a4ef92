"""What the options of `fieldkit figures import` say about a file."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.errors import Misuse
from fieldkit.importing.figures.figure_sources import SOURCES, KnownSource
from fieldkit.importing.figures.figure_storage import decision_key
from fieldkit.importing.figures.schemes import SCHEMES
from fieldkit.importing.figures.shown_text import Meaning
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.label_questions import group_of
from fieldkit.text import quoted

KEPT = "Nothing was stored."


def named_values(arguments: Sequence[str], option: str) -> list[tuple[str, str]]:
    """(name, value) for each NAME=VALUE of an option that may be repeated; a name may hold other equals signs.

    Raises:
        Misuse: one has no name or no value.
    """
    named = []
    for each in arguments:
        name, sign, value = each.rpartition("=")
        if not sign or not name.strip() or not value.strip():
            raise Misuse(
                f"{option} needs a name and a value with = between, not {quoted(each, 40)}.", kept=KEPT
            )
        named.append((name.strip(), value.strip()))
    return named


def one_of(value: str, answers: Sequence[str], option: str) -> str:
    """`value`, which must be one of `answers`.

    Raises:
        Misuse: it is not.
    """
    answer = value.strip().casefold()
    if answer not in answers:
        raise Misuse(f"{option} is {' or '.join(answers)}, not {quoted(value, 30)}.", kept=KEPT)
    return answer


def with_signs(choices: FigureChoices, dash: str, signs: Sequence[str]) -> FigureChoices:
    """`choices` with those of `--dash` and `--sign`.

    Raises:
        Misuse: a sign has no meaning, or one that is not known.
    """
    meanings: tuple[Meaning, ...] = ("zero", "missing", "star")
    meanings_by_sign = [*(("-", dash) for _ in range(bool(dash))), *named_values(signs, "--sign")]
    for sign, meaning in meanings_by_sign:
        wanted = one_of(meaning, meanings, "--dash" if sign == "-" else "--sign")
        choices = choices.sign(sign, next(each for each in meanings if each == wanted))
    return choices


def with_labels(choices: FigureChoices, labels: Sequence[str]) -> FigureChoices:
    """`choices` with those of `--label DIMENSION:LABEL=CODE`.

    Raises:
        Misuse: a dimension or a code is not known.
    """
    for name, code in named_values(labels, "--label"):
        dimension, sign, label = name.partition(":")
        if not sign or dimension.strip() not in SCHEMES:
            raise Misuse(
                f"--label begins with what the groups differ in, not {quoted(name, 40)}.",
                kept=KEPT,
                hint=f'Write it as "ethnic:Some label=CODE". These are known: {", ".join(SCHEMES)}.',
            )
        dimension = dimension.strip()
        scheme = choices.scheme or SCHEMES[dimension][0]
        group, colon, rest = label.rpartition(": ")
        key = decision_key(rest, group) if colon else decision_key(label)
        choices = choices.label(dimension, key, group_of(dimension, scheme, code))
    return choices


def source_named(name: str) -> KnownSource:
    """The source whose rules a file follows.

    Raises:
        Misuse: there is no such source.
    """
    if name not in SOURCES:
        known = ", ".join(f"{key} ({source.title})" for key, source in SOURCES.items())
        raise Misuse(f"There is no source {quoted(name, 30)}.", kept=KEPT, hint=f"These are known: {known}.")
    return SOURCES[name]
