"""Finding records of every kind as words are typed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from desk import keys_offered, says, shown, until
from fieldkit.presentation.lists.record_search import search_records
from fieldkit.screens.records.find import Results
from sync_desk import FIXTURES, HOSTILE, record

pytestmark = pytest.mark.usefixtures("short_waits")
(net,) = FIXTURES


async def test_find_lists_every_kind_as_words_are_typed_and_opens(net: SimpleNamespace) -> None:
    record(net.a, 2, provider="Bradford Royal")
    person = net.a.add("person", {"name": f"Royal {HOSTILE}"})
    async with shown(net.a, net.me_a, "find") as (app, pilot):
        await pilot.press(*"royal")
        await until(pilot, lambda: says(app, "3 records", "Person", "Feedback"))
        await pilot.press("x", "q")
        await until(pilot, lambda: says(app, "Nothing holds these words."))
        assert "open" not in keys_offered(app)
        await pilot.press("backspace", "backspace")
        await until(pilot, lambda: says(app, "3 records"))
        results = app.screen.query_one(Results)
        results.cursor = next(at for at in range(3) if results.row(at).id == person.name)
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "RecordViewScreen")
        await until(pilot, lambda: says(app, "Royal [/] [@click=app.quit]x[/]"))


def test_find_leaves_out_what_is_kept_apart(net: SimpleNamespace) -> None:
    net.a.add("concern", {"own_words": "zebra", "about": "zebra"})
    assert search_records(net.a, "zebra").records == []
    assert search_records(net.a, "  ").records == []
    record(net.a, 25, provider="zebra")
    found = search_records(net.a, "zebra")
    assert len(found.records) == 20
    assert found.more == ["feedback"]
