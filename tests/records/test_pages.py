"""The pages on which a kind is asked, and the key of each answer."""

from __future__ import annotations

import pytest

from fieldkit.records.schema.answer_digits import answer_digits
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind, kinds
from fields import ALL_FIELDS

FEEDBACK = kind("feedback")


def keys_of(name: str, codes: list[str] | None = None) -> dict[str, str]:
    return {code: key for key, code in answer_digits(FEEDBACK.fields[name], codes)}


def test_feedback_is_asked_on_three_pages_and_every_other_field_at_the_desk_or_by_the_set_up() -> None:
    assert [page.name for page in FEEDBACK.pages] == ["notice", "say", "them"]
    notice, say, them = FEEDBACK.pages
    assert notice.notice and notice.gate == "consent_record" and len(notice.fields) == 3
    assert set(say.more) >= {"expectation", "need", "aspiration"}
    assert set(them.fields) == {name for name, spec in FEEDBACK.fields.items() if spec.monitoring}
    assert them.decline_rest and them.reason
    assert set(FEEDBACK.set_up) == {"event", "date", "consent_date", "consent_by", "consent_notice"}


def test_pages_name_each_field_of_their_kind_at_most_once() -> None:
    assert any(entry.pages for entry in kinds().values())
    for entry in kinds().values():
        asked = [name for page in entry.pages for name in page.all_fields]
        assert len(asked) == len(set(asked)) and set(asked) <= set(entry.fields)
        assert set(entry.set_up) <= set(entry.fields) and not set(entry.set_up) & set(asked)
        assert not {page.gate for page in entry.pages} - {""} - set(entry.fields)


def test_short_lists_have_digits_long_ones_letters_and_the_longest_none() -> None:
    assert list(keys_of("rating").values()) == ["1", "2", "3", "4", "5", "6"]
    assert keys_of("consent_record") == {"Y": "1", "N": "2", "Z": "0"}
    ethnic = keys_of("ethnic_group")
    assert (ethnic["1"], ethnic["19"], ethnic["Z"]) == ("a", "s", "0")
    assert keys_of("language") == {"declined": "0"}


def test_not_asked_has_no_key_and_a_kind_of_cancer_follows_cancer() -> None:
    assert "N" not in keys_of("religion") and keys_of("religion")["M"] == "0"
    service = keys_of("service_area")
    assert (service["cancer"], service["prostate-cancer"], service["mental-health"]) == ("b", "b1", "c")


def test_a_networks_own_terms_follow_and_those_without_a_letter_have_no_key() -> None:
    known = [entry.code for entry in FEEDBACK.fields["service_area"].code_list.entries]
    keys = keys_of("service_area", [*known, *(f"own-{number}" for number in range(20))])
    assert keys["other"] == "n" and keys["own-0"] == "o" and keys["own-11"] == "z" and "own-12" not in keys


@pytest.mark.parametrize("spec", [spec for _, spec in ALL_FIELDS if spec.codes], ids=lambda spec: spec.name)
def test_no_two_answers_share_a_key_and_none_but_a_kind_of_another_begins_like_one(spec: FieldSpec) -> None:
    keys = [key for key, _ in answer_digits(spec)]
    assert len(keys) == len(set(keys))
    assert all(len(key) == 1 or key[0] in keys for key in keys)
