"""The screen of conflicts: resolved by a number or another value, and confirmed by a sentence."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from textual.containers import Horizontal

from desk import notice, says, shown, text
from fieldkit.presentation.forms import edit_entry
from fieldkit.presentation.model.form_plan import FormPlan, Step
from fieldkit.screens.exchange.conflicts_screen import OneAnswer
from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.setup import join, trust
from fieldkit.widgets.dialogs.message_box import Message
from sync_desk import FIXTURES, HOSTILE, bring, conflict
from waiting import until

(net,) = FIXTURES


async def test_a_conflict_is_resolved_by_a_number_and_the_other_value_stays(net: SimpleNamespace) -> None:
    conflict(net)
    (the_conflict,) = net.hub.conflicts()
    chosen, other = the_conflict.values[1].value, the_conflict.values[0].value
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at", "Library", "Mosque", "shown now", "Place"))
        await pilot.press("3")
        assert net.hub.conflict_count() == 1
        await pilot.press("2")
        await until(pilot, lambda: says(app, "There are no conflicts."))
        assert "Resolved: Place (“Fair [/]" in notice(app)
        assert "”). The other value stays in the record's history." in notice(app)
    assert net.hub.get(net.event).values["place"] == chosen
    assert any(step.fields.get("place") == other for step in net.hub.history(net.event))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_record_whose_conflict_is_resolved_is_named_whole(
    net: SimpleNamespace, size: tuple[int, int]
) -> None:
    conflict(net)
    title = "Optimum Futures Health & Wellbeing Fair of Luton"
    net.hub.edit(net.hub.get(net.event), {"title": title})
    async with shown(net.hub, net.chief, "conflicts", size=size) as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at"))
        await pilot.press("2")
        await until(pilot, lambda: "Resolved: Place" in notice(app))
        assert title in notice(app)
        assert says(app, "in the record's history.")


async def test_a_conflict_is_resolved_by_another_value(net: SimpleNamespace) -> None:
    conflict(net)
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "Library"))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, OneAnswer) and app.screen.focused is not None)
        await until(pilot, lambda: says(app, "f1 help"))
        assert "/?" not in text(app), "in a line of text it is a question mark"
        assert "go to" not in text(app), "there is no other question"
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, OneAnswer))
        assert net.hub.conflict_count() == 1
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, OneAnswer) and app.screen.focused is not None)
        assert says(app, "esc back", "Another value")
        await pilot.press("ctrl+u", *"Temple", "enter")
        await until(pilot, lambda: net.hub.conflict_count() == 0)
    assert net.hub.get(net.event).values["place"] == "Temple"


async def test_deleted_against_changed_is_told_in_words(net: SimpleNamespace) -> None:
    net.a.delete(net.event)
    net.b.edit(net.b.get(net.event), {"place": "Leeds"})
    bring(net)
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "One laptop deleted this record", "Delete it.", "Place: Leeds"))
        assert app.screen.check_action("command", ("edit",)) is False
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.current is not None)
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "! Conflict: one laptop deleted it, another changed it."))
        await pilot.press("escape")
        await until(pilot, lambda: getattr(app.screen, "current", None) is not None)
        keep = next(at for at, offer in enumerate(app.screen.current.offers, 1) if not offer.value)
        await pilot.press(str(keep))
        await until(pilot, lambda: says(app, "There are no conflicts."))
    assert not net.hub.get(net.event).deleted
    assert net.hub.get(net.event).values["place"] == "Leeds"


async def test_what_is_resolved_is_called_by_its_value_now(net: SimpleNamespace) -> None:
    for kit, title in ((net.a, "Alpha"), (net.b, "Beta")):
        kit.edit(kit.get(net.event), {"title": title})
    bring(net)
    (the_conflict,) = net.hub.conflicts()
    before, after = (claim.value for claim in the_conflict.values)
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "Alpha", "Beta", "shown now"))
        await pilot.press("2")
        await until(pilot, lambda: says(app, "There are no conflicts."))
        assert after in notice(app)
        assert before not in notice(app)


def against_a_deletion(net: SimpleNamespace, changes: dict[str, Any]) -> str:
    """Feedback that the coordinator deletes while the laptop that took it changes it."""
    feedback_id = net.a.add("feedback", {"rating": "1", "aspiration": "a chair"}).record_id
    bring(net)
    net.hub.delete(feedback_id)
    net.a.edit(net.a.get(feedback_id), changes)
    bring(net)
    return feedback_id


async def test_each_change_stands_beside_the_deletion_with_its_value(net: SimpleNamespace) -> None:
    need = f"They moved it twice {HOSTILE} and nobody rang\n" * 9
    against_a_deletion(net, {"rating": "3", "need": need, "aspiration": None})
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "Delete it.", "Keep it, with what was changed:"))
        (keep,) = [offer for offer in app.screen.current.offers if offer.value is False]
        assert [title for title, _ in keep.parts] == [
            "Overall, how was your experience of the service?",
            "What would they need that was not there?",
            "What would a good service look like to them?",
        ]
        shown_now = text(app)
        for shown_value in ("Neither good nor poor", "They moved it twice [/]", "(empty)"):
            assert shown_value.casefold() in shown_now.casefold()
        # In full with v.
        assert keep.label.count("and nobody rang") == 9


async def test_more_changes_than_there_is_room_for_are_counted(net: SimpleNamespace) -> None:
    changes = {
        name: f"Said of {name}" for name in ("experience", "expectation", "need", "provider", "reference")
    }
    against_a_deletion(net, {**changes, "aspiration": "two chairs", "rating": "3", "whose_words": "own"})
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "Keep it, with what was changed:", "and 3 more: v shows all"))
        assert says(app, "Said of provider", "Said of experience")
        assert not says(app, "Said of reference")
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Message) and says(app, "Said of reference"))


async def test_what_was_restored_says_by_whom(net: SimpleNamespace) -> None:
    net.a.delete(net.event)
    net.b.delete(net.event)
    net.b.restore(net.event)
    bring(net)
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "Delete it.", "Keep it: Laptop b"))
        assert says(app, "restored it.")


def _of_three(net: SimpleNamespace, name: str, places: tuple[str, str, str], *, here: str = "") -> None:
    """A conflict between three laptops, the third with the name `name`; a fourth value is given `here`."""
    third, _ = Kit.create(net.stick.parent / "c", None)
    with third:
        me = join(third, invite(net.hub, net.chief, net.stick), name)
        for kit, place in zip((net.a, net.b, third), places, strict=True):
            kit.edit(kit.get(net.event), {"place": place.strip()})
        export(third, me, net.stick)
        if here:
            net.hub.edit(net.hub.get(net.event), {"place": here})
        bring(net)
        trust(net.hub, net.chief, me.key.public.fingerprint)


async def test_of_three_values_the_laptops_are_shown_whole_and_two_stay_in_the_history(
    net: SimpleNamespace,
) -> None:
    name = "The Long and Winding Walking Group of Airedale, second laptop (old ThinkPad)"
    _of_three(net, name, ("Library", "Mosque", "Temple"))
    async with shown(net.hub, net.chief, "conflicts", size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at", "Library", "Mosque", "Temple"))
        cards = text(app).partition("shown now")[2]
        assert "…" not in cards and "(old" in cards
        await pilot.press("2")
        await until(pilot, lambda: says(app, "There are no conflicts."))
        assert "The other values stay in the record's history." in " ".join(notice(app).split())


@pytest.mark.parametrize(
    ("size", "shown_values", "how"),
    [((60, 20), 3, "v: all 4 values."), ((120, 40), 3, "v: all 4 values."), ((200, 50), 4, "v: in full.")],
)
async def test_that_there_are_more_values_than_frames_is_said_before_one_is_chosen(
    net: SimpleNamespace, size: tuple[int, int], shown_values: int, how: str
) -> None:
    _of_three(net, "Laptop c", ("Library", "Mosque", "Temple"), here="Church")
    async with shown(net.hub, net.chief, "conflicts", size=size) as (app, pilot):
        await until(pilot, lambda: says(app, f"Press the number of the value to keep. {how}"))
        await until(pilot, lambda: text(app).count("╯") == shown_values)


async def test_keys_at_the_foot_of_a_list_have_different_words(net: SimpleNamespace) -> None:
    _of_three(
        net, "The walking group of Airedale, with the oldest ThinkPad", ("Library " * 9, "Mosque", "Temple")
    )
    for screen, *given in (("conflicts",), ("history", net.event)):
        async with shown(net.hub, net.chief, screen, *given, size=(120, 40)) as (app, pilot):
            await until(pilot, lambda app=app: "→ whole row" in text(app))
            assert text(app).splitlines()[-1].count("in full") == 1


async def test_a_small_window_shows_the_conflict_above_long_values(net: SimpleNamespace) -> None:
    _of_three(net, "Laptop c", ("A long hall " * 12, "Mosque " * 20, "Temple"))
    async with shown(net.hub, net.chief, "conflicts", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at", "! Event:", "A long hall", "Temple"))
        assert text(app).count("╯") == 3, "each value has its frame"
        assert says(app, "Press the number of the value to keep. v: in full.")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_frames_of_values_end_on_one_line(net: SimpleNamespace, size: tuple[int, int]) -> None:
    _of_three(net, "The long and winding walking group", ("A long hall " * 12, "Mosque " * 8, "Temple"))
    async with shown(net.hub, net.chief, "conflicts", size=size) as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at", "A long hall", "Temple"))
        await until(pilot, lambda: [line.count("╯") for line in text(app).splitlines() if "╯" in line] == [3])


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_a_long_list_of_answers_takes_the_rows_down_to_the_keys(
    net: SimpleNamespace, size: tuple[int, int]
) -> None:
    record = net.hub.add("feedback", {"rating": "2", "consent_record": "Y"}).record_id
    entry = edit_entry(net.hub, record)
    question = replace(entry.plan.question("themes"), only_if=None)
    plan = FormPlan(
        "Themes", [Step("Themes", [question])], {"themes": [option.code for option in question.options]}
    )
    async with shown(net.hub, net.chief, "conflicts", size=size) as (app, pilot):
        await until(pilot, lambda: says(app, "There are no conflicts."))
        box = OneAnswer(plan, entry.check)
        app.push_screen(box)
        await until(pilot, lambda: box.focused is not None and says(app, "esc leave"))
        keys = box.query_one("#keys")
        await until(pilot, lambda: keys.region.bottom == box.query_one("#box").content_region.bottom)


async def test_a_record_shows_its_whole_history_on_a_small_window(net: SimpleNamespace) -> None:
    conflict(net)
    async with shown(net.hub, net.chief, "record_view", net.event, size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "every value is kept. Press h, then r on the value to keep."))
        assert not any(row[58:].strip(" ▂▁▃▄▅▆▇█▔▕▐") for row in text(app).splitlines()[2:-2]), (
            "text is apart from the scrollbar"
        )
        sign, after = (
            line for line in text(app).splitlines() if "Laptops changed" in line or "value to keep." in line
        )
        assert len(after) - len(after.lstrip()) == sign.index("Laptops changed"), (
            "under its first line, not under the sign"
        )
        await pilot.press(*["down"] * 20)
        await until(pilot, lambda: says(app, "Coordinator: recorded", "changed: Place"))
        history = text(app).partition("HISTORY")[2]
        assert "…" not in history.partition("───")[0]


async def test_a_value_is_whole_in_a_small_window_with_one_conflict(net: SimpleNamespace) -> None:
    for kit, value in (
        (net.a, "ring twice, then wait for the caretaker at the blue door"),
        (net.b, "ring once"),
    ):
        kit.edit(kit.get(net.event), {"notes": value})
    bring(net)
    async with shown(net.hub, net.chief, "conflicts", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at", "ring once"))
        await until(pilot, lambda: says(app, "blue door"))


LONG = "They moved my appointment twice, and nobody rang to say so. " * 8


async def long_texts(net: SimpleNamespace) -> None:
    for laptop, name in ((net.a, "first"), (net.b, "second")):
        laptop.edit(laptop.get(net.event), {"title": f"{name} {LONG[:150]}", "notes": f"{name}: {LONG}"})
    bring(net)


async def test_a_long_name_leaves_the_next_conflicts_in_view(net: SimpleNamespace) -> None:
    await long_texts(net)
    async with shown(net.hub, net.chief, "conflicts", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "2 fields to look at"))
        await pilot.press("1")
        await until(pilot, lambda: says(app, "1 field to look at") and "Resolved" in notice(app))
        assert says(app, "The other value stays in the record's history.")
        assert len(notice(app)) < 130
        await until(pilot, lambda: "▸" in text(app))  # the next conflict is pointed at
        assert ".." not in notice(app)


async def test_a_long_value_takes_the_rows_that_the_list_leaves(net: SimpleNamespace) -> None:
    await long_texts(net)
    async with shown(net.hub, net.chief, "conflicts", size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: says(app, "2 fields to look at"))
        await until(pilot, lambda: says(app, "1 shown now"))
        values = [line for line in text(app).splitlines() if "│" in line]
        assert len(values) > 10 and not any("…" in line for line in values)


async def test_the_keys_of_another_value_are_in_view_in_a_small_window(net: SimpleNamespace) -> None:
    await long_texts(net)
    async with shown(net.hub, net.chief, "conflicts", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "2 fields to look at"))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Message))
        await pilot.press("pagedown", "end")
        scroll = app.screen.query_one("#text")
        await until(pilot, lambda: scroll.max_scroll_y == scroll.scroll_y)
        await pilot.press("escape", "e")
        await until(pilot, lambda: isinstance(app.screen, OneAnswer) and app.screen.focused is not None)
        await until(pilot, lambda: says(app, "esc back"))


async def test_a_deleted_record_with_many_changes_keeps_its_frame_in_a_small_window(
    net: SimpleNamespace,
) -> None:
    net.a.delete(net.event)
    net.b.edit(
        net.b.get(net.event),
        {
            "place": f"Leeds {LONG[:100]}",
            "notes": LONG,
            "title": "Fair",
            "date": "2026-11-05",
        },
    )
    bring(net)
    async with shown(net.hub, net.chief, "conflicts", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "Delete it.", "Keep it, with what was", "more: v shows all"))
        assert text(app).count("╯") == 2, "each value has its frame"


async def test_laptops_are_named_in_the_lines_that_a_short_value_leaves(net: SimpleNamespace) -> None:
    _of_three(net, "The laptop of the Sunday group", ("Hall", "Mosque", "Temple"))
    async with shown(net.hub, net.chief, "conflicts", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "1 field to look at", "Hall", "Temple"))
        assert says(app, "Sunday group") or says(app, "group,")
        frames = text(app).partition("shown now")[2]
        assert "…" not in frames.rpartition("───")[0].rpartition("╯")[0], "no name is cut"


async def test_a_number_waits_until_the_values_of_the_conflict_are_drawn(
    net: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = net.hub.add(
        "event", {"title": "Quill fair", "date": "2026-10-28", "place": "Town hall"}
    ).record_id
    for each in (net.me_a, net.me_b):
        trust(net.hub, net.chief, each.key.public.ssh_line())
    invitation = invite(net.hub, net.chief, net.stick)
    for kit, me in ((net.a, net.me_a), (net.b, net.me_b)):
        merge(kit, me, [invitation])
        kit.edit(kit.get(other), {"place": f"Place of {me.device}"})
    conflict(net)
    goes_on, mount_all = asyncio.Event(), Horizontal.mount_all
    goes_on.set()

    async def held(self: Horizontal, *args: Any, **more: Any) -> None:
        await goes_on.wait()
        await mount_all(self, *args, **more)

    monkeypatch.setattr(Horizontal, "mount_all", held)
    async with shown(net.hub, net.chief, "conflicts") as (app, pilot):
        await until(pilot, lambda: says(app, "2 fields to look at", "shown now") and app.screen.takes_keys)
        screen = app.screen
        before = screen.current
        goes_on.clear()
        await pilot.press("down")
        await until(pilot, lambda: screen.current is not None and screen.current != before)
        moved_to = screen.current
        assert screen.waits_with("2") and not screen.waits_with("up")
        await pilot.press("2")
        assert net.hub.conflict_count() == 2
        goes_on.set()
        await until(pilot, lambda: net.hub.conflict_count() == 1)
    assert net.hub.get(moved_to.record).values["place"] == moved_to.offers[1].value
