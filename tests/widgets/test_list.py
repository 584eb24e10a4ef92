"""Lists: the widths of columns, rows read only where they are in view, and hostile cells shown as text."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from bidi.algorithm import get_display
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.color import Color

from fieldkit.widgets import listing as listing_module
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.rows.row_pages import FIRST, PAGE
from fieldkit.widgets.sources import Column, ListSource, Row, column_widths
from fieldkit.widgets.themes import THEMES
from waiting import until
from widget_app import HOSTILE, WidgetApp, text_of

COLUMNS = (Column("date", "Date", 0, 10), Column("words", "Words", 3, 16), Column("no", "No", 0, 6, "right"))


class Counted:
    """A source that records the requests to it and can be held back or made to fail."""

    def __init__(self, count: int) -> None:
        self.total = count
        self.asked: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.running = 0
        self.most_running = 0

    def _enter(self) -> None:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.gate.wait(5)
        self.running -= 1
        if self.error:
            raise self.error

    def count(self) -> int:
        self._enter()
        return self.total

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        self._enter()
        self.asked.append(offset)
        last = min(self.total, offset + limit)
        return [Row(f"id{n}", ["2026-10-27", HOSTILE[n % len(HOSTILE)], str(n)]) for n in range(offset, last)]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(1, 150))
def test_column_widths_fill_the_width_and_never_pass_it(weights: list[int], width: int) -> None:
    columns = [Column(str(n), "x", weight, 6) for n, weight in enumerate(weights)]
    widths = column_widths(columns, width)
    assert 1 <= len(widths) <= len(columns)
    assert sum(widths) + 2 * (len(widths) - 1) <= width
    if len(widths) == len(columns) and any(weights) and width >= 8 * len(columns):
        assert sum(widths) + 2 * (len(widths) - 1) == width


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 90)), min_size=1, max_size=6), st.integers(1, 150)
)
def test_columns_get_what_they_need_before_any_gets_more(shapes: list[tuple[int, int]], width: int) -> None:
    columns = [Column(str(n), "x", weight, 6) for n, (weight, _) in enumerate(shapes)]
    widest = [most for _, most in shapes]
    widths = column_widths(columns, width, widest)
    shown = [cells for cells in widths if cells]
    assert sum(shown) + 2 * (len(shown) - 1) <= width
    assert all(not given for given, most in list(zip(widths, widest, strict=False))[1:] if not most)
    short = [n for n, given in enumerate(widths) if 0 < given < max(1, widest[n])]
    if short and len(widths) == len(columns):
        assert all(given <= max(6, widest[n]) for n, given in enumerate(widths))


async def test_a_column_without_any_value_gives_its_room_away() -> None:
    title = "Optimum Futures Health and Wellbeing Fair"
    columns = (Column("t", "Title", 3, 14), Column("k", "Kind", 2, 8), Column("d", "Date", 0, 11))
    listing = Listing(columns, ListSource([Row("a", [title, "", ""]), Row("b", ["Short", "", ""])]))
    app = WidgetApp(listing)
    async with app.run_test(size=(56, 10)) as pilot:
        await until(pilot, lambda: "Short" in text_of(app))
        assert title in text_of(app)
        assert "Kind" not in text_of(app)
        listing.show(ListSource([Row("a", [title, "fair", ""])]))
        await until(pilot, lambda: "fair" in text_of(app))
        assert "Kind" in text_of(app)
        assert "Date" not in text_of(app)


async def test_the_cursor_stays_on_its_row_where_rows_in_memory_change_places() -> None:
    cut, stalls, ramp = (Row(name, ["27/10", name, "1"]) for name in ("cut", "stalls", "ramp"))
    listing = Listing(COLUMNS, ListSource([cut, stalls, ramp]))
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.current == cut)
        listing.show(ListSource([ramp, stalls, cut]), keep_cursor=True)
        await until(pilot, lambda: listing.current == cut)
        assert listing.cursor == 2
        listing.show(ListSource([ramp, stalls]), keep_cursor=True)
        await until(pilot, lambda: listing.current == stalls)
        listing.show(ListSource([cut, ramp, stalls]))
        await until(pilot, lambda: listing.current == cut)


async def test_a_list_of_100000_reads_only_the_pages_in_view() -> None:
    source = Counted(100_000)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.current is not None)
        assert source.asked == [0]
        await pilot.press("end")
        await until(pilot, lambda: listing.current is not None and listing.current.id == "id99999")
        assert len(source.asked) <= 3
        await pilot.pause()
        assert "99999" in text_of(app)
        await pilot.press("k", "pageup", "home", "down")
        await until(pilot, lambda: listing.current is not None and listing.current.id == "id1")
        assert source.most_running == 1
        moved = [message.id for message in app.shown.of(Listing.Moved)]
        assert moved[0] == "id0"
        assert moved[-1] == "id1"
        await pilot.press("enter")
        await until(pilot, lambda: [message.id for message in app.shown.of(Listing.Chosen)] == ["id1"])


async def test_hostile_cells_are_shown_as_text_within_their_columns() -> None:
    listing = Listing(
        COLUMNS, ListSource([Row(str(n), ["27/10", text, "1"]) for n, text in enumerate(HOSTILE)])
    )
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = text_of(app)
        assert "[/] [@click=app.quit]x[/]" in shown
        assert "\x1b" not in shown
        assert all(cell_len(line) == 80 for line in shown.splitlines())
        for size in ((60, 20), (12, 6), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.is_running


async def test_rows_are_dots_until_they_come() -> None:
    source = Counted(1000)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.current is not None)
        source.gate.clear()
        await pilot.press("end")
        await pilot.pause()
        assert listing.current is None
        assert "…" in text_of(app)
        source.gate.set()
        await until(pilot, lambda: listing.current is not None)


async def test_an_empty_list_says_what_to_do_and_a_failing_one_what_happened() -> None:
    source = Counted(0)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Nothing here yet." in text_of(app))
        source.error = OSError("[/] disk")
        listing.reload()
        await until(pilot, lambda: app.shown.of(Listing.Failed))
        await pilot.pause()
        assert "could not be read" in text_of(app)
        source.error, source.total = None, 3
        listing.reload()
        await until(pilot, lambda: listing.count == 3 and listing.current is not None)


async def test_reload_keeps_the_cursor_and_pages_are_forgotten_in_time() -> None:
    source = Counted(PAGE * 60)
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.current is not None)
        for page in range(60):
            listing.cursor = page * PAGE + 5
            await until(pilot, lambda: listing.current is not None)
        assert len(listing._pages) <= 24
        here = listing.cursor
        source.total -= 10
        listing.reload()
        await until(pilot, lambda: listing.count == PAGE * 60 - 10)
        assert listing.cursor == here
        listing.show(ListSource([Row("one", ["a", "b", "c"])]))
        assert listing.cursor == 0
        assert listing.current is not None
        assert listing.current.id == "one"


async def test_an_empty_list_offers_no_opening() -> None:
    listing = Listing(COLUMNS)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Nothing here yet" in text_of(app) and listing.has_focus)
        assert "enter open" not in text_of(app)
        listing.show(ListSource([Row("one", ["a", "b", "c"])]))
        await until(pilot, lambda: "enter open" in text_of(app))
        listing.show(ListSource())
        await until(pilot, lambda: "enter open" not in text_of(app))


class Searched(Counted):
    """A source that gives its first rows before all are counted, as a search does."""

    def first(self, limit: int) -> tuple[Sequence[Row], bool]:
        rows = [Row(f"id{n}", ["2026-10-27", "x", str(n)]) for n in range(min(self.total, limit))]
        return rows, self.total < limit


async def test_the_first_rows_of_a_search_are_shown_before_all_are_counted() -> None:
    source = Searched(1_000)
    source.gate.clear()
    listing = Listing(COLUMNS, source)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.row(0) is not None)
        assert listing.count == FIRST
        source.gate.set()
        await until(pilot, lambda: listing.count == 1_000)
        await until(pilot, lambda: listing.row(FIRST) is not None)
        await pilot.press("end")
        await until(pilot, lambda: (listing.current and listing.current.id) == "id999")
        few = Searched(3)
        listing.show(few)
        await until(pilot, lambda: listing.count == 3)
        assert few.most_running == 0, "three rows need no counting"


async def test_a_search_that_gave_way_to_another_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    # However slow this machine is, the first has not been counted when the second comes.
    monkeypatch.setattr(listing_module, "_PAUSE", 60.0)
    first, second = Searched(1_000), Searched(2_000)
    listing = Listing(COLUMNS, first)
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: listing.row(0) is not None)
        monkeypatch.setattr(listing_module, "_PAUSE", 0.0)
        listing.show(second)
        await until(pilot, lambda: listing.count == 2_000)
        assert first.most_running == 0


async def test_a_row_that_is_cut_says_so_and_is_shown_in_full() -> None:
    long = "Optimum Futures Health & Wellbeing Fair at the Mary Seacole Centre " * 3
    listing = Listing(
        (Column("name", "Name", 3, 12), Column("place", "Place", 1, 30), Column("no", "No", 0, 6)),
        ListSource([Row("a", ["short", "here", "1"]), Row("b", [long, "[/] 診療所", "22222222"])]),
    )
    app = WidgetApp(listing)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "short" in text_of(app))
        assert "whole row" not in text_of(app)
        await pilot.press("down")
        await until(pilot, lambda: "→ whole row" in text_of(app))
        await pilot.press("right")
        await until(pilot, lambda: "No: 22222222" in text_of(app))
        box = app.screen.query_one("#title").region
        shown = " ".join(" ".join(line[box.x : box.right] for line in text_of(app).splitlines()).split())
        assert "Place: [/] 診療所" in shown and long.strip() in shown
        await pilot.press("escape", "up")
        await until(pilot, lambda: "whole row" not in text_of(app))


async def test_a_row_in_full_names_a_column_by_its_whole_title() -> None:
    columns = (
        Column("date", "Date", 0, 10),
        Column("c", "C", 0, 2, in_full="Confidence"),
        Column("w", "Words", 1, 8),
    )
    listing = Listing(columns, ListSource([Row("a", ["1 Nov 2026", "7", "long words " * 9])]))
    app = WidgetApp(listing)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "→ whole row" in text_of(app))
        await pilot.press("right")
        await until(pilot, lambda: "Confidence: 7" in text_of(app))


async def test_the_last_column_keeps_away_from_the_edge() -> None:
    columns = (Column("t", "Title", 1, 10), Column("w", "changed", 0, 7))
    rows = [Row("1", ["a name that is much longer than the line is wide" * 2, "02:07:31"])]
    app = WidgetApp(Listing(columns, ListSource(rows)))
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        listing = app.screen.query_one(Listing)
        assert all(listing.render_line(y).text.endswith(" ") for y in (0, 1))
        assert listing.render_line(0).text.rstrip().endswith("changed")


def test_titles_are_whole_before_a_long_value_gets_more() -> None:
    columns = (
        Column("n", "Name", 3, 16),
        Column("p", "Part they play", 1, 8),
        Column("o", "Organisation", 1, 8),
    )
    widths = column_widths(columns, 55, [105, 30, 60])
    assert widths[1] >= len("Part they play") and widths[2] >= len("Organisation")


def test_a_column_whose_title_would_be_cut_is_not_shown() -> None:
    columns = (
        Column("n", "Name", 6, 28),
        Column("p", "Part they play", 2, 8),
        Column("o", "Organisation", 3, 10),
    )
    assert column_widths(columns, 55, [30, 8, 60]) == [37, 16]
    assert column_widths(columns, 58, [30, 8, 60]) == [28, 14, 12]


_EVENTS = (
    Column("title", "Title", 6, 28, optional=True, names=True),
    Column("kind", "Kind", 2, 8, optional=True),
    Column("date", "Date", 0, 11, optional=True),
    Column("place", "Place", 3, 10, optional=True),
    Column("region", "Region", 2, 8, optional=True),
)


@pytest.mark.parametrize(
    ("width", "widths"),
    [(55, [42, 0, 11]), (74, [39, 0, 11, 20]), (114, [57, 0, 11, 23, 17]), (194, [61, 30, 11, 66, 18])],
)
def test_columns_that_would_be_cut_are_left_out_before_names_and_dates_are(
    width: int, widths: list[int]
) -> None:
    widest, different, usual = [87, 30, 11, 121, 18], [8, 6, 14, 12, 8], [61, 30, 11, 91, 18]
    assert column_widths(_EVENTS, width, widest, different, usual) == widths


async def test_a_name_from_right_to_left_moves_no_other_column() -> None:
    columns = (Column("name", "Name", 1, 16), Column("date", "Date", 0, 10))
    listing = Listing(
        columns, ListSource([Row("a", ("محمد خان", "1 Nov 2026")), Row("b", ("Amina", "2 Nov 2026"))])
    )
    app = WidgetApp(listing)
    async with app.run_test(size=(40, 6)) as pilot:
        await until(pilot, lambda: listing.loaded)
        arabic, latin = (listing.render_line(y).text for y in (1, 2))
        shown = get_display(arabic, base_dir="L")
        assert cell_len(arabic) == cell_len(latin)
        assert shown.replace("\u200e", "").index("1 Nov 2026") == latin.index("2 Nov 2026")
        assert "\u200e" not in latin


def _record_columns() -> tuple[Column, ...]:
    return (
        Column("service", "Service", 4, 14, optional=True),
        Column("provider", "Provider", 3, 10, optional=True),
        Column("date", "Date", 0, 11, optional=True),
        Column("rating", "Rating", 2, 8, optional=True),
        Column("words", "Experience", 4, 15, optional=True),
    )


def test_the_column_that_tells_fewest_rows_apart_gives_way_first() -> None:
    widest = [24, 49, 11, 23, 200]
    narrow = column_widths(_record_columns(), 54, widest, [7, 7, 40, 6, 80])
    assert narrow[1] == 0 and all(narrow[at] for at in (0, 2, 3, 4)), (
        "the provider, which is nearly always the same"
    )
    assert not column_widths(_record_columns(), 54, widest, [7, 60, 40, 1, 80])[3], (
        "a rating that is always the same"
    )
    assert all(column_widths(_record_columns(), 80, widest, [7, 7, 40, 6, 80]))


def test_the_column_that_tells_rows_apart_gets_the_room_that_is_left() -> None:
    columns = (
        Column("event", "Event", 6, 14, optional=True),
        Column("person", "Person", 3, 10, optional=True),
    )
    event, person = column_widths(columns, 46, [120, 26], [2, 100])
    assert (event, person) == (18, 26)


def test_one_long_name_cuts_no_other_column() -> None:
    columns = (
        Column("n", "Name", 6, 28, optional=True),
        Column("p", "Part they play", 2, 8, optional=True),
        Column("o", "Organisation", 3, 10, optional=True),
    )
    widest, different = [104, 33, 30], [42, 5, 3]
    assert column_widths(columns, 112, widest, different)[1] < 33, "what the long name takes"
    name, part, organisation = column_widths(columns, 112, widest, different, [24, 33, 30])
    assert (part, organisation) == (33, 30)
    assert name == 112 - 33 - 30 - 4, "the long name gets all that is left"


async def test_a_list_of_short_names_and_one_long_one_shows_the_other_column_whole() -> None:
    place = "St Mary's Community Centre, Little Horton"
    rows = [Row(str(n), [f"Amina Khan {n}", place if n % 3 == 0 else ""]) for n in range(30)]
    rows.append(Row("long", ["Wolfeschlegelsteinhausenbergerdorff " * 3, place]))
    rows.insert(1, Row("second", ["Siobhán O’Brien-Ní Dhomhnaill", ""]))
    columns = (Column("n", "Name", 6, 28, optional=True), Column("o", "Organisation", 3, 10, optional=True))
    listing = Listing(columns, ListSource(rows))
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "Amina Khan 1" in text_of(app))
        assert place in text_of(app) and "Dhomhnaill" in text_of(app)


async def test_of_a_few_rows_one_long_name_cuts_no_other_column() -> None:
    file = "fieldkit-42opqw-0001-2026-11-27.fkb"
    names = ["The Long and Winding Walking Group of Airedale, second laptop", "Coordinator", "Zoë", "St Mary"]
    rows = [Row(name, [name, file]) for name in names]
    listing = Listing((Column("n", "From", 3, 12), Column("f", "File", 1, 9)), ListSource(rows))
    app = WidgetApp(listing)
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: "Coordinator" in text_of(app))
        assert text_of(app).count(file) == len(rows)


def test_rows_that_are_not_known_yet_leave_out_the_last_columns() -> None:
    assert len(column_widths(_record_columns(), 54)) == 4


@pytest.mark.parametrize("name", THEMES)
async def test_marks_have_the_colours_that_they_have_elsewhere(name: str) -> None:
    rows = [Row(mark or "none", ["a", "b", "c"], mark) for mark in ("", "", "!", "×", "✓")]
    listing = Listing(COLUMNS, ListSource(rows))
    app = WidgetApp(listing)
    async with app.run_test(size=(60, 12)) as pilot:
        theme = THEMES[name][0]
        app.register_theme(theme)
        app.theme = theme.name
        listing.ticked = {"none"}
        await pilot.pause()

        def colour(row: int, sign: str) -> object:
            [drawn] = [each for each in listing.render_line(row + 1) if each.text.strip() == sign]
            assert drawn.style is not None and drawn.style.bold
            return drawn.style.color

        wanted = {"!": "warning", "×": "error", "✓": "accent"}
        for row, sign in ((2, "!"), (3, "×"), (4, "✓")):
            assert colour(row, sign) == Color.parse(app.theme_variables[wanted[sign]]).rich_color
        assert colour(1, "✓") == colour(4, "✓"), "what is ticked has the colour of what is chosen"
