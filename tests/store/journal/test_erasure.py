"""What a person asked to be erased is nowhere: in no file of the kit, and in nothing that it writes later."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from fieldkit.errors import NotFound
from fieldkit.insight.table_files import write
from fieldkit.store.backup import backup, restore, try_restore
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.sync.bundle.container import read_container
from fieldkit.sync.bundle.payload import unpack
from marked_text import MARKER, spoken, words_in
from networks import Laptop, Network


def lines_of(laptop: Laptop, path: Path, secret: str) -> bytes:
    return b"\n".join(unpack(read_container(path).payload, [secret]))


def test_the_search_finds_what_is_there(network: Network, tmp_path: Path) -> None:
    network.hub.kit.add("feedback", spoken())
    assert words_in(network.hub, tmp_path) == ["the database", "the kit's folder"]


@pytest.mark.parametrize("how", ["withdraw", "erase"])
def test_the_text_is_nowhere_in_the_kit(network: Network, tmp_path: Path, how: str) -> None:
    hub = network.hub
    kept = hub.kit.add("feedback", {"rating": "2", "experience": "stays"})
    seen, code = hub.kit.add_with_code("feedback", spoken(expectation=f"{MARKER} again"))
    # In the record's history, in a conflict, deleted, in a draft of an edit, and on many pages.
    record = hub.kit.edit(hub.kit.get(seen.record_id), {"need": f"{MARKER} " * 1_000})
    hub.kit.edit(record, {"need": "short"})
    hub.kit.delete(seen.record_id)
    hub.kit.drafts.keep(Draft("", "feedback", spoken(), seen.record_id, {}))
    assert words_in(hub, tmp_path)
    if how == "withdraw":
        assert hub.kit.withdraw(code.lower().replace("-", " ")) == 1
    else:
        hub.kit.erase(seen.record_id)
    assert words_in(hub, tmp_path) == []
    assert hub.kit.check() == []
    assert hub.kit.counts()["feedback"] == 1
    assert hub.kit.drafts.all() == []
    with pytest.raises(NotFound):
        hub.kit.get(seen.record_id)
    # Its history holds at most the fact of the erasure.
    with suppress(NotFound):
        assert [step.fields for step in hub.kit.history(seen.record_id)] == [{"erased": True}]
    state = hub.state()
    hub.kit.rebuild()
    assert hub.state() == state
    assert words_in(hub, tmp_path) == []
    # Repeating it does no harm, and nothing made from now on holds the text.
    if how == "withdraw":
        assert hub.kit.withdraw(code) == 0
    (bundle,) = hub.export(full=True)
    assert MARKER.encode() not in lines_of(hub, bundle, hub.me.age_secret)
    assert kept.record_id.encode() in lines_of(hub, bundle, hub.me.age_secret)
    backup(hub.kit, tmp_path / "later.fkbackup")
    assert try_restore(hub.kit, tmp_path / "later.fkbackup") == []
    write(hub.kit, tmp_path / "tables")
    assert words_in(hub, tmp_path) == []


@pytest.mark.parametrize("how", ["withdraw", "erase", "merge"])
def test_killed_right_after_erasing_the_next_opening_cleans_up(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Otherwise a backup restored later would restore the text, and nobody would send the erasure."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    stored, code = hub.kit.add_with_code("feedback", spoken())
    backup(hub.kit, tmp_path / "hub.fkbackup")
    laptop.kit.withdraw(code)

    def killed(_: Kit) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Kit, "scrub", killed)
        if how == "withdraw":
            hub.kit.withdraw(code)
        elif how == "erase":
            hub.kit.erase(stored.record_id)
        else:
            hub.merge(*laptop.export())
    hub.kit.close()
    Kit.open(hub.kit.folder).close()
    hub.kit = restore(tmp_path / "hub.fkbackup", hub.kit.folder, None)
    assert words_in(hub, tmp_path) == []
    with pytest.raises(NotFound):
        hub.kit.get(stored.record_id)


def test_quarantine_holds_no_words_in_the_clear(network: Network, tmp_path: Path) -> None:
    laptop = network.joins("A")
    laptop.kit.add("feedback", spoken())
    assert network.hub.merge(*laptop.export()).quarantined
    assert words_in(network.hub, tmp_path) == []


def test_a_dry_run_of_a_withdrawal_erases_nothing(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    laptop = network.joins("A", trusted="field")
    _, code = hub.kit.add_with_code("feedback", spoken())
    laptop.kit.withdraw(code)
    (bundle,) = laptop.export()
    assert hub.merge(bundle, dry_run=True).files[0].erased == 1
    assert hub.kit.counts()["feedback"] == 1
    assert hub.take(bundle).erased == 1
    assert words_in(hub, tmp_path) == []
