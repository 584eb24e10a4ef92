"""A pack of evidence for one audience: prepared, checked by the coordinator, written, released."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.documents.blocks import Document
from fieldkit.documents.data_package import data_package
from fieldkit.documents.html_page import html_page
from fieldkit.documents.markdown_text import markdown
from fieldkit.documents.table_workbook import table_workbook
from fieldkit.evidence_extra import evidence_extra
from fieldkit.insight.disclosure.definitions import PeopleTable, QuoteGroup
from fieldkit.insight.disclosure.protection import Protected, protect
from fieldkit.insight.disclosure.thresholds import Preset
from fieldkit.output_folder import demand_free, write_folder
from fieldkit.presentation.cycle.cycle_feedback import FeedbackRule, events_of, rule_of
from fieldkit.presentation.cycle.printable_quotes import PrintableQuote
from fieldkit.presentation.cycle.releases import record_release
from fieldkit.presentation.pack.audiences import Audience
from fieldkit.presentation.pack.closing_sections import missing_of
from fieldkit.presentation.pack.earlier_releases import earlier_releases, runs_held, statements_text
from fieldkit.presentation.pack.material import STARRED, Material
from fieldkit.presentation.pack.pack_facts import PackFacts, pack_facts
from fieldkit.presentation.pack.pack_manifest import MANIFEST, manifest, manifest_file, pack_id
from fieldkit.presentation.pack.pack_quotes import allowed_quotes, candidate_quotes, quote_groups
from fieldkit.presentation.pack.phrases import forbidden_words
from fieldkit.presentation.pack.respondents import questions_of, questions_used, respondents, tables_of
from fieldkit.presentation.pack.sections import document_of
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit, Progress
from fieldkit.sync.network.identity import identity
from fieldkit.text import clean_line


@dataclass(frozen=True)
class PackReport:
    """What the coordinator needs to know and the pack does not say.

    `hidden`: (table, row, column, why, what it protects). `alike`: rows in which everybody gave one answer, to be checked.
    `wording`: people's texts with words that a pack does not use. `left`: what is missing.
    """

    hidden: tuple[tuple[str, str, str, str, str], ...]
    merged: dict[str, str]
    alike: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    wording: tuple[str, ...]
    small_numbers: int
    witnesses: int
    exhausted: bool
    """Whether the search was cut short, so that more is hidden than necessary."""
    earlier: int


@dataclass(frozen=True)
class Pack:
    """A pack that is ready to be written: its document, its files, its id, and the coordinator's report."""

    audience: Audience
    document: Document
    files: dict[str, bytes]
    pack_id: str
    report: PackReport
    release: dict[str, Any]


def prepare(
    kit: Kit,
    cycle_id: str,
    audience: Audience,
    preset: Preset,
    *,
    addressee: str = "",
    on_progress: Progress | None = None,
) -> Pack:
    """Make a pack without writing it. Call it in a thread: reading, the search for what to hide, and drawing take seconds.

    Raises:
        NotFound: there is no such cycle.
        ReleaseRefused: together with earlier releases, it would reveal what few people said.
        ExtraMissing: a package of the extra `evidence` is not installed.
    """
    facts = pack_facts(kit, cycle_id, on_progress)
    tables = tables_of(facts.dimensions, audience.sections)
    rule = rule_of(kit, facts.values, events_of(kit, facts.view.record_id))
    earlier = earlier_releases(kit, facts.people, rule, facts.state_hash, preset.name, tables)
    every = [*tables, *(table for release in earlier.releases for table in release.tables)]
    questions = questions_used(questions_of(facts.people, facts.counted_by, facts.terms), every)
    candidates = candidate_quotes(kit, facts.view.facts.feedback.ids)
    groups = quote_groups(candidates)
    protected = protect(
        respondents(facts.people, earlier.counted),
        questions,
        tables,
        preset,
        quotes=groups,
        earlier=earlier.releases,
        on_progress=on_progress,
    )
    quotes = allowed_quotes(candidates, protected)
    named = clean_line(addressee) or audience.addressee
    material = Material(facts, audience, named, preset, protected, tuple(quotes))
    document = document_of(material)
    files = pack_files(document, preset)
    content = manifest(document, files, _made_from(facts, audience, material.addressee, preset))
    files[MANIFEST] = manifest_file(content)
    report = _report(material, protected, len(earlier.releases))
    release = _release(
        kit, facts, rule, audience, preset, protected, tables, groups, quotes, pack_id(content)
    )
    return Pack(audience, document, files, pack_id(content), report, release)


def write(kit: Kit, pack: Pack, folder: Path) -> None:
    """Write a pack and keep its release, which later packs are checked against.

    The release is stored first: a pack in circulation without a release would be worse than a release without a pack.

    Raises:
        Misuse: the folder is not empty, or this is not a coordinator's laptop.
        StorageError: the disk refuses.
    """
    demand_free(folder)
    if not kit.count("release", where={"pack_hash": pack.pack_id}):
        me = identity(kit)
        record_release(kit, me, {**pack.release, "released_by": me.name})
    write_folder(folder, pack.files)


def pack_files(document: Document, preset: Preset) -> dict[str, bytes]:
    """Every file of a pack except its manifest."""
    with evidence_extra():  # python-docx belongs to the extra
        from fieldkit.documents.word_document import word_document
    star = STARRED.removeprefix("* ")
    tables = data_package(document, name="evidence", preset=preset.name, star=star)
    return {
        "pack.html": html_page(document),
        "pack.md": markdown(document),
        "pack.docx": word_document(document),
        "tables.xlsx": table_workbook(document, (STARRED, preset.title)),
        **{f"csv/{name}": content for name, content in tables.items()},
    }


def _made_from(facts: PackFacts, audience: Audience, addressee: str, preset: Preset) -> dict[str, Any]:
    values = facts.values
    return {
        "state_hash": facts.state_hash,
        "cycle": facts.view.record_id,
        "date_from": values.get("date_from"),
        "date_to": values.get("date_to"),
        "as_of": facts.as_of.isoformat(),
        "audience": audience.code,
        "addressee": addressee,
        "preset": preset.name,
        "dimensions": list(facts.dimensions),
        "classifications": {
            name: code_list(name).source for name in ("ethnic_group", "theme", "service_area", "fft_rating")
        },
        "conflicts_open": facts.quality.conflicts,
    }


def _report(material: Material, protected: Protected, earlier: int) -> PackReport:
    missing = dict.fromkeys([*missing_of(material), *material.missing])
    return PackReport(
        tuple((*hidden.key, str(hidden.reason), hidden.protects) for hidden in protected.hidden),
        dict(protected.merged),
        protected.alike,
        tuple(missing),
        tuple(_wording(material)),
        protected.small_numbers,
        protected.witnesses,
        protected.exhausted,
        earlier,
    )


def _wording(material: Material) -> Iterable[str]:
    """People's texts printed in a pack, with words in them that a pack does not use about its figures."""
    texts = [("The question of the cycle", str(material.facts.values.get("question") or ""))]
    for row in material.facts.view.rows:
        texts += [(f"Change {row.number}", f"{row.title} {row.what} {row.reason}")]
    for values in material.facts.rationales:
        texts.append(("A clinical rationale", f"{values.get('claim')} {values.get('because')}"))
    for name, text in texts:
        if forbidden := forbidden_words(text):
            yield f"{name} says “{'”, “'.join(forbidden)}”: find other words."


def _release(
    kit: Kit,
    facts: PackFacts,
    rule: FeedbackRule,
    audience: Audience,
    preset: Preset,
    protected: Protected,
    tables: list[PeopleTable],
    groups: list[QuoteGroup],
    quotes: list[PrintableQuote],
    identifier: str,
) -> dict[str, Any]:
    values = facts.values
    printed_quotes = (
        [quote.quote_id for quote in quotes] if {"quotes", "yousaid"} & set(audience.sections) else []
    )
    return {
        "cycle": facts.view.record_id,
        "period_from": values.get("date_from"),
        "period_to": values.get("date_to"),
        "audience": audience.code,
        "preset": preset.name,
        "statements": statements_text(tables, protected, groups, len(facts.people), rule, runs_held(kit)),
        "quotes": printed_quotes or None,
        "state_hash": facts.state_hash,
        "pack_hash": identifier,
        "date": facts.as_of.isoformat(),
    }
