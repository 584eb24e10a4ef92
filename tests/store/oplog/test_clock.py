"""When a laptop's clock is questioned: against all that it wrote under any origin, and against its invitation."""

from __future__ import annotations

import pytest

from fieldkit.store.renewal import renew
from fieldkit.sync.network import location
from networks import Laptop, Network
from trust_desk import back


def written(laptop: Laptop) -> Laptop:
    """The laptop, with an entry made now."""
    laptop.kit.add("feedback", {"rating": "1"})
    return laptop


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(0, ""), (0.5, ""), (2, "before the last entry was made"), (-399, ""), (-401, "more than a year after")],
)
def test_the_clock_is_held_against_the_last_entry(laptop: Laptop, days: float, sentence: str) -> None:
    written(laptop)
    back(laptop, days)
    doubt = location.doubt_clock(laptop.kit)
    assert sentence in doubt
    assert bool(doubt) == bool(sentence)


@pytest.mark.parametrize(("days", "sentence"), [(2, "before the last entry"), (-401, "after the last entry")])
def test_a_new_name_of_the_same_laptop_forgets_no_entry(laptop: Laptop, days: int, sentence: str) -> None:
    written(laptop)
    renew(laptop.kit)
    back(laptop, days)
    assert sentence in location.doubt_clock(laptop.kit)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (0, ""),
        (0.5, ""),
        (2, "before its invitation was made"),
        (-401, "a year after its invitation was made"),
    ],
)
def test_a_laptop_that_wrote_nothing_is_held_against_its_invitation(
    network: Network, days: float, sentence: str
) -> None:
    new = network.joins("new")
    back(new, days)
    doubt = location.doubt_clock(new.kit)
    assert sentence in doubt
    assert bool(doubt) == bool(sentence)


def test_other_laptops_entries_and_an_invitation_before_the_own_ones_say_nothing(network: Network) -> None:
    first, other = (network.joins(name, trusted="field") for name in ("one", "other"))
    back(first, -300)
    written(first)
    network.hub.merge(*first.export())
    other.merge(network.hub.invite())
    assert location.doubt_clock(other.kit) == ""
    assert location.doubt_clock(network.hub.kit) == ""
    back(first, -600)
    assert location.doubt_clock(first.kit) == ""


@pytest.mark.parametrize("days", [40, -500])
def test_what_somebody_has_confirmed_is_not_asked_again(network: Network, days: int) -> None:
    new = network.joins("new")
    for laptop in (new, written(network.hub)):
        renew(laptop.kit)
        back(laptop, days)
        assert location.doubt_clock(laptop.kit)
        location.confirm_clock(laptop.kit)
        assert location.doubt_clock(laptop.kit) == ""
