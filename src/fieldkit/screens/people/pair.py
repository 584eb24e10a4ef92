"""One pair: their sessions, the three ratings over time, and the next actions."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands import PAIR, bindings_for, with_keys
from fieldkit.errors import FieldkitError
from fieldkit.screens.base.screen import BaseScreen, latest_only
from fieldkit.screens.people import pairs
from fieldkit.screens.people.pairs import SESSION_COLUMNS, Pair
from fieldkit.widgets.charts import Series, rated, ratings
from fieldkit.widgets.listing import Listing
from fieldkit.widgets.plain import wrapped
from fieldkit.widgets.sources import ListSource

_MOST_LINES = 8
_TALL = 34


class PairScreen(BaseScreen):
    """A mentor and a mentee."""

    CSS_PATH = "pair.tcss"
    COMMANDS_FOR = PAIR
    HELP = (
        "C, K and S are the ratings of confidence, knowledge and skills, from 0 to 10. A dot marks a "
        "session with a "
        "private note of yours: it never leaves this laptop."
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(PAIR)

    def __init__(self, mentorship_id: str) -> None:
        super().__init__()
        self._mentorship_id = mentorship_id
        self._pair: Pair | None = None

    def body(self) -> ComposeResult:
        yield Listing(
            SESSION_COLUMNS,
            ListSource(),
            empty=with_keys("No sessions yet. Press {pair[log]} to log the first."),
        )
        with Horizontal(id="under"):
            yield Static(id="chart")
            with Vertical(id="next"):
                yield Static(id="words")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Listing).focus()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self._read()

    @latest_only
    async def _read(self) -> None:
        mentorship = self._mentorship_id
        try:
            pair = await self.kit_work(lambda kit: pairs.pair(kit, mentorship), "reading the sessions")
        except FieldkitError:
            self.dismiss()
            raise
        self._pair = pair
        self.page_title = f"Mentoring · {pair.title}"
        self.page_note = pair.level
        self.query_one(Listing).show(ListSource(pair.sessions), keep_cursor=True)
        self._draw()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.set_class(self.size.height >= _TALL, "-tall")
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        pair = self._pair
        if pair is None or not self.is_mounted:
            return
        chart, words = self.query_one("#chart", Static), self.query_one("#words", Static)
        series = [
            Series(name[0].upper(), name, [(one.date, getattr(one, name)) for one in pair.ratings])
            for name in ("confidence", "knowledge", "skills")
        ]
        width = max(20, chart.size.width)
        # With fewer rows than ratings, two ratings would share one.
        drawn = ratings(series, width) if self.size.height >= _TALL else rated(series, width)
        chart.update(Content("\n").join([Content.styled("RATINGS", "bold $text-muted"), drawn]))
        width = max(16, words.size.width - 2)
        lines = [Content.styled("NEXT", "bold $text-muted")]
        if pair.next_date:
            lines.append(Content.assemble("  meet again ", (pair.next_date, "bold")))
        said = wrapped(pair.next_actions, width - 2) if pair.next_actions else ["no next actions noted"]
        shown = said[:_MOST_LINES] + (["…"] if len(said) > _MOST_LINES else [])
        lines += [Content.assemble("  ", line) for line in shown]
        if pair.goals:
            lines += [Content(""), Content.styled("GOALS", "bold $text-muted")]
            lines += [Content.assemble("  ", line) for line in wrapped(pair.goals, width - 2)[:4]]
        words.update(Content("\n").join(lines))

    def on_listing_chosen(self, message: Listing.Chosen) -> None:
        self.app.open_screen("record_view", f"session:{message.id}")

    def command_log(self) -> None:
        """Log a session of this pair."""
        self.app.open_screen("entry", "session", presets={"mentorship": self._mentorship_id})

    def command_note(self) -> None:
        """Write a private note on the session under the cursor, or change it."""
        row, pair = self.query_one(Listing).current, self._pair
        if row is None or pair is None:
            return
        if note := pair.notes.get(row.id):
            self.app.open_screen("entry", record=f"note:{note}")
        else:
            self.app.open_screen("entry", "note", presets={"session": row.id})

    def command_view(self) -> None:
        """See the pair's own record."""
        self.app.open_screen("record_view", f"mentorship:{self._mentorship_id}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "command" and parameters[0] == "note":
            return self._pair is not None and bool(self._pair.sessions)
        return super().check_action(action, parameters)
