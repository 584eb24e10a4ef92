"""You said, we did: one row a change, with what people said, what the data showed, the answer, and what is still open.

Declined changes are rows like the others, with their reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fieldkit.presentation.cycle.cycle_facts import ChangeFacts
from fieldkit.presentation.cycle.due_answers import DueAnswer, Reply, due_answer
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit
from fieldkit.text import capitalised


@dataclass(frozen=True)
class FigureSupport:
    """A figure that supports a change: the data set and its title, and the group of it ("" for all).

    The `dimension` is "" where a data set was taken to have only one.
    """

    dataset: str
    title: str
    dimension: str
    group_code: str
    note: str

    def may_be(self, dataset: str, dimension: str, code: str) -> bool:
        """Whether it may be this group of this data set."""
        return (dataset, code) == (self.dataset, self.group_code) and self.dimension in {"", dimension}


@dataclass(frozen=True)
class ChangeRow:
    """One row. It holds no numbers of people: `feedback` holds the ids that a statement is made from.

    `themes` are the codes of the themes in that feedback. `answers` are in the provider's words, the oldest first. `open` are
    sentences on what is still to be done.
    """

    change_id: str
    number: int
    title: str
    what: str
    actions: tuple[str, ...]
    owner: str
    due: str
    status: str
    status_label: str
    status_date: str
    reason: str
    feedback: tuple[str, ...]
    themes: tuple[str, ...]
    case_studies: tuple[str, ...]
    figures: tuple[FigureSupport, ...]
    sources: tuple[str, ...]
    rationales: tuple[str, ...]
    answers: tuple[Reply, ...]
    waiting: DueAnswer | None
    open: tuple[str, ...]

    @property
    def declined(self) -> bool:
        """Whether it was declined; its reason is printed."""
        return self.status == "declined"


def change_rows(kit: Kit, changes: Sequence[ChangeFacts], today: date) -> list[ChangeRow]:
    """A row for each change of a cycle, in order of creation. Call it in a thread."""
    wanted = {kind: set[str]() for kind in ("feedback", "dataset")}
    for change in changes:
        for support in change.supports:
            if support.held and support.support_kind in wanted:
                wanted[support.support_kind].add(support.target)
    feedback = {
        key: record.values for key, record in kit.many("feedback", sorted(wanted["feedback"])).items()
    }
    titles = {
        key: str(record.values.get("title") or "")
        for key, record in kit.many("dataset", sorted(wanted["dataset"])).items()
    }
    return [_row(change, feedback, titles, today) for change in changes]


def _row(
    change: ChangeFacts, feedback: Mapping[str, Mapping[str, object]], titles: Mapping[str, str], today: date
) -> ChangeRow:
    held = [support for support in change.supports if support.held]

    def of(kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(support.target for support in held if support.support_kind == kind))

    text = {name: str(change.values.get(name) or "") for name in ("title", "what", "owner", "due", "reason")}
    status = str(change.values.get("status") or "proposed")
    themes = {
        theme for record_id in of("feedback") for theme in _list(feedback.get(record_id, {}).get("themes"))
    }
    waiting = None if change.declined else due_answer(change.replies, today)
    return ChangeRow(
        change.record_id,
        change.number,
        text["title"],
        text["what"],
        tuple(code_list("framework_action").label(action) for action in _list(change.values.get("actions"))),
        text["owner"],
        text["due"],
        status,
        code_list("change_status").label(status),
        str(change.values.get("status_date") or ""),
        text["reason"],
        of("feedback"),
        tuple(sorted(themes)),
        of("case-study"),
        tuple(
            FigureSupport(
                support.target,
                titles.get(support.target, ""),
                support.dimension,
                support.group_code,
                support.note,
            )
            for support in held
            if support.support_kind == "dataset"
        ),
        of("desk-source"),
        of("rationale"),
        tuple(reply for reply in change.replies if reply.words),
        waiting,
        tuple(_open(change, status, text, waiting, today)),
    )


def _open(
    change: ChangeFacts, status: str, text: Mapping[str, str], waiting: DueAnswer | None, today: date
) -> Iterator[str]:
    if status == "declined":
        if not text["reason"]:
            yield "The reason is not recorded."
        return
    if not text["owner"]:
        yield "Nobody owns it yet."
    if waiting is not None:
        yield capitalised(waiting.sentence)
    elif not any(reply.words for reply in change.replies):
        yield "Nobody was asked for an answer yet."
    if text["due"] and status != "done":
        late = text["due"] < today.isoformat()
        yield f"It {'was' if late else 'is'} due on {short_date(text['due'])}."


def _list(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
