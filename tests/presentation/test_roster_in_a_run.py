"""The roster changes during a merge: later files are judged by the new roster, however they are merged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from fieldkit.store.kit import Stored
from fieldkit.store.local.known_settings import RECEIPTS
from fieldkit.sync.bundle.prefetch import Ahead
from fieldkit.sync.merge import merge as merging
from fieldkit.sync.merge import merge_run
from fieldkit.sync.merge.report import MERGED, QUARANTINED, MergeReport
from fieldkit.sync.setup import revoke
from networks import Laptop, Network


class Region:
    """A network with two deputies, who hold each other's keys and a field laptop's records."""

    def __init__(self, network: Network) -> None:
        self.hub = network.hub
        self.deputy = network.joins("Deputy", trusted="deputy")
        self.region = network.joins("Region", trusted="deputy")
        self.field = network.joins("Field", trusted="field")
        self.hub.merge(*self.deputy.export(), *self.region.export())
        for laptop in network.others:
            laptop.merge(self.hub.invite())
        self.feedback = self.field.kit.add("feedback", {"rating": "2", "experience": "precious"})
        self.hub.merge(*self.field.export())
        for laptop in (self.deputy, self.region):
            laptop.merge(*self.hub.export())

    def shuts_out(self) -> Path:
        """The network file after the deputy was revoked."""
        revoke(self.hub.kit, self.hub.me, self.deputy.me.key.public.fingerprint)
        return self.hub.invite()

    def demotes(self) -> Path:
        """The network file after the deputy was made a field laptop."""
        self.hub.trust(self.deputy, "field")
        return self.hub.invite()


@pytest.fixture
def at(network: Network) -> Region:
    return Region(network)


def erased_by(deputy: Laptop, record: Stored) -> list[Path]:
    """The deputy's bundle after it erased a record."""
    deputy.kit.erase(record.record_id)
    return deputy.export()


def merged(laptop: Laptop, paths: Sequence[Path], *, at_once: bool) -> list[tuple[str, str]]:
    """The result for each file, in one run, which a dry run must predict, or in a separate run for each."""

    def became(report: MergeReport) -> list[tuple[str, str]]:
        return sorted((file.path, f"{file.status} {file.reason}".strip()) for file in report.files)

    if not at_once:
        return sorted(file for path in paths for file in became(laptop.merge(path)))
    preview = laptop.merge(*paths, dry_run=True)
    done = laptop.merge(*paths)
    assert became(preview) == became(done)
    return became(done)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(("change", "reason"), [("shuts_out", "revoked-sender"), ("demotes", "not-allowed")])
def test_a_deputy_of_before_does_nothing_by_a_later_file(
    at: Region, at_once: bool, change: str, reason: str
) -> None:
    bundle = erased_by(at.deputy, at.feedback)
    network_file = getattr(at, change)()
    became = merged(at.region, [network_file, *bundle], at_once=at_once)
    assert dict(became) == {str(network_file): MERGED, str(bundle[0]): f"{QUARANTINED} {reason}"}
    assert at.region.kit.get(at.feedback.record_id).values["experience"] == "precious"
    assert [file.reason for file in at.region.kit.ledger.quarantine()] == [reason]


@pytest.mark.parametrize("at_once", [True, False])
def test_what_came_before_it_stays(at: Region, at_once: bool) -> None:
    bundle = erased_by(at.deputy, at.feedback)
    network_file = at.shuts_out()
    assert dict(merged(at.region, [*bundle, network_file], at_once=at_once)) == {
        str(bundle[0]): MERGED,
        str(network_file): MERGED,
    }
    assert at.region.kit.counts()["feedback"] == 0


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("first", ["receipt", "news"])
def test_a_receipt_counts_if_its_writer_did_when_its_turn_came(at: Region, at_once: bool, first: str) -> None:
    receipt = at.deputy.receipt()
    network_file = at.shuts_out()
    paths = [receipt, network_file] if first == "receipt" else [network_file, receipt]
    became = dict(merged(at.field, paths, at_once=at_once))
    assert became[str(receipt)] == (MERGED if first == "receipt" else f"{QUARANTINED} revoked-sender")
    assert (at.deputy.me.device in at.field.kit.settings.get(RECEIPTS)) is (first == "receipt")


@pytest.mark.parametrize("at_once", [True, False])
def test_let_in_again_by_a_third_file(at: Region, at_once: bool) -> None:
    bundle, out = erased_by(at.deputy, at.feedback), at.shuts_out()
    at.hub.trust(at.deputy, "deputy")
    again = at.hub.invite()
    became = dict(merged(at.region, [out, *bundle, again], at_once=at_once))
    # In one run it is merged again by itself; otherwise a coordinator has to merge it again.
    assert became[str(bundle[0])] == (MERGED if at_once else f"{QUARANTINED} revoked-sender")
    assert at.region.take(bundle[0]).status in {MERGED, "nothing new"}
    assert at.region.kit.counts()["feedback"] == 0


def test_what_was_opened_ahead_is_judged_by_the_new_roster(
    at: Region, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    start, ask = Ahead.start, Ahead.ask

    def start_and_wait(self: Ahead) -> None:
        start(self)
        assert self.wait(120)

    def counted(self: Ahead, *what: object) -> int:
        asked.append(ask(self, *what))  # type: ignore[arg-type]  # handed on as it came
        return asked[-1]

    monkeypatch.setattr(merging, "WORTHWHILE", 0)
    monkeypatch.setattr(merging, "processors", lambda: 2)
    monkeypatch.setattr(Ahead, "start", start_and_wait)
    monkeypatch.setattr(Ahead, "ask", counted)
    at.field.kit.add("feedback", {"rating": "1"})
    first = at.field.export()
    bundle, network_file = erased_by(at.deputy, at.feedback), at.shuts_out()
    at.field.kit.add("feedback", {"rating": "3"})
    last = at.field.export()
    paths = [*first, network_file, *bundle, *last]
    became = {file.path: file.status for file in at.region.merge(*paths).files}
    assert [became[str(path)] for path in paths] == [MERGED, MERGED, QUARANTINED, MERGED]
    # The deputy's file was opened ahead with the older roster, and so was the one after it.
    assert [number for number in asked if number] == [1, 2]
    assert at.region.kit.counts()["feedback"] == 3


def test_files_that_do_not_touch_the_roster_do_not_pay(at: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    class Counted(merge_run.Roster):
        def __init__(self, *given: object) -> None:
            read.append(len(given))
            super().__init__(*given)  # type: ignore[arg-type]  # handed on as it came

    paths = []
    for rating in "123":
        at.field.kit.add("feedback", {"rating": rating})
        paths += at.field.export()
    monkeypatch.setattr(merge_run, "Roster", Counted)
    at.region.merge(*paths)
    # Once at the beginning, and once to fill in names at the end.
    assert len(read) <= 2
