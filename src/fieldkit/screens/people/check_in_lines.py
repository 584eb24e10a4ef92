"""What the check-in shows: who fits the letters, who came last, how many came, and what undo would undo."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.commands import ATTENDANCE, key_of
from fieldkit.presentation.check_in import Match, State, counted_in_all
from fieldkit.presentation.check_in_undo import Step
from fieldkit.records.head_counts import EVERYBODY
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import fit, pad, plain

Groups = Sequence[tuple[str, str, int, int]]
"""(code, label, this laptop's count, the greatest count of another laptop) of each group."""


def match_lines(matches: Sequence[Match], typed: str, at: int, width: int) -> Content:
    """Those who fit, the one at place `at` (from 0) pointed at; last, the new person that `typed` would make."""
    lines: list[Content] = []
    for number, match in enumerate(matches):
        pointed = number == at
        since = f"here since {match.since}" if match.since else "here" if match.here else ""
        name = pad(match.line, max(8, width - len(since) - 1))
        lines.append(
            Content.assemble(
                ("▸ " if pointed else "  ", "bold $accent"),
                (name, "bold reverse" if pointed else ""),
                " ",
                (since, "$text-muted"),
            )
        )
    if typed:
        pointed = at >= len(matches)
        lines.append(
            Content.assemble(
                ("▸ " if pointed else "  ", "bold $accent"),
                (f"new person: {fit(typed, width - 14)}", "bold reverse" if pointed else "$text-muted"),
            )
        )
    return Content("\n").join(lines)


def latest_lines(state: State, width: int) -> Content:
    """Who was checked in last; nothing while nobody was."""
    lines = [Content.styled("LATEST", "bold $text-muted")] if state.latest else []
    lines += [
        Content.assemble("  ", (pad(at or "", 5), "$text-muted"), "  ", plain(fit(name, width - 8)))
        for at, name in state.latest
    ]
    return Content("\n").join(lines)


def total_lines(named: int, groups: Groups) -> Content:
    """How many were checked in by name and counted, and all of them."""
    counted = counted_in_all((code, mine, others) for code, _, mine, others in groups)
    return Content.assemble(
        (f"{named:>7,}", "bold"),
        "  checked in by name\n",
        (f"{counted:>7,}", "bold"),
        "  counted\n",
        *_about_groups(groups),
        (f"{named + counted:>7,}", "bold $accent"),
        "  in all",
    )


def groups_and_everybody(groups: Groups) -> tuple[int, int]:
    """How many people the groups make together, and how many everybody is."""
    greatest = {code: max(mine, others) for code, _, mine, others in groups}
    everybody = greatest.pop(EVERYBODY, 0)
    return sum(greatest.values()), everybody


def _about_groups(groups: Groups) -> list[str | tuple[str, str]]:
    """A line about the groups beside the count of everybody; none while only one of the two was counted."""
    parts, everybody = groups_and_everybody(groups)
    if not everybody or not parts:
        return []
    if parts <= everybody:
        return [(f"{parts:>7,}", "bold"), ("  of them in the groups\n", "$text-muted")]
    return [("!", "bold $warning"), f"{parts:>6,}  in groups: above everybody\n"]


def undo_line(step: Step | None, width: int) -> Content:
    """The key of undo, and what it would undo; nothing without a step."""
    if step is None:
        return Content("")
    key = key_name(key_of("undo", ATTENDANCE))
    return Content.assemble((key, "bold $accent"), "  undo: ", fit(step.what, width - 16))
