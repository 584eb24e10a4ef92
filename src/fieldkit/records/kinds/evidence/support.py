"""Support: the evidence that a change rests on."""

from __future__ import annotations

from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.field import choice, line, link, text
from fieldkit.records.schema.kind import Kind, Record, Values, register

#: Answer of `support_kind` -> the field that links to the supporting record.
SOURCES = {
    "feedback": "feedback",
    "case-study": "case_study",
    "dataset": "dataset",
    "desk-source": "desk_source",
    "rationale": "rationale",
}


def _only_source(values: Values) -> dict[str, str]:
    chosen = str(values.get("support_kind") or "")
    if chosen not in SOURCES:
        return {}
    name, label = SOURCES[chosen], code_list("support_kind").label(chosen)
    if not values.get(name):
        return {name: f"Choose which {label} supports the change."}
    for other in SOURCES.values():
        if other != name and values.get(other):
            return {other: f"One support holds one thing, here {label}. Record another support for this."}
    return {}


SUPPORT = Kind(
    "support",
    "Support",
    "supports",
    "A comment, figure, case study or source that a change rests on.",
    label=("support_kind", "change", "note"),
    rules=(_only_source,),
    desk=True,
)


@register(SUPPORT)
class Support(Record, table=True):
    """One link from a change to its evidence; a change has many."""

    change: str | None = link(
        "change", "Change", "The change that it supports.", step="Support", required=True, listed=True
    )
    support_kind: str | None = choice(
        "support_kind", "What supports it", "Choose what it is.", step="Support", required=True, listed=True
    )
    note: str | None = text("Note", "Why it supports the change, in a sentence.", step="Support", listed=True)
    feedback: str | None = link(
        "feedback", "Feedback", "The comment.", step="Evidence", only_if=("support_kind", ("feedback",))
    )
    case_study: str | None = link(
        "case_study", "Case study", "The story.", step="Evidence", only_if=("support_kind", ("case-study",))
    )
    dataset: str | None = link(
        "dataset", "Data set", "The figures.", step="Evidence", only_if=("support_kind", ("dataset",))
    )
    group_code: str | None = line(
        "Group",
        "The code of the group in the figures, for example K. Empty: all of them.",
        step="Evidence",
        length=80,
        only_if=("support_kind", ("dataset",)),
    )
    dimension: str | None = choice(
        "figure_dimension",
        "Dimension",
        "What the groups differ in: one code may name a group of each dimension. Empty: the data set has only one.",
        step="Evidence",
        only_if=("support_kind", ("dataset",)),
    )
    desk_source: str | None = link(
        "desk_source",
        "Published source",
        "The report or study.",
        step="Sources",
        only_if=("support_kind", ("desk-source",)),
    )
    rationale: str | None = link(
        "rationale", "Rationale", "The argument.", step="Sources", only_if=("support_kind", ("rationale",))
    )
