"""Boxes over a screen: all of a box is in view or scrolls, its keys stay in view, and the cursor is at the chosen answer."""

from __future__ import annotations

import re

import pytest
from textual.events import Paste
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets.input import Selection

from fieldkit.presentation.model.form_plan import Option
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.choose import Choose
from fieldkit.widgets.dialogs.choosing_several import ChooseSeveral
from fieldkit.widgets.dialogs.confirm import Confirm
from fieldkit.widgets.dialogs.dialog import Dialog
from fieldkit.widgets.dialogs.message_box import Help, Message
from fieldkit.widgets.inputs import PlainInput
from fieldkit.widgets.key_hints import key_name
from waiting import until
from widget_app import WidgetApp, text_of

SIZES = [(60, 20), (80, 24), (120, 40), (200, 50)]
LONG = "A sentence that is long enough for several lines of a box. " * 40
OPTIONS = [Option(f"c{number}", f"answer {number}") for number in range(1, 31)]
KEYS = [(f"f{number}", "What this key does, in a sentence that takes a line or two.") for number in range(30)]


def boxes() -> list[Dialog[object]]:
    return [  # type: ignore[list-item]  # each ends with something of its own
        Message("Title", LONG),
        Confirm("Title", LONG),
        AskLine("Title", LONG),
        Choose("Title", OPTIONS, LONG),
        Choose("Title", OPTIONS),
        ChooseSeveral("Title", OPTIONS, [], LONG),
        Help("Title", LONG[:200], KEYS),
    ]


async def shown(pilot: Pilot[object], box: Screen[object]) -> None:
    pilot.app.push_screen(box)
    for _ in range(4):
        await pilot.pause()


async def test_what_is_pasted_into_a_box_replaces_what_is_selected() -> None:
    async with WidgetApp(Static()).run_test(size=(80, 24)) as pilot:
        await shown(pilot, AskLine("A name", value="Amina Khan"))
        line = pilot.app.screen.query_one(PlainInput)
        line.selection = Selection(0, 5)
        line.post_message(Paste("Zoë"))
        await until(pilot, lambda: line.value == "Zoë Khan")


def test_what_follows_a_line_of_a_box_is_indented_under_its_text() -> None:
    head, state = "Erased: feedback 1, by the laptop of St Mary", "    not confirmed yet by Hall and Library"
    shown_text = Message("Erased", f"{head}\n{state}\nNothing hangs below this sentence.").text_for(24)
    assert shown_text.plain.split("\n") == [
        "Erased: feedback 1, by",
        "  the laptop of St Mary",
        "    not confirmed yet by",
        "    Hall and Library",
        "Nothing hangs below this sentence.",
    ]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("number", range(7))
async def test_a_box_keeps_its_keys_in_view_whatever_it_holds(number: int, size: tuple[int, int]) -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=size) as pilot:
        box = boxes()[number]
        await shown(pilot, box)
        frame, keys = box.query_one("#box").region, box.query_one("#keys").region
        assert frame.x >= 0 and frame.right <= size[0] and frame.y >= 0 and frame.bottom <= size[1]
        assert keys.height == 1 and keys.bottom < frame.bottom
        lines = text_of(app).splitlines()
        assert any(word in lines[keys.y] for word in ("go on", "choose", "done", "yes", "close"))
        if box.query("#text") and box.query_one("#text").max_scroll_y:
            assert "scroll" in lines[keys.y]
        if box.query("#choices"):
            assert box.query_one("#choices").region.bottom <= keys.y
            assert "1 answer 1" in text_of(app) or "· answer 1" in text_of(app)


async def test_a_box_takes_the_room_of_a_large_window() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot, Choose("Sort by", OPTIONS[:28]))
        assert "answer 28" in text_of(app) and "more" not in text_of(app)
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: app.screen.size == (60, 20) and "↓ 18 more" in text_of(app))
        assert "↓ 18 more" in text_of(app)
        await pilot.press("end")
        await until(pilot, lambda: "answer 28" in text_of(app) and "↑ 18 more" in text_of(app))


async def test_what_a_key_does_hangs_beside_the_key_at_any_width() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(60, 20)) as pilot:
        await shown(pilot, Help("Keys", "", KEYS))
        box = app.screen.query_one("#text").region
        lines = [line[box.x : box.right] for line in text_of(app).splitlines()[box.y : box.bottom]]
        assert all(line.startswith(("f", "  ")) for line in lines)


async def test_words_above_answers_scroll_by_pages_and_the_arrows_are_for_the_answers() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(60, 20)) as pilot:
        box = Choose("Which?", OPTIONS[:3], LONG)
        await shown(pilot, box)
        await pilot.press("down", "pagedown")
        await pilot.pause()
        assert box.query_one("#text").scroll_y > 0
        assert "▸ 2 answer 2" in text_of(app)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_terminals_cursor_stands_where_one_is_in_a_box(size: tuple[int, int]) -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert app.cursor_position == app.screen.query_one("#body").region.offset
        await shown(pilot, Choose("Which?", OPTIONS, "Words above."))
        await pilot.press("down", "down")
        await pilot.pause()
        assert text_of(app).splitlines()[app.cursor_position.y][app.cursor_position.x :].startswith("▸ 3")
        await shown(pilot, AskLine("Name", value="né日"))
        line = app.screen.query_one("PlainInput").content_region
        assert app.cursor_position == Offset(line.x + 4, line.y)
        await shown(pilot, Message("Read this", "Words."))
        assert app.cursor_position == app.screen.query_one("#title").content_region.offset


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_answer_pointed_at_is_whole_however_long_it_is(size: tuple[int, int]) -> None:
    long = "1 to 4 are starred, 0 is shown; percentages of 10 people or more, and the rest is rounded to the nearest 5"
    app = WidgetApp(Static("below"))
    async with app.run_test(size=size) as pilot:
        box = Choose("How?", [*OPTIONS[:2], Option("x", long, "as last time"), *OPTIONS], "Words.")
        await shown(pilot, box)
        await pilot.press("down", "down")
        await pilot.pause()
        place = box.query_one("#choices").region
        lines = [line[place.x : place.right] for line in text_of(app).splitlines()[place.y : place.bottom]]
        assert long in " ".join(" ".join(lines).replace("▸ 3", "").split())
        assert "as last time" in " ".join(lines)
        assert app.cursor_position.y == place.y + 2
        frame, keys = box.query_one("#box").region, box.query_one("#keys").region
        assert keys.bottom < frame.bottom <= size[1] and place.bottom <= keys.y


async def test_a_hint_in_a_line_of_typing_is_cut_with_a_sign() -> None:
    line = PlainInput(placeholder="at least 8 characters; four words are best")
    app = WidgetApp(line)
    async with app.run_test(size=(30, 20)) as pilot:
        await pilot.pause()
        assert text_of(app).splitlines()[line.content_region.y].rstrip("▎ ").endswith("characters;…")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.screen.size == (80, 24) and line.size.width > 60)
        assert "four words are best" in text_of(app)


async def test_a_long_text_stays_apart_from_its_scrollbar() -> None:
    app = WidgetApp(Static())
    async with app.run_test(size=(60, 20)) as pilot:
        await app.push_screen(Message("Help", "a word " * 400))
        drawn = app.screen.query_one("#text Static", Static)
        await until(pilot, lambda: drawn.size.height > 20)
        assert drawn.content_size.width == drawn.outer_size.width - 1


def test_a_message_keeps_the_indent_of_a_line_that_wraps() -> None:
    shown = str(Message("Erased", "Withdrawn\n    not confirmed by " + "Laptop " * 12).text_for(40))
    first, *rest = shown.split("\n")
    assert first == "Withdrawn"
    assert len(rest) > 2
    assert all(line.startswith("    ") and len(line) <= 40 for line in rest)


@pytest.mark.parametrize(
    ("box", "named"),
    [
        (Confirm("End?", "Words.", yes="end it", no="go back"), "y/enter end it   n/esc go back"),
        (Confirm("Erase?", "Words.", yes="erase it", no="go back", careful=True), "y erase it   n/esc go"),
        (Message("Read this", "Words."), "enter/esc/space go on"),
        (Help("Keys", "Words."), "enter/esc/space/f1/? close"),
        (Choose("Which?", OPTIONS[:2]), "↑↓ point   enter choose   esc back"),
        (ChooseSeveral("Which?", OPTIONS[:2], []), "↑↓ point   space tick   enter done   esc back"),
        (AskLine("Name"), "enter go on   esc back"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Dialog) else "",
)
async def test_a_box_names_every_key_that_closes_it(box: Dialog[object], named: str) -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(60, 20)) as pilot:
        await shown(pilot, box)
        line = text_of(app).splitlines()[box.query_one("#keys").region.y]
        assert all(part in line for part in named.split("   ")), line
        closing = ("done", "answer", "take", "back")
        for key, bindings in box._bindings.key_to_bindings.items():
            if any(binding.action.startswith(closing) for binding in bindings):
                assert key_name(key) in line, key


async def test_enter_on_an_empty_line_is_answered() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(60, 20)) as pilot:
        box = AskLine("Name")
        await shown(pilot, box)
        await pilot.press("enter")
        await until(pilot, lambda: "nothing is typed yet" in text_of(app))
        assert app.screen is box


@pytest.mark.parametrize("box", [Choose, ChooseSeveral])
async def test_every_answer_is_whole_where_there_is_room_for_all(box: type[Choose]) -> None:
    long = [
        "the first of three long answers, which no line of a small window holds",
        "the second of them, of which the end says what makes it another: yes",
        "the third of them, of which the end says what makes it another: no",
    ]
    options = [Option(str(place), label, "beside it") for place, label in enumerate(long)]
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(60, 20)) as pilot:
        await shown(pilot, box("Which?", options, "Words.") if box is Choose else box("Which?", options, []))
        for pointed in range(3):
            place = app.screen.query_one("#choices").region
            lines = [
                line[place.x : place.right] for line in text_of(app).splitlines()[place.y : place.bottom]
            ]
            inside = " ".join(" ".join(line.strip("▸ 123·") for line in lines).split())
            assert all(label in inside for label in long)
            assert lines[app.cursor_position.y - place.y].startswith(f"▸ {pointed + 1}")
            await pilot.press("down")
            await pilot.pause()


@pytest.mark.parametrize("group", ["", "beside it"])
async def test_an_answer_that_is_one_cell_too_long_is_whole_too(group: str) -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(60, 20)) as pilot:
        for cells in range(36, 54):
            label = "x" * (cells - 4) + " end"
            box = Choose("Which?", [Option("1", "short"), Option("2", label, group)], "Words.")
            await shown(pilot, box)
            assert "end" in text_of(app) and "…" not in text_of(app), cells
            await pilot.press("escape")
            await until(pilot, lambda box=box: app.screen is not box)


_LONG_PATH = "/media/coordinator/STICK/network of the West Midlands/invitations/West Midlands 2026.fkn"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_a_path_that_is_typed_is_whole_at_every_size(size: tuple[int, int]) -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.push_screen(AskLine("Which file?", "For example /media/you/STICK."))
        await until(pilot, lambda: isinstance(app.screen, AskLine) and app.screen.takes_keys)
        app.screen.query_one(PlainInput).value = _LONG_PATH
        squeezed = _LONG_PATH.replace(" ", "")
        await until(pilot, lambda: squeezed in re.sub(r"[\s│]", "", text_of(app)))


async def test_the_box_grows_for_paths_that_can_be_chosen() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(200, 50)) as pilot:
        await shown(pilot, Choose("Where?", [Option("a", _LONG_PATH), Option("b", "/tmp")], paths=True))
        await until(pilot, lambda: _LONG_PATH in text_of(app))


async def test_a_box_whose_text_names_its_keys_ends_with_it() -> None:
    app = WidgetApp(Static("below"))
    async with app.run_test(size=(60, 20)) as pilot:
        box: Dialog[object] = Dialog("Title", "A sentence that is the last.")
        await shown(pilot, box)
        rows = text_of(app).splitlines()
        at = next(n for n, row in enumerate(rows) if "the last" in row)
        assert "╰" in rows[at + 1]
        long: Dialog[object] = Dialog("Title", LONG)
        await shown(pilot, long)
        await until(pilot, lambda: "↑↓ scroll" in text_of(app))
