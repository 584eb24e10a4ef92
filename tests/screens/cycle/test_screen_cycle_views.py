"""The figures, who was heard, themes, changes and support of a cycle on their screens, only by keys."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from textual.widgets import Static

from cycle_desk import FIXTURES, empty_cycle, import_figures, whole_cycle
from desk import Desk, notice, says, shown, text
from fieldkit import evidence_extra
from fieldkit.presentation.cycle.respondent_rows import ThemeRow
from fieldkit.presentation.utilisation.use_chart import with_separators
from fieldkit.screens.cycle.changes_screen import ChangesScreen
from fieldkit.screens.cycle.figure_cells import FigureCells
from fieldkit.screens.cycle.respondents_screen import _themes
from fieldkit.screens.cycle.support_screen import SupportScreen
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.screens.records.record_screen import RecordViewScreen
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.message_box import Message
from waiting import until

(desk,) = FIXTURES


def _fits(app: Any, width: int) -> bool:
    """Whether no line is longer than the screen."""
    return all(len(line) <= width for line in text(app).splitlines())


# Figures


def test_published_numbers_have_separators_and_stars_stay() -> None:
    assert with_separators("21995") == "21,995"
    assert with_separators("1234 to 1999") == "1,234 to 1,999"
    assert [with_separators(each) for each in ("*", "21,995", "<5", "999", "12.3456")] == [
        "*",
        "21,995",
        "<5",
        "999",
        "12.3456",
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_each_group_has_one_row_with_dot_whiskers_and_the_line_at_100(
    desk: SimpleNamespace, size: tuple[int, int]
) -> None:
    cycle = empty_cycle(desk.hub)
    import_figures(desk.hub, cycle)
    app = Desk(desk.hub, desk.chief, "use", cycle)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: says(app, "Any other ethnic group", "Use, not need", "50 ", "200"))
        rows = text(app).splitlines()
        bangladeshi = [row for row in rows if "Bangladeshi" in row]
        assert len(bangladeshi) == 1
        assert re.search(r"├─*○─*┤ +│ .*70\.1", bangladeshi[0]), bangladeshi
        assert re.search(r"│ +├─*◇─*┤ .*160\.4", next(row for row in rows if "other Mixed" in row))
        assert says(app, "crude: all ages", "referrals, not people", "not stated 13 %")
        assert _fits(app, size[0])
        if size[0] == 120:
            assert says(app, "70.1 (66.0-74.3)", "◇ recording uncertain")
        assert app.faults == []


async def test_enter_lists_the_published_figures_and_opens_the_record_of_one(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub)
    import_figures(desk.hub, cycle)
    async with shown(desk.hub, desk.chief, "use", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "Any other ethnic group"))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, FigureCells) and says(app, "433 to 437"))
        assert says(app, "White: Irish: 435 referrals, 20,883 residents", "This is a difference in use")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RecordViewScreen) and says(app, "435"))


async def test_no_line_of_the_key_ends_between_a_sign_and_what_it_means(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub)
    import_figures(desk.hub, cycle)
    async with shown(desk.hub, desk.chief, "use", cycle, size=(80, 30)) as (app, pilot):
        await until(pilot, lambda: says(app, "95 % interval"))
        assert "░ rounding" in text(app)


async def test_what_the_figures_are_and_their_caveats_are_whole_in_a_small_window(
    desk: SimpleNamespace,
) -> None:
    cycle = empty_cycle(desk.hub)
    import_figures(desk.hub, cycle)
    async with shown(desk.hub, desk.chief, "use", cycle, size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "Use, not need", "not people", "expected."))
        assert "…" not in str(app.screen.query_one("#caveat", Static).content)


async def test_the_names_of_groups_are_whole_in_a_small_window(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub)
    import_figures(desk.hub, cycle)
    async with shown(desk.hub, desk.chief, "use", cycle, size=(60, 20)) as (app, pilot):
        await until(
            pilot,
            lambda: app.screen.query("#rows") and "├" in str(app.screen.query_one("#rows", Static).content),
        )
        rows = str(app.screen.query_one("#rows", Static).content)
        labels = [line[:23].strip("▸ ") for line in rows.splitlines()]
        assert "…" not in "".join(labels), rows
        await pilot.press("end")
        await until(pilot, lambda: says(app, "▸ "))
        plot = app.screen.query_one("#plot")
        await until(pilot, lambda: plot.scroll_y == plot.max_scroll_y)


async def test_caveats_are_one_key_away_and_another_measure_is_chosen(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub, dimension=["ethnic", "religion"])
    import_figures(desk.hub, cycle)
    async with shown(desk.hub, desk.chief, "use", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "1 of 2"))
        await pilot.press("v")
        await until(
            pilot, lambda: isinstance(app.screen, Message) and says(app, "The figures count referrals")
        )
        await pilot.press("escape")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("2")
        await until(pilot, lambda: says(app, "2 of 2", "by religion", "no population to compare with"))


async def test_a_hidden_figure_is_named_not_drawn(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub, dimension=["religion"])
    import_figures(desk.hub, cycle)
    for record_id, code in desk.hub.columns("cell", ("record_id", "code"), where={"dimension": "religion"}):
        if code == "E":
            held = desk.hub.get(record_id, "cell")
            desk.hub.edit(held, {"shown": "*", "low": 0, "high": 4})
    async with shown(desk.hub, desk.chief, "use", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "by religion"))
        await until(pilot, lambda: says(app, "Jain * hidden by the publisher"))
        await pilot.press("end")
        await until(pilot, lambda: says(app, ": * referrals"))


async def test_without_figures_or_without_the_extra_it_is_a_sentence(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = empty_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "use", cycle) as (app, pilot):
        await until(
            pilot, lambda: says(app, "No figures of the provider are here yet", "Press i to import them.")
        )

    def missing(*_: object) -> None:
        raise evidence_extra.ExtraMissing(
            "The part for evidence is not installed.", hint=evidence_extra.INSTALL
        )

    monkeypatch.setattr("fieldkit.screens.cycle.use_screen.uses_of_cycle", missing)
    async with shown(desk.hub, desk.chief, "cycle", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "PARTNER", "evidence pack"))
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, Message) and says(app, "'fieldkit[evidence]'"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "PARTNER"))


# Who was heard, and themes


async def test_who_was_heard_stands_beside_who_lives_there(desk: SimpleNamespace) -> None:
    cycle = whole_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "heard", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "60 people gave feedback", "live here", "For your eyes"))
        british = next(line for line in text(app).splitlines() if "British" in line)
        assert re.search(r"\d+ +\d+ % +\d+ % ", british), british
        assert says(app, "They chose to speak")
        await pilot.press("tab")
        await until(pilot, lambda: says(app, "each counted once a theme", "good, very good"))
        await pilot.press("tab")
        await until(pilot, lambda: says(app, "page 1 of 2"))


@pytest.mark.parametrize("width", [56, 76, 116])
def test_the_head_of_the_themes_is_whole(width: int) -> None:
    rows = (ThemeRow("Environment, facilities & equipment", 20, 18, 9, 3),)
    head = next(_themes(rows, width)).plain
    assert "poor" in head and "good" in head and "…" not in head
    assert len(head) <= width


def test_a_theme_of_few_people_has_a_count_and_no_bar() -> None:
    few, many = ThemeRow("Food & drink", 1, 1, 1, 0), ThemeRow("Transport", 20, 20, 17, 2)
    _, first, second = (line.plain for line in _themes((few, many), 100))
    assert "1 of 1" in first and "█" not in first
    assert "85 %" in second and "█" in second


async def test_for_whose_eyes_it_is_is_said_whole_in_a_small_window(desk: SimpleNamespace) -> None:
    app = Desk(desk.hub, desk.chief, "heard", whole_cycle(desk.hub))
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: says(app, "For your eyes"))
        assert "Packs hide them." in text(app)


async def test_nobody_heard_is_a_sentence(desk: SimpleNamespace) -> None:
    async with shown(desk.hub, desk.chief, "heard", empty_cycle(desk.hub), True) as (app, pilot):
        await until(pilot, lambda: says(app, "No feedback belongs to this cycle yet."))


async def test_shares_of_few_people_are_numbers(desk: SimpleNamespace) -> None:
    from pack_kit import add_people

    cycle = empty_cycle(desk.hub)
    add_people(desk.hub, 6, ethnic_group="4", themes=["access-timeliness"], rating="5")
    async with shown(desk.hub, desk.chief, "heard", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "6 of 6"))
        assert "100 %" not in text(app)


# Changes and their support


async def test_a_change_shows_owner_answer_support_and_what_is_open(desk: SimpleNamespace) -> None:
    cycle = whole_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "changes", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "YOU SAID", "Head of access", "Rests on"))
        assert says(app, "! 1"), text(app)
        assert "[@click=app.quit]x[/]" in text(app)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Message) and says(app, "THE FIGURES SHOWED"))
        await pilot.press("escape", "end")
        await until(pilot, lambda: "No money this year" in str(app.screen.query_one("#story").content))
        assert _fits(app, 80)


async def test_without_changes_the_sentence_says_what_to_do(desk: SimpleNamespace) -> None:
    cycle = empty_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "changes", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "No change is proposed yet.", "Press n."))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.form is not None)
        assert app.screen.form.values["cycle"] == cycle


async def test_an_answer_that_waits_is_opened_and_else_one_is_asked_for(desk: SimpleNamespace) -> None:
    cycle = whole_cycle(desk.hub)
    async with shown(desk.hub, desk.chief, "changes", cycle) as (app, pilot):
        await until(pilot, lambda: says(app, "YOU SAID"))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.form is not None)
        assert app.screen.form.values["asked_on"] == "2025-09-01"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChangesScreen))


async def test_the_figures_of_a_change_are_in_a_column_of_numbers(desk: SimpleNamespace) -> None:
    cycle = whole_cycle(desk.hub)
    change = sorted(desk.hub.columns("change", ("created", "record_id"), where={"cycle": cycle}))[0][1]
    async with shown(desk.hub, desk.chief, "support", cycle, change) as (app, pilot):
        await until(pilot, lambda: says(app, "Per 100 expected", "Referrals received by"))
        ends = {match.end() for row in text(app).splitlines() if (match := re.search(r"\d+\.\d(?=  )", row))}
        assert len(ends) == 1, "the points are below each other"


async def test_support_is_added_by_picking_and_undone(desk: SimpleNamespace) -> None:
    cycle = whole_cycle(desk.hub)
    change = sorted(desk.hub.columns("change", ("created", "record_id"), where={"cycle": cycle}))[0][1]
    before = desk.hub.count("support", where={"change": change})
    async with shown(desk.hub, desk.chief, "support", cycle, change) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, SupportScreen) and says(app, "Asian: Bangladeshi"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "✓ White: British"))
        assert desk.hub.count("support", where={"change": change}) == before + 1
        await pilot.press("enter")
        await until(pilot, lambda: "rests on this already" in notice(app))
        await pilot.press("tab")
        await until(pilot, lambda: says(app, "What people said", "✓ It went"))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await pilot.press("escape", "u")
        await until(pilot, lambda: desk.hub.count("support", where={"change": change}) == before)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, EntryScreen) and app.screen.form is not None)
        assert app.screen.form.values["change"] == change
