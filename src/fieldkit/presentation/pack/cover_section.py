"""The first page of a pack: the question, three findings, three asks, three caveats."""

from __future__ import annotations

from fieldkit.documents.blocks import (
    Block,
    Heading,
    Items,
    Paragraph,
)
from fieldkit.presentation.pack.change_sections import asks
from fieldkit.presentation.pack.material import Material
from fieldkit.presentation.pack.people_sections import experience_sentence, theme_sentence
from fieldkit.presentation.pack.phrases import DIFFERENCE, use_sentence
from fieldkit.presentation.pack.use_sections import NONE_YET, headline, not_compared
from fieldkit.presentation.utilisation.use_caveats import CRUDE
from fieldkit.text import plural


def cover(material: Material) -> list[Block]:
    """One page: question, three findings, three asks, three caveats."""
    values = material.facts.values
    question = (
        str(values.get("question") or "").strip() or "The question of this cycle is not written down yet."
    )
    return [
        Heading("On one page"),
        Heading("The question", 2),
        Paragraph(question),
        Heading("Three findings", 2),
        Items(tuple(_findings(material)), numbered=True),
        Heading("Three asks", 2),
        Items(tuple(asks(material)), numbered=True),
        Heading("Three caveats", 2),
        Items(tuple(_caveats(material)), numbered=True),
    ]


def _findings(material: Material) -> list[str]:
    lead = headline(material) if material.audience.ratios else None
    sentences = []
    if lead is not None:
        report, group = lead
        crude = "" if report.use.by_age else " Ages are not allowed for."
        sentences.append(f"{use_sentence(group, report.basis.unit)} {DIFFERENCE}{crude}")
    elif material.audience.ratios:
        reasons = [not_compared(report) for report in material.facts.uses if report.use.groups]
        sentences.append(
            NONE_YET
            if not reasons
            else "No group's use is further from the expected than chance explains."
            if "" in reasons
            else reasons[0]
        )
    sentences += [
        experience_sentence(material),
        theme_sentence(material) or "Too few people named the same theme for one to be shown.",
    ]
    answered = [row for row in material.facts.view.rows if row.answers]
    rows = material.facts.view.rows
    state = (
        plural(len(rows), "One change was proposed. ", "{n} changes were proposed. ")
        + (_answered(len(answered), len(rows)) if answered else "The provider has not answered yet.")
        if rows
        else "No change is proposed yet."
    )
    return [*sentences, state][:3] if material.audience.ratios else [state, *sentences][:3]


def _answered(answered: int, changes: int) -> str:
    if answered == changes:
        return "The provider answered it." if changes == 1 else "The provider answered all of them."
    return f"The provider answered {answered} of them."


def _caveats(material: Material) -> list[str]:
    """The three that matter most here: on the ratios if they are printed, on who spoke, on what is hidden."""
    compared = [report for report in material.facts.uses if report.use.groups and not not_compared(report)]
    crude = any(not report.use.by_age for report in compared)
    sentences = ["The people heard here chose to speak: they do not represent all patients."]
    if material.audience.ratios and compared:
        sentences.append(CRUDE if crude else DIFFERENCE)
    sentences += [
        "Small numbers are not shown, and some others are hidden to protect them.",
        "Records that have not arrived on this laptop are not counted.",
    ]
    return sentences[:3]
