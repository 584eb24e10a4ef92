"""The screen that imports figures: a file, its questions one by one by digits, a final check, stored, undone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from desk import says, shown
from fieldkit.widgets.dialogs.ask_line import AskLine
from fieldkit.widgets.dialogs.message_box import Message
from fieldkit.widgets.inputs import PlainInput
from sync_desk import FIXTURES
from waiting import until

(net,) = FIXTURES
CLINIC = """Ethnic group,Referrals,Seen
White - British,120,61
White - Irish,*,-
Asian or Asian British - Pakstani,44,21
[@click=app.quit]Not stated[/],9,3
"""


@pytest.fixture
def clinic(net: SimpleNamespace) -> Path:
    path = Path(net.stick) / "clinic [b] 2024.csv"
    path.write_text(CLINIC)
    return path


async def test_every_measure_of_a_file_is_in_the_list_of_answers(net: SimpleNamespace) -> None:
    measures = [f"Visits {number:02}" for number in range(1, 15)]
    rows = [f"Ethnic group,{','.join(measures)}"]
    rows += [
        f"{group},{','.join(str(number) for number in range(11, 25))}" for group in ("Pakistani", "Indian")
    ]
    (Path(net.stick) / "many.csv").write_text("\n".join(rows))
    async with shown(net.hub, net.chief, "figures_import") as (app, pilot):
        await until(pilot, lambda: says(app, "many.csv"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "who uses a service"))
        await pilot.press("1")
        await until(pilot, lambda: says(app, "The file has 14 measures", "1  Visits 01", "9  Visits 09"))
        await pilot.press("end")
        await until(pilot, lambda: says(app, "Visits 14", "0  all of them"))
        await pilot.press("up", "enter")
        await until(pilot, lambda: says(app, "What is counted by Visits 14?"))


async def test_a_small_window_shows_the_answers_and_says_how_to_see_the_rest(
    net: SimpleNamespace, clinic: Path
) -> None:
    headings = "org_code,org_name,measure_name,variable_type,variable_b,value"
    rows = [f"A,Trust,m{number},Ethnicity,Pakistani,{number}" for number in range(11, 15)]
    (Path(net.stick) / "long.csv").write_text("\n".join([headings, *rows]))
    async with shown(net.hub, net.chief, "figures_import", size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: says(app, "long.csv"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "who uses a service"))
        await pilot.press("1")
        await until(
            pilot,
            lambda: says(app, "The file has 4 measures", "1  m11", "4  m14", "… v shows all of it."),
        )


async def test_a_file_that_is_not_there_is_said_at_once(net: SimpleNamespace) -> None:
    async with shown(net.hub, net.chief, "figures_import") as (app, pilot):
        await until(pilot, lambda: says(app, "Census 2021"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        typed = str(Path(net.stick) / "nosuch.csv")
        app.screen.query_one(PlainInput).value = typed
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "There is no file “nosuch.csv”."))
        assert app.screen.query_one(PlainInput).value == typed
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "Census 2021"))
        assert not says(app, "What does")


async def test_a_file_that_is_no_table_is_refused_before_anything_is_asked(net: SimpleNamespace) -> None:
    path = Path(net.stick) / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40)
    async with shown(net.hub, net.chief, "figures_import") as (app, pilot):
        await until(pilot, lambda: says(app, "picture.csv"))
        await pilot.press("enter")
        await until(
            pilot, lambda: isinstance(app.screen, Message) and says(app, "“picture.csv” is a picture")
        )
        assert says(app, "That file can't be used")
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "Census 2021") and not says(app, "What does"))
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "“picture.csv” is a picture"))


async def test_a_file_is_imported_by_digits_and_undone(net: SimpleNamespace, clinic: Path) -> None:
    async with shown(net.hub, net.chief, "figures_import") as (app, pilot):
        await until(pilot, lambda: says(app, "clinic [b] 2024.csv"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "What does", "who uses a service"))
        await pilot.press("1")
        await until(pilot, lambda: says(app, "The file has 2 measures", "1", "Referrals", "question 1"))
        await pilot.press("1")
        await until(pilot, lambda: says(app, "What does a star mean?", "question 2"))
        await pilot.press("1")
        await until(pilot, lambda: says(app, "What is counted by Referrals?"))
        await pilot.press("2")
        await until(pilot, lambda: says(app, "Of what ages"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "What is counted by Referrals?"))
        await pilot.press("2", "3")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = "nonsense"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "× ", "is no period"))
        app.screen.query_one(PlainInput).value = "2024"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Pakstani", "1  Pakistani (J)"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "[@click=app.quit]Not stated[/]"))
        await pilot.press("0")
        await until(pilot, lambda: says(app, "Who published these figures?"))
        await pilot.press("0")
        await until(pilot, lambda: says(app, "Enter stores 4 figures of Referrals", "1 to 4", "enter store"))
        assert not says(app, "enter go on")
        assert net.hub.count("cell") == 0
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Stored 1 data set with 4 figures"))
        assert (net.hub.count("dataset"), net.hub.count("cell"), net.hub.count("mapping")) == (1, 4, 1)
        await pilot.press("u")
        await until(pilot, lambda: says(app, "clinic [b] 2024.csv"))
        assert (net.hub.count("dataset"), net.hub.count("cell"), net.hub.count("mapping")) == (0, 0, 0)


async def test_the_shipped_census_asks_for_districts_and_shows_their_sum(net: SimpleNamespace) -> None:
    async with shown(net.hub, net.chief, "figures_import") as (app, pilot):
        await until(pilot, lambda: says(app, "Census 2021"))
        await pilot.press("end", "enter")
        await until(
            pilot, lambda: says(app, "Which of them is the service for?", "QHL NHS Birmingham and Solihull")
        )
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, AskLine))
        app.screen.query_one(PlainInput).value = "Brimingham"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "× ", "Did you mean") or says(app, "× ", "Birmingham"))
        app.screen.query_one(PlainInput).value = "Birmingham, Solihull"
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "1,361,162 residents of Birmingham, Solihull in 2021"))
        await pilot.press("enter")
        await until(pilot, lambda: says(app, "Stored 1 data set with 38 figures", "enter done"))
        await pilot.press("enter")


async def test_a_file_without_figures_is_told_and_the_choice_stays(net: SimpleNamespace) -> None:
    path = Path(net.stick) / "names.csv"
    path.write_text("Name,Town\nAnn,Leeds\n")
    async with shown(net.hub, net.chief, "figures_import") as (app, pilot):
        await until(pilot, lambda: says(app, "names.csv"))
        await pilot.press("enter", "1")
        await until(pilot, lambda: isinstance(app.screen, Message) and says(app, "no column of numbers"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "What does"))
        await pilot.press("escape")
        await until(pilot, lambda: says(app, "names.csv", "Census 2021"))
