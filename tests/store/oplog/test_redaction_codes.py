"""A redacted record: the same everywhere, and its receipt code still withdraws it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.store.backup import backup
from fieldkit.sync.merge.report import MERGED
from marked_text import spoken, words_in
from networks import Laptop, Network


def spoken_long_ago(laptop: Laptop) -> tuple[str, str]:
    """A record with text whose retention is over, and its receipt code."""
    seen, code = laptop.kit.add_with_code("feedback", spoken(date="2020-01-01"))
    return seen.record_id, code


@pytest.mark.parametrize("where", ["hub", "laptop"])
def test_a_code_still_withdraws_what_is_left_after_the_text_was_erased(
    network: Network, tmp_path: Path, where: str
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    record_id, code = spoken_long_ago(laptop)
    hub.merge(*laptop.export())
    assert hub.kit.redact("feedback", [record_id]) == 1
    (left,) = hub.kit.page("feedback")
    assert (left.values["rating"], left.values.get("experience")) == ("1", None)
    assert words_in(hub, tmp_path) == []
    if where == "hub":
        assert hub.kit.withdraw(code) == 1
    else:
        laptop.kit.withdraw(code)
        assert hub.merge(*laptop.export()).files[0].erased == 1
    assert hub.kit.counts()["feedback"] == 0
    hub.state()


def test_what_is_left_after_the_text_was_erased_outlives_a_restore(network: Network, tmp_path: Path) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    record_id, code = spoken_long_ago(laptop)
    bundles = laptop.export()
    hub.merge(*bundles)
    backup(hub.kit, tmp_path / "before.fkbackup")
    hub.kit.redact("feedback", [record_id])
    state = hub.state()
    backup(hub.kit, tmp_path / "after.fkbackup")
    for name in ("after", "before", "after"):
        hub.restore(tmp_path / f"{name}.fkbackup")
        hub.merge(*bundles, *laptop.export(full=True))
        assert words_in(hub, tmp_path) == []
    assert hub.state() == state
    assert hub.kit.withdraw(code) == 1


def test_two_coordinators_who_erase_the_same_text_leave_one_record(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other = network.joins("C", trusted="coordinator")
    hub.merge(*other.export())
    other.merge(hub.invite())
    laptop.merge(hub.invite())
    record_id, code = spoken_long_ago(laptop)
    bundles = laptop.export()
    for device in (hub, other):
        assert [file.status for file in device.merge(*bundles).files] == [MERGED]
        assert device.kit.redact("feedback", [record_id]) == 1
    hub.merge(*other.export())
    other.merge(*hub.export())
    for device in (hub, other):
        assert device.kit.counts()["feedback"] == 1
        assert device.kit.conflict_count() == 0
    assert hub.state() == other.state()
    other.kit.withdraw(code)
    hub.merge(*other.export())
    assert hub.kit.counts()["feedback"] == 0
    assert hub.state() == other.state()
