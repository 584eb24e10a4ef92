"""The home screen: where am I recording, what was recorded, what is not sent, what needs me."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fieldkit.commands import HOME, bindings_for
from fieldkit.errors import FieldkitError, VaultError
from fieldkit.screens.base import BaseScreen, key
from fieldkit.screens.wording import age, counted, when
from fieldkit.widgets.plain import cells, fit, plain

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.identity import Identity

#: How many of the newest records of a kind are looked at to count today's.
_MOST_TODAY = 2_048


@dataclass(frozen=True)
class Figures:
    """What the home screen says. Counts at the event are of all laptops, as far as they are known here."""

    event_id: str = ""
    event: str = ""
    named: int = 0
    feedback: int = 0
    counted: int = 0
    today: int = 0
    drafts: int = 0
    clashes: int = 0
    aside: int = 0
    unsent: int = 0
    oldest: int = 0
    last_bundle: int = 0
    last_made: int = 0
    network: str = ""
    founder: bool = False
    waiting: int = 0
    no_passphrase: bool = False


def figures(kit: Kit, me: Identity) -> Figures:
    """Read all of it; quick however many records there are."""
    from fieldkit.records.label import describe
    from fieldkit.screens.plans import EVENT_SETTING
    from fieldkit.store.vault import Vault
    from fieldkit.sync.roster import Roster

    event_id = str(kit.desk.setting(EVENT_SETTING) or "")
    event = kit.many("event", [event_id]).get(event_id) if event_id else None
    named = feedback = heads = 0
    line = ""
    if event is None or event.deleted:
        event_id = ""
    else:
        from fieldkit.records.kinds import kind

        line = describe(kind("event"), event.values, kit.terms())
        here = {"event": event_id}
        named = kit.count("attendance", where={**here, "attendee_group": None})
        groups = kit.page("attendance", 0, _MOST_TODAY, where={**here, "person": None})
        heads = sum(one.values.get("head_count", 0) for one in groups)
        feedback = kit.count("feedback", where=here)
    unsent = kit.ledger.unsent(me.origin)
    sent = kit.ledger.sent()
    aside = kit.ledger.quarantine()
    return Figures(
        event_id,
        line,
        named,
        feedback,
        heads,
        _today(kit, me.origin),
        len(kit.desk.drafts()),
        kit.conflict_count(),
        len(aside),
        unsent.ops,
        unsent.oldest,
        sent[0].number if sent else 0,
        sent[0].made if sent else 0,
        me.network_name,
        me.is_founder,
        len(Roster(kit, me).waiting()) if aside else 0,
        not Vault(kit.folder).locked,
    )


def _today(kit: Kit, origin: str) -> int:
    """How many records this laptop made today, looking at the newest alone."""
    midnight = int(datetime.now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)
    total = 0
    for kind in ("feedback", "attendance", "session"):
        for offset in range(0, _MOST_TODAY, 256):
            page = kit.page(kind, offset, 256)
            found = sum(one.created >= midnight and one.origin == origin for one in page)
            total += found
            if len(page) < 256 or not found:
                break
    return total


class HomeScreen(BaseScreen):
    """Four questions at a glance, and the way to everything else."""

    CSS_PATH = "home.tcss"
    COMMANDS_FOR = HOME
    HELP = (
        "Choose with the keys beside the words. First choose the event where you are recording (e): feedback and "
        "attendance then belong to it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(HOME),
        key(
            "f9", "worried", "worried about somebody", "What to do if somebody may come to harm.", show=False
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._figures: Figures | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="columns", can_focus=False), Horizontal(id="both"):
            yield Static(id="left")
            yield Static(id="right")
        yield Static(id="below")

    def on_mount(self) -> None:
        super().on_mount()
        self._draw()
        if self.app.kit is None:
            self.call_after_refresh(self._open)
        else:
            self.kit_opened()

    # Opening: only when the kit needs no passphrase, or it was given beforehand

    def _open(self) -> None:
        folder, secret = self.app.folder, self.app.secret

        def work() -> tuple[Kit, Identity | None]:
            from fieldkit.screens.opening import open_kit

            return open_kit(folder, secret)

        self.run_work(work, self._opened, what="opening the kit", failed=self._not_opened)

    def _opened(self, opened: tuple[Kit, Identity | None]) -> None:
        kit, me = opened
        if me is None:
            self.app.kit = kit
            self.app.open_screen("first_run", instead=True)
        else:
            self.app.entered(kit, me)

    def _not_opened(self, error: FieldkitError) -> bool:
        from fieldkit.store.vault import Vault

        if Vault(self.app.folder).locked and isinstance(error, VaultError):
            self.app.secret = None
            self.app.open_screen("unlock", instead=True)
        else:
            self.page_title = "could not be opened"
            self.query_one("#left", Static).update("")
        self.app.report(error)
        return True

    def kit_opened(self) -> None:
        """The kit is open: read the figures."""
        self.refresh_figures()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.app.kit is not None:
            self.refresh_figures()

    def refresh_figures(self) -> None:
        """Count again and draw."""
        me = self.app.me
        if me is not None:
            self.run_kit(lambda kit: figures(kit, me), self._show, what="counting", group="figures")

    def _show(self, found: Figures) -> None:
        self._figures = found
        self.page_title = found.event or found.network
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    # Drawing

    def _draw(self) -> None:
        found = self._figures
        if found is None:
            if self.page_title != "could not be opened":
                self.query_one("#left", Static).update(Content.styled("Opening the kit …", "$text-muted"))
            return
        width = min(58, max(30, (self.size.width - 8) // 2))
        now = int(time.time() * 1000)
        left = [*self._at_event(found, width), *_RECORD, Content(""), *_LISTS]
        right = [*_needs(found), Content(""), *_sending(found, now), Content(""), *_LOOK]
        self.query_one("#left", Static).update(Content("\n").join(left))
        self.query_one("#right", Static).update(Content("\n").join(right))
        notes = []
        if found.no_passphrase:
            notes.append("This kit has no passphrase: anybody with this laptop can read what is in it.")
        self.query_one("#below", Static).update(
            Content.assemble(("!", "bold $warning"), " ", notes[0]) if notes else Content("")
        )

    def _at_event(self, found: Figures, width: int) -> list[Content]:
        if not found.event_id:
            words = "No event chosen yet." if found.network else ""
            return [
                _title("AT THIS EVENT"),
                Content(f"  {words}"),
                Content.assemble("  Press ", ("e", "bold $accent"), " and choose where you are."),
                _figure(found.today, "recorded today"),
                Content(""),
            ]
        return [
            _title("AT THIS EVENT"),
            _figure(found.named, "checked in"),
            _figure(found.counted, "counted, not named"),
            _figure(found.feedback, "feedback taken"),
            _figure(found.today, "recorded here today"),
            Content(""),
        ]

    # Commands

    def command_feedback(self) -> None:
        """Record feedback."""
        self._go("entry", "feedback")

    def command_attendance(self) -> None:
        """Check people in."""
        if self._figures is not None and not self._figures.event_id:
            self.tell("Choose the event first: with the cursor on it, press Enter.")
            self._go("records", "event", choosing=True)
        else:
            self._go("attendance")

    def command_mentoring(self) -> None:
        """Pairs and sessions."""
        self._go("mentoring")

    def command_events(self) -> None:
        """The events, to choose one or look at them."""
        self._go("records", "event", choosing=True)

    def command_people(self) -> None:
        """The people."""
        self._go("records", "person")

    def command_partners(self) -> None:
        """The partners."""
        self._go("records", "partner")

    def command_everything(self) -> None:
        """Every kind of record."""
        self._go("everything")

    def command_export(self) -> None:
        """Send and receive, where exporting begins."""
        self._go("sync")

    def command_sync(self) -> None:
        """Send and receive."""
        self._go("sync")

    def command_summary(self) -> None:
        """What the records say."""
        self._go("summary")

    def command_find(self) -> None:
        """Search."""
        self._go("find")

    def command_unfinished(self) -> None:
        """Unfinished entries."""
        self._go("drafts")

    def command_clashes(self) -> None:
        """Clashes."""
        self._go("conflicts")

    def command_worried(self) -> None:
        """What to do if somebody may come to harm."""
        self._go("worried")

    async def command_lock(self) -> None:
        """Close the kit and leave."""
        await self.app.leave()

    def _go(self, name: str, *args: object, choosing: bool = False) -> None:
        if self.app.kit is None or self.app.me is None:
            return  # still being opened: a key pressed too early does nothing
        if choosing:
            self.app.open_screen(name, *args, choosing=True)
        else:
            self.app.open_screen(name, *args)


def _title(words: str) -> Content:
    return Content.styled(words, "bold $text-muted")


def _figure(number: int, words: str, key: str = "") -> Content:
    style = "bold" if number else "$text-muted"
    gap = " " * max(1, 24 - cells(words)) if key else ""
    return Content.assemble(
        (f"{number:>6,}", style), "  ", (words, "" if number else "$text-muted"), gap, (key, "bold $accent")
    )


def _key(key: str, words: str) -> Content:
    return Content.assemble("     ", (key, "bold $accent"), "  ", words)


def _two(*pairs: str) -> Content:
    first, one, second, two = pairs
    return Content.assemble(
        "     ", (first, "bold $accent"), f"  {one:<13}", (second, "bold $accent"), f"  {two}"
    )


_RECORD = (
    _title("RECORD"),
    _key("f", "feedback"),
    _key("a", "check people in"),
    _key("m", "mentoring session"),
)
_LISTS = (
    _title("LISTS"),
    _two("e", "events", "p", "people"),
    _two("o", "partners", "l", "everything"),
)
_LOOK = (
    _title("LOOK"),
    _key("s", "summary"),
    _key("/", "find anything"),
)


def _needs(found: Figures) -> list[Content]:
    entries = "unfinished entry" if found.drafts == 1 else "unfinished entries"
    clashes = "clash to look at" if found.clashes == 1 else "clashes to look at"
    lines = [_title("NEEDS YOU")]
    if found.drafts:
        lines.append(_figure(found.drafts, entries, "u"))
    if found.clashes:
        lines.append(_figure(found.clashes, clashes, "c"))
    if found.waiting:
        lines.append(
            _figure(found.waiting, "laptops to trust" if found.waiting > 1 else "laptop to trust", "y")
        )
    if found.aside:
        lines.append(_figure(found.aside, "files set aside" if found.aside > 1 else "file set aside", "y"))
    if len(lines) == 1:
        lines.append(Content.styled("        nothing just now", "$text-muted"))
    return lines


def _sending(found: Figures, now: int) -> list[Content]:
    if found.founder:
        return [
            _title("FROM OTHER LAPTOPS"),
            _key("y", "take in what they sent"),
        ]
    said = age(found.oldest, now) if found.oldest else ""
    words = f"changes, the oldest {said}" if found.unsent != 1 else f"change, {said}"
    lines = [
        _title("NOT YET WITH THE COORDINATOR"),
        _figure(found.unsent, fit(words, 30))
        if found.unsent
        else Content("        nothing: all is in a bundle"),
    ]
    if found.last_bundle:
        lines.append(
            Content.styled(
                f"        last bundle {found.last_bundle}, {when(found.last_made, now)}", "$text-muted"
            )
        )
    return [*lines, _key("x", "export now"), _key("y", "send and receive")]


__all__ = ["Figures", "HomeScreen", "counted", "figures", "plain"]
