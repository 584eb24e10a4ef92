"""The verdict on a file: skipped, a receipt, known, to be merged or refused; asking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.container import read_container, read_file
from fieldkit.sync.bundle.manifest import open_container
from fieldkit.sync.merge.classify import Outcome, Verdict, classify, refused
from fieldkit.sync.merge.incoming_file import IncomingFile
from fieldkit.sync.merge.relevance import OTHERS, OWN, open_keys
from fieldkit.sync.network.identity import age_secrets
from fieldkit.sync.network.roster import Roster
from networks import Laptop, Network


def read(path: Path) -> IncomingFile:
    return IncomingFile(path, opened=open_container(read_container(read_file(path))))


def verdict(at: Laptop, file: IncomingFile, *, merged: bool = False, kept: bool = False) -> Verdict:
    before = at.kit.state_hash()
    keys = open_keys(age_secrets(at.kit))
    result = classify(file, Roster(at.kit, at.me), keys, kept=kept, merged=lambda _: merged)
    assert at.kit.state_hash() == before
    return result


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network.create(tmp_path)
    yield made
    made.close()


def bundle(laptop: Laptop) -> IncomingFile:
    laptop.kit.add("feedback", {"rating": "2"})
    [*_, path] = laptop.export()
    return read(path)


def test_a_bundle_of_a_trusted_laptop_is_merged_once(network: Network) -> None:
    laptop = network.joins("St Mary", trusted="field")
    file = bundle(laptop)
    result = verdict(network.hub, file)
    assert result.outcome is Outcome.MERGE
    assert result.member is not None and result.member.device == laptop.me.device
    assert verdict(network.hub, file, merged=True).outcome is Outcome.KNOWN


def test_a_laptop_skips_its_own_files_and_those_for_others(network: Network) -> None:
    laptop = network.joins("St Mary", trusted="field")
    other = network.joins("Hall", trusted="field")
    file = bundle(laptop)
    assert verdict(laptop, file) == Verdict(Outcome.SKIP, sentence=OWN)
    assert verdict(other, file) == Verdict(Outcome.SKIP, sentence=OTHERS)
    assert verdict(other, file, kept=True).outcome is not Outcome.SKIP


def test_an_unknown_sender_is_refused_and_no_seal_is_opened(network: Network) -> None:
    file = bundle(network.joins("St Mary"))
    result = verdict(network.hub, file)
    assert result.outcome is Outcome.REFUSE and result.member is None
    assert result.refusal is not None and result.refusal.reason == "unknown-sender"
    assert file.unsealed is None


def test_a_receipt_is_one_only_from_a_trusted_laptop(network: Network) -> None:
    laptop = network.joins("St Mary", trusted="field")
    file = read(network.hub.receipt())
    assert verdict(laptop, file).outcome is Outcome.RECEIPT
    stranger = Network.create(network.folder / "elsewhere", "Elsewhere")
    result = verdict(stranger.hub, file)
    assert result.refusal is not None and result.refusal.reason == "wrong-network"
    stranger.close()


def test_what_could_not_be_read_or_opened_is_refused_for_that_reason(network: Network) -> None:
    laptop = network.joins("St Mary", trusted="field")
    unreadable = IncomingFile(Path("x.fkb"), refusal=BundleRefused("damaged", "It is damaged."))
    assert verdict(network.hub, unreadable).refusal is unreadable.refusal
    nothing = verdict(network.hub, IncomingFile(Path("x.fkb")))
    assert nothing.refusal is not None and nothing.refusal.reason == "damaged"
    file = bundle(laptop)
    file.not_unsealed = BundleRefused("not-for-us", "It is sealed for another laptop.")
    assert verdict(network.hub, file).refusal is file.not_unsealed


def test_an_own_file_that_this_laptop_can_t_open_any_more_is_no_trouble(network: Network) -> None:
    deputy = network.joins("Deputy", trusted="deputy")
    file = bundle(deputy)
    refusal = BundleRefused("not-for-us", "It is sealed for another laptop.")
    assert refused(refusal, file, deputy.me) == Verdict(Outcome.SKIP, None, OWN)
    assert refused(refusal, file, network.hub.me).outcome is Outcome.REFUSE
