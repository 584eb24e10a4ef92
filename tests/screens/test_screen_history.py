"""A record on the screen: its place, and what in its history can be restored or undone."""

from __future__ import annotations

import pytest

from desk import notice, says, shown, text
from fieldkit.presentation.record_history import (
    CURRENT,
    DELETED,
    IN_CONFLICT,
    REPLACED,
    Change,
    restoring,
)
from fieldkit.presentation.value_labels import EMPTY
from fieldkit.records.schema.kind import kind
from fieldkit.text import titled
from fieldkit.widgets.listing import Listing
from networks import Network
from trust_desk import HOSTILE, event
from waiting import until

pytestmark = pytest.mark.usefixtures("stick")


async def test_a_record_says_where_it_is(net: Network) -> None:
    (a,) = net.others
    record = event(a)
    async with shown(a.kit, a.me, "record_view", record) as (app, pilot):
        await until(pilot, lambda: says(app, "On this laptop alone: not in a bundle yet."))
        (bundle,) = a.export()
        app.screen.read_again()
        await until(pilot, lambda: says(app, "Sent in bundle 1, not confirmed"))
        net.hub.take(bundle)
        a.take(net.hub.receipt())
        app.screen.read_again()
        await until(pilot, lambda: says(app, "Confirmed: a coordinator has it."))


async def test_an_older_value_is_restored_and_a_change_undone(net: Network) -> None:
    (a,) = net.others
    record = event(a, title=f"Fair {HOSTILE}")
    a.kit.edit(a.kit.get(record), {"place": "Library", "title": "Other"})
    async with shown(a.kit, a.me, "record_view", record) as (app, pilot):
        await until(pilot, lambda: says(app, "changed: Place, Title"))
        await pilot.press("h")
        await until(pilot, lambda: says(app, "Library", "current", "Hall", "replaced", "laptop a"))
        listing = app.screen.query_one(Listing)
        assert not app.screen.check_action("command", ("restore",))
        old = next(at for at, change in enumerate(app.screen._history.changes) if change.label == "Hall")
        listing.cursor = old
        await until(pilot, lambda: app.screen.check_action("command", ("restore",)))
        assert not app.screen.check_action("command", ("undo",))
        await pilot.press("r")
        await until(pilot, lambda: "Restored. Place: Hall" in notice(app))
        assert a.kit.get(record).values["place"] == "Hall"
        await until(pilot, lambda: len(app.screen._history.changes) == 5)
        assert app.screen.current.label == "Hall" and listing.cursor == old + 1, (
            "the cursor stays on its change"
        )
        assert not app.screen.check_action("command", ("restore",)), "its value is the current one again"
        other = next(at for at, change in enumerate(app.screen._history.changes) if change.label == "Other")
        listing.cursor = other
        await until(pilot, lambda: app.screen.current.label == "Other")
        await pilot.press("u")
        # What comes back, not what the change set.
        await until(pilot, lambda: says(app, "The value before it comes back:", f"Title: Fair {HOSTILE}"))
        assert not says(app, "Title: Other") and not says(app, "Place: Library")
        await pilot.press("y")
        await until(pilot, lambda: "Undone. Title: Fair" in notice(app))
    values = a.kit.get(record).values
    assert (values["title"], values["place"]) == (f"Fair {HOSTILE}", "Hall"), "a later edit is not undone"


async def test_the_value_that_was_not_chosen_comes_back_from_the_history(net: Network) -> None:
    (a,), hub = net.others, net.hub
    record = event(hub)
    a.take(hub.invite())
    for laptop, place in ((hub, "Library"), (a, "Mosque")):
        laptop.kit.edit(laptop.kit.get(record), {"place": place})
    hub.merge(*a.export())
    hub.kit.resolve(record, "place", "Library")
    async with shown(hub.kit, hub.me, "history", record) as (app, pilot):
        await until(pilot, lambda: says(app, "Mosque", "laptop a"))
        changes = app.screen._history.changes
        app.screen.query_one(Listing).cursor = next(
            at for at, change in enumerate(changes) if change.label == "Mosque"
        )
        await until(pilot, lambda: app.screen.current.label == "Mosque")
        await pilot.press("r")
        await until(pilot, lambda: "Restored. Place: Mosque" in notice(app))
    assert hub.kit.get(record).values["place"] == "Mosque"
    assert hub.kit.conflict_count() == 0


async def test_what_commands_alone_may_change_offers_nothing_in_its_history(net: Network) -> None:
    (a,) = net.others
    device = a.kit.page("device")[0].record_id
    async with shown(a.kit, a.me, "history", device) as (app, pilot):
        await until(pilot, lambda: app.screen.current is not None)
        assert not app.screen.check_action("command", ("undo",))
        assert not app.screen.check_action("command", ("restore",))


async def test_a_question_has_one_label_in_the_form_on_the_page_and_in_the_history(net: Network) -> None:
    (a,) = net.others
    asked = kind("feedback").fields["consent_record"].title
    assert asked.endswith("?")
    record = a.kit.add("feedback", {"consent_record": "Y", "rating": "1"}).record_id
    async with shown(a.kit, a.me, "record_view", record) as (app, pilot):
        await until(pilot, lambda: says(app, asked))
        await pilot.press("h")
        await until(pilot, lambda: says(app, "replaced") or says(app, "current"))
        assert asked in {change.title for change in app.screen._history.changes}


@pytest.mark.parametrize(
    ("title", "line"),
    [("Place", "Place: Hall"), ("May we quote you?", "May we quote you? Hall")],
)
def test_what_follows_a_question_mark_needs_no_colon(title: str, line: str) -> None:
    assert titled(title, "Hall") == line


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_history_says_what_r_does_with_which_value(net: Network, size: tuple[int, int]) -> None:
    (a,) = net.others
    record = event(a, title="Fair [red]")
    a.kit.edit(a.kit.get(record), {"place": "Library"})
    a.kit.edit(a.kit.get(record), {"place": None})
    async with shown(a.kit, a.me, "history", record) as (app, pilot):
        await pilot.resize_terminal(*size)
        listing = app.screen.query_one(Listing)
        for label, sentence in (
            ("Library", "Press r to set “Place” back to “Library”: now it is no answer."),
            ("Fair [red]", "This is the current value."),
        ):
            await until(pilot, lambda: app.screen._history is not None)
            changes = app.screen._history.changes
            listing.cursor = next(at for at, change in enumerate(changes) if change.label == label)
            await until(pilot, lambda sentence=sentence: says(app, sentence))


def test_what_r_does_is_said_for_each_state_of_a_value() -> None:
    def change(value: str, state: str, field: str = "place") -> Change:
        return Change("r", field, value, 0, "", "a", "Place", value or EMPTY, state, True)

    library, hall = change("Library", CURRENT), change("Hall", REPLACED)
    sentences = [
        restoring(each, changes, "r")
        for each, changes in (
            (library, [library, hall]),
            (hall, [library, hall]),
            (change("Library", REPLACED), [library, hall]),
            (change("Hall", IN_CONFLICT), [change("Library", IN_CONFLICT), change("Hall", IN_CONFLICT)]),
            (change("Y", REPLACED, DELETED), []),
            (change("", REPLACED, DELETED), []),
            (change("", REPLACED), [library]),
        )
    ]
    assert sentences == [
        "This is the current value.",
        "Press r to set “Place” back to “Hall”: now it is “Library”.",
        "This is the current value, too: it was set again later.",
        "In conflict with “Library”. Press r to keep “Hall”.",
        "Press r to delete the record again.",
        "Press r to restore the record again.",
        "Press r to set “Place” back to no answer: now it is “Library”.",
    ]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_sentence_about_a_conflict_of_long_texts_is_whole(
    net: Network, size: tuple[int, int]
) -> None:
    (a,), hub = net.others, net.hub
    record = event(hub)
    a.take(hub.invite())
    texts = [f"{who} heard it like this. " + "They moved the meeting twice. " * 20 for who in ("One", "Two")]
    for laptop, notes in zip((hub, a), texts, strict=True):
        laptop.kit.edit(laptop.kit.get(record), {"notes": notes})
    hub.merge(*a.export())
    async with shown(hub.kit, hub.me, "history", record) as (app, pilot):
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: says(app, "In conflict with", "press Enter to see it in full"))
        await until(pilot, lambda: says(app, "Press r to keep “") and "”." in text(app), "the whole sentence")
