"""Names of people: found during typing, and distinguished from look-alikes."""

import csv
from pathlib import Path

import pytest

from fieldkit.records.people_names.likeness_reasons import Why
from fieldkit.records.people_names.name_index import NameIndex
from fieldkit.records.people_names.name_likeness import likeness
from fieldkit.records.people_names.name_words import name_words

PAIRS = list(
    csv.DictReader((Path(__file__).parents[2] / "data/names/pairs.csv").read_text("utf-8").splitlines())
)
PEOPLE = {
    "mohammed": "Mohammed Iqbal",
    "gurpreet": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
    "an": "Nguyễn Văn An",
    "obrien": "Sean O’Brien",
    "amina": "Amina Khan",
    "smith": "John Smith",
    "jane": "Mary-Jane Watson",
    "liz": "Elizabeth Taylor",
    "rahman": "Abdul Rahman",
    "ali": "محمد علی",
}


def names_found(letters: str) -> list[str]:
    return [match.id for match in NameIndex(PEOPLE.items()).find(letters)]


@pytest.mark.parametrize(
    ("letters", "person"),
    [
        ("moh", "mohammed"),
        ("muham", "mohammed"),
        ("iq", "mohammed"),
        ("iqbal m", "mohammed"),
        ("gurp", "gurpreet"),
        ("kour gur", "gurpreet"),
        ("ਗੁਰ", "gurpreet"),
        ("an ng", "an"),
        ("Nguyễn", "an"),
        ("o'b", "obrien"),
        ("OBRIEN", "obrien"),
        ("o brien sh", "obrien"),
        ("ameena", "amina"),
        ("smit j", "smith"),
        ("jon sm", "smith"),
        ("maryj", "jane"),
        ("mary jane", "jane"),
        ("liz", "liz"),
        ("abdurreh", "rahman"),
        ("abdul r", "rahman"),
        ("mohammed ali", "ali"),
        ("iqabl", "mohammed"),
        ("Khan, A", "amina"),
    ],
)
def test_a_few_letters_find_a_person_in_any_order_spelling_and_script(letters: str, person: str) -> None:
    assert person in names_found(letters)


def test_who_begins_with_the_letters_comes_before_who_only_sounds_so() -> None:
    index = NameIndex([("1", "Muhammad Khan"), ("2", "Mohammed Khan"), ("3", "Khan Mohsin")])
    assert [match.id for match in index.find("moh")] == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("known", "typed", "why"),
    [
        ("Joan Baker", "Joan Barker", Why.TYPING),
        ("Joan Baker", "Joan Bakre", Why.TYPING),
        ("Amina Khan", "Amira Khan", Why.TYPING),
        ("Jamal Uddin", "Jamil Uddin", Why.TYPING),
        ("Mark Ward", "Mary Ward", Why.TYPING),
        ("Nicola Brown", "Nicole Brown", Why.TYPING),
        ("Dan Hall", "Ben Hall", Why.TYPING),
        ("J Smith", "John Smith", Why.INITIAL),
        ("William Jones", "Bill Jones", Why.SHORT),
    ],
)
def test_the_word_that_fits_worst_says_whether_it_is_the_same_name(known: str, typed: str, why: Why) -> None:
    (match,) = NameIndex([("1", known)]).find(typed)
    assert (match.why, match.same_name) == (why, False)


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Mohammed Iqbal", "Muhammad Iq"),
        ("Gurpreet Kaur", "kour gur"),
        ("ਗੁਰਪ੍ਰੀਤ ਕੌਰ", "gurpreet k"),
        ("محمد علی", "mohammed ali"),
        ("Nguyễn Văn An", "an nguyen"),
        ("Nguyễn Văn An", "van an ng"),
        ("Zoë O’Neill", "oneill zoe"),
        ("Amina Khan", "ameen"),
        ("Khalid Walid", "khalid bin walid"),
    ],
)
def test_spellings_orders_and_scripts_of_a_name_are_the_same_name(known: str, typed: str) -> None:
    (match,) = NameIndex([("1", known)]).find(typed)
    assert match.same_name, match.why


def test_two_words_typed_are_not_taken_for_one_initial() -> None:
    assert NameIndex([("1", "J Smith")]).find("Joan Barker") == []


@pytest.mark.parametrize(
    "letters", ["", " ", "'", "-", "😀", "\u200b", "(", "٠", "x" * 5_000, "a b c d e f g h i j k"]
)
def test_letters_without_a_name_in_them_find_nobody(letters: str) -> None:
    assert names_found(letters) == []


def test_a_name_is_kept_up_without_reading_all_again() -> None:
    index = NameIndex(PEOPLE.items())
    index.add("new", "Zeynep Öztürk")
    assert [match.id for match in index.find("ozt")] == ["new"]
    index.add("new", "Zeynep Kaya")
    assert index.find("ozt") == []
    index.remove("new")
    index.remove("nobody")
    assert index.find("zey") == [] and len(index) == len(PEOPLE)


def test_look_alikes_are_few_and_not_missed() -> None:
    """At least 95 of 100 spellings of one name are recognised, and at most 5 of 100 different people are mistaken for one."""
    offered = {
        people: [
            bool(NameIndex([("1", pair["one"])]).look_alikes(pair["other"]))
            for pair in PAIRS
            if pair["people"] == people
        ]
        for people in ("same", "different")
    }
    assert sum(offered["same"]) >= 0.95 * len(offered["same"])
    assert sum(offered["different"]) <= 0.05 * len(offered["different"])


@pytest.mark.parametrize(
    "pair",
    [
        ("Amina Khan", "Amira Khan"),
        ("John Smith", "Joan Smith"),
        ("Gurpreet Kaur", "Gurpreet Singh"),
        ("Christina Okafor", "Christine Okafor"),
        ("Anna Ferrari", "Anna Ferraro"),
        ("Elena Moreno", "Elena Morena"),
        ("Dee Adeyemi", "Dee Adeleke"),
        ("Dee Adeyemi", "Bee Adeyeme"),
        ("Mohammed Akhtar", "Mohammed Akhtam"),
    ],
)
def test_names_of_different_people_are_not_alike(pair: tuple[str, str]) -> None:
    assert NameIndex([("1", pair[0])]).look_alikes(pair[1]) == []


def test_the_order_of_two_names_does_not_change_how_alike_they_are() -> None:
    for pair in PAIRS:
        first, other = name_words(pair["one"]), name_words(pair["other"])
        assert likeness(first, other) == likeness(other, first), pair


@pytest.mark.parametrize(
    ("entry", "other", "why"),
    [
        ("Amina Khan", "AMINA KHAN", Why.SAME),
        ("Amina Khan", "Khan Amina", Why.ORDER),
        ("Amina Khan", "Dr Amina Khan", Why.SAME),
        ("Amina Khan", "Ameena Khan", Why.SPELLING),
        ("Gurpreet Kaur", "ਗੁਰਪ੍ਰੀਤ ਕੌਰ", Why.SCRIPT),
        ("Elizabeth Taylor", "Liz Taylor", Why.SHORT),
        ("Rebecca Brown", "Rebceca Brown", Why.TYPING),
        ("Dee Adeyemi", "Dee Adeyeme", Why.TYPING),
        ("Asha Sharme", "Asha Sharma", Why.TYPING),
        ("J. Smith", "John Smith", Why.INITIAL),
        ("Gurpreet Gill", "Gurpreet Kaur Gill", Why.MORE),
        ("Mary-Jane Watson", "Maryjane Watson", Why.SPACING),
    ],
)
def test_each_look_alike_says_why(entry: str, other: str, why: Why) -> None:
    (match,) = NameIndex([("1", entry)]).look_alikes(other)
    assert match.why == why


def test_the_likeliest_look_alike_comes_first() -> None:
    index = NameIndex([("1", "J. Smith"), ("2", "Jon Smith"), ("3", "John Smith"), ("4", "John Paul Smith")])
    assert [match.id for match in index.look_alikes("John Smith")] == ["3", "2", "4", "1"]
