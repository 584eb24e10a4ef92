"""A list of records sorted, with other columns, with ticked rows, and written as a table."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from desk import keys_offered, notice, says, shown
from fieldkit.presentation.lists.sort_order import SortOrder
from fieldkit.records.schema.kind import kind, kinds
from fieldkit.screens.base.record_rows import columns_of
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.choosing_several import ChooseSeveral
from fieldkit.widgets.key_hints import hints_of
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.sources import column_widths
from sync_desk import FIXTURES
from waiting import until

(net,) = FIXTURES

NAMES = ("Zoë", "amina", "Łukasz", "Ben [/] [@click=app.quit]x[/]")


@pytest.fixture
def people(net: SimpleNamespace) -> SimpleNamespace:
    for name in NAMES:
        net.a.add("person", {"name": name, "consent_record": "Y", "email": f"{len(name)}@example.org"})
    return net


async def rows(app, pilot) -> list[str]:
    listing = app.screen.query_one(Listing)
    await until(pilot, lambda: listing.loaded)
    return [listing.row(at).cells[0] for at in range(listing.count)]


async def test_a_list_is_sorted_and_turned_round_and_as_it_was(people: SimpleNamespace) -> None:
    async with shown(people.a, people.me_a, "records", "person") as (app, pilot):
        assert await rows(app, pilot) == list(NAMES[::-1])
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: says(app, "Name ▲"))
        assert await rows(app, pilot) == ["amina", NAMES[3], "Łukasz", "Zoë"]
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("2")
        await until(pilot, lambda: says(app, "Name ▼"))
        assert (await rows(app, pilot))[0] == "Zoë"
        await pilot.press("slash", *"lukasz")
        await until(pilot, lambda: says(app, "1 with these words"))
        assert await rows(app, pilot) == ["Łukasz"]
        await pilot.press("escape", "s")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("1")
        await until(pilot, lambda: not says(app, "Name ▼"))
        assert await rows(app, pilot) == list(NAMES[::-1])


async def test_the_bottom_line_names_the_keys_that_work_while_filtering(people: SimpleNamespace) -> None:
    async with shown(people.a, people.me_a, "records", "person") as (app, pilot):
        await rows(app, pilot)
        hints = lambda: {hint.key: hint.label for hint in hints_of(app.screen)}  # noqa: E731
        assert hints()["/"] == "filter" and hints()["esc"] == "back"
        await pilot.press("slash", *"lukasz")
        await until(pilot, lambda: says(app, "1 with these words"))
        assert hints()["enter"] == "to the list" and hints()["esc"] == "show all"
        assert not {"/", "n", "s", "x"} & set(hints())
        await pilot.press("enter")
        await until(pilot, lambda: hints().get("/") == "filter")
        assert hints()["esc"] == "show all"
        await pilot.press("escape")
        await until(pilot, lambda: hints()["esc"] == "back")
        assert len(await rows(app, pilot)) == len(NAMES)


async def test_columns_are_chosen_and_kept(people: SimpleNamespace) -> None:
    async with shown(people.a, people.me_a, "records", "person") as (app, pilot):
        await until(pilot, lambda: says(app, "Zoë") and not says(app, "3@example.org"))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ChooseSeveral))
        dialog = app.screen
        place = next(at for at, option in enumerate(dialog._options) if option.code == "email")
        await pilot.press(*["down"] * place, "space", "enter")
        await until(pilot, lambda: says(app, "3@example.org"))
    async with shown(people.a, people.me_a, "records", "person") as (app, pilot):
        await until(pilot, lambda: says(app, "3@example.org"))


async def test_ticked_rows_are_written_as_a_table(
    people: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "some.xlsx"

    async def at_that_place(*_: object) -> Path:
        return target

    monkeypatch.setattr("fieldkit.screens.records.list_view.ask_folder", at_that_place)
    async with shown(people.a, people.me_a, "records", "person") as (app, pilot):
        await rows(app, pilot)
        await pilot.press("space", "space")
        await until(pilot, lambda: says(app, "2 ticked, 4 in all"))
        assert says(app, "✓")
        await pilot.press("slash", *"amina", "enter", "space")
        await until(pilot, lambda: says(app, "3 ticked, 1 with these words"))
        await pilot.press("x")
        await until(pilot, lambda: "3 records written to" in notice(app))
        await pilot.press("escape", "a")
        await until(pilot, lambda: says(app, "4 ticked"))
        await pilot.press("a")
        await until(pilot, lambda: says(app, "4 in all") and not says(app, "ticked"))
    sheet = openpyxl.load_workbook(target)["person"]
    heading, *written = list(sheet.iter_rows(values_only=True))
    assert [row[heading.index("name")] for row in written] == [NAMES[1], NAMES[2], NAMES[3]]


async def test_what_never_leaves_the_laptop_is_written_to_no_table(net: SimpleNamespace) -> None:
    net.a.add("note", {"notes": "mine"})
    async with shown(net.a, net.me_a, "records", "note") as (app, pilot):
        await rows(app, pilot)
        assert app.screen.check_action("command", ("sort",))
        assert not app.screen.check_action("command", ("table",))
        assert "write as a table" not in keys_offered(app)


async def test_the_help_of_a_kind_is_whole_below_the_list_of_kinds(net: SimpleNamespace) -> None:
    async with shown(net.a, net.me_a, "everything", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "▸ Partners", kinds()["partner"].help))


async def test_what_people_said_tells_rows_apart_in_a_small_window(net: SimpleNamespace) -> None:
    same = {
        "service_area": "diabetes",
        "provider": "Bradford Royal Infirmary",
        "date": "2026-10-27",
        "rating": "1",
    }
    for comment in ("Nobody rang me", "The nurse was kind", "A long wait"):
        net.a.add("feedback", {**same, "experience": comment, "consent_record": "Y"})
    async with shown(net.a, net.me_a, "records", "feedback", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "Nobody rang me", "The nurse was kind", "A long wait"))


async def test_the_person_tells_rows_of_attendance_apart_in_a_small_window(net: SimpleNamespace) -> None:
    event = net.a.add(
        "event", {"title": "Knowledge sharing symposium: policy into practice", "date": "2026-10-27"}
    )
    for name in ("Example volunteer 4", "Example volunteer 5"):
        person = net.a.add("person", {"name": name, "consent_record": "Y"})
        net.a.add("attendance", {"event": event.record_id, "person": person.record_id, "arrived": "10:25"})
    async with shown(net.a, net.me_a, "records", "attendance", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "Example volunteer 4", "Example volunteer 5"))


@pytest.mark.parametrize(
    ("kind", "choosing", "named"),
    [
        ("person", False, {"Open the record under the cursor."}),
        ("provider", False, {"Open the record under the cursor.", "In the list of providers"}),
        ("event", True, {"In the list of events: open", "In the list of events: from now on"}),
    ],
)
async def test_help_names_only_the_keys_of_this_list(
    people: SimpleNamespace, kind: str, choosing: bool, named: set[str]
) -> None:
    every = {
        "Open the record under the cursor.",
        "In the list of providers",
        "In the list of events: open",
        "In the list of events: from now on",
    }
    async with shown(people.a, people.me_a, "records", "partner", size=(120, 60)) as (app, pilot):
        app.open_screen("records", kind, choosing=choosing)
        title = kinds()[kind].plural.capitalize()
        await until(pilot, lambda: app.screen.page_title == title and app.screen.is_mounted)
        await pilot.press("f1")
        await until(pilot, lambda: says(app, "Show only the rows with these words."))
        assert {part for part in every if says(app, part)} == named


@pytest.mark.parametrize("width", [50, 70])
def test_the_column_that_a_list_is_sorted_by_is_always_shown(width: int) -> None:
    order = SortOrder("role")
    columns = columns_of(kind("person"), order=order)
    assert columns[1].title == "Part they play ▲"
    widths = column_widths(columns, width, [44, 30, 60, 8], [30, 2, 30, 9], [40, 30, 60, 8])
    assert len(widths) > 1 and widths[1] >= len("Part they play ▲")


def test_a_rating_is_whole_where_long_comments_have_room_to_be_cut() -> None:
    columns = columns_of(kind("feedback"))
    assert [column.title for column in columns][3] == "Rating"
    widths = column_widths(columns, 117, [24, 90, 11, 23, 2000], [5, 4, 25, 6, 90], [17, 28, 11, 23, 200])
    assert widths[3] >= len("1 very good") and widths[4] > 40
    rare = column_widths(columns, 195, [24, 90, 11, 23, 2000], [5, 4, 25, 6, 90], [17, 28, 11, 11, 200])
    assert rare[3] == len("3 neither good nor poor") and rare[4] > 60, "a rare answer, too, on a wide screen"


async def test_the_boxes_of_a_list_call_a_field_as_its_form_does(people: SimpleNamespace) -> None:
    titles = [spec.title for spec in kind("person").fields.values()]
    assert "First half of the postcode" in titles
    async with shown(people.a, people.me_a, "records", "person", size=(120, 60)) as (app, pilot):
        await rows(app, pilot)
        for key, box in (("s", Choose), ("c", ChooseSeveral)):
            await pilot.press(key)
            await until(pilot, lambda box=box: isinstance(app.screen, box) and says(app, *titles))  # type: ignore[misc]
            await pilot.press("escape")
            await until(pilot, lambda: app.screen.query(Listing))


def test_the_title_of_a_column_is_whole_where_the_row_is_shown_in_full() -> None:
    [rating, comment, postcode] = columns_of(kind("feedback"), ["rating", "experience", "postcode_area"])
    assert [rating.title, comment.title, postcode.title] == [
        "Rating",
        "What happened",
        "First half of the p…",
    ]
    assert postcode.in_full == "First half of the postcode"


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_foot_names_the_table_while_rows_are_ticked(
    people: SimpleNamespace, size: tuple[int, int]
) -> None:
    async with shown(people.a, people.me_a, "records", "person", size=size) as (app, pilot):
        await rows(app, pilot)
        assert "write as a table" not in keys_offered(app)
        await pilot.press("space")
        await until(pilot, lambda: "x write as a table" in keys_offered(app))
        assert all(hint in keys_offered(app) for hint in ("enter open", "esc back", "f1 help"))
        await pilot.press("up", "space")
        await until(pilot, lambda: "write as a table" not in keys_offered(app))
