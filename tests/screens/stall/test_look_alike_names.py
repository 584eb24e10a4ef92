"""Names like a known one are asked about at the stall before anybody is checked in, and answered with one key."""

from __future__ import annotations

from pathlib import Path

import pytest

from app_desk import picture, records, running, shown
from fieldkit.store.kit import Kit
from stall_desk import (
    FIXTURES,
    add_people,
    board,
    foot,
    line,
    names,
    type_name,
)
from waiting import until

(fair,) = FIXTURES


async def test_a_look_alike_is_answered_with_one_key(fair: Path) -> None:
    add_people(fair, ["Zainab Noor"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "zainab noor", "1 Zainab Noor")
        await pilot.press("tab")
        await until(pilot, lambda: "Is it this person?" in shown(pilot, "#rows"), "the question")
        assert "1 same 2 different 3 not sure" in " ".join(shown(pilot, "#rows").split())
        await pilot.press("enter")
        await until(pilot, lambda: "Is it the same person?" in picture(pilot), "Enter answers nothing")
        assert names(fair).count("Zainab Noor") == 1
        await pilot.press("1")
        await until(pilot, lambda: "Zainab Noor is checked in" in picture(pilot), "the known one")
        await type_name(pilot, "ZAINAB NOOR", "1 Zainab Noor")
        await pilot.press("tab", "2")
        await until(pilot, lambda: "2 here" in shown(pilot, "#figures"), "the other one")
    assert sorted(names(fair)) == ["Amina Khan", "Ben Ojo", "ZAINAB NOOR", "Zainab Noor"]
    (answer,) = records(fair, "same_person")
    assert answer["answer"] == "different"


@pytest.mark.parametrize("typed", ["Joan Barker", "Joan Bakre", "Joen Baker", "Baker Joen"])
async def test_a_name_with_one_slip_is_asked_about_before_anybody_is_checked_in(
    fair: Path, typed: str
) -> None:
    add_people(fair, ["Joan Baker"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, typed, "1 Joan Baker")
        await until(pilot, lambda: foot(pilot).get("enter", "") == "same person?", "what Enter does")
        await pilot.press("enter")
        await until(pilot, lambda: "Is it this person?" in shown(pilot, "#rows"), "the question")
        assert "1 same 2 different 3 not sure" in " ".join(shown(pilot, "#rows").split())
        assert "□ the name may be kept" in shown(pilot, "#rows"), "nobody has said yes"
        assert foot(pilot).get("enter", "") == "" and foot(pilot)["esc"] == "the list again"
        assert records(fair, "attendance") == []
        await pilot.press("1")
        await until(pilot, lambda: "Joan Baker is checked in" in picture(pilot), "the known one")
    assert names(fair).count("Joan Baker") == 1 and records(fair, "same_person") == []


@pytest.mark.parametrize(("digit", "answered"), [("2", "different"), ("3", "not_sure")])
@pytest.mark.parametrize("keys", [("enter", "{}", "tab", "enter"), ("enter", "tab", "{}"), ("tab", "{}")])
async def test_what_was_answered_of_a_slip_is_kept_with_the_new_person(
    fair: Path, keys: tuple[str, ...], digit: str, answered: str
) -> None:
    add_people(fair, ["Joan Baker"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Joan Barker", "1 Joan Baker")
        await pilot.press(*(key.format(digit) for key in keys))
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the new person")
    assert {"Joan Baker", "Joan Barker"} <= set(names(fair))
    (answer,) = records(fair, "same_person")
    assert answer["answer"] == answered


async def test_all_who_are_a_slip_away_are_asked_about(fair: Path) -> None:
    add_people(fair, ["Joan Baker", "Joan Barber"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Joan Barker", "2 Joan Ba")
        await pilot.press("enter")
        await until(pilot, lambda: "Is it this person?" in shown(pilot, "#rows"), "the question")
        assert all(name in shown(pilot, "#rows") for name in ("Joan Baker", "Joan Barber"))
        await pilot.app.leave()


async def test_two_people_of_one_name_are_told_apart(fair: Path) -> None:
    first, _ = add_people(fair, ["Joan Baker", "Joan Baker"])
    with Kit.open(fair) as kit:
        parade = kit.add("event", {"title": "Parade", "event_kind": "health-fair", "date": "2026-03-05"})
        kit.add("attendance", {"event": parade.record_id, "person": first})
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "joan", "1 Joan Baker")
        listed = [row.strip() for row in shown(pilot, "#rows").splitlines()]
        assert "Joan Baker · Parade, 5 Mar 2026" in " ".join(listed), listed
        await pilot.app.leave()


async def test_somebody_who_is_not_the_known_one_is_counted_without_a_yes(fair: Path) -> None:
    add_people(fair, ["Joan Baker"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Joan Barker", "1 Joan Baker")
        await pilot.press("enter", "2")
        await until(pilot, lambda: "A new person, then." in picture(pilot), "what to do next")
        assert foot(pilot)["enter"] == "count, no name"
        await pilot.press("tab", "escape")
        await until(pilot, lambda: "A new person, then." not in picture(pilot), "it was done")
        await pilot.press("enter")
        await until(pilot, lambda: "1 counted" in shown(pilot, "#figures"), "the count")
    assert "Joan Barker" not in names(fair) and records(fair, "same_person") == []


async def test_esc_leaves_the_question_and_a_digit_or_an_arrow_has_chosen(fair: Path) -> None:
    add_people(fair, ["Joan Baker"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Joan Barker", "1 Joan Baker")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: "Is it this person?" not in shown(pilot, "#rows"), "the list")
        assert line(pilot) == "Joan Barker"
        await pilot.press("1")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the known one, by number")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "0 here" in shown(pilot, "#figures"), "nobody")
        await type_name(pilot, "Joan Barker", "1 Joan Baker")
        await pilot.press("down", "up", "enter")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the known one, pointed at")


async def test_what_is_not_sure_is_kept_for_the_coordinator_and_undone_with_its_person(fair: Path) -> None:
    (known,) = add_people(fair, ["Mohammed Khan"])
    async with running(fair) as pilot:
        await board(pilot)
        await type_name(pilot, "Muhammad Khan, Ward 7", "1 Mohammed Khan")
        await pilot.press("tab", "3")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "the new one")
        (answer,) = records(fair, "same_person")
        assert answer["answer"] == "not_sure" and known in {answer["one"], answer["other"]}
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "0 here" in shown(pilot, "#figures"), "nobody")
        assert records(fair, "same_person") == [] and "Muhammad Khan" not in names(fair)
        await pilot.press("ctrl+y")
        await until(pilot, lambda: "1 here" in shown(pilot, "#figures"), "everything again")
        assert [answer["answer"] for answer in records(fair, "same_person")] == ["not_sure"]
        await type_name(pilot, "Muhamm", "Muhammad Khan")
