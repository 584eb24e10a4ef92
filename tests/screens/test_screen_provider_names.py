"""The screen for names of providers: one key binds a name, another undoes it."""

from __future__ import annotations

import pytest

from desk import notice, says, shown, text
from fieldkit.presentation.cycle.providers import NameInUse, names_in_use
from fieldkit.screens.cycle.provider_names_screen import _heading
from networks import Network
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


def add_feedback(net: Network, name: str, times: int = 1) -> None:
    for _ in range(times):
        net.hub.kit.add("feedback", {"provider": name, "rating": "1"})


async def test_one_key_binds_a_name_and_another_undoes_it(net: Network) -> None:
    hub = net.hub
    provider = hub.kit.add("provider", {"name": "Solihull Hospital"}).record_id
    add_feedback(net, "Solihul Hosptial", 2)
    add_feedback(net, "Solihull Hospital", 5)
    async with shown(hub.kit, hub.me, "provider_names") as (app, pilot):
        await until(pilot, lambda: says(app, "1 to match", "▸ ? Solihul Hosptial", "1  Solihull"))
        await pilot.press("1")
        await until(pilot, lambda: "now counts as Solihull Hospital" in notice(app))
        await until(pilot, lambda: says(app, "2 names") and not says(app, "to match"))
        assert hub.kit.get(provider).values["spellings"] == "Solihul Hosptial"
        await pilot.press("u")
        await until(pilot, lambda: "Undone" in notice(app))
        await until(pilot, lambda: says(app, "1 to match"))
    assert "spellings" not in hub.kit.get(provider).values


async def test_names_bound_to_one_provider_are_undone_one_after_another(net: Network) -> None:
    hub = net.hub
    provider = hub.kit.add("provider", {"name": "Solihull Hospital"}).record_id
    for name in ("Solihul Hosptial", "Solihull Hosp"):
        add_feedback(net, name)
    async with shown(hub.kit, hub.me, "provider_names") as (app, pilot):
        for left in ("1 to match", "2 names"):
            await until(pilot, lambda: says(app, "1  Solihull Hospital") and not app.screen.busy)
            await pilot.press("1")
            await until(pilot, lambda left=left: says(app, left) and not app.screen.busy)
        for left in ("1 to match", "2 to match"):
            await pilot.press("u")
            await until(pilot, lambda left=left: says(app, left) and not app.screen.busy)
    assert "spellings" not in hub.kit.get(provider).values
    assert not hub.kit.conflicts()


async def test_after_an_answer_the_cursor_goes_on_to_the_next_name_without_one(net: Network) -> None:
    hub = net.hub
    hub.kit.add("provider", {"name": "Solihull Hospital"})
    for name, times in (("Solihul Hosptial", 3), ("Solihull Hosp", 2), ("Airedale", 1)):
        add_feedback(net, name, times)
    async with shown(hub.kit, hub.me, "provider_names") as (app, pilot):
        await until(pilot, lambda: says(app, "▸ ? Solihul Hosptial", "1  Solihull Hospital"))
        await pilot.press("down")
        await until(pilot, lambda: says(app, "▸ ? Solihull Hosp ", "1  Solihull Hospital"))
        await pilot.press("1")
        await until(pilot, lambda: says(app, "2 to match", "▸ ? Airedale") and not app.screen.busy)
        await pilot.press("n")
        await until(pilot, lambda: says(app, "1 to match", "▸ ? Solihul Hosptial") and not app.screen.busy)
        await pilot.press("1")
        await until(pilot, lambda: says(app, "3 names") and not says(app, "to match"))
        await until(pilot, lambda: says(app, "▸   Solihul Hosptial", "Counts as Solihull Hospital."))


async def test_a_name_separated_keeps_the_cursor_and_an_undone_one_gets_it(net: Network) -> None:
    hub = net.hub
    hub.kit.add("provider", {"name": "Solihull Hospital", "spellings": "Solihul Hosptial"})
    for name in ("Solihul Hosptial", "Airedale"):
        add_feedback(net, name)
    async with shown(hub.kit, hub.me, "provider_names") as (app, pilot):
        await until(pilot, lambda: says(app, "▸ ? Airedale"))
        await pilot.press("down")
        await until(pilot, lambda: says(app, "▸   Solihul Hosptial"))
        await pilot.press("s")
        await until(pilot, lambda: says(app, "▸ ? Solihul Hosptial"))
        await pilot.press("u")
        await until(pilot, lambda: says(app, "▸   Solihul Hosptial"))


async def test_nothing_is_asked_that_no_key_answers(net: Network) -> None:
    add_feedback(net, "Airedale")
    async with shown(net.hub.kit, net.hub.me, "provider_names") as (app, pilot):
        await until(pilot, lambda: says(app, "Is it a provider of its own?", "n  a provider of its own"))
        await pilot.press("n")
        await until(pilot, lambda: says(app, "Counts as Airedale."))
        assert not says(app, "One of these as well")


async def test_two_names_become_one_new_provider_with_one_key_and_can_be_separated(net: Network) -> None:
    hub = net.hub
    add_feedback(net, "Heartland Hosp")
    add_feedback(net, "Heartlands Hospital", 3)
    async with shown(hub.kit, hub.me, "provider_names") as (app, pilot):
        await until(pilot, lambda: says(app, "▸ ? Heartlands Hospital"))
        await pilot.press("n")
        await until(pilot, lambda: says(app, "1 to match"))
        await until(pilot, lambda: says(app, "  ? Heartland Hosp", "Heartlands Hospital"))
        await until(pilot, lambda: says(app, "▸ ? Heartland Hosp", "1  Heartlands Hospital"))
        await pilot.press("1")
        await until(pilot, lambda: hub.kit.page("provider")[0].values.get("spellings") is not None)
        assert len(hub.kit.page("provider")) == 1
        assert {name.provider for name in names_in_use(hub.kit)} == {"Heartlands Hospital"}
        await until(pilot, lambda: app.screen.check_action("command", ("separate",)))
        await pilot.press("s")
        await until(pilot, lambda: "no longer counts" in notice(app))
    assert {name.provider for name in names_in_use(hub.kit)} == {"Heartlands Hospital", ""}


async def test_the_names_open_from_home_and_from_the_list_of_providers(net: Network) -> None:
    hub = net.hub
    add_feedback(net, "[red]Clinic[/] <b>")
    async with shown(hub.kit, hub.me, "records", "provider") as (app, pilot):
        await until(pilot, lambda: app.screen.check_action("command", ("names",)))
        await pilot.press("b")
        await until(pilot, lambda: says(app, "Names of providers", "[red]Clinic[/] <b>"))
    async with shown(hub.kit, hub.me, "records", "partner") as (app, pilot):
        await until(pilot, lambda: says(app, "Partners"))
        assert not app.screen.check_action("command", ("names",))


async def test_no_key_is_named_that_does_nothing_and_a_small_window_shows_the_names(net: Network) -> None:
    hub = net.hub
    async with shown(hub.kit, hub.me, "provider_names") as (app, pilot):
        await until(pilot, lambda: says(app, "No feedback names a provider yet.", "f1 help"))
        await until(pilot, lambda: not says(app, "whole row"))
    names = ["Airedale", "Bradford Royal", "Calderdale", "Dewsbury", "Leeds General"]
    for name in names:
        add_feedback(net, name)
    async with shown(hub.kit, hub.me, "provider_names", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "Names of providers", "5 names · 5 to match", *names))
        assert not says(app, "same as")


def test_what_a_name_counts_as_and_the_question_are_whole_in_a_small_window() -> None:
    provider = "Northamptonshire Healthcare NHS Foundation Trust"
    name = NameInUse("NHFT", (), 7, provider_id="p", provider=provider)
    shown_lines = _heading(name, 54).plain
    assert "…" not in shown_lines and " ".join(f"Counts as {provider}.".split()) in " ".join(
        shown_lines.split()
    )


async def test_on_a_small_screen_the_list_stays_above_all_that_a_name_may_mean(net: Network) -> None:
    for number in range(1, 6):
        add_feedback(net, f"Northamptonshire Healthcare Local partnerships {number}")
    async with shown(net.hub.kit, net.hub.me, "provider_names", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "4  Northamptonshire"))
        app.screen.show_notice(
            "A name now counts as a provider. The feedback stays as it was written. Press u to undo it."
        )
        await until(pilot, lambda: says(app, "Press u to undo it."))
        assert says(app, "▸ ? Northamptonshire", "Local pa", "a provider of its own, with this name")


async def test_a_name_that_another_may_mean_is_whole_beside_what_it_is(net: Network) -> None:
    for name in ("NHFT", "NHFT Forensic", "NHFT Community health services"):
        add_feedback(net, name)
    async with shown(net.hub.kit, net.hub.me, "provider_names") as (app, pilot):
        await until(pilot, lambda: says(app, "▸ ? NHFT", "(a name in feedback"))
        await pilot.press("home")
        await until(pilot, lambda: says(app, "NHFT Community health services (a name in feedback)"))
        assert says(app, "NHFT Forensic (a name in feedback)"), "both are said to be the same"
    async with shown(net.hub.kit, net.hub.me, "provider_names", size=(100, 30)) as (app, pilot):
        await until(pilot, lambda: says(app, "health services (a name in feedback; it becomes the provider)"))
        assert "…" not in text(app)


async def test_the_list_has_the_rows_that_no_name_needs_below_it(net: Network) -> None:
    for name in (
        "Airedale",
        "Bradford Royal",
        "Calderdale",
        "Dewsbury",
        "Leeds General",
        "Rotherham",
        "Selby",
        "York",
    ):
        add_feedback(net, name)
    async with shown(net.hub.kit, net.hub.me, "provider_names", size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: says(app, "8 names", "Airedale", "York"))
        await until(pilot, lambda: app.screen.query_one("#names").size.height >= 9)
