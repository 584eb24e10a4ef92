"""How safe the kit is: its backups, its passphrase, the network's rules."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.presentation.laptop.screen_lock import Lock, lock_of
from fieldkit.presentation.undoable_changes import undoables
from fieldkit.presentation.wording import age, ago
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import BACKUP
from fieldkit.sync.network import network_rules
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.network_rules import NetworkRules
from fieldkit.sync.network.roster import Roster

_DAY = 86_400_000


@dataclass(frozen=True)
class Backup:
    """The last backup; `made` and `tested` in milliseconds since 1970, 0 for never. `due`: another one is due."""

    made: int = 0
    tested: int = 0
    name: str = ""
    due: bool = False


@dataclass(frozen=True)
class State:
    """What the screen shows."""

    backup: Backup
    locked: bool
    rules: NetworkRules
    lock: Lock
    coordinating: bool
    imports: int
    merges: int
    """Merged bundles that brought something: those that can be undone, as in their list."""
    undone: int
    now: int


def last_backup(kit: Kit, origin: str, days: int) -> Backup:
    """The last backup, and whether a tested one is due: `days` after the last one, or after the first entry under `origin`. For a
    thread.
    """
    stored = kit.settings.get(BACKUP)
    made, tested = int(stored.get("made", 0)), int(stored.get("proven", 0))
    since = tested or kit.ledger.stamp_of(origin, 1)
    return Backup(made, tested, str(stored.get("name", "")), 0 < since < kit.clock() - days * _DAY)


def state_of(kit: Kit, me: Identity) -> State:
    """Read everything that is shown. Call it in a thread."""
    rules = network_rules.rules(kit)
    listed, now = undoables(kit, me)
    merges = sum(entry.is_merge for entry in listed)
    return State(
        last_backup(kit, me.origin, rules.backup_days),
        KeyFiles(kit.folder).locked,
        rules,
        lock_of(kit),
        Roster(kit, me).coordinating,
        len(listed) - merges,
        merges,
        sum(entry.undone > 0 for entry in listed),
        now,
    )


def backup_state(backup: Backup, now: int) -> str:
    """What there is to say about the last backup."""
    if backup.tested:
        return f"tested {ago(backup.tested, now)}"
    return f"made {ago(backup.made, now)}, never tested" if backup.made else "none yet"


def due_backup(backup: Backup, now: int) -> str:
    """The same for home, where there is little room, when another backup is due."""
    return f"backup {age(backup.tested, now)}" if backup.tested else f"backup: {backup_state(backup, now)}"
