"""The box with what was erased or withdrawn, on each screen that has a key for it."""

from __future__ import annotations

from fieldkit.commands.table import with_keys
from fieldkit.presentation.exchange.devices import ALONE_BY_KEY
from fieldkit.presentation.exchange.erasures import erasures, lines_of
from fieldkit.screens.base.work_screen import WorkScreen
from fieldkit.widgets.dialogs.message_box import Message


async def show_erasures(screen: WorkScreen) -> None:
    """Show what was erased, and who has not confirmed it."""
    kit, me = screen.kit, screen.me
    text = await screen.do(
        "looking for erasures", lambda _: "\n".join(lines_of(erasures(kit, me, with_keys(ALONE_BY_KEY))))
    )
    screen.app.push_screen(Message("Erased and withdrawn", text))
