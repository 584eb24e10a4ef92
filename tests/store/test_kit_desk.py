"""What belongs to this laptop alone: settings and drafts."""

from __future__ import annotations

from fieldkit.store.kit import Kit
from fieldkit.store.local.settings import Draft

WORDS = "ਮੇਲਾ میلہ মেলা 健康 [/] [@click=app.quit]x[/] 100% a_b \\ 'quoted' \"twice\" 🎪"


def test_settings_keep_any_value_of_json(kit: Kit) -> None:
    for value in (None, True, 0, "", WORDS, "\ud800", [1, {"a": None}], 2**70):
        kit.desk.set_setting("key", value)
        assert kit.desk.setting("key", "default") == value
    assert kit.desk.setting("other", "default") == "default"
    kit.desk.set_settings({"one": 1, "two": 2})
    assert (kit.desk.setting("one"), kit.desk.setting("two")) == (1, 2)


def test_drafts_are_kept_until_dropped(kit: Kit) -> None:
    clock = iter(range(1, 9))
    kit.desk = type(kit.desk)(kit.reading, kit.writing, lambda: next(clock))
    one = kit.desk.keep_draft(Draft("", "feedback", {"experience": "Half a sent"}, seen={"rating": ["x:1"]}))
    two = kit.desk.keep_draft(Draft("", "event", {"title": WORDS}, "event000", step=2))
    assert one.id and two.id and one.id != two.id
    assert kit.desk.drafts() == [two, one]
    again = kit.desk.keep_draft(
        Draft(one.id, "feedback", {"experience": "Half a sentence"}, seen=one.seen, step=1)
    )
    assert kit.desk.drafts() == [again, two]
    kit.desk.drop_draft(two.id)
    kit.desk.drop_draft("no such draft")
    with Kit.open(kit.folder) as reopened:
        assert reopened.desk.drafts() == [again]
    assert kit.counts()["feedback"] == 0
