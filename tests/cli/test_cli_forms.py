"""`fieldkit forms`: the files written, and the notes about translations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.presentation.languages.catalogue import catalogue, read_languages
from fieldkit.presentation.stall.head_count_groups import counted_groups
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")


def test_every_form_in_every_language(run: Run, hub: Path) -> None:
    answer = run("forms", "-o", "forms")
    assert answer.code == 0
    assert "Wrote 13 forms" in answer.out
    assert "Punjabi, Urdu and Polish are drafts" in answer.out
    names = {path.name for path in Path("forms").iterdir()}
    expected = {
        f"{form}-{code}.html"
        for form in ("feedback", "monitoring", "sign-in")
        for code in ("en", "pa", "ur", "pl")
    }
    assert names == {*expected, "head-counts.html"}


def test_one_language_by_code_or_name_and_codes_of_their_own(run: Run, hub: Path) -> None:
    answer = run("forms", "-o", "forms", "-l", "urdu", "--copies", "3", "--json").json
    assert sorted(answer["files"]) == [
        "feedback-ur.html",
        "head-counts.html",
        "monitoring-ur.html",
        "sign-in-ur.html",
    ]
    page = Path("forms/feedback-ur.html").read_text("utf-8")
    codes = re.findall(r'class="code" dir="ltr">(\w{4}-\w{4}-\w{4})<', page)
    assert len(set(codes)) == 3
    back = Path("forms/monitoring-ur.html").read_text("utf-8")
    assert re.findall(r"<b>(\w{4}-\w{4}-\w{4})</b>", back) == codes


def test_nothing_is_written_among_other_files(run: Run, hub: Path) -> None:
    Path("forms").mkdir()
    Path("forms/mine.txt").write_text("mine")
    answer = run("forms", "-o", "forms")
    assert answer.code == 2
    assert "not empty" in answer.err
    assert run("forms", "-o", "").code == 2
    assert run("forms", "-o", "new", "--copies", "100000").code == 2
    assert run("forms", "-o", "new", "--copies", "-1").code == 2
    assert run("forms", "-o", "new", "-l", "Klingon").code != 0
    assert not Path("new").exists()


def test_a_translator_gets_a_file_and_its_language_joins(run: Run, hub: Path) -> None:
    assert run("forms", "--translate", "so", "-o", "so.po").code == 0
    text = Path("so.po").read_text("utf-8")
    assert 'msgid "Thank you."\nmsgstr ""' in text
    (hub / "languages").mkdir()
    (hub / "languages" / "so.po").write_text(
        text.replace('msgid "Thank you."\nmsgstr ""', 'msgid "Thank you."\nmsgstr "Mahadsanid."')
    )
    answer = run("forms", "-o", "forms", "-l", "Somali")
    assert "Somali is a draft" in answer.out
    assert "sentences are not translated" in answer.out
    assert "[EN]" in Path("forms/feedback-so.html").read_text("utf-8")
    assert run("forms", "--translate", "so", "-o", "so.po").code == 2


def test_a_translation_that_is_here_is_handed_to_the_translator(run: Run, hub: Path) -> None:
    run("forms", "--translate", "pl", "-o", "pl.po")
    text = Path("pl.po").read_text("utf-8")
    assert 'msgstr "Dziękujemy."' in text
    assert 'msgctxt "service_area"\nmsgid "other"\nmsgstr "inna usługa"' in text
    assert 'msgctxt "ethnic_group"\nmsgid "Irish"\nmsgstr "irlandzka"' in text
    (hub / "languages").mkdir()
    (hub / "languages" / "pl.po").write_text(text)
    assert catalogue("pl", hub).messages == catalogue("pl").messages
    assert read_languages(hub).problems == ()


def test_a_broken_file_is_named(run: Run, hub: Path) -> None:
    (hub / "languages").mkdir()
    (hub / "languages" / "so.po").write_bytes(b"\xff\xfe")
    answer = run("forms", "-o", "forms", "-l", "en")
    assert answer.code == 0
    assert "“so.po” is not in UTF-8" in answer.out


def test_the_sheet_for_head_counts_has_the_groups_and_digits_of_the_board(run: Run, hub: Path) -> None:
    assert run("network", "rules", "--groups", "staff; carer").code == 0
    assert run("forms", "-o", "forms", "-l", "en").code == 0
    page = Path("forms/head-counts.html").read_text(encoding="utf-8")
    assert re.findall(r"<tr><th><b>([^<]*)</b>", page) == ["1", "2"]
    with Kit.open(hub) as kit:
        event = kit.add("event", {"title": "Fair", "date": "2026-10-27"}).record_id
        board = [group.label for group in counted_groups(kit, event, kit.origin)[:-1]]
    places = [page.index(label) for label in board]
    assert len(board) == 2 and places == sorted(places)
    assert "patients" not in page
