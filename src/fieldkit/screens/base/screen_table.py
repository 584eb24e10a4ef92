"""Every screen of the program by name, and which of them write."""

from __future__ import annotations

import importlib
from typing import Any

from textual.screen import Screen

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
    "everything": "records.kinds_screen:EverythingScreen",
    "excerpt": "cycle.excerpt_screen:ExcerptScreen",
    "figures_import": "cycle.figures_import:FiguresImportScreen",
    "find": "records.find_screen:FindScreen",
    "first_run": "setup.first_run:FirstRunScreen",
    "heard": "cycle.respondents_screen:RespondentsScreen",
    "history": "records.history_screen:HistoryScreen",
    "home": "home.home_screen:HomeScreen",
    "kiosk": "kiosk.kiosk_screen:KioskScreen",
    "locked": "safety.lock_screen:LockScreen",
    "log_session": "mentoring.log_screen:LogScreen",
    "look_alikes": "people.look_alikes_screen:LookAlikesScreen",
    "mentoring": "mentoring.mentees_screen:MenteesScreen",
    "merge": "exchange.merge_screen:MergeScreen",
    "restoring": "setup.restore_screen:RestoreScreen",
    "retention": "safety.retention:RetentionScreen",
    "ordered_erasures": "exchange.ordered_erasures_screen:OrderedErasuresScreen",
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

#: Screens that write: a window beside the one that records does not open them.
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
        "ordered_erasures",
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


def make_screen(name: str, *args: Any, **more: Any) -> Screen[Any]:
    """A new screen of that name (a key of SCREENS); its module is imported when it is first opened."""
    module, _, class_name = SCREENS[name].partition(":")
    screen: Screen[Any] = getattr(importlib.import_module(f"fieldkit.screens.{module}"), class_name)(
        *args, **more
    )
    return screen
