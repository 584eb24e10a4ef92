"""The age of a network file is shown to whoever joins with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import picture
from commanding import Run
from fieldkit.app import FieldkitApp
from fieldkit.presentation.invitations import OLD, age_of_invitation
from networks import Network
from waiting import until

DAY = 86_400_000
NOW = 1_795_000_000_000
"""18 November 2026."""


@pytest.fixture
def old_invitation(network: Network, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network file made 40 days ago."""
    clock = network.hub.kit.clock
    network.hub.kit.clock = lambda: clock() - 40 * DAY
    path = network.hub.invite()
    network.hub.kit.clock = clock
    return path


def test_a_file_from_today_is_from_today() -> None:
    assert age_of_invitation(NOW - 1_000, NOW) == ["This network file was made today."]


def test_an_older_file_says_so_and_after_a_month_what_to_do() -> None:
    (only,) = age_of_invitation(NOW - 3 * DAY, NOW)
    assert only == "This network file was made on 15 Nov, 3 days ago."
    assert len(age_of_invitation(NOW - OLD * DAY + 1, NOW)) == 1
    when, what = age_of_invitation(NOW - OLD * DAY, NOW)
    assert "30 days ago" in when
    assert "revoked since then" in what
    assert "newest file" in what


@pytest.mark.parametrize("made", [2**53 - 1, 2**63, -5, 0, NOW - 40 * 365 * DAY])
def test_a_date_that_can_not_be_is_not_shown(made: int) -> None:
    (only,) = age_of_invitation(made, NOW)
    assert "is not valid" in only
    assert "newest file" in only


@pytest.mark.parametrize("made", [NOW + 2 * DAY, NOW + 9_000 * DAY])
def test_a_file_from_the_future_asks_for_a_look_at_the_clock(made: int) -> None:
    when, what = age_of_invitation(made, NOW)
    assert "in the future" in when
    assert "date on this laptop" in what


def test_joining_by_command_tells_the_age(old_invitation: Path, run: Run, tmp_path: Path) -> None:
    done = run(
        "--kit", tmp_path / "new", "join", old_invitation, "--as", "St Mary's laptop 1", "--no-passphrase"
    )
    assert done.code == 0
    assert "40 days ago" in done.out and "The coordinator's six words are: " in done.out
    assert "revoked since then" in done.out


async def test_the_page_before_joining_tells_the_age(old_invitation: Path, tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "kit")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Join a network" in picture(pilot), "the choices")
        await pilot.press("2")
        await until(pilot, lambda: app.screen.query("#path"), "the line")
        await pilot.press(*str(old_invitation), "enter")
        await until(pilot, lambda: "Name of this laptop" in picture(pilot), "the page")
        assert "40 days ago" in picture(pilot)
        assert "revoked since then" in picture(pilot)
        assert "Passphrase" in picture(pilot)
