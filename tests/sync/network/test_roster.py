"""The roster: to whom bundles are sealed, invalid keys, and the names of laptops."""

from __future__ import annotations

import pyrage
import pytest

from fieldkit.errors import Misuse
from fieldkit.sync.bundle.keys import PublicKey
from fieldkit.sync.export.export import export
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.network.identity import checked_name
from fieldkit.sync.network.roster import Roster
from networks import Network, Writer, op
from planted import state_key


def test_bundles_are_sealed_to_every_coordinator(network: Network) -> None:
    deputy = network.joins("Deputy", trusted="")
    (first,) = deputy.export()
    network.hub.merge(first)
    network.hub.trust(deputy, "deputy", "Deputy")
    laptop = network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    (bundle,) = laptop.export()
    deputy.merge(network.hub.invite())
    assert deputy.take(bundle).status == MERGED
    assert network.hub.take(bundle).status == MERGED


@pytest.mark.parametrize("key", ["age1" + "q" * 58, "age1 not a key", "age1"])
@pytest.mark.parametrize("role", ["deputy", "field"])
def test_an_invalid_key_stops_nobody(network: Network, role: str, key: str) -> None:
    """The key that a laptop states in a bundle."""
    hub, laptop, other = network.hub, network.joins("D", trusted=role), network.joins("A", trusted="field")
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(op(writer.origin))
    header = writer.header([writer.span(lines)], age=key)
    (file,) = hub.merge(writer.bundle(lines, header=header)).files
    assert file.status == MERGED
    assert ("key" in file.sentence) is (role == "deputy")
    hub.trust(laptop, "deputy")
    hub.kit.add("event", {"title": "Fair"})
    hub.export()
    other.merge(hub.invite())
    other.kit.add("feedback", {"rating": "1"})
    assert hub.merge(*other.export()).files[0].status == MERGED
    # Its next bundle states a valid key.
    hub.merge(*laptop.export())
    assert Roster(hub.kit, hub.me).recipients() == sorted([hub.me.age_public, laptop.me.age_public])


def test_an_invalid_key_on_the_roster_is_left_out_and_shown(network: Network) -> None:
    hub, deputy, other = (
        network.hub,
        network.joins("D", trusted="deputy"),
        network.joins("A", trusted="field"),
    )
    hub.merge(*deputy.export())
    state_key(hub.kit, deputy.me.key.public, "age1" + "q" * 58)
    other.merge(hub.invite())
    (written,) = export(hub.kit, hub.me, network.folder)
    # The hub knows another key of the deputy, from its bundle.
    assert (written.recipients, written.unreadable) == (2, ())
    (written,) = export(other.kit, other.me, network.folder)
    assert (written.recipients, written.unreadable) == (1, ("D",))
    hub.merge(*deputy.export())
    assert hub.kit.get(deputy.me.device).values["age_key"] == deputy.me.age_public


def test_a_laptop_is_named_for_everybody_once_its_bundle_has_said_how(network: Network) -> None:
    hub, laptop, other = network.hub, network.joins("Gurdwara 1"), network.joins("B", trusted="field")
    hub.trust(laptop)
    assert hub.kit.get(laptop.me.device).values["name"] == laptop.me.key.public.six_words
    hub.merge(*laptop.export())
    assert hub.kit.get(laptop.me.device).values["name"] == "Gurdwara 1"
    other.merge(hub.invite())
    assert other.kit.get(laptop.me.device).values["name"] == "Gurdwara 1"
    held = hub.kit.ledger.origins()
    hub.merge(*laptop.export())
    assert hub.kit.ledger.origins() == held
    # The name that a coordinator gave a laptop is kept.
    hub.trust(laptop, name="The old one")
    hub.merge(*laptop.export(full=True))
    assert hub.kit.get(laptop.me.device).values["name"] == "The old one"


def test_a_record_of_another_kind_names_no_recipient(network: Network) -> None:
    """Under the id of a coordinator whose key is in doubt; any laptop can write one."""
    hub, deputy, laptop = network.hub, network.joins("D"), network.joins("A", trusted="field")
    strange = str(pyrage.x25519.Identity.generate().to_public())
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(
        op(writer.origin, kind="lantern", record_id=deputy.me.device, fields={"age_key": strange})
    )
    refused = hub.take(writer.bundle(lines))
    assert (refused.status, refused.reason) == (QUARANTINED, "not-allowed")
    hub.trust(deputy, "deputy", "D")
    hub.merge(*deputy.export())
    deputy.merge(hub.invite())
    keys = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2)]
    hub.kit.put("device", deputy.me.device, {"age_key": keys[0]})
    state_key(hub.kit, deputy.me.key.public, keys[0])
    state_key(deputy.kit, deputy.me.key.public, keys[1])
    hub.merge(*deputy.export())
    # What the laptop itself wrote counts, and not what another coordinator wrote into its record.
    assert Roster(hub.kit, hub.me).recipients() == sorted([keys[1], hub.me.age_public])


@pytest.mark.parametrize(
    "disguise",
    [
        "{}",
        "{}\u200b",
        "-{}-",
        "{} (this laptop)",
        "{} (THIS  laptop)",
        "\u202e{}\u202c",
        "{}\u0301",
        "{}\u2800",
        "{}\u3164",
        "\uffa0{}\u115f",
        "{}\u17b4",
        "{}\u0730",
        "{}\ua670",
    ],
)
def test_a_laptop_that_calls_itself_like_the_coordinator_is_shown_with_its_fingerprint(
    network: Network, disguise: str
) -> None:
    hub, honest = network.hub, network.joins("Gurdwara 1", trusted="field")
    impostor = network.joins("B", trusted="field")
    own = Roster(hub.kit, hub.me).members[hub.me.device].shown
    hub.kit.put("device", impostor.me.device, {"name": disguise.format(own.upper())})
    members = Roster(hub.kit, hub.me).members
    text = impostor.me.key.public.six_words.split()
    assert members[impostor.me.device].shown == f"{members[impostor.me.device].name} ({text[0]} {text[1]} …)"
    assert members[hub.me.device].shown.startswith(f"{own} (")
    assert members[honest.me.device].shown == "Gurdwara 1"
    with pytest.raises(Misuse, match="More than one laptop") as asked:
        Roster(hub.kit, hub.me).find(members[impostor.me.device].name)
    assert impostor.me.key.public.fingerprint in asked.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "Нub 10",
        "Ηυb 10",
        "hub lO",
        "ＨＵＢ １０",
        "ℋub 𝟏0",
        "Ꮋub 1o",
        "ꓧꓴꓐ 10",
        "Hսb Iо",
        "Hüb 10",
        "Hub 10 (tһіѕ lарtор)",
    ],
)
def test_a_name_in_letters_that_look_alike_is_shown_with_its_fingerprint(network: Network, name: str) -> None:
    hub, first, second = network.hub, network.joins("A", trusted="field"), network.joins("B", trusted="field")
    other = network.joins("C", trusted="field")
    for laptop, called in ((first, "Hub 10"), (second, name), (other, "Ноd 10")):
        hub.kit.put("device", laptop.me.device, {"name": called})
    members = Roster(hub.kit, hub.me).members
    assert members[first.me.device].shown.startswith("Hub 10 (")
    assert members[second.me.device].shown.endswith(" …)")
    assert members[other.me.device].shown == "Ноd 10"


@pytest.mark.parametrize("name", ["\u3164", "\u200b\u200d", "\u2800 \u17b5", "\u00ad"])
def test_a_laptop_without_a_name_that_is_seen_is_called_by_its_words(network: Network, name: str) -> None:
    hub, laptop = network.hub, network.joins("B")
    hub.trust(laptop)
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(op(writer.origin))
    hub.take(writer.bundle(lines, header=writer.header([writer.span(lines)], device_name=name)))
    text = laptop.me.key.public.six_words
    assert Roster(hub.kit, hub.me).members[laptop.me.device].shown == text
    hub.kit.put("device", laptop.me.device, {"name": name})
    assert Roster(hub.kit, hub.me).members[laptop.me.device].shown == text
    with pytest.raises(Misuse, match="is needed"):
        checked_name(name, "The name")


def test_names_of_one_script_stay_apart(network: Network) -> None:
    names = ["Гурдвара", "ГУРДВАРА 2", "Ναός", "ਗੁਰਦੁਆਰਾ", "ਗਰਦੁਆਰਾ", "مسجد", "Hall 1", "Hall 2", "Hail 11"]
    laptops = [network.joins(f"L{number}", trusted="field") for number in range(len(names))]
    for laptop, name in zip(laptops, names, strict=True):
        network.hub.kit.put("device", laptop.me.device, {"name": name})
    members = Roster(network.hub.kit, network.hub.me).members
    assert [members[laptop.me.device].shown for laptop in laptops] == names


def test_the_first_bundle_of_a_laptop_passes_for_no_other(network: Network) -> None:
    """A laptop that was trusted by its key alone states its name in its bundle: the report of that merge shows whose it is."""
    hub = network.hub
    hub.kit.put("device", hub.me.device, {"name": "Hub"})
    laptop = network.joins("Hub\u200b")
    hub.trust(laptop)
    writer = Writer(laptop, [hub.me.age_public])
    lines = writer.lines(op(writer.origin))
    header = writer.header([writer.span(lines)], device_name="Нub")
    first, second = laptop.me.key.public.six_words.split()[:2]
    assert hub.take(writer.bundle(lines, header=header)).device == f"Нub ({first} {second} …)"


def test_six_words_of_two_laptops_name_neither(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another key with the same six words can be made, with patience."""
    hub, first, second = network.hub, network.joins("A", trusted="field"), network.joins("B", trusted="field")
    text = first.me.key.public.six_words
    monkeypatch.setattr(PublicKey, "six_words", property(lambda key: text))
    with pytest.raises(Misuse, match="More than one laptop") as asked:
        Roster(hub.kit, hub.me).find(text)
    assert second.me.key.public.fingerprint in asked.value.hint
    assert Roster(hub.kit, hub.me).find(second.me.key.public.fingerprint).device == second.me.device
