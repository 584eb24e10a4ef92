"""Beginning the log of a session: an unfinished one of that pair is offered first, and a notice follows the save."""

from __future__ import annotations

from fieldkit.presentation.mentoring.unfinished_sessions import unfinished_sessions
from fieldkit.presentation.model.form_plan import Option
from fieldkit.presentation.wording import date_and_time
from fieldkit.screens.base.draft_opener import open_draft
from fieldkit.screens.base.screen import BaseScreen
from fieldkit.widgets.dialogs.choose import Choose


class SessionStarter(BaseScreen):
    """A screen from which sessions are logged."""

    async def begin_session(self, mentorship: str, mentee: str) -> None:
        """Log a session of this pair; `mentee` is the name. Await it in the background."""
        self.app.mentee = mentorship
        drafts = await self.kit_work(unfinished_sessions, "looking for an unfinished session")
        draft = drafts.get(mentorship)
        if draft is not None:
            options = [Option("go-on", "go on with it"), Option("new", "begin another session")]
            begun = f"It was left on {date_and_time(draft.updated)}, and is not saved yet."
            title = f"{mentee}: a session is unfinished"
            chosen = await self.app.push_screen_wait(Choose(title, options, begun))
            if chosen is None:
                return
            if chosen == "go-on":
                open_draft(self.app, draft)
                return
        self.app.open_screen("log_session", mentorship, then=self.session_logged)

    def session_logged(self, sentence: str | None) -> None:
        """Show what was saved; nothing if the log was left."""
        if sentence:
            self.app.notice(sentence)
