"""What the board shows beside its head counts: matches, the new person, the latest arrivals, the figures, undo."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from fieldkit.commands.command import EVERYWHERE, HOME, STALL
from fieldkit.commands.table import key_of
from fieldkit.presentation.needs import Need
from fieldkit.presentation.saved_texts import saved_ago
from fieldkit.presentation.stall.board_state import State
from fieldkit.presentation.stall.known_people import Match
from fieldkit.presentation.stall.undo_stack import Step, UndoStack
from fieldkit.text import displayed_line, plural
from fieldkit.widgets.big_figures import HEIGHT, big_count, big_width
from fieldkit.widgets.key_hints import key_name, labelled_keys
from fieldkit.widgets.plain import ELLIPSIS, drawable, first_lines, fit, in_lines, pad, plain, wrapped

_ROOMY = 33
"""From this width on, the answers about a look-alike are on one row, two cells apart."""
_BETWEEN = 3
"""Cells between what undo does and what redo does."""
_LEAST_NAME = 4
"""Cells from which on a name that is cut says whose step it is."""
_ENOUGH = 99
"""Rows with room for the names of everybody listed."""
_POINT = ("▸ ", "bold $accent")
_KEYS_HERE = {command: key_name(key_of(command, STALL)) for command in ("unfinished", "worried")}
"""Commands of home for which the board has its own key."""
SAME, DIFFERENT, NOT_SURE = 1, 2, 3
"""The digits that answer whether a new person is a known one."""


def _in_rows(names: Sequence[tuple[str, int]], width: int, most: int) -> list[list[str]]:
    """Names in rows of `width` cells, at most `most` in all where that is one for each; the first are whole before the rest.

    The first row of each has the cells given with it: something is at its end.
    """
    spare, shown = max(0, most - len(names)), []
    for name, room in names:
        rows = [fit(name, room)]
        if spare and rows[0].endswith(ELLIPSIS):
            rows = wrapped(name, room)[:1]
            rest = drawable(displayed_line(name)).removeprefix(rows[0]).strip()
            rows += first_lines(rest, width, spare)
        spare -= len(rows) - 1
        shown.append(rows)
    return shown


def match_rows(
    matches: Sequence[Match], typed: str, at: int, width: int, most: int = _ENOUGH
) -> list[Content]:
    """The matches, each with its digit, the one at index `at` pointed at; and last, the new person of `typed`.

    Names are whole if that takes at most `most` rows.
    """
    hint = f" {key_name('tab')}"
    new = Content.assemble(
        "    ", (pad(f"new: {typed}", max(8, width - 4 - len(hint))), "$text-muted"), (hint, "bold $accent")
    )
    last = new_rows(typed, "", width, marked=False) if at >= len(matches) else [new]
    rows = []
    after = [
        f" {'' if match.same_name else '? '}{f'here {match.since}' if match.here else ''}".rstrip()
        for match in matches
    ]
    rooms = [max(8, width - 4 - cell_len(each)) for each in after]
    named = [(match.line, room) for match, room in zip(matches, rooms, strict=True)]
    names = _in_rows(named, width - 4, most - len(last))
    for number, name in enumerate(names):
        pointed = number == at
        for part, line in enumerate(name):
            rows.append(
                Content.assemble(
                    _POINT if pointed and not part else "  ",
                    (f"{number + 1} " if number < 9 and not part else "  ", "bold $accent"),
                    (pad(line, width - 4 if part else rooms[number]), "bold reverse" if pointed else ""),
                    (after[number] if not part else "", "$text-muted"),
                )
            )
    return [*rows, *last]


def new_rows(typed: str, stored: str, width: int, *, marked: bool, alike: bool = False) -> list[Content]:
    """The new person of `typed`, and the mark of their consent. `stored` says what is stored with a yes.

    `alike`: a known person is asked about first, so Enter is not explained.
    """
    sentence = stored if marked else "Enter counts this person without a name."
    first, *rest = wrapped(typed, width - 7)
    return [
        Content.assemble(_POINT, ("new: ", ""), (first, "bold reverse")),
        *(Content.assemble(" " * 7, (line, "bold reverse")) for line in rest),
        Content.assemble(
            "    ",
            (key_name("tab"), "bold $accent"),
            (" ✓ the name may be kept" if marked else " □ the name may be kept", "bold" if marked else ""),
        ),
        *(Content.styled(f"    {line}", "$text-muted") for line in wrapped(sentence, width - 4) if not alike),
    ]


def alike_rows(alike: Sequence[Match], at: int, width: int, most: int = _ENOUGH) -> list[Content]:
    """Known people whose names look like the new one, with the one at index `at` asked about, and the answers.

    Names are whole if that takes at most `most` rows.
    """
    rows = [Content.styled("  Is it this person?", "bold $warning")]
    keys = Content.assemble("   ", ("↑↓", "bold $accent"), " point")
    if len(alike) > 1 and rows[0].cell_length + keys.cell_length <= width:
        rows[0] += keys
    after = [f" here {match.since}".rstrip() if match.here else "" for match in alike]
    rooms = [max(8, width - 4 - cell_len(each)) for each in after]
    named = [(match.line, room) for match, room in zip(alike, rooms, strict=True)]
    answers = ((SAME, "same"), (DIFFERENT, "different"), (NOT_SURE, "not sure"))
    parts = [Content.assemble((f"{digit} ", "bold $accent"), word) for digit, word in answers]
    drawn = in_lines(parts, width - 2, 2 if width >= _ROOMY else 1).split("\n")
    names = _in_rows(named, width - 4, most - len(rows) - len(drawn))
    for number, name in enumerate(names):
        for part, line in enumerate(name):
            rows.append(
                Content.assemble(
                    _POINT if number == at and not part else "  ",
                    (line, "bold" if number == at else ""),
                    (after[number] if not part else "", "$text-muted"),
                )
            )
    return [*rows, *(Content("  ") + line for line in drawn)]


def code_rows(state: State, width: int) -> list[Content]:
    """The receipt code of the latest new person; empty if there is none."""
    if not state.code:
        return []
    key = key_name(key_of("last-code", EVERYWHERE))
    return [
        Content(""),
        Content.styled("  RECEIPT CODE", "bold $text-muted"),
        Content.assemble("  ", (state.code, "bold $accent"), "   ", (key, "bold $accent"), " large"),
        Content.assemble("  ", fit(f"for {state.code_for}", width - 2)),
    ]


def key_rows() -> list[Content]:
    """What else the board does, for somebody who was shown it once."""
    rows = (("feedback", "feedback"), ("end", "end event")), (("hand-over", "hand over"), ("paper", "paper"))
    return [
        Content.assemble(
            "  ",
            *(
                part
                for command, label in row
                for part in ((key_name(key_of(command, STALL)), "bold $accent"), f" {label:<9}   ")
            ),
        )
        for row in rows
    ]


def latest_rows(latest: Sequence[tuple[str, str]], width: int, most: int) -> list[Content]:
    """The people checked in last, in at most `most` rows; empty if there are none, or no room."""
    if not latest or most < 2:
        return []
    rows = [Content.styled("  LATEST", "bold $text-muted")]
    shown: list[tuple[str, str]] = []
    left = most - 1
    for at, person in latest:
        # Two rows distinguish people of long names; an earlier one is left out for that.
        left -= min(2, len(wrapped(person, width - 9)))
        if left < 0 and shown:
            break
        shown.append((at, person))
    names = _in_rows([(name, width - 9) for _, name in shown], width - 9, most - 1)
    for (at, _), name in zip(shown, names, strict=True):
        rows += [
            Content.assemble("  ", (pad("" if part else at or "", 5), "$text-muted"), "  ", plain(line))
            for part, line in enumerate(name)
        ]
    return rows


def figures(state: State, counted: int, now: int, width: int, *, large: bool) -> Content:
    """The figures of the event; `now` in milliseconds since 1970; `counted` includes what is being saved."""
    saved = saved_ago(state.saved, now)
    unsent = ""  # on a coordinator's laptop
    if state.unsent is not None:
        unsent = plural(state.unsent, "1 change unsent", "{n} changes unsent")
        unsent = unsent if state.unsent else "all is in a bundle"
    taken = plural(state.feedback, "feedback record", "feedback records")
    numbers = ((state.named, "here by name"), (counted, "counted"), (state.feedback, taken))
    if not large:
        shown = [*(f"{number:,} {label}" for number, label in numbers), saved, *filter(None, [unsent])]
        if sum(map(cell_len, shown)) + 3 * len(shown) > width:
            shown = [
                f"{state.named:,} here",
                f"{counted:,} counted",
                f"{state.feedback:,} {taken}",
                saved,
                *([f"{state.unsent:,} unsent"] if unsent else []),
            ]
        if sum(map(cell_len, shown)) + 3 * len(shown) <= width + 3:
            return _in_a_row(shown)
        return Content("\n").join([_in_a_row(shown[:3]), _in_a_row(shown[3:])])
    beside = ("", saved, unsent) if unsent else ("", "", saved)
    lines = []
    for row in range(HEIGHT):
        middle: list[str | tuple[str, str]] = []
        for figure, label in numbers:
            named = label if row == HEIGHT - 1 else " " * len(label)
            middle += [
                (big_count(figure, zero_row=HEIGHT - 1)[row].ljust(big_width(figure)), "bold"),
                " ",
                named,
                "     ",
            ]
        lines.append(Content.assemble(*middle, (beside[row], "$text-muted")))
    return Content("\n").join(lines)


def _in_a_row(figures: Sequence[str]) -> Content:
    """Figures side by side, with their numbers in bold."""
    parts: list[str | tuple[str, str]] = []
    for figure in figures:
        number, _, rest = figure.partition(" ")
        is_figure = number.replace(",", "").isdecimal()
        parts += ["   " if parts else "", (number, "bold" if is_figure else ""), f" {rest}" if rest else ""]
    return Content.assemble(*parts)


def needs_line(needs: Sequence[Need], width: int) -> Content:
    """What waits for the volunteer, each with the keys that lead there from the board: its own, or those by way of home."""
    back = key_name(key_of("back", STALL))
    labels = [
        (need.line, _KEYS_HERE.get(need.command) or f"{back} {key_name(key_of(need.command, HOME))}")
        for need in needs
    ]
    return labelled_keys(labels, width, back)


def undo_line(stack: UndoStack, width: int) -> Content:
    """The keys of undo and redo, and what they would undo and redo; empty without a step.

    The end of a long name is cut: what was done, and when, stays. Where both are too long for that, redo shows only its key.
    """
    shown = [
        (command, key_name(key_of(command, STALL)), steps[-1])
        for command, steps in (("undo", stack.done), ("redo", [undone.step for undone in stack.undone]))
        if steps
    ]
    wide = [cell_len(f"{key} {command}: {step.what}") for command, key, step in shown]
    room = width - _BETWEEN * (len(shown) - 1)
    # What the other leaves, or half of the row where both are long.
    rooms = [max(room // len(shown), room - (sum(wide) - own)) for own in wide]
    labels = [
        _of_step(command, step, most - cell_len(key) - 1)
        for (command, key, step), most in zip(shown, rooms, strict=True)
    ]
    if len(shown) > 1 and not all(labels):
        (undo, key, step), (redo, other, _) = shown
        labels = [_of_step(undo, step, room - cell_len(f"{key} {other} {redo}") - 1), redo]
    parts: list[str | tuple[str, str]] = []
    for (command, key, step), label in zip(shown, labels, strict=True):
        parts += [
            " " * _BETWEEN if parts else "",
            (key, "bold $accent"),
            " ",
            label or fit(f"{command}: {step.what}", room - cell_len(key) - 1),
        ]
    return Content.assemble(*parts)


def _of_step(command: str, step: Step, width: int) -> str:
    """What a command does with a step, the name in it as short as it must be; "" where that leaves too little of it."""
    done = step.what.removeprefix(step.whom)
    if cell_len(f"{command}: {step.what}") <= width:
        return f"{command}: {step.what}"
    room = width - cell_len(f"{command}: {done}")
    return f"{command}: {fit(step.whom, room)}{done}" if step.whom and room >= _LEAST_NAME else ""
