"""Releases of the same kit that count other people: a later pack or bulletin is checked against them, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.insight.disclosure.protection import ReleaseRefused
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.presentation.bulletin.bulletin_figures import BulletinFigures, bulletin_figures
from fieldkit.presentation.bulletin.bulletin_files import write_bulletin
from fieldkit.presentation.bulletin.bulletin_text import document_of, draft
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.presentation.pack.evidence_pack import prepare, write
from fieldkit.store.kit import Kit
from networks import Network
from pack_kit import add_cycle, add_people

BOARD = audience_named("board")


def publish(kit: Kit, bulletin: BulletinFigures, path: Path) -> None:
    write_bulletin(kit, document_of(draft(bulletin), bulletin), bulletin, path)


def add_those_of_may_and_july(kit: Kit) -> None:
    """30 people in one period, and two more in a longer one."""
    alike = {"ethnic_group": None, "themes": ["general-positive"], "carer": "Y"}
    add_people(kit, 30, date="2025-05-10", rating="1", **alike)
    add_people(kit, 2, date="2025-07-01", rating="5", **alike)


def test_a_bulletin_of_a_longer_period_does_not_tell_how_many_came_later(
    network: Network, tmp_path: Path
) -> None:
    kit = network.hub.kit
    add_those_of_may_and_july(kit)
    publish(kit, bulletin_figures(kit, "2025-04-01", "2025-06-30", TEN), tmp_path / "shorter.md")
    with pytest.raises(ReleaseRefused):
        bulletin_figures(kit, "2025-04-01", "2025-07-31", TEN)


def test_a_pack_of_a_longer_cycle_is_checked_against_the_shorter_one(
    network: Network, tmp_path: Path
) -> None:
    kit = network.hub.kit
    add_those_of_may_and_july(kit)
    shorter = add_cycle(kit, dimension=["carer"], provider=None, date_to="2025-06-30")
    longer = add_cycle(kit, dimension=["carer"], provider=None, date_to="2025-07-31")
    write(kit, prepare(kit, shorter, BOARD, TEN), tmp_path / "shorter")
    with pytest.raises(ReleaseRefused):
        prepare(kit, longer, BOARD, TEN)


def test_a_release_of_the_same_people_for_others_is_no_earlier_one(network: Network, tmp_path: Path) -> None:
    kit = network.hub.kit
    add_those_of_may_and_july(kit)
    cycle = add_cycle(kit, dimension=["carer"])
    write(kit, prepare(kit, cycle, BOARD, TEN), tmp_path / "board")
    assert prepare(kit, cycle, BOARD, TEN, addressee="Another board").report.earlier == 0
    bulletin = bulletin_figures(kit, "2025-04-01", "2025-07-31", TEN)
    publish(kit, bulletin, tmp_path / "bulletin.md")
    again = bulletin_figures(kit, "2025-04-01", "2025-07-31", TEN)
    assert (again.people, again.themes) == (bulletin.people, bulletin.themes)
