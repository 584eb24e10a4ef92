"""The board of a cycle drawn as lines: four stages with what they have, what is missing, and the number that supplies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from rich.cells import cell_len
from textual.content import Content

from fieldkit.commands.table import with_keys
from fieldkit.presentation.cycle.cycle_actions import NOTHING_MISSING, SIGNS
from fieldkit.presentation.cycle.stages import Missing, Stage, StageName, State
from fieldkit.text import plural
from fieldkit.widgets.plain import fit, pad, wrapped

#: From this width on, stages are drawn in two columns if they do not fit below each other.
WIDE = 116
_GAP = 4
#: The most lines of one sort in a stage.
_MOST = 12
_STYLES = {
    State.NOT_BEGUN: "$text-muted",
    State.BEGUN: "$warning",
    State.READY: "$accent",
    State.DONE: "$accent",
}


@dataclass(frozen=True)
class Line:
    """Something missing, as the board shows it: its number from 1, the sentence and the action of its key."""

    number: int
    stage: StageName
    missing: Missing


def shown_lines(stages: Sequence[Stage], width: int, height: int) -> list[Line]:
    """What is missing, as far as it fits into `width` x `height` cells, in the order of the stages."""
    shares = _shares(stages, width, height)
    lines: list[Line] = []
    for stage, (_, missing) in zip(stages, shares, strict=True):
        lines += [
            Line(len(lines) + at, stage.name, each) for at, each in enumerate(stage.missing[:missing], 1)
        ]
    return lines


def board(stages: Sequence[Stage], lines: Sequence[Line], at: int, width: int, height: int) -> Content:
    """The four stages in `width` x `height` cells; `at` is the index in `lines` of the line under the cursor.

    Where nothing is missing, that is first, and all of the stages below it, in more rows if need be: the arrows scroll.
    """
    done = not any(stage.missing for stage in stages)
    first = [Content.styled(line, "bold $accent") for line in wrapped(NOTHING_MISSING, width)] if done else []
    height -= len(first) + done
    wide = _beside_each_other(stages, width, height)
    shares = [(_has(stage), 0) for stage in stages] if done else _shares(stages, width, height)
    # The action of a key is at the right of its sentence, but near enough to be read together.
    room = (width - _GAP) // 2 if wide else min(width, WIDE)
    blocks = [
        _block(number, stage, [line for line in lines if line.stage == stage.name], at, has, room, whole=done)
        for number, (stage, (has, _)) in enumerate(zip(stages, shares, strict=True), 1)
    ]
    if wide:
        rows = [*_beside(blocks[0], blocks[1], room), Content(""), *_beside(blocks[2], blocks[3], room)]
    else:
        space = height - sum(map(len, blocks))
        rows = []
        for number, block in enumerate(blocks):
            rows += ([Content("")] if number and space >= len(blocks) - 1 else []) + block
    return Content("\n").join([*first, *[Content("")] * done, *rows])


def _beside_each_other(stages: Sequence[Stage], width: int, height: int) -> bool:
    """Whether the stages are in two columns: below each other no line is cut, but they may need more room."""
    lines = [Line(1, stage.name, missing) for stage in stages for missing in stage.missing]
    needed = sum(2 + _has(stage) for stage in stages) + sum(
        len(_missing(line, False, width)) for line in lines
    )
    return width >= WIDE and needed > height


def _shares(stages: Sequence[Stage], width: int, height: int) -> list[tuple[int, int]]:
    """How much of what it has, and of what is missing, each stage shows: one of each, then in turn while there is room."""
    wide = _beside_each_other(stages, width, height)
    room = (width - _GAP) // 2 if wide else width
    got = [[0, 0] for _ in stages]
    # In two columns, each stage has half of the height; otherwise all share it.
    columns = [[at] for at in range(len(stages))] if wide else [list(range(len(stages)))]
    for column in columns:
        left = (height - 1) // 2 - 1 if wide else height - len(stages)
        for turn, kind, at in product(range(_MOST), (1, 0), column):
            stage = stages[at]
            if got[at][kind] != turn or (len(stage.missing) if kind else _has(stage)) <= turn:
                continue
            cost = len(_missing(Line(1, stage.name, stage.missing[turn]), False, room)) if kind else 1
            if cost <= left:
                got[at][kind] += 1
                left -= cost
    return [(has, missing) for has, missing in got]


def _has(stage: Stage) -> int:
    return len(stage.has) + len(stage.notes)


def _block(
    number: int, stage: Stage, lines: Sequence[Line], at: int, has: int, width: int, *, whole: bool
) -> list[Content]:
    """A stage with the first `has` of what it has, each in `whole` or on one row, and with what is missing."""
    lacks = f"{len(stage.missing):,} missing" if stage.missing else ""
    if len(stage.missing) > len(lines):
        shows = plural(
            len(stage.missing), ", {cycle[everything]} shows it", ", {cycle[everything]} shows them"
        )
        lacks += with_keys(shows)
    state = f"{SIGNS[stage.state]} {stage.state}"
    room = width - 17 - cell_len(state)
    if hidden := _has(stage) - has:
        hides = " · ".join(filter(None, (lacks, f"{hidden:,} more not shown")))
        lacks = hides if cell_len(hides) <= room else lacks
    gap = " " * max(1, room + 1 - cell_len(lacks))
    rows = [
        Content.assemble(
            (f"{number} ", "$text-muted"),
            (pad(stage.name.upper(), 14), "bold"),
            (state, f"bold {_STYLES[stage.state]}"),
            gap,
            (lacks, "$text-muted"),
        )
    ]
    for text in (*stage.notes, *stage.has)[:has]:
        first, *below = wrapped(text, width - 6) if whole else [fit(text, width - 4)]
        rows += [Content(f"    {first}"), *(Content(f"      {each}") for each in below)]
    for line in lines:
        rows += _missing(line, line.number - 1 == at, width)
    return rows


def _missing(line: Line, pointed: bool, width: int) -> list[Content]:
    """`  ! The census file has no Solihull.              4 import a population`; the key is below if there is no room."""
    key = f"{line.number}" if line.number < 10 else " "
    action = str(line.missing.action)
    room = width - 6 - cell_len(action) - 4
    sign: tuple[str, str] = ("▸ ", "bold $accent") if pointed else ("  ", "")
    style = "reverse" if pointed else ""
    named = (key, "bold $accent"), " ", (action, style)
    sentence = line.missing.sentence
    if cell_len(sentence) <= room:
        text = sentence
        return [
            Content.assemble(
                sign,
                ("! ", "bold $warning"),
                text,
                " " * max(2, width - 4 - cell_len(text) - cell_len(action) - 2),
                *named,
            )
        ]
    parts = wrapped(sentence, width - 4)
    last_room = width - 6 - cell_len(action) - 4
    rows = [
        Content.assemble(*((sign, ("! ", "bold $warning")) if at == 0 else ("    ",)), part)
        for at, part in enumerate(parts[:-1])
    ]
    last = parts[-1]
    head = ("    ",) if rows else (sign, ("! ", "bold $warning"))
    if cell_len(last) <= last_room:
        gap = " " * max(2, width - 4 - cell_len(last) - cell_len(action) - 2)
        return [*rows, Content.assemble(*head, last, gap, *named)]
    space = " " * max(2, width - cell_len(action) - 2)
    return [*rows, Content.assemble(*head, last), Content.assemble(space, *named)]


def _beside(left: Sequence[Content], right: Sequence[Content], room: int) -> list[Content]:
    rows = []
    for at in range(max(len(left), len(right))):
        left_part = left[at] if at < len(left) else Content("")
        right_part = right[at] if at < len(right) else Content("")
        rows.append(Content.assemble(left_part, " " * (room - left_part.cell_length + _GAP), right_part))
    return rows
