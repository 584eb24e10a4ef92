"""How safe the kit is: its backups, its passphrase, the network's rules; read in threads, drawn as lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.presentation.wording import age, aged, counted
from fieldkit.widgets.plain import fit

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity
    from fieldkit.sync.network.policy import NetworkRules

_DAY = 86_400_000
BACKUP = "backup"
"""The setting with the last backup: when it was made, its name, when it was proven (0: not)."""


@dataclass(frozen=True)
class Backup:
    """The last backup; `made` and `proven` in milliseconds since 1970, 0 for never. `due`: time for another."""

    made: int = 0
    proven: int = 0
    name: str = ""
    due: bool = False


@dataclass(frozen=True)
class State:
    """What the screen shows."""

    backup: Backup
    locked: bool
    rules: NetworkRules
    coordinating: bool
    imports: int
    merges: int
    """Merged bundles that brought something: those that can be taken back, as their list has them."""
    taken_back: int
    now: int


def last_backup(kit: Kit, origin: str, days: int) -> Backup:
    """The last backup, and whether a proven one is due: so many days after the last, or after the first entry
    under `origin`. For a thread.
    """
    said = kit.desk.setting(BACKUP, {})
    made, proven = int(said.get("made", 0)), int(said.get("proven", 0))
    since = proven or kit.ledger.stamp_of(origin, 1)
    return Backup(made, proven, str(said.get("name", "")), 0 < since < kit.clock() - days * _DAY)


def state_of(kit: Kit, me: Identity) -> State:
    """Read all that is shown. For a thread."""
    from fieldkit.presentation.undoable import brought
    from fieldkit.store.db.vault import Vault
    from fieldkit.sync.network import policy
    from fieldkit.sync.network.roster import Roster

    rules = policy.rules(kit)
    listed, now = brought(kit, me)
    merges = sum(one.is_merge for one in listed)
    return State(
        last_backup(kit, me.origin, rules.backup_days),
        Vault(kit.folder).locked,
        rules,
        Roster(kit, me).coordinating,
        len(listed) - merges,
        merges,
        sum(one.taken_back > 0 for one in listed),
        now,
    )


def proven_words(found: Backup, now: int) -> str:
    """What there is to say about the last backup."""
    if found.proven:
        return f"proven {aged(found.proven, now)}"
    return f"made {aged(found.made, now)}, never proven" if found.made else "none yet"


def due_words(found: Backup, now: int) -> str:
    """The same for home, where there is little room, when another is due."""
    return f"backup {age(found.proven, now)}" if found.proven else f"backup: {proven_words(found, now)}"


def left(state: State, width: int) -> Content:
    """The backup, the passphrase, and what can be taken back."""
    found, lines = state.backup, [_title("BACKUP")]
    unproven = found.made > 0 and not found.proven
    lines.append(_fact(f"last: {proven_words(found, state.now)}", width, sign=found.due or unproven))
    if found.name:
        lines.append(Content.styled("    " + fit(found.name, width - 4), "$text-muted"))
    lines += [_key("b", "make one and prove it", width), Content(""), _title("PASSPHRASE")]
    parts = [counted(state.imports, "import")]
    if state.coordinating:
        parts.append(counted(state.merges, "merged bundle"))
    more = ["each brought changes"] if state.merges else []
    if state.taken_back:
        more.append(f"{state.taken_back:,} undone")
    words = "set" if state.locked else "none: anybody can read this kit"
    lines += [
        _fact(words, width, sign=not state.locked),
        _key("p", "change it" if state.locked else "choose one", width),
        Content(""),
        _title("TAKING BACK"),
        _key("u", ", ".join(parts), width),
    ]
    if said := ", ".join(more):
        lines.append(Content.styled("    " + fit(said, width - 4), "$text-muted"))
    return Content("\n").join(lines)


def right(state: State, width: int) -> Content:
    """People's rights, and the network's rules."""
    rules = state.rules
    kept = f"kept {counted(rules.retention_months, 'month')}" if rules.retention_months else "kept for good"
    lines = [
        _title("PEOPLE'S RIGHTS"),
        _key("w", "withdraw by receipt code", width),
        _key("e", "erased, and who has confirmed it", width),
        *([_key("t", "erase old text", width)] if state.coordinating and rules.retention_months else []),
        Content(""),
        _title("RULES OF THE NETWORK"),
        _fact(f"free text: {kept}", width),
        _fact(f"unconfirmed is red after {counted(rules.confirm_days, 'day')}", width),
        _fact(f"a proven backup every {counted(rules.backup_days, 'day')}", width),
    ]
    if state.coordinating:
        lines.append(_key("r", "change them", width))
    else:
        lines.append(Content.styled("    " + fit("the coordinator sets them", width - 4), "$text-muted"))
    return Content("\n").join(lines)


def _title(words: str) -> Content:
    return Content.styled(words, "bold $text-muted")


def _fact(words: str, width: int, *, sign: bool = False) -> Content:
    return Content.assemble("  ", ("! " if sign else "  ", "bold $warning"), fit(words, width - 4))


def _key(key: str, words: str, width: int) -> Content:
    return Content.assemble("  ", (key, "bold $accent"), " ", fit(words, width - 4))


def make_backup(kit: Kit, target: Path) -> Path:
    """Write a backup to a folder, under a name with the time, or to a file. For a thread.

    Raises:
        StorageError: the disk refuses.
    """
    import time

    from fieldkit.store.backup import backup

    path = target / f"fieldkit-{time.strftime('%Y-%m-%d-%H%M%S')}.fkbackup" if target.is_dir() else target
    if path.suffix.lower() != ".fkbackup":
        path = path.with_name(path.name + ".fkbackup")
    backup(kit, path)
    return path
