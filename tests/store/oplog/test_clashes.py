"""Two kits that change one record and then meet: what clashes, what does not, and how it is settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit.errors import Misuse
from fieldkit.store.kit import Kit
from streams import YEAR_2106, carry


@pytest.fixture
def pair(new_kit: Callable[..., Kit]) -> tuple[Kit, Kit]:
    """Two kits that hold the same event."""
    one, two = new_kit("b" * 26 + ".00000001"), new_kit("c" * 26 + ".00000001")
    one.add("event", {"title": "Fair", "date": "2011-05-01", "place": "Leeds"})
    carry(one, two)
    return one, two


def _meet(one: Kit, two: Kit) -> None:
    carry(one, two)
    carry(two, one)
    assert one.state_hash() == two.state_hash()
    assert one.counts() == two.counts()
    assert [conflict.values for conflict in one.conflicts()] == [
        conflict.values for conflict in two.conflicts()
    ]
    assert one.check() == two.check() == []


def _only(kit: Kit) -> Any:
    (record,) = [*kit.page("event"), *kit.page("event", deleted=True)]
    return kit.get(record.record_id)


def test_two_edits_of_one_field_clash_until_somebody_rules(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    one.edit(_only(one), {"title": "Health fair"})
    two.edit(_only(two), {"title": "Wellbeing fair"})
    _meet(one, two)
    (conflict,) = one.conflicts()
    assert (conflict.kind, conflict.field) == ("event", "title")
    assert {claim.value: claim.origin[0] for claim in conflict.values} == {
        "Health fair": "b",
        "Wellbeing fair": "c",
    }
    assert conflict.values[0].value == _only(one).values["title"]
    assert one.page("event")[0].conflicts == ("title",)
    one.resolve(conflict.record_id, "title", "Health and wellbeing fair")
    _meet(one, two)
    assert two.conflicts() == []
    assert _only(two).values["title"] == "Health and wellbeing fair"


def test_the_same_edit_on_both_is_no_clash(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    for kit in pair:
        kit.edit(_only(kit), {"title": "Health fair"})
    _meet(one, two)
    assert one.conflict_count() == 0
    assert len(_only(one).heads["title"]) == 2
    # An edit that saw both replaces both.
    one.edit(_only(one), {"title": "Fair again"})
    _meet(one, two)
    assert (_only(two).values["title"], two.conflict_count()) == ("Fair again", 0)


def test_edits_of_different_fields_are_both_kept(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    one.edit(_only(one), {"title": "Health fair"})
    two.edit(_only(two), {"place": "Bradford"})
    _meet(one, two)
    assert one.conflicts() == []
    assert _only(one).values == {"title": "Health fair", "date": "2011-05-01", "place": "Bradford"}


def test_clocks_of_the_past_and_the_future_do_not_undo_a_correction(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    one.clock = lambda: YEAR_2106
    two.clock = lambda: 0
    one.edit(_only(one), {"title": "From the future"})
    _meet(one, two)
    two.edit(_only(two), {"title": "Corrected"})
    _meet(one, two)
    assert _only(one).values["title"] == "Corrected"
    assert one.conflicts() == []
    assert [step.fields.get("title") for step in two.history(_only(two).record_id)] == [
        "Corrected",
        "Fair",
        "From the future",
    ]


def test_a_deletion_that_did_not_see_an_edit_is_a_clash(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    record_id = _only(one).record_id
    one.delete(record_id)
    two.edit(_only(two), {"title": "Health fair"})
    _meet(one, two)
    (conflict,) = one.conflicts()
    assert conflict.field == "deleted"
    assert [claim.value for claim in conflict.values] == [True, False]
    assert conflict.values[1].origin[0] == "c"
    assert (one.count("event"), one.count("event", deleted=True)) == (0, 1)
    one.resolve(record_id, "deleted", False)
    _meet(one, two)
    assert two.conflicts() == []
    assert (two.count("event"), _only(two).values["title"]) == (1, "Health fair")


def test_a_deletion_that_saw_all_stands(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    two.edit(_only(two), {"title": "Health fair"})
    _meet(one, two)
    one.delete(_only(one).record_id)
    _meet(one, two)
    assert (two.conflicts(), two.count("event"), _only(two).deleted) == ([], 0, True)
    two.restore(_only(two).record_id)
    _meet(one, two)
    assert (one.conflicts(), one.count("event"), _only(one).deleted) == ([], 1, False)


def test_a_deletion_kept_against_an_edit_settles_it(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    one.delete(_only(one).record_id)
    two.edit(_only(two), {"title": "Health fair"})
    _meet(one, two)
    two.resolve(_only(two).record_id, "deleted", True)
    _meet(one, two)
    assert (one.conflicts(), one.count("event")) == ([], 0)


def test_deleting_on_one_and_restoring_on_the_other_clash(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    one.delete(_only(one).record_id)
    _meet(one, two)
    one.restore(_only(one).record_id)
    two.restore(_only(two).record_id)
    two.delete(_only(two).record_id)
    _meet(one, two)
    (conflict,) = one.conflicts()
    assert (conflict.field, {claim.value for claim in conflict.values}) == ("deleted", {True, False})


def test_a_number_that_does_not_settle_a_deletion_is_refused(pair: tuple[Kit, Kit]) -> None:
    """What was edited meanwhile is no value of the deletion's own: choosing the deletion would leave both as they were."""
    one, two = pair
    record_id = _only(one).record_id
    one.delete(record_id)
    two.edit(_only(two), {"title": "Health fair"})
    _meet(one, two)
    (conflict,) = one.conflicts()
    before = one.state_hash(), one.ledger.origins()
    for number in range(len(conflict.values) + 1):
        with pytest.raises(Misuse):
            one.choose(conflict, number)
    for number in (0, 1, None, "yes"):
        with pytest.raises(Misuse, match="deleted or it is not"):
            one.resolve(record_id, "deleted", number)
    assert (one.state_hash(), one.ledger.origins()) == before
    assert one.conflict_count() == 1
    one.resolve(record_id, "deleted", True)
    assert one.conflicts() == []


def test_a_number_that_does_settle_a_deletion_is_taken(pair: tuple[Kit, Kit]) -> None:
    one, two = pair
    one.delete(_only(one).record_id)
    _meet(one, two)
    one.restore(_only(one).record_id)
    two.restore(_only(two).record_id)
    two.delete(_only(two).record_id)
    _meet(one, two)
    (conflict,) = one.conflicts()
    one.choose(conflict, [claim.value for claim in conflict.values].index(False))
    assert (one.conflicts(), _only(one).deleted) == ([], False)
