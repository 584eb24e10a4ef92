"""Places that are offered, files that are looked for there, and words for numbers, sizes and times."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit import removable_media
from fieldkit.presentation.wording import age, counted, six_words, size_of, when
from fieldkit.screens.base import places

DAY = 86_400_000


def test_a_stick_that_is_gone_is_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "media" / "anna" / "STICK"
    stick.mkdir(parents=True)
    monkeypatch.setattr(removable_media, "ROOTS", (str(tmp_path / "media"),))
    monkeypatch.setattr(places, "sticks", list)
    assert all(place.path != stick for place in places.places(str(stick)))
    monkeypatch.setattr(removable_media, "is_mounted", lambda path: path == stick)
    assert places.places(str(stick))[0] == places.Place(stick, "as last time")
    monkeypatch.setattr(places, "sticks", lambda: [stick])
    assert places.places(str(stick))[0] == places.Place(stick, "stick, as last time")


def test_files_are_looked_for_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "one.fkb").write_bytes(b"1")
    (tmp_path / "two.FKN").write_bytes(b"22")
    (tmp_path / "three.txt").write_bytes(b"3")
    stick = places.files_at(places.Place(tmp_path, "stick"))
    assert {path.path.name: path.size for path in stick} == {"one.fkb": 1, "two.FKN": 2}
    own = places.files_at(places.Place(tmp_path, "your own folder"))
    assert [path.path.name for path in own] == ["two.FKN"]
    monkeypatch.setattr(places, "_MOST_LOOKED_AT", 1)
    assert places.files_at(places.Place(tmp_path, "stick")) == []
    assert places.files_at(places.Place(tmp_path / "nowhere", "stick")) == []


def test_a_typed_path_loses_its_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    assert places.typed_path(" '/media/anna/A B' ") == Path("/media/anna/A B")
    assert places.typed_path("~/Desktop") == Path("/home/anna/Desktop")
    assert places.typed_path("figures.csv").parent == Path.cwd(), (
        "a folder is remembered, wherever the program starts next"
    )


def test_words_for_numbers_sizes_and_moments() -> None:
    assert [counted(number, "conflict", "conflicts") for number in (0, 1, 2_000)] == [
        "no conflicts",
        "1 conflict",
        "2,000 conflicts",
    ]
    assert [size_of(size) for size in (12, 18_400, 2_500_000)] == ["12 bytes", "18 KB", "2.5 MB"]
    now = 1_793_000_000_000
    assert len(when(now, now)) == 5
    assert when(now - 2 * DAY, now)[:4] in {
        f"{day} " for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    }
    assert when(now - 40 * DAY, now).endswith("2026")
    assert when(10**18, now) == "date not known"
    assert [age(now - days * DAY, now) for days in (-1, 0, 1, 2)] == [
        "from today",
        "from today",
        "1 day old",
        "2 days old",
    ]
    assert six_words("a b c d e f").split() == ["1", "a", "2", "b", "3", "c", "4", "d", "5", "e", "6", "f"]
