"""The code lists: complete, as published, and each answer found by its label."""

from __future__ import annotations

from collections import Counter

import pytest

from fieldkit.records.schema.codes import code_list, code_list_names
from fieldkit.records.schema.lookup import find
from fieldkit.records.schema.parse import parse
from fields import ALL_FIELDS


@pytest.mark.parametrize("name", code_list_names())
def test_every_list_is_whole(name: str) -> None:
    answers = code_list(name)
    assert answers.title and answers.source
    assert len(answers.codes) == len(answers.entries) > 1
    labels = Counter(entry.label.casefold() for entry in answers.entries)
    assert max(labels.values()) == 1
    # Published tables also hold sums and groups of groups, which are not people's answers.
    of_tables = {"total", "parent", "unknown"} if name.startswith("scheme_") else set()
    for entry in answers.entries:
        assert entry.role in {"", "declined", "not-asked", "alone", *of_tables}
        assert entry.code == entry.code.strip() and entry.label == entry.label.strip() != ""
        assert find(answers, entry.code, {}) == find(answers, entry.label.upper(), {}) == entry.code


def test_no_word_names_two_answers() -> None:
    for name in code_list_names():
        for entry in code_list(name).entries:
            for text in filter(None, entry.get("also").split(";")):
                assert find(code_list(name), text, {}) == entry.code, (name, text)


def test_lists_have_the_published_number_of_answers() -> None:
    counts = {
        "theme": 31,
        "region": 8,
        "cluster": 42,
        "fft_rating": 6,
        "mentoring_level": 4,
        "framework_action": 6,
        "audience": 6,
        "band": 15,
        "change_status": 5,
        "framework_grade": 4,
    }
    assert {name: len(code_list(name).entries) for name in counts} == counts


def test_each_region_has_its_clusters_as_published() -> None:
    regions = code_list("region")
    clusters = code_list("cluster").entries
    assert Counter(regions.label(entry.get("region")) for entry in clusters) == {
        "London": 6,
        "West Midlands": 5,
        "East Midlands": 5,
        "East of England": 8,
        "South Central": 3,
        "South East Coast": 3,
        "South West": 6,
        "Yorkshire & Humber": 6,
    }
    assert all(entry.get("group") == regions.label(entry.get("region")) for entry in clusters)
    assert "Southampton Hampshire Isle of Wight and Portsmouth" in {entry.label for entry in clusters}


def test_every_ethnic_group_has_its_nhs_category() -> None:
    groups, categories = code_list("ethnic_group"), code_list("ethnic_category")
    derived = {entry.code: entry.get("nhs") for entry in groups.entries}
    assert "".join(derived[str(number)] for number in range(1, 20)) == "KRHJLNMPFEDGABCCCSS"
    assert derived["Z"] == "Z" == groups.declined
    assert set(derived.values()) | {"99"} == categories.codes


def test_the_open_lists_are_those_a_network_may_add_to() -> None:
    assert {name for name in code_list_names() if code_list(name).open} == code_list("open_list").codes


def test_every_monitoring_question_says_why_and_can_be_declined() -> None:
    block = [spec for _, spec in ALL_FIELDS if spec.monitoring]
    assert len(block) == 24
    for spec in block:
        assert not spec.required and not spec.listed and "Why we ask" in spec.help
        assert parse(spec, "prefer not to say") in ("Z", "M", "declined", ["ZZ"])
        assert parse(spec, "") is None
