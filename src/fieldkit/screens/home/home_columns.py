"""The columns of the home screen, drawn as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from fieldkit.commands.command import HOME
from fieldkit.commands.table import key_of
from fieldkit.presentation.wording import age, when
from fieldkit.text import plural
from fieldkit.widgets.key_hints import key_name, labelled_keys
from fieldkit.widgets.plain import first_lines, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.presentation.home import Figures, Others
    from fieldkit.presentation.needs import Need


_MOST_LINES, _MOST_LINES_HIGH = 2, 5
"""Lines of the name of today's event: the most in a window of usual height, and in a high one."""


def at_event(figures: Figures, width: int, *, brief: bool = False, high: bool = False) -> list[Content]:
    """Where recording takes place, and what was recorded there, in lines of `width` cells.

    `brief` has several figures in a row; a `high` window has room for a longer name.
    """
    if not figures.event_id:
        sentence = "No event chosen yet." if figures.network else ""
        if figures.todays:
            return [
                _title("TODAY"),
                *(
                    Content.assemble("  ", (line, "bold"))
                    for line in first_lines(
                        figures.todays[0][1], width - 2, _MOST_LINES_HIGH if high else _MOST_LINES
                    )
                ),
                Content.assemble("  Press ", (_name_of("stall"), "bold $accent"), " to record there."),
                _figure(figures.today, "recorded today"),
                Content(""),
            ]
        return [
            _title("AT THIS EVENT"),
            Content(f"  {sentence}"),
            Content.assemble("  Press ", (_name_of("events"), "bold $accent"), " to choose one."),
            _figure(figures.today, "recorded today"),
            Content(""),
        ]
    taken = plural(figures.feedback, "feedback record", "feedback records")
    if brief:
        return [
            _title("AT THIS EVENT"),
            _figures((f"{figures.named:,}", "checked in"), (f"{figures.counted:,}", "counted, not named")),
            _figures((f"{figures.feedback:,}", taken), (f"{figures.today:,}", "recorded today, in all")),
            Content(""),
        ]
    return [
        _title("AT THIS EVENT"),
        _figure(figures.named, "checked in"),
        _figure(figures.counted, "counted, not named"),
        _figure(figures.feedback, taken),
        _figure(figures.today, "recorded today, in all"),
        Content(""),
    ]


def _title(text: str) -> Content:
    return Content.styled(text, "bold $text-muted")


def _figure(number: int, label: str, command: str = "") -> Content:
    style = "bold" if number else "$text-muted"
    gap = " " * max(1, 24 - cell_len(label)) if command else ""
    return Content.assemble(
        (f"{number:>6,}", style),
        "  ",
        (label, "" if number else "$text-muted"),
        gap,
        (_name_of(command) if command else "", "bold $accent"),
    )


def _figures(*pairs: tuple[str, str]) -> Content:
    """Figures with their labels, side by side."""
    parts = [((f"{figure:>6}", "bold"), f"  {label:<16}") for figure, label in pairs]
    return Content.assemble(*(part for pair in parts for part in pair))


def _warning(label: str, command: str) -> Content:
    return Content.assemble(
        ("     !", "bold $warning"), f"  {fit(label, 23):<24}", (_name_of(command), "bold $accent")
    )


def _name_of(command: str) -> str:
    return key_name(key_of(command, HOME))


def _key(command: str, label: str) -> Content:
    name = _name_of(command)
    return Content.assemble(f"{'':{6 - len(name)}}", (name, "bold $accent"), "  ", label)


def _two(*pairs: str) -> Content:
    first, first_label, second, second_label = pairs
    return Content.assemble(
        _key(first, f"{first_label:<13}"), (_name_of(second), "bold $accent"), f"  {second_label}"
    )


RECORD = (
    _title("RECORD"),
    _two("feedback", "feedback", "hand-over", "hand over"),
    _key("stall", "stall board: names, heads"),
    _two("mentoring", "mentoring", "paper", "paper"),
)
LISTS = (
    _title("LISTS"),
    _two("events", "events", "people", "people"),
    _two("partners", "partners", "everything", "everything"),
)
CYCLES = (Content(""), _title("COMMISSIONING"), _key("cycles", "cycles and evidence"))
"""On a coordinator's laptop, under the lists."""
LOOK = (
    _title("LOOK"),
    _two("summary", "summary", "find", "find"),
    _key("safety", "safety and backup"),
    _key("worried", "worried about somebody"),
)


def waiting_line(needs: Sequence[Need], width: int) -> list[Content]:
    """What waits for a person in one row, for a screen whose first rows have no room for the list."""
    labels = [(need.line, _name_of(need.command)) for need in needs]
    return [labelled_keys(labels, width, "below")] if needs else []


def waiting_lines(needs: Sequence[Need]) -> list[Content]:
    """What waits for a person."""
    lines = [
        _figure(need.number, need.label, need.command) if need.number else _warning(need.label, need.command)
        for need in needs
    ]
    return [_title("NEEDS YOU"), *(lines or [Content.styled("        nothing just now", "$text-muted")])]


def sending(figures: Figures, now: int, apart: Others | None = None) -> list[Content]:
    """What the coordinator does not have yet; `now` in milliseconds since 1970. On a coordinator's laptop, what is wrong with the
    other laptops.
    """
    if figures.coordinating:
        lines = [_title("FROM OTHER LAPTOPS")]
        if apart is not None:
            lines += [
                _figure(number, label, "sync")
                for number, label in (
                    (apart.gaps, "with changes missing"),
                    (apart.silent, f"silent over {apart.days} days"),
                    (apart.copies, "in use as copies"),
                )
                if number
            ]
        return [*lines, _key("sync", "merge what they sent")]
    oldest = age(figures.oldest, now) if figures.oldest else ""
    label = plural(figures.unconfirmed, f"change, {oldest}", f"changes, the oldest {oldest}")
    lines = [_title("NOT YET WITH THE COORDINATOR")]
    if figures.overdue:
        lines.append(Content.styled(f"! {figures.unconfirmed:>4,}  {fit(label, 30)}", "bold $error"))
    elif figures.unconfirmed:
        lines.append(_figure(figures.unconfirmed, fit(label, 30)))
    else:
        lines.append(Content("        nothing: all is confirmed"))
    if figures.unsent:
        lines.append(_figure(figures.unsent, "of them in no bundle yet"))
    if figures.last_bundle:
        sent = f"        last bundle {figures.last_bundle}, {when(figures.last_made, now)}"
        lines.append(Content.styled(sent, "$text-muted"))
    return [*lines, _two("export", "export now", "sync", "send, receive")]
