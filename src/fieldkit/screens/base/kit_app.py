"""The program as its screens see it: the open kit, work in threads, errors in plain words, and leaving."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from rich.text import Text
from textual import events
from textual.content import Content
from textual.screen import Screen

from fieldkit.commands import with_keys
from fieldkit.errors import FieldkitError
from fieldkit.faultlog import log_fault
from fieldkit.screens.base.theme_choice import chosen_theme, keep_theme, next_theme
from fieldkit.widgets.covers import CoveredApp
from fieldkit.widgets.frame import KitScreen, NoticeLine
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import plain
from fieldkit.widgets.themes import DARK, THEMES

if TYPE_CHECKING:
    from fieldkit.screens.base.idle_lock import IdleLock
    from fieldkit.store.kit import Kit
    from fieldkit.store.window_lock import WindowLock
    from fieldkit.sync.network.identity import Identity

T = TypeVar("T")

#: Every screen that can be opened: name -> module below `fieldkit.screens`, and class.
SCREENS = {
    "bulletin": "cycle.bulletin_screen:BulletinScreen",
    "changes": "cycle.changes_screen:ChangesScreen",
    "conflicts": "exchange.conflicts_screen:ConflictsScreen",
    "cycle": "cycle.cycle_board:CycleBoardScreen",
    "cycles": "cycle.cycle_list:CycleListScreen",
    "drafts": "entry.drafts_screen:DraftsScreen",
    "entry": "entry.entry:EntryScreen",
    "event_closing": "stall.closing_screen:ClosingScreen",
    "everything": "records.kinds:EverythingScreen",
    "excerpt": "cycle.excerpt_screen:ExcerptScreen",
    "figures_import": "cycle.figures_import:FiguresImportScreen",
    "find": "records.find:FindScreen",
    "first_run": "setup.first_run:FirstRunScreen",
    "heard": "cycle.heard_screen:HeardScreen",
    "history": "records.history_screen:HistoryScreen",
    "home": "home.home_screen:HomeScreen",
    "kiosk": "kiosk.kiosk_screen:KioskScreen",
    "locked": "safety.lock_screen:LockScreen",
    "log_session": "mentoring.log_screen:LogScreen",
    "look_alikes": "people.look_alikes_screen:LookAlikesScreen",
    "mentoring": "mentoring.mentees_screen:MenteesScreen",
    "merge": "exchange.merge_screen:MergeScreen",
    "retention": "safety.retention:RetentionScreen",
    "pack": "cycle.pack_screen:PackScreen",
    "pair": "mentoring.pair_screen:PairScreen",
    "passphrase": "setup.passphrase:PassphraseScreen",
    "pile_set_up": "paper.pile_set_up_screen:PileSetUpScreen",
    "piles": "paper.piles_screen:PilesScreen",
    "provider_names": "cycle.provider_names_screen:ProviderNamesScreen",
    "people_trust": "exchange.devices_screen:PeopleTrustScreen",
    "quarantine": "exchange.quarantine_screen:QuarantineScreen",
    "quote": "cycle.quote_screen:QuoteScreen",
    "quotes": "cycle.quotes_screen:QuotesScreen",
    "record_view": "records.record_screen:RecordViewScreen",
    "records": "records.records_screen:RecordsScreen",
    "recovery": "setup.recovery:RecoveryScreen",
    "safety": "safety.safety_screen:SafetyScreen",
    "stack": "paper.stack_screen:StackScreen",
    "stall": "stall.stall_board:StallBoard",
    "summary": "summary.summary_screen:SummaryScreen",
    "support": "cycle.support_screen:SupportScreen",
    "sync": "exchange.sync:SyncScreen",
    "trash": "safety.trash_screen:TrashScreen",
    "undo": "safety.undo_screen:UndoScreen",
    "unlock": "setup.unlock:UnlockScreen",
    "use": "cycle.use_screen:UseScreen",
    "worried": "people.safeguarding:WorriedScreen",
}

#: Screens on which something is written down: a window beside the one that records does not open them.
WRITES = frozenset(
    {
        "bulletin",
        "drafts",
        "entry",
        "excerpt",
        "figures_import",
        "kiosk",
        "log_session",
        "look_alikes",
        "merge",
        "retention",
        "pack",
        "passphrase",
        "people_trust",
        "pile_set_up",
        "piles",
        "provider_names",
        "quarantine",
        "stack",
        "stall",
        "support",
        "sync",
        "trash",
        "undo",
    }
)

#: How long leaving waits for a save that is under way, in seconds.
PATIENCE = 10.0


class ScreenLeft(Exception):
    """The screen that a piece of work is for was left meanwhile."""


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread of its own that never holds up the end of the program."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(cast(T, result))

    def run() -> None:
        result: T | None = None
        failed: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failed = RuntimeError("ended early") if isinstance(error, StopIteration) else error
        with contextlib.suppress(RuntimeError):  # the program has left meanwhile
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, daemon=True, name="kit").start()
    return await future


class KitApp(CoveredApp):
    """The program as its screens see it."""

    def __init__(self, folder: Path, secret: str | None = None, demo: bool = False) -> None:
        super().__init__()
        self.folder = folder
        self.secret = secret
        self.demo = demo
        self.kit: Kit | None = None
        """The open kit, None while it is locked or not made yet."""
        self.me: Identity | None = None
        """This laptop, None until it belongs to a network."""
        self.throwaway: Path | None = None
        """A folder that goes when the program ends, because the kit in it was made just to try."""
        self._window: WindowLock | None = None
        self.idle: IdleLock | None = None
        """Since when nobody pressed a key, once a kit is open."""
        self.known_people: Any = None
        """The names of everybody known, once the stall board has read them."""
        self.undo_steps: dict[str, Any] = {}
        """Event id -> what can be undone and redone at its stall, as far back as this run of the program."""
        self.mentor = ""
        """Who mentors in this run of the program: a person's id, "" while nobody was asked."""
        self.device_name = ""
        self.saved_at = ""
        """When something was stored last, also by an earlier run of the program; "" if nothing was yet."""
        self.nothing_saved = ""
        """What stands in its place while a kit is open in which nothing was stored."""
        self.preferred_theme = ""
        """The theme that config.toml names, "" for none; it comes before the one kept beside the kit."""
        self.problems: list[str] = []
        """Sentences on what is wrong in config.toml, until the kit is open and they are shown."""
        self.faults: list[BaseException] = []
        """Errors that no sentence was written for; each is in errors.log."""
        self._save_turn = asyncio.Lock()
        self._saves: set[asyncio.Future[Any]] = set()
        self._leaving = False
        self._ending: asyncio.Future[None] | None = None

    # Going about

    def open_screen(
        self,
        name: str,
        *args: Any,
        then: Callable[[Any], None] | None = None,
        instead: bool = False,
        **more: Any,
    ) -> None:
        """Show the screen of that name; `instead` puts it in the place of the one in view."""
        if name in WRITES and not self.may_write():
            assert self.kit is not None and self.kit.written_by is not None
            self.report(self.kit.written_by.refusal())
            return
        screen = self.make_screen(name, *args, **more)
        # The very first screen has no other to give way to: it stays, unseen, below the next.
        if instead and len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen, None if instead else then)

    @staticmethod
    def make_screen(name: str, *args: Any, **more: Any) -> Screen[Any]:
        """A new screen of that name (a key of SCREENS); its module is imported when it is first opened."""
        module, _, class_name = SCREENS[name].partition(":")
        screen: Screen[Any] = getattr(importlib.import_module(f"fieldkit.screens.{module}"), class_name)(
            *args, **more
        )
        return screen

    def opened(self, kit: Kit, me: Identity | None) -> None:
        """The kit is open: go to the home screen, or set it up if it belongs to no network yet."""
        if me is None:
            self.kit = kit
            self.open_screen("first_run", instead=True)
        else:
            self.entered(kit, me)

    def entered(self, kit: Kit, me: Identity) -> None:
        """The kit is open and belongs to a network: go to the home screen."""
        self.kit, self.me, self.device_name, self.secret = kit, me, me.name, None
        self._take_window()
        self._begin_idle_lock()
        if self.theme in THEMES and self.theme not in (self.preferred_theme, chosen_theme(self.folder)):
            keep_theme(self.folder, self.theme)  # chosen before there was a kit
        home = self.screen
        if not hasattr(home, "kit_opened"):
            self.open_screen("home", instead=True)
        self._go_on_handed_over()  # before home shows anything of the records
        if hasattr(home, "kit_opened"):
            home.kit_opened()
        self._show_problems()

    def _go_on_handed_over(self) -> None:
        """Cover everything where this laptop was with a respondent when the program was ended."""
        from fieldkit.presentation.kiosk.hand_over import resumed  # with the store, after the first frame

        assert self.kit is not None
        handed = resumed(self.kit)
        if handed is None:
            return
        if self.reads_only:
            self.push_screen(self.make_screen("locked"))  # the respondent is in the other window
        else:
            self.push_screen(self.make_screen("kiosk", handed, resumed=True), self.taken_back)

    def taken_back(self, how: str | None) -> None:
        """A volunteer has the laptop again; "next": it is handed to the next person at once."""
        if how == "next":
            self.call_next(self._hand_to_next)

    async def _hand_to_next(self) -> None:
        hand_over = getattr(self.screen, "command_hand_over", None)
        if hand_over is not None:
            hand_over()

    def _show_problems(self) -> None:
        if self.problems:
            first, *more = self.problems
            self.problems = []
            self.notice(f"{first} {len(more)} more: see fieldkit doctor." if more else first)

    # The lock of the screen

    def _begin_idle_lock(self) -> None:
        from fieldkit.screens.base.idle_lock import EVERY, IdleLock  # with the store, after the first frame

        if self.idle is None:
            self.idle = IdleLock()
            self.set_interval(EVERY, self.look_whether_idle)

    async def look_whether_idle(self) -> None:
        """Lock the screen if nobody pressed a key for long enough."""
        idle, kit = self.idle, self.kit
        if idle is None or kit is None or not idle.is_resting:
            return
        with contextlib.suppress(FieldkitError):  # a disk that can't be read keeps the rule as it was
            await in_thread(partial(idle.read, kit))
        if idle.is_due:
            await self.lock_screen(left=True)

    async def lock_screen(self, *, left: bool = False) -> bool:
        """Cover every screen until somebody unlocks it; returns whether anything is hidden by it that was in view.

        `left`: nobody pressed a key for as long as the network has set. What covers the screens already has
        `left_alone`, which hides what it shows and returns whether it did.
        """
        if self.kit is None or self.me is None or self._leaving:
            return False
        self.forget_keys()
        if self.cover is not None:
            left_alone: Callable[[], bool] | None = getattr(self.cover, "left_alone", None)
            return left and left_alone is not None and left_alone()
        self.copy_to_clipboard("")  # or it could be pasted into what covers the screens
        minutes = self.idle.minutes if left and self.idle is not None else 0
        self.push_screen(self.make_screen("locked", minutes))
        with contextlib.suppress(Exception):  # what could not be kept is said when the form is in view again
            await self._put_in_safety()
        return True

    async def on_event(self, event: events.Event) -> None:
        keyed = isinstance(event, events.Key | events.Paste | events.MouseDown | events.MouseScrollDown)
        if keyed and self.idle is not None and not getattr(event, "is_forwarded", False):
            due = self.idle.is_due
            self.idle.noticed()
            if due and await self.lock_screen(left=True):
                return  # the laptop was asleep: its first key only wakes it
        await super().on_event(event)

    # Two windows on one kit

    @property
    def reads_only(self) -> bool:
        """Whether another window records in this kit, so that this one only reads."""
        return self.kit is not None and self.kit.written_by is not None

    def may_write(self) -> bool:
        """Whether this window records, or does from now on because no other does any more."""
        if self.reads_only:
            self._take_window()
        return not self.reads_only

    def _take_window(self) -> None:
        """Be the window that records, unless another is."""
        from fieldkit.store.window_lock import WindowLock

        if self.kit is not None:
            self._window = self._window or WindowLock(self.folder)
            self.kit.written_by = self._window.acquire()

    def _free_window(self) -> None:
        if self._window is not None:
            self._window.release()

    def on_unmount(self) -> None:
        self._free_window()

    # Saying

    def next_colours(self) -> str:
        """Show the next theme and keep the choice; returns what people call it."""
        self.theme = next_theme(self.theme)
        keep_theme(self.folder, self.theme)
        name = THEMES[self.theme][1]
        if self.preferred_theme in ("", self.theme):
            return name
        return f"{name}; config.toml asks for {THEMES[self.preferred_theme][1]} again at the next start"

    def note_saved(self) -> None:
        """Everything up to now is stored: say the time on every screen."""
        at = datetime.now().strftime("%H:%M")
        self.saved_at = at
        for screen in self.screen_stack:
            if isinstance(screen, KitScreen):
                screen.saved = at

    def report(self, error: FieldkitError) -> None:
        """Say what happened, what was kept and what to do, in a box."""
        from fieldkit.widgets.dialogs import Message

        self.forget_keys()  # typed for what did not come, they must neither close the box nor answer anything
        parts = [plain(with_keys(words)) for words in (error.message, error.kept, error.hint) if words]
        self.push_screen(Message(error.title, Content("\n\n").join(parts)))

    def report_fault(self, error: BaseException, what: str) -> None:
        """Something went wrong that nobody foresaw: note where in errors.log, and say so calmly."""
        self.report(self._fault(error, what))

    def _fault(self, error: BaseException, what: str) -> FieldkitError:
        self.faults.append(error)
        noted = log_fault(self.folder, what, error)
        return FieldkitError(
            f"Something went wrong while {what}.",
            kept="What was saved before is safe, and so is what you typed.",
            hint="Try again. If it goes on, leave and open the kit again"
            + (f"; details for whoever helps you are in {noted}." if noted else "."),
        )

    def notice(self, words: str) -> None:
        """Show a sentence above the bottom line of the screen in view, once that is drawn."""

        def show() -> None:
            if isinstance(self.screen, KitScreen) and self.screen.query(NoticeLine):
                self.screen.tell(words)

        self.once_uncovered(lambda: self.call_after_refresh(show))

    # Keys that no widget took

    async def on_key(self, event: events.Key) -> None:
        """A capital letter does what the small one does, and a key that does nothing is answered."""
        active = self.screen.active_bindings
        if event.key in active and active[event.key].enabled:
            return
        event.prevent_default()
        letter = event.character or ""
        small = letter.lower()
        if letter != small and small in active and active[small].enabled:
            if await self._check_bindings(small):
                self._answer("Caps Lock seems to be on.")
        elif not self._ending:
            more = "" if self.cover is not None else " F1 shows the keys that do."
            self._answer(f"The key {key_name(event.key)} does nothing here.{more}")

    def _answer(self, words: str) -> None:
        """Say something about a key on the screen in view."""

        def show() -> None:
            if isinstance(self.screen, KitScreen) and self.screen.query(NoticeLine):
                self.screen.tell(words)

        self.call_after_refresh(show)

    # Work

    async def work_for(
        self, owner: Screen[Any], work: Callable[[], T], what: str, *, saving: bool = False
    ) -> T:
        """See `BaseScreen.kit_work`. `owner` is the screen that the answer is for."""
        task = asyncio.ensure_future(self._work_for(owner, work, what, saving))
        if not saving:
            return await task
        self._saves.add(task)
        task.add_done_callback(self._save_ended)
        return await asyncio.shield(task)  # a save outlives its screen; anything else ends with it

    def _save_ended(self, task: asyncio.Future[Any]) -> None:
        self._saves.discard(task)
        if not task.cancelled():
            task.exception()  # reported already if its screen is gone

    async def _work_for(self, owner: Screen[Any], work: Callable[[], T], what: str, saving: bool) -> T:
        try:
            result = await (self._in_turn(work) if saving else in_thread(work))
            if saving:
                self.note_saved()
        except Exception as error:
            known = error if isinstance(error, FieldkitError) else self._fault(error, what)
            if owner in self.screen_stack:
                raise known from error
            self.report(known)
            raise ScreenLeft from error
        if owner not in self.screen_stack:
            raise ScreenLeft
        return result

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Saves go one after another, in the order in which they were asked for."""
        async with self._save_turn:
            return await in_thread(work)

    # Leaving

    def on_mount(self) -> None:
        if (theme := self.preferred_theme or chosen_theme(self.folder)) != DARK.name:
            self.theme = theme
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGINT, self.action_help_quit)
        for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
            # Another system has other signals, or takes no handler for them.
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self._ended, number)

    def _ended(self, number: signal.Signals) -> None:
        """Somebody ends the program, or the window was closed: put what was typed in safety first."""
        self._ending = asyncio.ensure_future(self._end(number))

    async def _end(self, number: signal.Signals) -> None:
        with contextlib.suppress(Exception):
            await self._put_in_safety()
        if number != getattr(signal, "SIGHUP", None):
            await self.leave()
        else:
            # Without a terminal an orderly end would wait for it for ever.
            asyncio.get_running_loop().remove_signal_handler(number)
            os.kill(os.getpid(), number)

    async def _put_in_safety(self) -> None:
        """Store every unfinished entry and wait for every save."""
        for screen in self.screen_stack:
            if (store := getattr(screen, "before_leaving", None)) is not None:
                await store()
        if self._saves:
            await asyncio.wait(self._saves, timeout=PATIENCE)

    async def leave(self) -> None:
        """Put every unfinished entry and every save in safety, close the kit, and end the program."""
        if self._leaving:
            return
        self._leaving = True
        try:
            await self._put_in_safety()
        except FieldkitError as error:
            self._leaving = False
            self.report(error)
            return
        except Exception as error:
            self._leaving = False
            self.report_fault(error, "leaving")
            return
        kit, self.kit = self.kit, None
        self.workers.cancel_all()
        if kit is not None:
            kit.close()
        self._free_window()
        self.exit(0)

    async def action_quit(self) -> None:
        """Ctrl+Q leaves as q does, but not from a laptop that was handed over."""
        if not getattr(self.cover, "MAY_LEAVE", True):
            return
        await self.leave()

    def action_help_quit(self) -> None:
        """Ctrl+C says how to leave: a hand that copies must not end anything."""
        if isinstance(self.screen, KitScreen) and getattr(self.screen, "MAY_LEAVE", True):
            self.screen.tell("To leave, press Ctrl+Q. Everything that was typed is kept.")

    def _handle_exception(self, error: Exception) -> None:
        # The last net: no traceback reaches a person. Tests drive the app headless and need the error itself.
        if self.is_headless:
            super()._handle_exception(error)
            return
        noted = log_fault(self.folder, "showing a screen", error)
        self._return_code = 1
        self.panic(
            Text(
                "fieldkit had to stop. What was saved is safe, and unfinished entries wait for you: "
                "open the kit again to go on." + (f" Details are in {noted}." if noted else "")
            )
        )
