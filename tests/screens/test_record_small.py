"""A record in a small terminal: words have the room that titles leave."""

from __future__ import annotations

from pathlib import Path

from app_desk import home, on, picture
from fieldkit.app import FieldkitApp
from fieldkit.screens.records.record_screen import RecordViewScreen
from fieldkit.store.kit import Kit
from waiting import until

COMMENT = "I can honestly say that nothing went wrong, for the paramedic was wonderful."


async def test_help_on_a_record_names_what_may_be_done_with_its_kind_alone(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event, partner = kit.add("event", {"title": "Fair"}), kit.add("partner", {"name": "Al-Huda"})
    app = FieldkitApp(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await home(pilot)
        for record, named in ((event.record_id, True), (partner.record_id, False)):
            app.open_screen("record_view", record)
            await on(pilot, RecordViewScreen)
            await until(pilot, lambda: "HISTORY" in picture(pilot), "the record")
            await pilot.press("f1")
            await until(pilot, lambda: "Change this record." in picture(pilot), "help")
            assert ("record here from now on" in picture(pilot)) is named
            await pilot.press("escape", "escape")
            await home(pilot)
        await app.leave()


async def test_words_below_a_long_question_are_not_squeezed_beside_short_ones(folder: Path) -> None:
    with Kit.open(folder) as kit:
        kept = kit.add("feedback", {"experience": COMMENT, "consent_record": "Y"})
    app = FieldkitApp(folder)
    async with app.run_test(size=(60, 20)) as pilot:
        await home(pilot)
        app.open_screen("record_view", kept.record_id)
        await on(pilot, RecordViewScreen)
        await until(pilot, lambda: "What happened" in picture(pilot), "the question")
        assert "    I can honestly say that nothing went wrong, for\n" in "\n".join(
            row.rstrip(" ▁▂▃▄▅▆▇█") for row in picture(pilot).splitlines()
        )
        await app.leave()
