"""Pages of records, counts and searching: every character is taken literally, and deep pages are correct."""

from __future__ import annotations

import pytest

from conftest import DEVICE_ORIGIN
from fieldkit.errors import Misuse, NotFound
from fieldkit.store.kit import Kit
from streams import Stream, take


def test_counts_and_pages_know_live_from_deleted(kit: Kit) -> None:
    ids = [event.record_id for event in kit.add_many("event", [{"title": f"Fair {n}"} for n in range(10)])]
    for record_id in ids[::2]:
        kit.delete(record_id)
    assert (kit.count("event"), kit.count("event", deleted=True)) == (5, 5)
    assert [event.values["title"] for event in kit.page("event")] == [f"Fair {n}" for n in (9, 7, 5, 3, 1)]
    assert all(event.deleted for event in kit.page("event", deleted=True))
    assert kit.count("event", text="fair", deleted=True) == 5
    kit.restore(ids[0])
    assert kit.counts()["event"] == kit.count("event") == 6
    assert [row[0] for row in kit.columns("event", ["record_id"])] == [ids[n] for n in (0, 1, 3, 5, 7, 9)]
    kit.delete(ids[0])
    assert kit.delete(ids[0]).deleted
    assert kit.check() == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 8),
        ("   ", 8),
        ("100%", 1),
        ("%", 1),
        ("_", 1),
        ("a_b", 1),
        ("\\", 1),
        ("[/]", 1),
        ("[@click=app.quit]", 1),
        ("leeds fair", 1),
        ("FAIR", 2),
        ("ਮੇਲਾ", 1),
        ("'; DROP TABLE event; --", 0),
        ("\udcff", 8),
        ("\x00", 8),
        ("word " * 500, 0),
        ("x" * 100_000, 0),
    ],
)
def test_searching_takes_every_sign_as_itself(kit: Kit, text: str, number: int) -> None:
    titles = ("100% sure", "a_b", "back\\slash", "[/] x", "[@click=app.quit]x", "Fair", "fair", "ਮੇਲਾ")
    kit.add_many(
        "event", [{"title": title, "place": "Leeds" if title == "Fair" else None} for title in titles]
    )
    assert kit.count("event", text=text) == len(kit.page("event", text=text)) == number


def test_where_asks_for_equal_fields(kit: Kit) -> None:
    kit.add_many(
        "feedback", [{"rating": "1", "themes": ["staff-manner"]}, {"rating": "5"}, {"experience": "Fine"}]
    )
    rating = kit.page("feedback")[0]
    assert rating.values == {"experience": "Fine"}
    assert kit.count("feedback", where={"rating": "5"}) == 1
    assert kit.count("feedback", where={"rating": None}) == 1
    assert kit.count("feedback", where={"themes": ["staff-manner"]}) == 1
    assert kit.count("feedback", where={"origin": DEVICE_ORIGIN}, text="fine") == 1
    for name in ("row", "digest", 'title" OR 1=1 --', "nothing"):
        with pytest.raises(Misuse):
            kit.page("feedback", where={name: 1})
        with pytest.raises(Misuse):
            list(kit.columns("feedback", [name]))
    with pytest.raises(NotFound):
        kit.page("lantern")


def test_a_deep_page_is_the_right_one(kit: Kit) -> None:
    stream = Stream()
    for number in range(3_000):
        stream.write(f"event{number:05}", {"title": f"Fair {number}"})
    take(kit, stream.parcel())
    assert [event.record_id for event in kit.page("event", 2_990, 256)] == [
        f"event{n:05}" for n in range(9, -1, -1)
    ]
    assert [event.record_id for event in kit.page("event", 1_000, 2)] == ["event01999", "event01998"]
    assert kit.page("event", 3_000) == []
    assert len(kit.page("event")) == 256
    assert [event.record_id for event in kit.page("event", 1, 1, text="Fair 299")] == ["event02998"]


def test_what_was_made_lately_is_counted_whole(kit: Kit) -> None:
    origin = kit.origin
    for number in range(5):
        kit.add("feedback", {"experience": f"words {number}"})
    made = [record.created for record in kit.page("feedback", 0, 10)][::-1]
    kit.add("event", {"title": "Fair"})
    kinds = ("feedback", "session")
    assert kit.made_since(kinds, origin, made[0]) == 5
    assert kit.made_since(kinds, origin, made[2]) == 3
    assert kit.made_since(kinds, origin, made[4]) == 1
    assert kit.made_since(kinds, origin, 0) == 5
    assert kit.made_since(kinds, origin, made[4] + 1_000_000) == 0
    assert kit.made_since(kinds, "b" * 26 + ".00000001", 0) == 0
    latest = kit.page("feedback", 0, 1)[0]
    kit.edit(kit.get(latest.record_id), {"rating": "2"})
    kit.delete(kit.page("feedback", 1, 1)[0].record_id)
    assert kit.made_since(kinds, origin, made[0]) == 4
    kit.add_many("feedback", [{"experience": f"more words {number}"} for number in range(600)])
    kit.edit(kit.page("event")[0], {"place": "Leeds"})
    assert kit.made_since(kinds, origin, made[0]) == 604
