"""Searching in the program: the time from a key typed in the list of people, or in find, to its results.

Measured in processor time, since a shared machine makes every program wait.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Literal

from benchmarks.making import fill, make_hub
from fieldkit.store.db.sql import execute
from fieldkit.store.kit import Kit

FIRST = ("Anna", "Zoë", "Łukasz", "Ali", "Mohammed", "Siân", "Gurpreet", "Nguyễn", "Aoife", "Chiamaka")
LAST = ("Khan", "O’Neill", "Smith", "Patel", "Evans", "Çelik", "Okafor", "Żak", "Begum", "Kaur")
#: Typed letter by letter: a name in another spelling, two words, a name that nobody has, words and a number.
TYPED = ("oneill", "zoe khan", "xqzw", "mohammed begum 2026")


def people(kit: Kit, count: int) -> None:
    """Store `count` people in a kit."""
    rng = random.Random(5)
    with kit.adding() as add:
        for start in range(0, count, 2_000):
            add(
                "person",
                [
                    {"name": f"{rng.choice(FIRST)} {rng.choice(LAST)} {number}", "consent_record": "Y"}
                    for number in range(start, min(start + 2_000, count))
                ],
            )


def links(kit: Kit, people_count: int) -> None:
    """Store events, visits, pairs and their sessions in a kit: a search also looks for the names of linked people."""
    rng = random.Random(6)
    ids = [record_id for (record_id,) in kit.columns("person", ("record_id",))]
    few = max(people_count // 1_000, 1)
    events = [
        event.record_id for event in kit.add_many("event", [{"title": f"Fair {n}"} for n in range(few)])
    ]
    chosen = [rng.sample(ids, 2) for _ in range(few)]
    pairs = kit.add_many("mentorship", [{"mentor": mentor, "mentee": mentee} for mentor, mentee in chosen])
    kit.add_many(
        "session",
        [
            {"mentorship": pair.record_id, "date": "2026-10-27", "confidence": 5}
            for pair in pairs
            for _ in range(5)
        ],
    )
    kit.add_many(
        "attendance",
        [{"event": rng.choice(events), "person": person} for person in rng.sample(ids, people_count // 20)],
    )


def counting(folder: Path, times: int) -> float:
    """The baseline, in milliseconds of processor time: counting live people through an index, in the database alone."""
    took = []
    with Kit.open(folder) as kit, kit.reading() as connection:
        for _ in range(times):
            start = time.process_time()
            execute(connection, "SELECT count(*) FROM person WHERE deleted = 0").fetchone()
            took.append((time.process_time() - start) * 1000)
    return statistics.median(took)


async def typing(
    folder: Path, screen_name: str, until: Literal["letter", "first", "whole"] = "first"
) -> list[float]:
    """Milliseconds of processor time from each key until its letter is drawn, its first results are listed, or find has
    searched every kind of record. Includes what the search takes in its thread meanwhile.
    """
    from textual.strip import Strip
    from textual.widgets import Input

    from fieldkit.app import FieldkitApp
    from fieldkit.screens.records.find_screen import FindScreen, Results
    from fieldkit.screens.records.records_screen import FilterLine, RecordsScreen
    from fieldkit.widgets.listing import Listing
    from fieldkit.widgets.rows.row_pages import Opened

    took = []
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        while getattr(app, "kit", None) is None:
            await pilot.pause(0.01)
        screen = FindScreen() if screen_name == "find" else RecordsScreen("person")
        await app.push_screen(screen)
        await pilot.pause()
        line = screen.query_one(Input if screen_name == "find" else FilterLine)
        listing = screen.query_one(Results if screen_name == "find" else Listing)
        came = asyncio.Event()
        opened = listing._opened

        def note(rows: Opened) -> None:
            opened(rows)
            came.set()

        listing._opened = note  # type: ignore[method-assign]  # to learn when rows come
        ended = asyncio.Event()
        if isinstance(screen, FindScreen):
            end_search = screen._end_search

            def note_end() -> None:
                end_search()
                ended.set()

            screen._end_search = note_end  # type: ignore[method-assign]  # to learn when a search ends
        else:
            ended.set()
        drawn, render_line = asyncio.Event(), line.render_line

        def note_drawing(y: int) -> Strip:
            strip = render_line(y)
            drawn.set()
            return strip

        line.render_line = note_drawing  # type: ignore[method-assign]  # to learn when the letter is drawn
        wanted = {"letter": drawn, "first": came, "whole": ended if screen_name == "find" else came}[until]
        for text in TYPED:
            for end in range(1, len(text) + 1):
                if text[end - 1] == " ":
                    continue  # a lone space changes nothing
                came.clear()
                drawn.clear()
                if screen_name == "find":
                    ended.clear()
                start = time.process_time()
                line.value = text[:end]
                await wanted.wait()
                took.append((time.process_time() - start) * 1000)
                await came.wait()
                await ended.wait()
    return took


def compare(many: int) -> list[tuple[str, float, float, float]]:
    """(what, ratio to the baseline, median, slowest) with `many` people, some of whom came to events or are mentored, and for
    find as many records of feedback.

    Times are milliseconds of processor time.
    """
    measured = []
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as name:
        folder = Path(name) / "kit"
        kit, _ = make_hub(folder)
        people(kit, many)
        links(kit, many)
        kit.close()
        baseline = counting(folder, 9)
        for what, screen in (("people", "people"), ("find", "find")):
            took = asyncio.run(typing(folder, screen, "whole"))[1:]
            measured.append((what, statistics.median(took) / baseline, statistics.median(took), max(took)))
        with Kit.open(folder) as kit:
            fill(kit, many)
        took = asyncio.run(typing(folder, "find", "whole"))[1:]
        measured.append(
            (
                "find, with as much feedback",
                statistics.median(took) / baseline,
                statistics.median(took),
                max(took),
            )
        )
    return measured
