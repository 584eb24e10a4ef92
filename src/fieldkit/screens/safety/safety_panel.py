"""The columns of the safety screen, drawn as lines."""

from __future__ import annotations

from rich.cells import cell_len
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
    untested = backup.made > 0 and not backup.tested
    lines.append(_fact(f"last: {backup_state(backup, state.now)}", width, sign=backup.due or untested))
    if backup.name:
        lines += [
            Content.styled(f"    {part}", "$text-muted") for part in _file_lines(backup.name, width - 4)
        ]
    lines += [_key("backup", "make one and test it", width), Content(""), _title("PASSPHRASE")]
    parts, short = [counted(state.imports, "import")], [counted(state.imports, "import")]
    if state.coordinating:
        parts.append(counted(state.merges, "merged bundle"))
        short.append(counted(state.merges, "merge"))
    undoable = ", ".join(parts)
    without = _either("none: anybody can read this kit", "none: anybody can read", width)
    lines += [
        _fact("set" if state.locked else without, width, sign=not state.locked),
        _key("passphrase", "change it" if state.locked else "choose one", width),
        _key(
            "pin",
            _either("PIN: change or forget it", "PIN: change it", width)
            if state.lock.has_pin
            else "PIN: choose one",
            width,
        ),
        Content(""),
        _title("UNDO"),
        _key("undo", _either(undoable, ", ".join(short), width), width),
    ]
    if state.undone:
        lines.append(Content.styled("    " + fit(f"{state.undone:,} undone", width - 4), "$text-muted"))
    lines.append(_key("trash", _either("trash: what was deleted", "trash", width), width))
    return Content("\n").join(lines)


def right(state: State, width: int) -> Content:
    """People's rights, and the network's rules."""
    rules = state.rules
    kept = f"kept {counted(rules.retention_months, 'month')}" if rules.retention_months else "kept for good"
    confirm, backup = counted(rules.confirm_days, "day"), counted(rules.backup_days, "day")
    lock, lock_here = counted(rules.lock_minutes, "minute"), counted(state.lock.minutes, "minute")
    lines = [
        _title("PEOPLE'S RIGHTS"),
        _key("withdraw", _either("withdraw by receipt code", "withdraw by code", width), width),
        _key("erasures", _either("erased, and who has confirmed it", "erasures", width), width),
        *(
            [_key("old-text", "erase old text", width)]
            if state.coordinating and rules.retention_months
            else []
        ),
        Content(""),
        _title("RULES OF THE NETWORK"),
        _fact(_either(f"free text: {kept}", f"text {kept}", width), width),
        _fact(_either(f"unconfirmed: overdue after {confirm}", f"unconfirmed: {confirm}", width), width),
        _fact(_either(f"a tested backup every {backup}", f"backup: {backup}", width), width),
        _fact(_either(f"a screen locks after {lock}", f"lock: {lock}", width), width),
        _key(
            "lock-time", _either(f"this one locks after {lock_here}", f"lock here: {lock_here}", width), width
        ),
    ]
    if state.coordinating:
        lines.append(_key("rules", "change them", width))
    else:
        who = _either("the coordinator sets them", "by the coordinator", width)
        lines.append(Content.styled("    " + fit(who, width - 4), "$text-muted"))
    return Content("\n").join(lines)


def _file_lines(name: str, width: int) -> list[str]:
    """The name of a backup whole, in two lines where it has to be: its end tells it from others of that day."""
    if cell_len(name) <= width:
        return [name]
    head, dash, tail = name.rpartition("-")
    return [head + dash, tail] if cell_len(head) < width else [fit_path(name, width)]


def _title(text: str) -> Content:
    return Content.styled(text, "bold $text-muted")


def _either(text: str, short: str, width: int) -> str:
    """The text if a line of the column holds it, otherwise the short one, so that the screen needs no scrolling."""
    return text if cell_len(text) + 4 <= width else short


def _fact(text: str, width: int, *, sign: bool = False) -> Content:
    return beside("  ! " if sign else "    ", "bold $warning", text, "", width)


def _key(command: str, label: str, width: int) -> Content:
    return beside(f"  {key_name(key_of(command, SAFETY))} ", "bold $accent", label, "", width)
