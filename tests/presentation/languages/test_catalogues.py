"""All that respondents read is translated, and missing translations show in English."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from fieldkit.presentation.languages.catalogue import NOT_TRANSLATED, OWN, Catalogue, catalogue, languages
from fieldkit.presentation.languages.respondent_messages import (
    LANGUAGES,
    respondent_messages,
    words_of_several_lists,
)
from fieldkit.presentation.languages.respondent_text import NOTICE, NOTICE_VERSION, RespondentText
from fieldkit.records.schema.codes import code_list

#: Version -> the beginning of the SHA-256 of its sentences. A changed notice gets a new version and a line here.
NOTICES = {"1": "2e346e921905", "2": "f926247a9ce7", "3": "9ac79938d110"}


def test_english_comes_first_and_each_language_says_its_own_name() -> None:
    known = languages()
    assert [each.code for each in known] == ["en", "pa", "ur", "pl"]
    assert [each.name for each in known] == ["English", "ਪੰਜਾਬੀ", "اردو", "polski"]
    assert [each.english_name for each in known] == ["English", "Punjabi", "Urdu", "Polish"]
    assert [each.right_to_left for each in known] == [False, False, True, False]
    assert [each.draft for each in known] == [False, True, True, True]


@pytest.mark.parametrize("code", OWN)
def test_no_message_is_missing_and_none_is_orphaned(code: str) -> None:
    known = catalogue(code)
    assert [message for message in respondent_messages() if not known.has(*message)] == []
    asked = {(message.context, message.english) for message in respondent_messages()}
    plain = {english for _, english in asked}
    languages_by_name = {entry.label for entry in code_list(LANGUAGES).entries}
    orphans = [
        (context, english)
        for context, english in known.messages
        if (context, english) not in asked
        and not (context == "" and english in plain)
        and not (context == LANGUAGES and english in languages_by_name)
    ]
    assert orphans == []


@pytest.mark.parametrize("code", OWN)
def test_placeholders_and_script_are_those_of_the_language(code: str) -> None:
    script = {"pa": "[\u0a00-\u0a7f]", "ur": "[\u0600-\u06ff]", "pl": "[a-z]"}[code]
    for (_, english), translation in catalogue(code).messages.items():
        names = re.findall(r"\{\w+\}", english)
        assert sorted(names) == sorted(re.findall(r"\{\w+\}", translation)), english
        assert re.search(script, translation) or english == "HIV/AIDS" or english[:2].isdigit(), translation


@pytest.mark.parametrize("code", OWN)
def test_the_files_are_marked_as_drafts_and_hold_each_message_once(code: str) -> None:
    path = files("fieldkit.presentation.languages") / "translations" / f"{code}.po"
    catalog = read_po(BytesIO(path.read_bytes()), abort_invalid=True)
    assert catalog.fuzzy, "a translation loses its mark when a native speaker has read it, and gets a version"
    assert path.read_text("utf-8").count("\nmsgid ") == len(catalogue(code).messages) + 1


def test_the_version_of_the_notice_changes_with_its_sentences() -> None:
    assert sha256("\n".join(NOTICE).encode()).hexdigest()[:12] == NOTICES[NOTICE_VERSION]


def test_what_is_stored_with_the_consent_says_notice_language_and_draft() -> None:
    assert catalogue("en").notice_version() == "3, English"
    assert catalogue("ur").notice_version() == "3, Urdu 3 draft"
    assert catalogue("ur").notice_version(locked=True) == "3 with lock, Urdu 3 draft"


def test_a_missing_sentence_shows_in_english_and_is_marked() -> None:
    known = Catalogue("so", "Soomaali", "Somali", messages={("", "yes"): "haa"})
    assert known.text("yes") == "haa"
    assert known.text("Thank you.") == f"{NOT_TRANSLATED}Thank you."
    assert catalogue("en").text("Thank you.") == "Thank you."


def test_one_english_word_has_a_translation_for_each_list() -> None:
    polish = catalogue("pl")
    assert polish.answer("service_area", "other") == "inna usługa"
    assert polish.answer("religion", "K") == "inna"
    assert polish.answer("ethnic_group", "14") == "irlandzka"


def test_an_answer_that_means_another_thing_in_another_list_says_its_list_in_our_catalogues() -> None:
    assert words_of_several_lists() == {"other", "Irish", "Chinese"}
    for code in OWN:
        messages = catalogue(code).messages
        assert not words_of_several_lists() & {english for context, english in messages if not context}
        for message in respondent_messages():
            if message.english in words_of_several_lists():
                assert tuple(reversed(message)) in messages


def test_a_people_and_its_language_are_two_words() -> None:
    polish = catalogue("pl")
    assert [polish.answer("ethnic_group", "14"), polish.answer("language", "ga")] == [
        "irlandzka",
        "irlandzki",
    ]
    assert [polish.answer("ethnic_group", "2"), polish.answer("language", "zh")] == ["chińska", "chiński"]
    assert catalogue("en").answer("language", "ga") == "Irish"


@pytest.mark.parametrize("code", OWN)
def test_every_language_has_a_name(code: str) -> None:
    names = [catalogue(code).answer("language", entry.code) for entry in code_list("language").entries]
    assert [name for name in names if NOT_TRANSLATED in name] == []
    assert len(set(names)) == len(names)


def test_languages_are_named_in_the_language_itself() -> None:
    assert catalogue("pl").answer("language", "pa") == "pendżabski"
    assert catalogue("en").answer("language", "pa") == "Punjabi"
    somali = Catalogue("so", "Soomaali", "Somali", messages={})
    assert somali.answer("language", "phr") == f"{NOT_TRANSLATED}Pahari-Pothwari"
    assert catalogue("pl").answer("language", "declined") == "wolę nie odpowiadać"


def test_a_term_of_the_network_shows_in_english() -> None:
    assert catalogue("pa").answer("service_area", "podiatry", "podiatry") == f"{NOT_TRANSLATED}podiatry"


def test_the_notice_names_the_network() -> None:
    assert "We show your answers to nobody outside Asha Network." in catalogue("en").notice("Asha Network")
    assert any("ہمارے نیٹ ورک" in sentence for sentence in catalogue("ur").notice())


@pytest.mark.parametrize("code", ["en", *OWN])
def test_a_lock_is_promised_only_where_there_is_one(code: str) -> None:
    known = catalogue(code)
    promise = known.text(RespondentText.NOTICE_LOCKED)
    assert not promise.startswith(NOT_TRANSLATED)
    assert promise not in known.notice("Hub") and promise in known.notice("Hub", locked=True)
    assert len(known.notice("Hub", locked=True)) == len(known.notice("Hub")) + 1


def test_an_unknown_language_is_english() -> None:
    assert catalogue("xx").code == "en"


def test_sentences_for_respondents_are_short() -> None:
    for text in RespondentText:
        for sentence in re.split(r"(?<=[.?]) ", text):
            assert len(sentence.split()) <= 20, sentence
