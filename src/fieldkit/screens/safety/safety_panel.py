"""The columns of the safety screen, drawn as lines."""

from __future__ import annotations

from textual.content import Content

from fieldkit.commands.command import SAFETY
from fieldkit.commands.table import key_of
from fieldkit.presentation.safety import State, backup_state
from fieldkit.presentation.wording import counted
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import beside, fit, fit_path


def left(state: State, width: int) -> Content:
    """The backup, the passphrase, and what can be undone."""
    backup, lines = state.backup, [_title("BACKUP")]
    unproven = backup.made > 0 and not backup.proven
    lines.append(_fact(f"last: {backup_state(backup, state.now)}", width, sign=backup.due or unproven))
    if backup.name:
        lines.append(Content.styled("    " + fit_path(backup.name, width - 4), "$text-muted"))
    lines += [_key("backup", "make one and prove it", width), Content(""), _title("PASSPHRASE")]
    parts = [counted(state.imports, "import")]
    if state.coordinating:
        parts.append(counted(state.merges, "merged bundle"))
    state_of_passphrase = "set" if state.locked else "none: anybody can read this kit"
    lines += [
        _fact(state_of_passphrase, width, sign=not state.locked),
        _key("passphrase", "change it" if state.locked else "choose one", width),
        _key("pin", "PIN: change or forget it" if state.lock.has_pin else "PIN: choose one", width),
        Content(""),
        _title("UNDO"),
        _key("undo", ", ".join(parts), width),
        _key("trash", "trash: what was deleted", width),
    ]
    if state.undone:
        lines.append(Content.styled("    " + fit(f"{state.undone:,} undone", width - 4), "$text-muted"))
    return Content("\n").join(lines)


def right(state: State, width: int) -> Content:
    """People's rights, and the network's rules."""
    rules = state.rules
    kept = f"kept {counted(rules.retention_months, 'month')}" if rules.retention_months else "kept for good"
    lines = [
        _title("PEOPLE'S RIGHTS"),
        _key("withdraw", "withdraw by receipt code", width),
        _key("erasures", "erased, and who has confirmed it", width),
        *(
            [_key("old-text", "erase old text", width)]
            if state.coordinating and rules.retention_months
            else []
        ),
        Content(""),
        _title("RULES OF THE NETWORK"),
        _fact(f"free text: {kept}", width),
        _fact(f"unconfirmed: overdue after {counted(rules.confirm_days, 'day')}", width),
        _fact(f"a proven backup every {counted(rules.backup_days, 'day')}", width),
        _fact(f"a screen locks after {counted(rules.lock_minutes, 'minute')}", width),
        _key("lock-time", f"this one locks after {counted(state.lock.minutes, 'minute')}", width),
    ]
    if state.coordinating:
        lines.append(_key("rules", "change them", width))
    else:
        lines.append(Content.styled("    " + fit("the coordinator sets them", width - 4), "$text-muted"))
    return Content("\n").join(lines)


def _title(text: str) -> Content:
    return Content.styled(text, "bold $text-muted")


def _fact(text: str, width: int, *, sign: bool = False) -> Content:
    return beside("  ! " if sign else "    ", "bold $warning", text, "", width)


def _key(command: str, label: str, width: int) -> Content:
    return beside(f"  {key_name(key_of(command, SAFETY))} ", "bold $accent", label, "", width)
