"""Names of providers: those that mean the same one, binding a name with one command, and undoing that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import Misuse, NotFound
from fieldkit.presentation.cycle.providers import bind, names_in_use, unbind, undo
from fieldkit.records.provider_names import Named, ProviderNames
from fieldkit.store.kit import Kit
from networks import Network


def test_providers_are_known_by_name_code_and_spellings() -> None:
    names = ProviderNames(
        [
            (
                "p1",
                1,
                {
                    "name": "Birmingham Women's",
                    "ods_code": "RQ3",
                    "spellings": "Brum Women's\n\n Women's Hospital ",
                },
            ),
            ("p2", 2, {"name": "Solihull Hospital"}),
        ]
    )
    for name in ("birmingham women‘s", "RQ3", "BRUM WOMEN'S", "Women’s hospital"):
        assert names.provider_of(name) == "p1"
        assert names.name_of(name) == "Birmingham Women's"
    assert names.provider_of("Walsall") == "" and names.name_of("Walsall") == "Walsall"
    assert names.keys_of("p2") == {"solihullhospital"}
    assert names.keys_of("nobody") == frozenset()


NAMES = st.sampled_from(["A", "B", "C", "D", "E"])
PROVIDERS = st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=3)), max_size=5)


@given(PROVIDERS, st.randoms())
def test_providers_that_share_a_name_are_one_whatever_their_order(
    made: list[tuple[str, list[str]]], chance: object
) -> None:
    providers: list[Named] = [
        (f"p{number}", number, {"name": name, "spellings": "\n".join(spellings)})
        for number, (name, spellings) in enumerate(made)
    ]
    names = ProviderNames(providers)
    shuffled = list(providers)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = ProviderNames(shuffled)
    # The plain way: join groups until nothing more joins.
    groups = [
        ({record_id}, {values["name"].lower(), *values["spellings"].lower().split()})
        for record_id, _, values in providers
    ]
    joined = True
    while joined:
        joined = False
        for group in groups:
            for other_group in groups:
                if group is not other_group and group[1] & other_group[1]:
                    group[0].update(other_group[0])
                    group[1].update(other_group[1])
                    groups.remove(other_group)
                    joined = True
                    break
            if joined:
                break
    for ids, keys in groups:
        for record_id in ids:
            assert names.keys_of(record_id) == again.keys_of(record_id) == keys
        for key in keys:
            assert names.provider_of(key) == again.provider_of(key) == min(ids)


def feedback(kit: Kit, provider: str) -> None:
    kit.add("feedback", {"rating": "2", "provider": provider, "consent_record": "Y"})


def test_names_in_use_are_bound_with_one_step_and_that_is_undone(kit: Kit) -> None:
    for name in ("BSMHFT", "BSMHFT", "bsmhft", "The Barberry", "NHFT"):
        feedback(kit, name)
    assert [(used.name, used.spellings, used.records, used.provider) for used in names_in_use(kit)] == [
        ("BSMHFT", ("bsmhft",), 3, ""),
        ("NHFT", (), 1, ""),
        ("The Barberry", (), 1, ""),
    ]
    bound = bind(kit, "The Barberry", "BSMHFT")
    assert bound.sentence == "“The Barberry” now counts as BSMHFT. The feedback stays as it was written."
    assert kit.count("provider") == 1
    assert kit.provider_names().name_of("the barberry") == "BSMHFT"
    assert [used.name for used in names_in_use(kit)] == ["NHFT", "BSMHFT", "The Barberry"]
    own = bind(kit, "NHFT", "NHFT")
    assert own.sentence == "“NHFT” is now a provider of its own. The feedback stays as it was written."
    assert undo(kit, own) == 1
    assert undo(kit, bound) == 1
    assert kit.count("provider") == 0 and kit.provider_names().provider_of("The Barberry") == ""


def test_binding_to_a_known_provider_keeps_its_other_spellings(kit: Kit) -> None:
    provider = kit.add("provider", {"name": "Trust", "spellings": "The Trust"}).record_id
    kit.edit(kit.get(provider), {"ods_code": "RXT"})
    bound = bind(kit, "T. R. Ust Clinic", "rxt")
    assert kit.get(provider).values["spellings"] == "The Trust\nT. R. Ust Clinic"
    assert bind(kit, "the trust", provider).refs == ()
    assert undo(kit, bound) == 1
    assert kit.get(provider).values["spellings"] == "The Trust"
    bind(kit, "Clinic", "Trust")
    assert unbind(kit, "CLINIC").sentence == "“CLINIC” no longer counts as Trust."
    assert kit.get(provider).values["spellings"] == "The Trust"
    with pytest.raises(NotFound, match="Clinic"):
        unbind(kit, "Clinic")


def test_a_sentence_that_ends_in_a_providers_stop_has_no_second_one(kit: Kit) -> None:
    kit.add("provider", {"name": "Healthcare Co."})
    bound = bind(kit, "The clinic", "Healthcare Co.")
    assert bound.sentence.startswith("“The clinic” now counts as Healthcare Co. The feedback stays")
    assert unbind(kit, "The clinic").sentence == "“The clinic” no longer counts as Healthcare Co."


def test_two_providers_that_are_one_are_joined_and_parted(kit: Kit) -> None:
    first = kit.add("provider", {"name": "Mental Health Trust"}).record_id
    second = kit.add("provider", {"name": "MHT", "spellings": "The Grange"}).record_id
    bound = bind(kit, "MHT", "Mental Health Trust")
    assert kit.provider_names().keys_of(second) == {"mentalhealthtrust", "mht", "thegrange"}
    undo(kit, bound)
    assert kit.provider_names().keys_of(first) == {"mentalhealthtrust"}
    with pytest.raises(Misuse, match="letters"):
        bind(kit, " - ", "MHT")
    with pytest.raises(Misuse, match="telephone"):
        bind(kit, "Ring 0121 496 0000", "MHT")


def test_lists_filter_by_all_names_of_a_provider(kit: Kit) -> None:
    for name in ("BSMHFT", "The Barberry", "the barberry", "NHFT"):
        feedback(kit, name)
    assert kit.count("feedback", where={"provider": "BSMHFT"}) == 1
    bind(kit, "The Barberry", "BSMHFT")
    assert kit.count("feedback", where={"provider": "BSMHFT"}) == 3
    assert kit.count("feedback", where={"provider": "the BARBERRY"}) == 3
    assert kit.count("feedback", where={"provider": "NHFT"}) == 1


def test_names_bound_on_two_laptops_at_once_are_both_kept_by_the_next_change(net: Network) -> None:
    (a,), hub = net.others, net.hub
    provider = hub.kit.add("provider", {"name": "Solihull Hospital"}).record_id
    a.take(hub.invite())
    bind(hub.kit, "Solihul", provider)
    bind(a.kit, "The Sol", provider)
    hub.merge(*a.export())
    assert hub.kit.get(provider).conflicts
    bind(hub.kit, "Sol Hosp", provider)
    stored = hub.kit.get(provider)
    assert not stored.conflicts
    assert set(str(stored.values["spellings"]).splitlines()) == {"Solihul", "The Sol", "Sol Hosp"}


def test_a_name_that_two_laptops_bound_is_freed_by_one_command(kit: Kit) -> None:
    for name in ("Alpha Trust", "Beta Trust"):
        kit.add("provider", {"name": name, "spellings": "The Clinic"})
    freed = unbind(kit, "the clinic")
    assert kit.provider_names().provider_of("The Clinic") == ""
    assert undo(kit, freed) == 2
    assert kit.provider_names().provider_of("The Clinic")


def test_a_name_that_no_feedback_has_is_bound_and_that_is_said(kit: Kit) -> None:
    kit.add("feedback", {"provider": "St Lukes", "rating": "1"})
    assert "No feedback here names it so yet" not in bind(kit, "st lukes", "St Luke's Hospital").sentence
    assert bind(kit, "Saint Luke", "St Luke's Hospital").sentence.endswith(
        "No feedback here names it so yet."
    )
