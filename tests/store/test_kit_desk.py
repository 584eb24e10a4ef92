"""Data of this laptop only: settings and unfinished entries."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.errors import VaultError
from fieldkit.store.db.sql import execute
from fieldkit.store.kit import Kit
from fieldkit.store.local import known_settings
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import CLONES, Setting

TEXT = "ਮੇਲਾ میلہ মেলা 健康 [/] [@click=app.quit]x[/] 100% a_b \\ 'quoted' \"twice\" 🎪"


def test_settings_keep_any_value_of_json(kit: Kit) -> None:
    key = Setting[Any]("key", Any, "default")
    assert kit.settings.get(key) == "default"
    for value in (True, 0, "", TEXT, "\ud800", [1, {"a": None}], 2**70):
        kit.settings.put(key, value)
        assert kit.settings.get(key) == value
    kit.settings.put(key, None)
    assert kit.settings.get(key) == "default"
    first, second = (Setting(name, int, 0) for name in ("one", "two"))
    kit.settings.put_all({first: 1, second: 2})
    assert (kit.settings.get(first), kit.settings.get(second)) == (1, 2)
    kit.settings.forget(first, second)
    assert (kit.settings.get(first), kit.settings.get(second)) == (0, 0)


def test_what_is_changed_in_a_default_stays_with_whoever_changed_it(kit: Kit) -> None:
    kit.settings.get(CLONES)["x"] = 1
    assert kit.settings.get(CLONES) == {}


@pytest.mark.parametrize("value", ['"text"', "[1, 2]", "{", "[" * 5_000, '{"a": 1.5}'])
def test_a_damaged_setting_is_called_so(kit: Kit, value: str) -> None:
    with kit.writing() as connection:
        execute(connection, "INSERT INTO setting (key, value) VALUES (?,?)", (CLONES.name, value))
    with pytest.raises(VaultError, match=r"setting “clones” .* damaged"):
        kit.settings.get(CLONES)


def test_every_setting_has_a_name_of_its_own() -> None:
    names = [value.name for value in vars(known_settings).values() if isinstance(value, Setting)]
    assert len(names) == len(set(names)) > 30


def test_drafts_are_kept_until_dropped(kit: Kit) -> None:
    clock = iter(range(1, 9))
    kit.drafts = type(kit.drafts)(kit.reading, kit.writing, lambda: next(clock))
    draft = kit.drafts.keep(Draft("", "feedback", {"experience": "Half a sent"}, seen={"rating": ["x:1"]}))
    two = kit.drafts.keep(Draft("", "event", {"title": TEXT}, "event000", step=2))
    assert draft.id and two.id and draft.id != two.id
    assert kit.drafts.all() == [two, draft]
    again = kit.drafts.keep(
        Draft(draft.id, "feedback", {"experience": "Half a sentence"}, seen=draft.seen, step=1)
    )
    assert kit.drafts.all() == [again, two]
    kit.drafts.drop(two.id)
    kit.drafts.drop("no such draft")
    with Kit.open(kit.folder) as reopened:
        assert reopened.drafts.all() == [again]
    assert kit.counts()["feedback"] == 0
