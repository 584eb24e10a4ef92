"""What a change may rest on: the cycle's comments and the groups in its figures, to choose from; and adding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldkit.errors import Misuse
from fieldkit.presentation.cycle.change_rows import ChangeRow, change_rows
from fieldkit.presentation.cycle.change_story import comment_line
from fieldkit.presentation.cycle.cycle_facts import changes_of
from fieldkit.presentation.cycle.cycle_view import cycle_view
from fieldkit.presentation.utilisation.cycle_use import uses_of_cycle
from fieldkit.presentation.utilisation.use_chart import chart_rows, label_of, title_of
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit


@dataclass(frozen=True)
class Comment:
    """A comment that a change may rest on, its full text, and whether the change rests on it already."""

    record_id: str
    text: str
    rating: str
    themes: str
    taken: bool


@dataclass(frozen=True)
class GroupFigure:
    """A group of a data set that a change may rest on, with a sentence on its use."""

    dataset: str
    dimension: str
    code: str
    label: str
    title: str
    ratio: str
    sentence: str
    taken: bool


@dataclass(frozen=True)
class SupportChoices:
    """Everything that a change of a cycle may rest on; `problem` is the reason if there are no figures."""

    change: ChangeRow
    comments: tuple[Comment, ...]
    figures: tuple[GroupFigure, ...]


def support_choices(kit: Kit, cycle_id: str, change_id: str, today: date) -> SupportChoices:
    """Read the choices: comments with words, the newest last; groups with a ratio first. Call it in a thread.

    Raises:
        NotFound: there is no such cycle.
        Misuse: the change no longer belongs to that cycle.
    """
    change = next((each for each in changes_of(kit, cycle_id) if each.record_id == change_id), None)
    if change is None:
        raise Misuse("This change is not in the cycle any more.", kept="Nothing was changed.")
    row = change_rows(kit, [change], today)[0]
    ids = cycle_view(kit, cycle_id, today).facts.feedback.ids
    themes, ratings, terms = code_list("theme"), code_list("fft_rating"), kit.terms().get("theme", {})
    comments = []
    for record_id, record in kit.many("feedback", ids).items():
        if text := comment_line(record.values):
            named = ", ".join(
                terms.get(theme) or themes.label(theme) for theme in record.values.get("themes") or ()
            )
            rating = ratings.label(str(record.values.get("rating") or ""))
            comments.append(Comment(record_id, text, rating, named, record_id in row.feedback))
    figures = []
    for report in uses_of_cycle(kit, cycle_id):
        for each in chart_rows(report):
            ratio = each.group.ratio
            shown = f"{ratio.value:.1f}" if ratio and ratio.value is not None else each.note
            key = (report.basis.dataset, report.use.dimension, each.group.code)
            taken = any(figure.may_be(*key) for figure in row.figures)
            figures.append(
                GroupFigure(*key, label_of(each.group), title_of(report), shown, each.sentence, taken)
            )
    return SupportChoices(row, tuple(comments), tuple(figures))


def add_comment(kit: Kit, change_id: str, comment: Comment) -> str:
    """Add a comment as a support of a change; returns the id of the support."""
    values = {"change": change_id, "support_kind": "feedback", "feedback": comment.record_id}
    return kit.add("support", values).record_id


def add_figure(kit: Kit, change_id: str, figure: GroupFigure) -> str:
    """Add the figure of a group as a support of a change; returns the id of the support."""
    values = {
        "change": change_id,
        "support_kind": "dataset",
        "dataset": figure.dataset,
        "dimension": figure.dimension,
        "group_code": figure.code,
    }
    return kit.add("support", values).record_id
