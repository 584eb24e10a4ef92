"""Two kits change one record and then meet: what conflicts, what does not, and how it is resolved."""

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
    first, second = new_kit("b" * 26 + ".00000001"), new_kit("c" * 26 + ".00000001")
    first.add("event", {"title": "Fair", "date": "2011-05-01", "place": "Leeds"})
    carry(first, second)
    return first, second


def _meet(first: Kit, second: Kit) -> None:
    carry(first, second)
    carry(second, first)
    assert first.state_hash() == second.state_hash()
    assert first.counts() == second.counts()
    assert [conflict.values for conflict in first.conflicts()] == [
        conflict.values for conflict in second.conflicts()
    ]
    assert first.check() == second.check() == []


def _only(kit: Kit) -> Any:
    (record,) = [*kit.page("event"), *kit.page("event", deleted=True)]
    return kit.get(record.record_id)


def test_two_edits_of_one_field_conflict_until_somebody_rules(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    first.edit(_only(first), {"title": "Health fair"})
    second.edit(_only(second), {"title": "Wellbeing fair"})
    _meet(first, second)
    (conflict,) = first.conflicts()
    assert (conflict.kind, conflict.field) == ("event", "title")
    assert {claim.value: claim.origin[0] for claim in conflict.values} == {
        "Health fair": "b",
        "Wellbeing fair": "c",
    }
    assert conflict.values[0].value == _only(first).values["title"]
    assert first.page("event")[0].conflicts == ("title",)
    first.resolve(conflict.record_id, "title", "Health and wellbeing fair")
    _meet(first, second)
    assert second.conflicts() == []
    assert _only(second).values["title"] == "Health and wellbeing fair"


def test_the_same_edit_on_both_is_no_conflict(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    for kit in pair:
        kit.edit(_only(kit), {"title": "Health fair"})
    _meet(first, second)
    assert first.conflict_count() == 0
    assert len(_only(first).heads["title"]) == 2
    # An edit that saw both replaces both.
    first.edit(_only(first), {"title": "Fair again"})
    _meet(first, second)
    assert (_only(second).values["title"], second.conflict_count()) == ("Fair again", 0)


def test_edits_of_different_fields_are_both_kept(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    first.edit(_only(first), {"title": "Health fair"})
    second.edit(_only(second), {"place": "Bradford"})
    _meet(first, second)
    assert first.conflicts() == []
    assert _only(first).values == {"title": "Health fair", "date": "2011-05-01", "place": "Bradford"}


def test_clocks_of_the_past_and_the_future_do_not_undo_a_correction(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    first.clock = lambda: YEAR_2106
    second.clock = lambda: 0
    first.edit(_only(first), {"title": "From the future"})
    _meet(first, second)
    second.edit(_only(second), {"title": "Corrected"})
    _meet(first, second)
    assert _only(first).values["title"] == "Corrected"
    assert first.conflicts() == []
    assert [step.fields.get("title") for step in second.history(_only(second).record_id)] == [
        "Corrected",
        "Fair",
        "From the future",
    ]


def test_a_deletion_that_did_not_see_an_edit_is_a_conflict(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    record_id = _only(first).record_id
    first.delete(record_id)
    second.edit(_only(second), {"title": "Health fair"})
    _meet(first, second)
    (conflict,) = first.conflicts()
    assert conflict.field == "deleted"
    assert [claim.value for claim in conflict.values] == [True, False]
    assert conflict.values[1].origin[0] == "c"
    assert (first.count("event"), first.count("event", deleted=True)) == (0, 1)
    first.resolve(record_id, "deleted", False)
    _meet(first, second)
    assert second.conflicts() == []
    assert (second.count("event"), _only(second).values["title"]) == (1, "Health fair")


def test_a_deletion_that_saw_all_counts(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    second.edit(_only(second), {"title": "Health fair"})
    _meet(first, second)
    first.delete(_only(first).record_id)
    _meet(first, second)
    assert (second.conflicts(), second.count("event"), _only(second).deleted) == ([], 0, True)
    second.restore(_only(second).record_id)
    _meet(first, second)
    assert (first.conflicts(), first.count("event"), _only(first).deleted) == ([], 1, False)


def test_a_deletion_kept_against_an_edit_resolves_it(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    first.delete(_only(first).record_id)
    second.edit(_only(second), {"title": "Health fair"})
    _meet(first, second)
    second.resolve(_only(second).record_id, "deleted", True)
    _meet(first, second)
    assert (first.conflicts(), first.count("event")) == ([], 0)


def test_deleting_on_one_and_restoring_on_the_other_conflict(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    first.delete(_only(first).record_id)
    _meet(first, second)
    first.restore(_only(first).record_id)
    second.restore(_only(second).record_id)
    second.delete(_only(second).record_id)
    _meet(first, second)
    (conflict,) = first.conflicts()
    assert (conflict.field, {claim.value for claim in conflict.values}) == ("deleted", {True, False})


def test_a_number_that_does_not_resolve_a_deletion_is_refused(pair: tuple[Kit, Kit]) -> None:
    """The edit made meanwhile is not a value of the field `deleted`: choosing it by number would leave both unchanged."""
    first, second = pair
    record_id = _only(first).record_id
    first.delete(record_id)
    second.edit(_only(second), {"title": "Health fair"})
    _meet(first, second)
    (conflict,) = first.conflicts()
    before = first.state_hash(), first.ledger.origins()
    for number in range(len(conflict.values) + 1):
        with pytest.raises(Misuse):
            first.choose(conflict, number)
    for number in (0, 1, None, "yes"):
        with pytest.raises(Misuse, match="deleted or it is not"):
            first.resolve(record_id, "deleted", number)
    assert (first.state_hash(), first.ledger.origins()) == before
    assert first.conflict_count() == 1
    first.resolve(record_id, "deleted", True)
    assert first.conflicts() == []


def test_a_number_that_resolves_a_deletion_is_taken(pair: tuple[Kit, Kit]) -> None:
    first, second = pair
    first.delete(_only(first).record_id)
    _meet(first, second)
    first.restore(_only(first).record_id)
    second.restore(_only(second).record_id)
    second.delete(_only(second).record_id)
    _meet(first, second)
    (conflict,) = first.conflicts()
    first.choose(conflict, [claim.value for claim in conflict.values].index(False))
    assert (first.conflicts(), _only(first).deleted) == ([], False)
