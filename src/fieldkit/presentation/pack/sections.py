"""The sections of packs by name, and a pack's document: the sections in the audience's list, in that order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fieldkit.documents.blocks import Block, Document, Heading
from fieldkit.presentation.pack import (
    change_sections,
    closing_sections,
    cover_section,
    event_sections,
    people_sections,
    representation_section,
    use_sections,
)
from fieldkit.presentation.pack.audiences import FIRST, LAST
from fieldkit.presentation.pack.material import Material
from fieldkit.records.schema.dates import short_date

Section = Callable[[Material], list[Block]]

SECTIONS: dict[str, Section] = {
    "cover": cover_section.cover,
    "use": use_sections.use,
    "funnel": use_sections.funnel,
    "shortfall": use_sections.shortfall,
    "experience": people_sections.experience,
    "themes": people_sections.themes,
    "needs": people_sections.needs,
    "heard": representation_section.respondents,
    "groups": people_sections.groups,
    "periods": people_sections.periods,
    "quotes": people_sections.quotes,
    "monitoring": people_sections.monitoring,
    "recommendations": change_sections.recommendations,
    "responses": change_sections.responses,
    "decisions": change_sections.decisions,
    "yousaid": change_sections.you_said,
    "timeline": event_sections.timeline,
    "events": event_sections.events,
    "thanks": change_sections.thanks,
    "next": change_sections.next_steps,
    "effectiveness": closing_sections.effectiveness,
    "rationale": closing_sections.rationale,
    "gaps": closing_sections.gaps,
    "pcref": closing_sections.race_equality_framework,
    "grades": lambda _: closing_sections.not_recorded("Grades", "Grades of frameworks"),
    "accreditation": lambda _: closing_sections.not_recorded("Accreditation", "Accreditations"),
    "methods": closing_sections.methods,
    "quality": closing_sections.quality,
    "sources": closing_sections.sources,
    "reproduce": closing_sections.reproduce,
}


def document_of(material: Material) -> Document:
    """The pack as one document."""
    blocks: list[Block] = []
    for name in (*FIRST, *material.audience.sections, *LAST):
        section = SECTIONS[name](replace(material, before=tuple(blocks)))
        if name == material.audience.sections[0] and section and isinstance(section[0], Heading):
            # The first section fills a page of its own.
            section[0] = replace(section[0], new_page=True)
        blocks += section
    values = material.facts.values
    facts = (
        ("For", material.addressee),
        ("Provider", material.facts.provider or "all providers"),
        ("Service", material.facts.service),
        ("Area", ", ".join(material.facts.view.facts.districts.values())),
        (
            "Feedback",
            " to ".join(
                short_date(str(values[name])) for name in ("date_from", "date_to") if values.get(name)
            ),
        ),
        ("Led by", material.facts.lead),
        ("As of", short_date(material.facts.as_of.isoformat())),
        ("Small numbers", material.preset.title),
    )
    return Document(
        material.facts.view.title,
        blocks,
        f"Evidence {material.audience.title[:1].lower()}{material.audience.title[1:]}",
        tuple((what, value) for what, value in facts if value),
    )
