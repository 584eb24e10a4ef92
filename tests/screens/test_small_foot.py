"""Keys that a screen can't be used without are at its foot even in the smallest window, also after a save."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cycle_desk import FIXTURES, import_figures
from desk import keys_offered, says, shown, text
from fieldkit.screens.cycle.figures_import import FiguresImportScreen
from pack_kit import add_cycle, add_people
from waiting import until

(desk,) = FIXTURES

#: Screen -> keys that nothing else on it names.
NEEDED = {
    "bulletin": ("f2 write it", "f3 dates", "f4 draft anew"),
    "changes": ("enter edit", "n new", "s support", "a answer"),
    "cycle": ("enter do this", "v all that is missing"),
    "cycles": ("enter open", "n begin a cycle", "b bulletin"),
    "everything": ("enter open",),
    "heard": ("tab other page",),
    "merge": ("o other place",),
    "pack": ("enter go on", "p threshold"),
    "passphrase": ("enter go on", "f4 show or hide"),
    "piles": ("n new pile", "p print forms"),
    "people_trust": ("n name", "e erasures"),
    "provider_names": ("o other",),
    "quotes": ("enter open", "tab next list"),
    "records": ("enter open", "n new", "/ filter", "s sort"),
    "summary": ("t write tables", "r count again"),
    "support": ("enter add", "tab lists", "o other"),
    "use": ("enter its figures", "v caveats"),
}


#: Screen -> what its own lines say of a key that the foot has no room for.
IN_VIEW = {"merge": "Press a to look at the sticks again.", "changes": "v in full"}


@pytest.mark.parametrize("name", NEEDED)
async def test_the_keys_of_a_screen_are_at_its_foot_at_60x20(desk: SimpleNamespace, name: str) -> None:
    kit = desk.hub
    cycle = add_cycle(kit)
    add_people(kit, 3)
    arguments: dict[str, tuple[Any, ...]] = dict.fromkeys(
        ("changes", "cycle", "heard", "pack", "quotes", "use"), (cycle,)
    )
    change = kit.add(
        "change",
        {"cycle": cycle, "title": "Evenings", "what": "Open in the evening. " * 20, "status": "proposed"},
    ).record_id
    arguments |= {"support": (cycle, change), "records": ("feedback",)}
    if name == "cycles":
        add_cycle(kit)  # a single cycle is opened at once
    if name in {"heard", "use"}:
        import_figures(kit, cycle)
    async with shown(kit, desk.chief, name, *arguments.get(name, ()), size=(60, 20)) as (app, pilot):
        app.note_saved()
        wanted = (*NEEDED[name], "esc back", "f1 help")
        await until(pilot, lambda: all(key in keys_offered(app) for key in wanted))
        if name in IN_VIEW:
            await until(pilot, lambda: says(app, IN_VIEW[name]))
        assert "saved " in "".join(text(app).splitlines()[-2:])


async def test_undo_is_at_the_foot_once_support_was_added_at_60x20(desk: SimpleNamespace) -> None:
    kit = desk.hub
    cycle = add_cycle(kit)
    add_people(kit, 3)
    import_figures(kit, cycle)
    change = kit.add(
        "change", {"cycle": cycle, "title": "Evenings", "what": "Open late.", "status": "proposed"}
    ).record_id
    async with shown(kit, desk.chief, "support", cycle, change, size=(60, 20)) as (app, pilot):
        await pilot.press("enter")
        wanted = ("enter add", "tab lists", "o other", "u undo", "esc back", "f1 help")
        await until(pilot, lambda: all(key in keys_offered(app) for key in wanted))


async def test_another_file_of_figures_can_be_named_at_60x20(desk: SimpleNamespace) -> None:
    async with shown(desk.hub, desk.chief, "figures_import", size=(60, 20)) as (app, pilot):
        app.note_saved()
        assert isinstance(app.screen, FiguresImportScreen)
        await until(
            pilot, lambda: "o other place" in keys_offered(app) and "enter go on" in keys_offered(app)
        )
