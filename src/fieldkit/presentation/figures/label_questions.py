"""Which groups the labels of a file mean, if their keys do not tell."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.errors import Misuse
from fieldkit.importing.figures.figure_storage import decision_key
from fieldkit.importing.figures.schemes import (
    FIVE,
    SCHEMES,
    LabelMatch,
    codes_of,
    is_published,
    level_of,
    suggestions,
    whole_scheme,
    with_code,
)
from fieldkit.presentation.figures.figure_choices import LEFT
from fieldkit.presentation.figures.figure_question import FigureQuestion, Option, numbered
from fieldkit.presentation.figures.figure_session import KEPT, FigureSession, named
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.codes import code_list
from fieldkit.spelling import folded
from fieldkit.text import clean_line, quoted


def dimension_question(session: FigureSession) -> list[FigureQuestion]:
    without = session.without_dimension
    if not without or session.choices.dimension:
        return []
    labels = list(dict.fromkeys(row.label for row in without))
    titles = {code: code_list("dimension").label(code) for code in SCHEMES}
    return [
        FigureQuestion(
            "dimension",
            f"In what do these groups differ: {named(labels, 5)}?",
            numbered([(title, session.choices.with_(dimension=code)) for code, title in titles.items()]),
            "--dimension NAME",
        )
    ]


def five_question(session: FigureSession) -> list[FigureQuestion]:
    if not session.only_five_groups:
        return []
    choices = session.choices
    return [
        FigureQuestion(
            "scheme",
            "The file has five ethnic groups. With which of them does it count Chinese people?",
            numbered(
                [
                    ("with other ethnic groups (NHS categories of 2001)", choices.with_(scheme="nhs16")),
                    ("with Asian groups (census of 2011 or 2021)", choices.with_(scheme="census19")),
                ]
            ),
            "--scheme nhs16|census19",
        )
    ]


def label_questions(session: FigureSession) -> list[FigureQuestion]:
    choices = session.choices
    if choices.understood:
        return []
    open_labels = list(session.unmatched.items())
    return [
        _label(session, *key, times, len(open_labels) - number)
        for number, (key, times) in enumerate(open_labels)
    ]


def _label(
    session: FigureSession, dimension: str, group: str, label: str, times: int, left: int
) -> FigureQuestion:
    choices, key = session.choices, decision_key(label, group)
    scheme = session.file.schemes.get(dimension) or SCHEMES[dimension][0]
    labels = codes_of(scheme)
    matches = [match for match in suggestions(scheme, label, group) if match.code in labels]
    options = [
        (with_code(labels[match.code], match.code), choices.label(dimension, key, match)) for match in matches
    ]
    whole = f"{group}: {label}" if group else label
    title = code_list("dimension").label(dimension)
    more = f" {left:,} labels are open." if left > 1 else ""
    differing = [group_name(match) for match in session.conflicts.get((dimension, key), ())]
    known = (
        f"was matched differently: {', '.join(differing)}" if differing else "is no label that fieldkit knows"
    )
    return FigureQuestion(
        "label",
        f"{quoted(whole, 90)} ({title}, {counted(times, 'figure')}) {known}. Which group is it?{more}",
        (
            *numbered(options),
            Option("0", "leave it without a group for now", choices.label(dimension, key, LEFT)),
        ),
        f'--label "{dimension}:{clean_line(whole)}=CODE", or --yes to leave it without a group',
        f"a code ({', '.join(list(labels)[:5])} …) or the name of a group",
        lambda typed: choices.label(dimension, key, group_of(dimension, scheme, typed)),
        first=bool(matches),
    )


def group_name(match: LabelMatch) -> str:
    """The group that a label was matched to, such as `J Pakistani`; without a code of fieldkit's own."""
    name = codes_of(whole_scheme(match.scheme)).get(match.code, "") if match.scheme else ""
    return f"{match.code} {name}".strip() if is_published(match.code) or not name else name


def group_of(dimension: str, scheme: str, typed: str) -> LabelMatch:
    """The group of a scheme with this code or label.

    Raises:
        Misuse: there is no such group.
    """
    labels, asked = codes_of(scheme), folded(typed)
    for code, label in labels.items():
        if asked in {folded(code), folded(label)}:
            level = level_of(scheme, code)
            return LabelMatch(code, FIVE.get(scheme, scheme) if level == "parent" else scheme, level)
    raise Misuse(
        f"There is no group {quoted(typed, 40)} among those by {code_list('dimension').label(dimension)}.",
        kept=KEPT,
        hint=f"The groups are: {', '.join(with_code(label, code) for code, label in labels.items())}.",
    )


def groups_to_choose(dimension: str, alike: Sequence[str]) -> list[tuple[str, str]]:
    """(code, name) of every group that a label of a dimension may mean; the `alike` ones (`K Bangladeshi`) come first."""
    labels = codes_of(SCHEMES[dimension][0])
    first = [code for each in alike if (code := each.partition(" ")[0]) in labels]
    ordered = {code: labels[code] for code in [*first, *labels]}
    return [(code, with_code(label, code)) for code, label in ordered.items()]
