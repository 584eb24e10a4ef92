"""Catalogues that somebody puts into the kit: valid ones are used, others refused with a sentence."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from fieldkit.presentation.languages.catalogue import FOLDER, catalogue, read_languages
from fieldkit.presentation.languages.respondent_text import RespondentText

HEADER = 'msgid ""\nmsgstr ""\n"Project-Id-Version: respondents 3\\n"\n"Language: so\\n"\n\n'
YES = 'msgid "yes"\nmsgstr "haa"\n'


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir()
    return tmp_path


def drop(kit: Path, content: str | bytes, name: str = "so.po") -> None:
    (kit / FOLDER / name).write_bytes(content.encode() if isinstance(content, str) else content)


def test_a_dropped_file_is_a_language_more(kit: Path) -> None:
    drop(kit, HEADER + YES)
    somali = catalogue("so", kit)
    assert (somali.name, somali.english_name, somali.draft) == ("Soomaali", "Somali", False)
    assert somali.text("yes") == "haa"
    assert somali.notice_version().startswith("3, Somali 3 (file ")
    assert read_languages(kit).problems == ()


def test_a_dropped_file_stands_above_our_own(kit: Path) -> None:
    drop(kit, HEADER.replace("so\\n", "pl\\n") + YES, "ours.po")
    assert catalogue("pl", kit).text("yes") == "haa"
    assert catalogue("pl").text("yes") == "tak"


def test_a_file_from_before_the_lists_had_names_goes_on_to_work(kit: Path) -> None:
    drop(
        kit,
        HEADER.replace("so\\n", "pl\\n")
        + 'msgid "Irish"\nmsgstr "irlandzka"\n\nmsgid "Sylheti"\nmsgstr "sylheti (język)"\n\n'
        + 'msgid "other"\nmsgstr "inne"\n\nmsgid "Polish"\nmsgstr "mowa polska"\n',
    )
    polish = catalogue("pl", kit)
    assert polish.answer("ethnic_group", "14") == "irlandzka"
    assert polish.answer("language", "ga") == "irlandzki", "the one word is the ethnic group"
    assert polish.answer("religion", "K") == polish.answer("service_area", "other") == "inne"
    assert [polish.answer("language", code) for code in ("syl", "pl")] == ["sylheti (język)", "mowa polska"]


def test_a_file_words_a_language_for_its_list_alone(kit: Path) -> None:
    drop(kit, HEADER + 'msgctxt "language"\nmsgid "Irish"\nmsgstr "af Ayrish"\n')
    somali = catalogue("so", kit)
    assert somali.answer("language", "ga") == "af Ayrish"
    assert somali.answer("ethnic_group", "14") == "[EN] Irish"


def test_a_network_words_the_english_itself(kit: Path) -> None:
    drop(kit, HEADER.replace("so\\n", "en\\n") + 'msgid "Thank you."\nmsgstr "Thanks ever so much."\n')
    english = catalogue("en", kit)
    assert english.text("Thank you.") == "Thanks ever so much."
    assert english.text("Name") == "Name"
    assert "file" in english.notice_version()


def test_no_folder_is_no_problem(tmp_path: Path) -> None:
    assert read_languages(tmp_path).problems == ()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00garbage",
        b"garbage",
        b"",
        b"\0" * 1000,
        b'msgid ""\nmsgstr "Language: ../../etc/passwd\\n"\n\nmsgid "yes"\nmsgstr "haa"\n',
        b'msgid ""\nmsgstr "PO-Revision-Date: 9999-99-99 99:99+9999\\n"\n\nmsgid "yes"\nmsgstr "haa"\n',
        b'msgid_plural "a"\nmsgid "b"\nmsgstr[99999999999] "c"\n',
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=9999999999; plural=' + b"(" * 5000 + b'\\n"\n',
        HEADER.encode(),
        HEADER.encode() + b"msgid " + b'"a"\n' * 200_000,
        HEADER.encode() + b"".join(b'msgid "%d"\nmsgstr "x"\n' % n for n in range(6000)),
    ],
)
def test_a_hostile_file_is_left_out_with_a_sentence(kit: Path, content: bytes) -> None:
    drop(kit, content)
    known = read_languages(kit)
    assert [each.code for each in known.catalogues] == ["en", "pa", "ur", "pl"]
    assert len(known.problems) == 1
    assert known.problems[0].startswith("“so.po” ")
    assert known.problems[0].endswith(".")


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to nothing", "another encoding"])
def test_what_is_no_file_is_left_out(kit: Path, kind: str) -> None:
    path = kit / FOLDER / "so.po"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "link to nothing":
            path.symlink_to(kit / "nowhere")
        case _:
            path.write_bytes((HEADER + 'msgid "yes"\nmsgstr "så"\n').encode("latin-1"))
    assert len(read_languages(kit).problems) == 1


def test_a_translation_is_cleaned_and_never_steers_a_terminal(kit: Path) -> None:
    drop(kit, HEADER + 'msgid "yes"\nmsgstr "h\\ta\x1b[31m\u202ea\\nb"\n')
    assert catalogue("so", kit).text("yes") == "h a[31ma b"


def test_other_placeholders_and_overlong_sentences_are_left_out(kit: Path) -> None:
    drop(
        kit,
        HEADER
        + YES
        + 'msgid "We show your answers to nobody outside {network}."\nmsgstr "{network} {__class__}"\n'
        + f'msgid "no"\nmsgstr "{"maya " * 100}"\n'
        + '#, fuzzy\nmsgid "Name"\nmsgstr "Magac?"\n',
    )
    somali = catalogue("so", kit)
    assert somali.text("no") == "[EN] no"
    assert somali.text("Name") == "[EN] Name"
    assert somali.text(str(RespondentText.NOTICE_NETWORK), network="Hub").startswith(
        "[EN] We show your answers"
    )
    problems = read_languages(kit).problems
    assert len(problems) == 2
    assert "its {names} differ" in problems[0]
    assert "much longer" in problems[1]


def test_markup_stays_text(kit: Path) -> None:
    drop(kit, HEADER + 'msgid "yes"\nmsgstr "[@click=app.quit]<script>{0.__class__}"\n')
    assert catalogue("so", kit).text("yes") == "[@click=app.quit]<script>{0.__class__}"


def test_a_great_many_files_are_bounded(kit: Path) -> None:
    for number in range(60):
        drop(kit, HEADER + YES, f"{number}.po")
    assert any("the first 50 are used" in problem for problem in read_languages(kit).problems)


@pytest.mark.parametrize("number", ["999999999999", "1e9", "-1", "9" * 5000])
def test_no_number_of_plural_forms_takes_memory(kit: Path, number: str) -> None:
    """A header that asks for room for a million million forms of each sentence; it may be broken over lines."""
    plural = '\nmsgid "one"\nmsgid_plural "many"\nmsgstr[0] "a"\nmsgstr[1] "b"\n'
    header = HEADER.rstrip("\n") + f'\n"Plural-Forms: npl"\n"urals={number}; plural=n;\\n"\n\n'
    drop(kit, header + YES + plural)
    tracemalloc.start()
    try:
        read = read_languages(kit)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()
    assert read.problems or catalogue("so", kit).text("yes") == "haa"
