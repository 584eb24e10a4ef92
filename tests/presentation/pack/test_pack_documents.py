"""The contents of packs: each audience's sections, what is missing in plain words, fixed terms, and people's text inert."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from browser import Browser
from fieldkit.documents.blocks import (
    Block,
    Chart,
    Document,
    Heading,
    Items,
    Note,
    Paragraph,
    Quotation,
    Table,
    printed,
)
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.presentation.pack import evidence_pack
from fieldkit.presentation.pack.audiences import AUDIENCES, FIRST, LAST, Audience, audience_named
from fieldkit.presentation.pack.evidence_pack import Pack, prepare
from fieldkit.presentation.pack.pack_manifest import MANIFEST
from fieldkit.presentation.pack.phrases import FORBIDDEN, forbidden_words
from fieldkit.presentation.pack.sections import SECTIONS
from fieldkit.printed_figure import STAR
from networks import Network
from pack_kit import add_cycle, add_people, add_story
from plain_protection import plain_protect
from sample_document import HOSTILE

each_audience = pytest.mark.parametrize("audience", AUDIENCES, ids=[audience.short for audience in AUDIENCES])
RANKS = ("highest", "lowest", "best", "worst", "most under-represented", "ranked", "top of", "bottom of")


@pytest.fixture(autouse=True)
def single_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests concern pages: they don't need the slow search for what to hide."""
    monkeypatch.setattr(evidence_pack, "protect", plain_protect)


def pack_of(network: Network, audience: Audience, people: int = 120) -> Pack:
    kit = network.hub.kit
    cycle = add_cycle(kit)
    if people:
        add_story(kit, cycle, add_people(kit, people))
    return prepare(kit, cycle, audience, TEN)


def texts(document: Document) -> Iterator[str]:
    yield from (document.title, document.subtitle, *(text for fact in document.facts for text in fact))
    for block in document.blocks:
        yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield block.text
        case Items():
            yield from block.items
        case Note():
            yield from (block.title, block.text)
        case Quotation():
            yield from (block.text, block.source)
        case Table():
            yield from (block.title, block.about, *block.notes, *(column.title for column in block.columns))
            yield from (printed(cell) for row in block.rows for cell in row)
        case Chart():
            yield from (block.title, block.description, *block.key)
            yield from _texts(block.table)


def test_audiences_are_lists_of_sections_that_there_are() -> None:
    for audience in AUDIENCES:
        assert set(audience.sections) <= SECTIONS.keys() - {*FIRST, *LAST}
        assert audience_named(audience.short) is audience_named(audience.code.upper()) is audience


@each_audience
def test_every_pack_begins_with_one_page_and_ends_alike(network: Network, audience: Audience) -> None:
    document = pack_of(network, audience).document
    headings = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    assert headings[0] == "On one page"
    assert headings[-4:] == ["Methods", "Data quality", "Sources", "How to reproduce this pack"]
    lists = [block for block in document.blocks if isinstance(block, Items)][:3]
    assert [len(each.items) for each in lists] == [3, 3, 3]


@each_audience
def test_a_cycle_with_nothing_in_it_says_what_is_missing(network: Network, audience: Audience) -> None:
    pack = pack_of(network, audience, people=0)
    text = " ".join(texts(pack.document))
    assert "No figures of the provider" in text or not audience.ratios
    assert "No feedback of this cycle can be shown yet." in text
    assert "No change is proposed yet" in text
    assert pack.report.missing
    assert " 0 " not in text


@each_audience
def test_words_that_claim_too_much_are_in_no_pack(network: Network, audience: Audience) -> None:
    for text in texts(pack_of(network, audience).document):
        assert forbidden_words(text) == []
        assert not [rank for rank in RANKS if f" {rank} " in f" {text.casefold()} "]


def test_the_coordinator_is_told_of_such_words_in_what_people_wrote(network: Network) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit, question="Why are they Hard to reach, and what caused it?")
    report = prepare(kit, cycle, AUDIENCES[0], TEN).report
    assert report.wording == ("The question of the cycle says “caused”, “hard to reach”: find other words.",)
    assert {"significant", "proves"} <= set(FORBIDDEN)


@each_audience
def test_small_counts_of_people_are_in_no_sentence(network: Network, audience: Audience) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit)
    add_people(kit, 7)
    text = " ".join(texts(prepare(kit, cycle, audience, TEN).document))
    assert "7 people" not in text and " 7 " not in text


def test_a_pack_of_a_period_that_goes_on_is_not_of_a_day_to_come(network: Network) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit, date_to="2199-12-31")
    add_story(kit, cycle, add_people(kit, 30))
    document = prepare(kit, cycle, audience_named("healthwatch"), TEN).document
    assert not dict(document.facts)["As of"].endswith("2199")
    past = prepare(kit, add_cycle(kit, title="Past"), audience_named("healthwatch"), TEN).document
    assert dict(past.facts)["As of"] == "30 Sep 2025"


def test_an_event_with_two_purposes_is_one_row(network: Network) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit)
    add_story(kit, cycle, [*add_people(kit, 30)])
    event = kit.page("event")[0].record_id
    kit.add("engagement", {"cycle": cycle, "event": event, "purpose": "agree"})
    document = prepare(kit, cycle, audience_named("partners"), TEN).document
    [events] = [table for table in document.tables() if table.name == "events"]
    assert len(events.rows) == kit.count("event")
    assert len([row for row in events.rows if "; " in str(row[3])]) == 1


@each_audience
def test_no_table_is_all_stars_and_no_sentence_is_glued(network: Network, audience: Audience) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit, dimension=["ethnic", "carer"])
    add_story(kit, cycle, add_people(kit, 12))
    document = prepare(kit, cycle, audience, TEN).document
    for table in document.tables():
        if table.name.startswith(("heard-", "needs", "monitoring")):
            # The last row is everybody, except in the table of monitoring questions.
            rows = table.rows if table.name == "monitoring" else table.rows[:-1]
            assert any(cell != STAR for row in rows for cell in row[1:]), table.name
    for text in texts(document):
        assert ".;" not in text and "Shown by" not in text and "any provider" not in text, text


class Tags(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.all: set[str] = set()
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "src"]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()][:4])
def test_what_people_wrote_is_inert_in_every_file(network: Network, text: str) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit, question=text, title=text[:40])
    add_story(kit, cycle, add_people(kit, 60))
    change = kit.add(
        "change", {"cycle": cycle, "title": text[:60], "what": text, "status": "declined", "reason": text}
    ).record_id
    kit.add("response", {"change": change, "date": "2025-09-28", "words": text, "from_role": text[:60]})
    pack = prepare(kit, cycle, audience_named("healthwatch"), TEN)
    assert not Tags(pack.files["pack.html"]).all & {"script", "img", "iframe", "object", "form", "b"}
    for name, content in pack.files.items():
        if name.endswith(".csv"):
            assert (
                b"\n=" not in content
                and b'\n"=' not in content
                and b",=" not in content
                and b',"=' not in content
            )


@each_audience
def test_the_manifest_lists_every_number_that_tables_print(network: Network, audience: Audience) -> None:
    pack = pack_of(network, audience)
    content = json.loads(pack.files[MANIFEST])
    listed = {tuple(statement) for statement in content["statements"]}
    assert content["pack_id"] == pack.pack_id
    assert set(content["files"]) == set(pack.files) - {MANIFEST}
    numbers = {
        (table.name, printed(row[0]), column.title, printed(cell))
        for table in pack.document.tables()
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
        if not isinstance(cell, str)
    }
    assert numbers <= listed
    assert not [key for key in content["made_from"] if "time" in key or "clock" in key]


def test_the_addressee_is_a_field(network: Network) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit)
    pack = prepare(
        kit, cycle, audience_named("healthwatch"), TEN, addressee="The patient voice team of the board"
    )
    assert ("For", "The patient voice team of the board") in pack.document.facts


@each_audience
def test_a_browser_shows_it_on_a_telephone_and_prints_it(
    network: Network, audience: Audience, tmp_path: Path
) -> None:
    path = tmp_path / "pack.html"
    path.write_bytes(pack_of(network, audience).files["pack.html"])
    with Browser(tmp_path / "profile") as browser:
        for width in (360, 794):
            page = browser.open(path, width, pdf=width > 500)
            assert page.logged == []
            assert page.requests == [path.as_uri()]
            assert (page.width, page.overflowing) == (width, [])
        assert page.pdf.startswith(b"%PDF-")
