"""The columns of the home screen, drawn as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.commands import HOME, key_of
from fieldkit.presentation.wording import age, when
from fieldkit.text import plural
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import cells, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.presentation.home import Figures, Others
    from fieldkit.presentation.needs import Need


def at_event(found: Figures) -> list[Content]:
    """Where one records, and what was recorded there."""
    if not found.event_id:
        words = "No event chosen yet." if found.network else ""
        if found.todays:
            return [
                _title("TODAY"),
                Content.assemble("  ", (fit(found.todays[0][1], 36), "bold")),
                Content.assemble("  Press ", (_name_of("stall"), "bold $accent"), " to record there."),
                _figure(found.today, "recorded today", more=found.more_today),
                Content(""),
            ]
        return [
            _title("AT THIS EVENT"),
            Content(f"  {words}"),
            Content.assemble("  Press ", (_name_of("events"), "bold $accent"), " to choose one."),
            _figure(found.today, "recorded today", more=found.more_today),
            Content(""),
        ]
    return [
        _title("AT THIS EVENT"),
        _figure(found.named, "checked in"),
        _figure(found.counted, "counted, not named"),
        _figure(found.feedback, "feedback taken"),
        _figure(found.today, "recorded here today", more=found.more_today),
        Content(""),
    ]


def _title(words: str) -> Content:
    return Content.styled(words, "bold $text-muted")


def _figure(number: int, words: str, command: str = "", *, more: bool = False) -> Content:
    style = "bold" if number else "$text-muted"
    gap = " " * max(1, 24 - cells(words)) if command else ""
    return Content.assemble(
        (f"{f'{number:,}+' if more else f'{number:,}':>6}", style),
        "  ",
        (words, "" if number else "$text-muted"),
        gap,
        (_name_of(command) if command else "", "bold $accent"),
    )


def _warning(words: str, command: str) -> Content:
    return Content.assemble(
        ("     !", "bold $warning"), f"  {fit(words, 23):<24}", (_name_of(command), "bold $accent")
    )


def _name_of(command: str) -> str:
    return key_name(key_of(command, HOME))


def _key(command: str, words: str) -> Content:
    name = _name_of(command)
    return Content.assemble(f"{'':{6 - len(name)}}", (name, "bold $accent"), "  ", words)


def _two(*pairs: str) -> Content:
    first, one, second, two = pairs
    return Content.assemble(_key(first, f"{one:<13}"), (_name_of(second), "bold $accent"), f"  {two}")


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


def waiting_lines(needs: Sequence[Need]) -> list[Content]:
    """What waits for a person."""
    lines = [
        _figure(need.number, need.words, need.command) if need.number else _warning(need.words, need.command)
        for need in needs
    ]
    return [_title("NEEDS YOU"), *(lines or [Content.styled("        nothing just now", "$text-muted")])]


def sending(found: Figures, now: int, apart: Others | None = None) -> list[Content]:
    """What the coordinator does not have yet; `now` in milliseconds since 1970. On a coordinator's laptop,
    what is wrong with the others'.
    """
    if found.coordinating:
        lines = [_title("FROM OTHER LAPTOPS")]
        if apart is not None:
            lines += [
                _figure(number, words, "sync")
                for number, words in (
                    (apart.gaps, "with changes missing"),
                    (apart.silent, f"silent over {apart.days} days"),
                    (apart.copies, "in use as copies"),
                )
                if number
            ]
        return [*lines, _key("sync", "merge what they sent")]
    said = age(found.oldest, now) if found.oldest else ""
    words = plural(found.unconfirmed, f"change, {said}", f"changes, the oldest {said}")
    lines = [_title("NOT YET WITH THE COORDINATOR")]
    if found.overdue:
        lines.append(Content.styled(f"! {found.unconfirmed:>4,}  {fit(words, 30)}", "bold $error"))
    elif found.unconfirmed:
        lines.append(_figure(found.unconfirmed, fit(words, 30)))
    else:
        lines.append(Content("        nothing: all is confirmed"))
    if found.unsent:
        lines.append(_figure(found.unsent, "of them in no bundle yet"))
    if found.last_bundle:
        sent = f"        last bundle {found.last_bundle}, {when(found.last_made, now)}"
        lines.append(Content.styled(sent, "$text-muted"))
    return [*lines, _two("export", "export now", "sync", "send, receive")]
