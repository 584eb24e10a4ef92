"""Every cycle screen with a kit of hostile texts: they are shown unchanged, and have no effect."""

from __future__ import annotations

from collections.abc import Iterator
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

import pytest

from desk import Desk, says, text
from fieldkit.presentation.pack import evidence_pack
from fieldkit.screens import cycle
from fieldkit.screens.base.screen_table import SCREENS as BY_NAME
from fieldkit.screens.cycle.excerpt_screen import ExcerptScreen
from fieldkit.screens.cycle.figure_cells import FigureCells
from fieldkit.screens.cycle.quote_screen import QuoteScreen
from fieldkit.screens.cycle.quotes_screen import QuotesScreen
from fieldkit.store.kit import Kit
from fieldkit.sync.setup import create_network
from hostile_kit import LETTERS, hostile_kit
from plain_protection import plain_protect
from waiting import until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
#: Screen -> its arguments, and text that is in view once it has read the kit.
SCREENS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cycles": ((), ("HYPERLINK",)),
    "cycle": (("CYCLE",), ("HYPERLINK",)),
    "use": (("CYCLE",), ("Null bell", "White: British")),
    "heard": (("CYCLE",), ("ethnic",)),
    "changes": (("CYCLE",), ("<script>",)),
    "support": (("CYCLE", "CHANGE"), ("<script>",)),
    "quotes": (("CYCLE",), ("May be quoted",)),
    "provider_names": ((), ("<script>",)),
    "figures_import": (("CYCLE",), ("file",)),
    "pack": (("CYCLE",), ("Healthwatch",)),
    "bulletin": (("2025-06-01", "2025-06-30"), ("What happened",)),
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    kit, _ = Kit.create(tmp_path_factory.mktemp("hostile") / "hub", None)
    chief = create_network(kit, "Bradford", "Coordinator")
    cycle = hostile_kit(kit)
    change = min(stored.record_id for stored in kit.page("change", 0, kit.count("change")))
    yield SimpleNamespace(kit=kit, chief=chief, ids={"CYCLE": cycle, "CHANGE": change})
    kit.close()


def harmless(app: Any, size: tuple[int, int]) -> None:
    """Check that the program is open and unharmed, and its screen complete."""
    assert app.faults == [] and app.is_running and app.return_code is None
    shown = text(app)
    assert not set(LETTERS) & set(shown.replace("\n", ""))
    lines = app.screen._compositor.render_strips()
    assert len(lines) == size[1] and all(strip.cell_length <= size[0] for strip in lines)


@SIZES
@pytest.mark.parametrize("name", SCREENS)
async def test_a_cycle_screen_shows_hostile_texts_as_they_are(
    hub: SimpleNamespace, name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_pack, "protect", plain_protect)
    arguments, wanted = SCREENS[name]
    app = Desk(hub.kit, hub.chief, name, *(hub.ids.get(each, each) for each in arguments))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: says(app, *wanted))
        harmless(app, size)
        for key in ("down", "down", "down", "down", "pagedown", "end", "up"):
            await pilot.press(key)
        await pilot.pause()
        harmless(app, size)
        # Click wherever a mark-up link might be: it must have no effect.
        for row in range(2, size[1] - 2, 3):
            await pilot.click(offset=(8, row))
        await pilot.pause()
        harmless(app, size)


@SIZES
async def test_words_to_be_cut_and_words_to_be_judged_are_as_they_were_given(
    hub: SimpleNamespace, size: tuple[int, int]
) -> None:
    app = Desk(hub.kit, hub.chief, "quotes", hub.ids["CYCLE"])
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: says(app, "HYPERLINK"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, QuoteScreen))
        await until(pilot, lambda: says(app, '=HYPERLINK("file:evil","x")'))
        harmless(app, size)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, QuotesScreen))
        await pilot.press("tab", "tab")
        await until(pilot, lambda: says(app, "What person 0 said"))
        await pilot.press("end")
        for _ in range(12):
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ExcerptScreen))
            harmless(app, size)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, QuotesScreen))
            await pilot.press("up")


@SIZES
async def test_the_figures_behind_a_row_keep_their_hostile_labels(
    hub: SimpleNamespace, size: tuple[int, int]
) -> None:
    app = Desk(hub.kit, hub.chief, "use", hub.ids["CYCLE"])
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: says(app, "Use, not need"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FigureCells))
        harmless(app, size)


async def test_every_cycle_screen_is_looked_at() -> None:
    screens = {module.name for module in iter_modules(cycle.__path__) if module.name.endswith("_screen")}
    opened = {BY_NAME[name].partition(":")[0].rpartition(".")[2] for name in (*SCREENS, "excerpt", "quote")}
    assert screens <= opened
