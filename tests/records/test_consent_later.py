"""Consent added by a change or an import: no receipt code is made then, and the user reads so."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import at_home, form, picture, records
from commanding import Ran, Run
from fieldkit.records.consent import rows_without_code, without_code
from fieldkit.records.schema.kind import kind
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.store.kit import Kit
from fieldkit.widgets.dialogs.message_box import Message
from import_steps import bring
from waiting import until

NO_CODE = "A record that is here already gets no receipt code."
YES, NO_ANSWER = {"consent_record": "Y"}, {"rating": "1"}


@pytest.mark.parametrize(
    ("name", "before", "after", "announced"),
    [
        ("feedback", NO_ANSWER, YES, True),
        ("feedback", {"consent_record": "Z"}, YES, True),
        ("person", {}, YES, True),
        ("feedback", YES, YES, False),
        ("feedback", YES, NO_ANSWER, False),
        ("feedback", NO_ANSWER, {"rating": "2"}, False),
    ],
)
def test_it_is_announced_where_consent_comes_anew(
    name: str, before: dict[str, str], after: dict[str, str], announced: bool
) -> None:
    assert without_code(kind(name), before, after).startswith(NO_CODE) == announced


def test_the_number_of_rows_is_shown() -> None:
    assert rows_without_code(0) == ""
    assert rows_without_code(1).startswith("1 row was stored with consent, but without a receipt code")
    assert rows_without_code(2_000).startswith("2,000 rows were stored with consent")


def test_an_edit_on_the_command_line_says_it(run: Run, kits: tuple[Path, Path, Path]) -> None:
    _, a, _ = kits
    with Kit.open(a) as kit:  # as an older version kept it, and other laptops still send it
        record_id, other_id = (record.record_id for record in kit.add_many("feedback", [NO_ANSWER] * 2))

    def edited(change: str, *more: str) -> Ran:
        ran = run("--kit", a, "edit", record_id, "--set", change, *more)
        assert (ran.code, ran.err) == (0, "")
        return ran

    saved, changed, its_id = edited("rating=2").out.splitlines()
    assert saved.startswith("Saved: Feedback · ")
    assert (changed, its_id) == (
        "Changed: Overall, how was your experience of the service?",
        f"Its id is {record_id}",
    )
    message = edited("consent_record=Y").out
    assert message.startswith("Saved: Feedback · ")
    assert NO_CODE in message
    assert "only the coordinator can erase it" in message
    assert NO_CODE not in edited("rating=3").out
    assert "notes" not in edited("rating=1", "--json").json
    as_json = run("--kit", a, "edit", other_id, "--set", "consent_record=Y", "--json").json
    assert as_json["notes"][0].startswith(NO_CODE)


def test_an_import_says_it_once_with_the_number(kit: Kit) -> None:
    text = "rating,consent_record\n1,Y\n2,\n3,Y\n9,Y\n"
    for dry in (True, False):
        notes = [note for note in bring(kit, text, dry_run=dry).notes if "receipt code" in note]
        assert notes == [rows_without_code(2)]
    assert not any("receipt code" in note for note in bring(kit, "rating,consent_record\n1,\n").notes)
    notes = [note for note in bring(kit, "rating\n1\n", settings=YES).notes if "receipt code" in note]
    assert notes == [rows_without_code(1)]


async def test_the_form_says_it_after_such_a_change(folder: Path) -> None:
    with Kit.open(folder) as kit:
        record_id = kit.add("feedback", NO_ANSWER).record_id
    async with at_home(folder) as pilot:
        for changes, announced in (({"rating": "2"}, False), (YES, True), ({"rating": "3"}, False)):
            ended: list[object] = []
            pilot.app.push_screen(EntryScreen(record=record_id), ended.append)
            await form(pilot)
            screen = pilot.app.screen
            assert isinstance(screen, EntryScreen)
            assert screen.form is not None
            screen._save({**screen.form.values, **changes})
            if announced:
                await until(pilot, lambda: isinstance(pilot.app.screen, Message), "the sentence")
                assert "already gets no receipt code" in " ".join(picture(pilot).split())
                await pilot.press("enter")
            await until(pilot, lambda ended=ended: ended == [record_id], "the end of the form")  # type: ignore[misc]
    (values,) = records(folder, "feedback")
    assert (values["rating"], values["consent_record"]) == ("3", "Y")
