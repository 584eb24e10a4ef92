"""You said, we did: one change in words, for a screen. It quotes people's words in full; they never leave the kit this way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fieldkit.presentation.cycle.change_rows import ChangeRow
from fieldkit.presentation.cycle.quotes import FIELDS
from fieldkit.presentation.cycle.supporting_group import group_label
from fieldkit.presentation.record_names import lines_of
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit
from fieldkit.text import capitalised, clean_line, ended, quoted

NO_CHANGES = "No change is proposed yet. If none is needed, record one as declined, with the reason."
_LONGEST = 300
_NOTHING_SAID = "No feedback supports it yet."
_NOTHING_SHOWED = "No figures support it yet."


def change_story(kit: Kit, row: ChangeRow) -> list[tuple[str, str]]:
    """(heading, text) of each part of a change: said, showed, the change, the answer, what is open. Call it in a thread."""
    return [(heading, text) for heading, text in _parts(kit, row) if text]


def comment_line(values: Mapping[str, object]) -> str:
    """The text of a comment on one line: the first answer that has any."""
    for name in FIELDS:
        if isinstance(text := values.get(name), str) and text.strip():
            return clean_line(text)
    return ""


def support_sides(row: ChangeRow) -> str:
    """What a change rests on, in a word or two: it needs both feedback and data."""
    people, data = bool(row.feedback or row.case_studies), bool(row.figures or row.sources)
    if people and data:
        return "both"
    return "feedback" if people else "data" if data else "nothing yet"


def is_late(row: ChangeRow, today: str) -> bool:
    """Whether its answer is late, or it was due before `today` (YYYY-MM-DD) and is not done."""
    if row.declined:
        return False
    answer_late = row.waiting is not None and row.waiting.late
    return answer_late or bool(row.due and row.due < today and row.status != "done")


def _parts(kit: Kit, row: ChangeRow) -> Iterator[tuple[str, str]]:
    comments = [comment_line(record.values) for record in kit.many("feedback", row.feedback).values()]
    stories = list(
        lines_of(kit, list(kit.many("case_study", row.case_studies).values()), kit.terms()).values()
    )
    themes = ", ".join(code_list("theme").label(theme) for theme in row.themes)
    comment_lines = [quoted(text, _LONGEST) for text in comments if text]
    yield (
        "YOU SAID",
        "\n".join([*comment_lines, *stories, f"About: {themes}." if themes else ""]).strip() or _NOTHING_SAID,
    )
    showed = []
    for figure in row.figures:
        group = group_label(kit, figure)
        showed.append(
            ": ".join(filter(None, (figure.title, group))) + (f". {figure.note}" if figure.note else "")
        )
    for kind, ids in (("desk_source", row.sources), ("rationale", row.rationales)):
        showed += lines_of(kit, list(kit.many(kind, ids).values()), kit.terms()).values()
    yield "THE FIGURES SHOWED", "\n".join(showed) or _NOTHING_SHOWED
    state = [row.status_label + (f" since {short_date(row.status_date)}" if row.status_date else "")]
    state += [f"owner: {row.owner}"] if row.owner else []
    state += [f"due {short_date(row.due)}"] if row.due else []
    line = "; ".join(state)
    yield "THE CHANGE", ended(f"{row.what}\n{capitalised(line)}")
    if row.declined:
        yield "WHY IT WAS DECLINED", row.reason or "No reason is recorded."
    answers = []
    for answer in row.answers:
        who = ", ".join(filter(None, (answer.from_role, short_date(answer.date))))
        answers.append(
            f"“{answer.words}” ({who})" + (ended(f" Shown by: {answer.shown_by}") if answer.shown_by else "")
        )
    yield "WE DID", "\n".join(answers)
    yield "STILL OPEN", "\n".join(row.open)
