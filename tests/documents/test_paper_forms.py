"""The forms to print: in each language one page of A4, with the questions and keys of the screen; nothing in them runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from browser import Browser
from fieldkit.documents.paper_form import PaperForm, Room, paper_form_html
from fieldkit.presentation.languages.catalogue import NOT_TRANSLATED, OWN, Catalogue, catalogue, languages
from fieldkit.presentation.languages.respondent_messages import respondent_fields
from fieldkit.presentation.paper.printed_forms import (
    Setting,
    feedback_form,
    head_count_sheet,
    monitoring_form,
    sign_in_sheet,
)
from fieldkit.records.schema.answer_digits import answer_digits
from fieldkit.records.schema.kind import kind

CODES = ["K7Q2-M9XD-4TBW", "", "7777-8888-9999"]
GROUPS = [
    (str(number), f"group-{number}", f"a group with rather a long name, number {number}")
    for number in range(1, 10)
]
LONG = Setting(
    "The Very Long Name of a Network of Community Partners in the West Midlands and the Black Country",
    "Health and wellbeing fair for the whole of the city, Guru Nanak Gurdwara and St Mary's Church Hall, Wolverhampton",
    "27 Nov 2026",
    {"service_area": {f"own-{number}": f"a service of the network's own, {number}" for number in range(6)}},
    GROUPS,
)
UNTRANSLATED = Catalogue("so", "Soomaali", "Somali", draft=True, messages={("", "yes"): "haa"})


def forms_in(language: Catalogue, setting: Setting) -> dict[str, PaperForm]:
    return {
        "feedback": feedback_form(language, setting, CODES),
        "monitoring": monitoring_form(language, setting, CODES),
        "sign-in": sign_in_sheet(language, setting),
        "head-counts": head_count_sheet(setting),
    }


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.parametrize("setting", [Setting(), LONG], ids=["empty", "long names"])
@pytest.mark.parametrize("language", [*languages(), UNTRANSLATED], ids=lambda each: each.code)
def test_each_form_is_one_page_and_nothing_is_cut(
    browser: Browser, tmp_path: Path, language: Catalogue, setting: Setting
) -> None:
    for name, form in forms_in(language, setting).items():
        path = tmp_path / f"{name}.html"
        path.write_bytes(paper_form_html(form))
        page = browser.print_a4(path)
        assert page.logged == []
        assert page.requests == [path.as_uri()]
        assert page.pages == len(form.pages), name
        assert page.cut == [], name


@pytest.mark.parametrize("language", languages(), ids=lambda each: each.code)
def test_a_form_fits_a_narrow_window(browser: Browser, tmp_path: Path, language: Catalogue) -> None:
    for name, form in forms_in(language, LONG).items():
        if name != "sign-in":  # a sheet of columns exists only on paper
            path = tmp_path / f"{name}.html"
            path.write_bytes(paper_form_html(form))
            assert browser.open(path, 700).overflowing == [], name


def test_every_measure_of_a_form_is_in_the_style_sheet() -> None:
    style = (files("fieldkit.documents") / "paper_form.css").read_text("utf-8")
    for name in Room:
        assert f".{name} {{ width: " in style
    template = (files("fieldkit.documents") / "paper_form.html.jinja").read_text("utf-8")
    classes = {
        word
        for page in (
            paper_form_html(form).decode()
            for form in (
                *forms_in(catalogue("pa"), LONG).values(),
                *forms_in(catalogue("en"), Setting()).values(),
            )
        )
        for _, attributes in Texts(page.encode()).tags
        for word in (attributes.get("class") or "").split()
    }
    assert {name for name in classes if f".{name}" not in style} == set()
    assert "style=" not in template


class Texts(HTMLParser):
    """The text of a page, and its tags."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", languages(), ids=lambda each: each.code)
def test_paper_has_the_questions_and_keys_of_the_screen(language: Catalogue) -> None:
    feedback = kind("feedback")
    pages = "".join(
        paper_form_html(form).decode()
        for form in (feedback_form(language, Setting()), monitoring_form(language, Setting()))
    )
    text = " ".join(Texts(pages.encode()).texts)
    for page in feedback.pages:
        for spec in respondent_fields(feedback, page):
            assert language.text(spec.asked) in text, spec.name
            if spec.codes and not spec.name.startswith("consent"):
                for key, code in answer_digits(spec):
                    shown = f"<b>{key}</b><bdi>{_escaped(language.answer(spec.codes, code))}</bdi>"
                    assert shown in pages, (spec.name, key)
    assert f"notice {language.notice_version()}" in text


def _escaped(text: str) -> str:
    return text.replace("'", "&#39;")


@pytest.mark.parametrize("code", ["pa", "ur", "pl"])
def test_a_draft_says_so_in_both_languages(code: str) -> None:
    language = catalogue(code)
    for form in (feedback_form, monitoring_form, sign_in_sheet):
        notes = form(language, Setting()).pages[0].notes
        assert "no native speaker has checked this yet" in notes[0]
        assert language.text("Draft: no native speaker has checked this yet.") in notes[0]
    assert feedback_form(catalogue("en"), Setting()).pages[0].notes == []


def test_what_is_not_translated_is_explained_on_the_form() -> None:
    assert "[EN]: not translated yet" in feedback_form(UNTRANSLATED, Setting()).pages[0].foot
    assert "[EN]" not in feedback_form(catalogue("pa"), Setting()).pages[0].foot


@pytest.mark.parametrize("code", OWN)
def test_no_word_of_a_form_is_missing_in_our_languages(code: str) -> None:
    for name, form in forms_in(catalogue(code), Setting()).items():
        assert NOT_TRANSLATED not in paper_form_html(form).decode(), name


def test_nothing_runs_and_texts_stay_texts() -> None:
    hostile = Setting(
        "<script>alert(1)</script>",
        "'\"><img src=x onerror=alert(1)>",
        "{{ 7*7 }}",
        {"service_area": {"x": "<b>x"}},
    )
    page = paper_form_html(feedback_form(catalogue("ur"), hostile))
    tags = Texts(page).tags
    assert not {tag for tag, _ in tags} & {"script", "img", "iframe", "object", "form"}
    assert not any(name.startswith("on") or name == "src" for _, attributes in tags for name in attributes)
    assert b"default-src 'none'" in page
    assert b"{{ 7*7 }}" in page
    assert ("html", {"lang": "ur", "dir": "rtl"}) in tags


def test_head_counts_have_no_line_for_everybody() -> None:
    setting = Setting(groups=[("", "all", "everybody"), ("1", "patient", "patients")])
    page = paper_form_html(head_count_sheet(setting)).decode()
    assert re.findall(r"<th><b>(.*?)</b> (.*?)</th>", page) == [("1", "patients")]
