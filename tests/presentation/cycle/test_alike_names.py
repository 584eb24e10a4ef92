"""Similar names of providers: shown beside each other, with what they may mean."""

from __future__ import annotations

from fieldkit.presentation.cycle.alike_provider_names import MOST_OFFERED, name_list
from fieldkit.store.kit import Kit


def add_feedback(kit: Kit, name: str, times: int = 1) -> None:
    for _ in range(times):
        kit.add("feedback", {"provider": name, "rating": "1"})


def test_look_alikes_stand_beside_each_other_with_the_provider_first(kit: Kit) -> None:
    kit.add("provider", {"name": "Solihull Hospital"})
    kit.add("provider", {"name": "North East Ambulance Service"})
    add_feedback(kit, "Walsall Manor", 9)
    add_feedback(kit, "NEAS 111", 4)
    add_feedback(kit, "Solihul Hosptial", 2)
    add_feedback(kit, "North East Ambulance Service", 3)
    add_feedback(kit, "Solihull Hospital", 1)
    add_feedback(kit, "Walsal manor", 1)
    names = [name.name for name in name_list(kit).names]
    for pair in (
        ("Walsall Manor", "Walsal manor"),
        ("North East Ambulance Service", "NEAS 111"),
        ("Solihull Hospital", "Solihul Hosptial"),
    ):
        assert names.index(pair[1]) == names.index(pair[0]) + 1


def test_what_a_name_may_mean_comes_likeliest_first_and_is_never_itself(kit: Kit) -> None:
    for name in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Solihull Hospital"):
        kit.add("provider", {"name": name})
    add_feedback(kit, "Solihul Hosptial", 2)
    add_feedback(kit, "Alpha")
    names = name_list(kit)
    offers = dict(zip((name.name for name in names.names), names.offers, strict=True))
    assert offers["Solihul Hosptial"][0].name == "Solihull Hospital"
    assert all(len(each) == MOST_OFFERED for each in offers.values())
    assert "Alpha" not in {offer.name for offer in offers["Alpha"]}
    assert names.unknown == 1


def test_a_name_stands_beside_another_name_of_a_provider(kit: Kit) -> None:
    kit.add("provider", {"name": "Northamptonshire Healthcare", "spellings": "NHFT"})
    add_feedback(kit, "NHFT Forensic", 5)
    add_feedback(kit, "NHFT", 1)
    names = name_list(kit)
    assert [name.name for name in names.names] == ["NHFT", "NHFT Forensic"]
    assert names.offers[1][0].name == "Northamptonshire Healthcare"
