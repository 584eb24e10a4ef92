"""Searching finds what the lists show, in every spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli_kits import with_answers
from commanding import Run
from fieldkit.presentation.stall.known_people import KnownPeople
from fieldkit.records.excerpt import excerpt
from fieldkit.records.schema.kind import kind
from fieldkit.records.search_text import search_text
from fieldkit.spelling import folded_word, holds
from fieldkit.store.kit import Kit

PEOPLE = (
    "Çelik Öz",
    "Zoë Adams",
    "Siobhán O’Neill",
    "Łukasz Żak",
    "Nguyễn Thị Hoa",
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Jean-Luc Straßer",
)


def titles(kit: Kit, kind_name: str, text: str) -> list[str]:
    records = kit.page(kind_name, text=text)
    assert kit.count(kind_name, text=text) == len(records)
    return sorted(str(record.values.get("name") or record.values.get("title")) for record in records)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("çelik", "Çelik Öz"),
        ("celik", "Çelik Öz"),
        ("ÇELİK oz", "Çelik Öz"),
        ("ZOË", "Zoë Adams"),
        ("zoe", "Zoë Adams"),
        ("adams zo", "Zoë Adams"),
        ("zoeadams", "Zoë Adams"),
        ("O'Neill", "Siobhán O’Neill"),
        ("oneill", "Siobhán O’Neill"),
        ("o neill", "Siobhán O’Neill"),
        ("siobhan", "Siobhán O’Neill"),
        ("lukasz", "Łukasz Żak"),
        ("zak, lukasz", "Łukasz Żak"),
        ("ＬＵＫＡＳＺ", "Łukasz Żak"),
        ("nguyen", "Nguyễn Thị Hoa"),
        (unicodedata.normalize("NFD", "nguyễn"), "Nguyễn Thị Hoa"),
        (unicodedata.normalize("NFD", "ਗੁਰਪ੍ਰੀਤ"), "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
        ("jeanluc", "Jean-Luc Straßer"),
        ("jean luc STRASSER", "Jean-Luc Straßer"),
        ("Jean–Luc", "Jean-Luc Straßer"),
    ],
)
def test_a_person_is_found_in_every_spelling_in_search_and_at_check_in(
    kit: Kit, typed: str, name: str
) -> None:
    kit.add_many("person", [{"name": each, "consent_record": "Y"} for each in PEOPLE])
    assert titles(kit, "person", typed) == [name]
    known = KnownPeople()
    known.refresh(kit)
    assert known.find(typed, {}, 9)[0].line == name


def test_the_list_command_finds_spellings(run: Run, hub_folder: None) -> None:
    for name in PEOPLE:
        assert run("record", "person", *with_answers(f"name={name}", "consent_record=Y")).code == 0
    for typed in ("çelik", "ZOË", "zoe", "O'Neill", "lukasz"):
        assert len(run("list", "person", "--text", typed, "--json").json) == 1, typed


@pytest.fixture
def hub_folder(run: Run) -> None:
    """A coordinator's kit for commands."""
    run("network", "create", "N", "--as", "hub", "--no-passphrase")


@pytest.fixture
def recorded(kit: Kit) -> dict[str, str]:
    """Records of several kinds that link to each other: name -> id."""
    fair = kit.add(
        "event", {"title": "St Mary’s fair", "date": "2026-11-26", "event_kind": "health-fair"}
    ).record_id
    walk = kit.add("event", {"title": "Walk", "date": "2026-12-01"}).record_id
    ann = kit.add("person", {"name": "Ann Okafor", "consent_record": "Y"}).record_id
    bea = kit.add("person", {"name": "Bea Żak", "consent_record": "Y"}).record_id
    pair = kit.add("mentorship", {"mentor": ann, "mentee": bea}).record_id
    return {
        "fair": fair,
        "walk": walk,
        "ann": ann,
        "pair": pair,
        "session": kit.add("session", {"mentorship": pair, "date": "2026-11-20"}).record_id,
        "came": kit.add("attendance", {"event": fair, "person": ann, "arrived": "14:30"}).record_id,
        "counted": kit.add(
            "attendance", {"event": walk, "attendee_group": "all", "head_count": 42}
        ).record_id,
        "said": kit.add(
            "feedback",
            {
                "event": fair,
                "date": "2026-11-26",
                "service_area": "gp-practice",
                "rating": "5",
                "themes": ["travel-parking"],
                "experience": "Nobody rang.\nThe foot care clinic was shut 😀",
                "religion": "I",
                "ethnic_group": "3",
            },
        ).record_id,
        "other": kit.add(
            "feedback", {"date": "2026-10-26", "rating": "1", "service_area": "pharmacy"}
        ).record_id,
    }


@pytest.mark.parametrize(
    ("kind_name", "text", "names"),
    [
        ("feedback", "GP practice", {"said"}),
        ("feedback", "gp-practice", {"said"}),
        ("feedback", "practice gp", {"said"}),
        ("feedback", "very poor", {"said"}),
        ("feedback", "5 very poor", {"said"}),
        ("feedback", "VERY good pharmacy", {"other"}),
        ("feedback", "26 Nov", {"said"}),
        ("feedback", "26 nov 2026", {"said"}),
        ("feedback", "2026-11-26", {"said"}),
        ("feedback", "26/11/2026", {"said"}),
        ("feedback", "26.11.26", {"said"}),
        ("feedback", "2026-11", {"said"}),
        ("feedback", "oct 2026", {"other"}),
        ("feedback", "parking", {"said"}),
        ("feedback", "footcare", {"said"}),
        ("feedback", "foot-care", {"said"}),
        ("feedback", "rang the", {"said"}),
        ("feedback", "😀", {"said"}),
        ("feedback", "St Mary's", {"said"}),
        ("feedback", "marys fair parking", {"said"}),
        ("feedback", "Sikh", set()),
        ("feedback", "Indian", set()),
        ("feedback", "bodyr", set()),  # nobo-DY R-ang: across a space, but not from the start of a word
        ("attendance", "ann", {"came"}),
        ("attendance", "okafor fair", {"came"}),
        ("attendance", "14:30", {"came"}),
        ("attendance", "everybody 42", {"counted"}),
        ("attendance", "walk", {"counted"}),
        ("attendance", "bea", set()),
        ("mentorship", "ann zak", {"pair"}),
        ("session", "ann", {"session"}),
        ("session", "zak 20 nov", {"session"}),
        ("event", "health fair", {"fair"}),
        ("event", "health-fair", {"fair"}),
        ("event", "wellbeing", {"fair"}),
        ("event", "1 dec 2026", {"walk"}),
    ],
)
def test_what_the_list_shows_is_found(
    kit: Kit, recorded: dict[str, str], kind_name: str, text: str, names: set[str]
) -> None:
    wanted = {recorded[name] for name in names}
    assert {record.record_id for record in kit.page(kind_name, text=text)} == wanted
    assert kit.count(kind_name, text=text) == len(wanted)
    assert {record.record_id for record in kit.page(kind_name, text=f"  {text.upper()} ")} == wanted


def test_a_record_is_found_by_its_id_and_by_the_short_one_in_the_list(
    kit: Kit, recorded: dict[str, str]
) -> None:
    for name, kind_name in (("said", "feedback"), ("ann", "person"), ("fair", "event")):
        record_id = recorded[name]
        for typed in (record_id, record_id[-8:], record_id[:6], record_id[-8:].upper()):
            assert record_id in {record.record_id for record in kit.page(kind_name, text=typed)}


def test_a_term_is_found_by_its_label_today(kit: Kit) -> None:
    term = kit.add("term", {"list_name": "service_area", "code": "eye", "label": "Eye clinic"})
    message = kit.add("feedback", {"service_area": "eye", "rating": "1"})
    kit.add("feedback", {"experience": "My eye hurts at the clinic."})
    assert kit.count("feedback", text="eye clinic") == 2
    kit.edit(kit.get(term.record_id), {"label": "Sight and vision"})
    (only,) = kit.page("feedback", text="vision")
    assert only.record_id == message.record_id


def test_searching_follows_edits_deletions_and_erasures(kit: Kit) -> None:
    person = kit.add("person", {"name": "Zoë", "consent_record": "Y"})
    kit.edit(person, {"name": "Łukasz"})
    assert (kit.count("person", text="zoe"), kit.count("person", text="lukasz")) == (0, 1)
    kit.delete(person.record_id)
    assert (kit.count("person", text="lukasz"), kit.count("person", text="lukasz", deleted=True)) == (0, 1)
    kit.restore(person.record_id)
    kit.erase(person.record_id)
    assert kit.count("person", text="lukasz") == kit.count("person", text="lukasz", deleted=True) == 0
    assert kit.check() == []


@given(st.text(max_size=80), st.text(max_size=40))
@settings(max_examples=300)
def test_every_word_of_a_text_finds_it(sentence: str, more: str) -> None:
    text = search_text(kind("feedback"), {"experience": f"{sentence} {more}"})
    for word in f"{sentence} {more}".split():
        assert not (wanted := folded_word(word)) or holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oneill", "Siobhán O’Neill came"),
        ("footcare", "…came for foot care and left with Żak"),
        ("ZAK", "…left with Żak"),
    ],
)
def test_the_place_is_shown_in_the_spelling_of_the_record(text: str, expected: str) -> None:
    message = "Siobhán O’Neill came for foot care and left with Żak"
    place = excerpt(kind("feedback"), {"experience": message}, text, "nothing", {})
    assert expected in place


def test_the_digits_of_a_number_are_in_one_word() -> None:
    assert holds("fair of 2026", "2026") and holds("room 4 2026", "2026")
    assert not holds("20 26 people", "2026") and not holds("ward 20 26 b", "2026b")
    assert holds("ward 12 b", "ward12b")


@pytest.mark.parametrize("others", [0, 40, 200])
def test_records_are_found_by_the_names_that_they_link_to_however_many_bear_them(
    kit: Kit, others: int
) -> None:
    """Names are looked up from the side with fewer records: both ways find the same."""
    names = ["Zoë O’Neill", "Bea Żak", "Foot Care"] + [f"Somebody {number}" for number in range(others)]
    zoe, bea, foot, *_ = (
        record.record_id
        for record in kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in names])
    )
    fair = kit.add("event", {"title": "Fair"}).record_id
    came = kit.add_many("attendance", [{"event": fair, "person": each} for each in (zoe, bea, foot)])
    pair = kit.add("mentorship", {"mentor": zoe, "mentee": bea}).record_id
    session = kit.add("session", {"mentorship": pair, "date": "2026-11-20"}).record_id
    for typed, found_in in (
        ("oneill", {"attendance": came[0].record_id, "mentorship": pair, "session": session}),
        ("zo", {"attendance": came[0].record_id, "mentorship": pair, "session": session}),
        ("ZAK", {"attendance": came[1].record_id, "mentorship": pair, "session": session}),
        ("footcare", {"attendance": came[2].record_id}),
        ("zoe bea", {"mentorship": pair, "session": session}),
        ("qqqq", {}),
    ):
        for kind_name in ("attendance", "mentorship", "session"):
            wanted = {found_in[kind_name]} if kind_name in found_in else set()
            assert {record.record_id for record in kit.page(kind_name, text=typed)} == wanted, (
                typed,
                kind_name,
            )
