"""Opening an unfinished entry in the screen that asks all of its questions."""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.presentation.mentoring.session_log import is_log
from fieldkit.screens.base.screen import KitApp
from fieldkit.store.local.drafts import Draft


def open_draft(app: KitApp, draft: Draft, then: Callable[[str | None], None] | None = None) -> None:
    """Continue an unfinished entry. `then` gets what was saved, None if it was left."""

    def logged(sentence: str | None) -> None:
        if then is not None:
            then(sentence)
        if sentence:
            app.notice(sentence)

    if is_log(draft):
        app.open_screen("log_session", draft=draft, then=logged)
    else:
        app.open_screen("entry", draft=draft, then=then)
