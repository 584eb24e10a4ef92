"""The place of this laptop's kit and the time of its clock: checked at the start, before anything is written.

A folder that was copied or moved looks the same from the inside. So the kit remembers its machine and folder; anywhere else it
continues as a new incarnation, and two copies never write under one name.
"""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from fieldkit.operating_system import machine_id
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import CLOCK_CONFIRMED, IDENTITY, INVITED, KEY_DUE, ORIGIN, PLACE
from fieldkit.store.oplog.device_ids import device_of
from fieldkit.sync.network.identity import identity, renew
from fieldkit.sync.network.roster import COORDINATING, Roster
from fieldkit.sync.network.sealing_keys import key_fields, signed_by_itself

_DAY = 86_400_000
#: No kit was made before this day.
_FIRST = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
_LAST = int(datetime(2106, 1, 1, tzinfo=UTC).timestamp() * 1000)
#: How far the clock may be behind the last entry, or how long a laptop may lie unused, without a question.
_BACK, _AHEAD = _DAY, 400 * _DAY


def check_place(kit: Kit) -> bool:
    """Continue as a new incarnation if this folder was copied or moved; returns whether it was.

    A kit that has taken no part in its network yet only remembers its folder.
    """
    if kit.settings.get(IDENTITY) is not None:
        state_own_key(kit)
    here = _place(kit.folder)
    known = kit.settings.get(PLACE)
    if known == here or kit.settings.get(IDENTITY) is None:
        return False
    moved = known is not None and _took_part(kit)
    if moved:
        renew(kit)
    kit.settings.put(PLACE, here)
    return moved


def _took_part(kit: Kit) -> bool:
    """Whether this kit has written, sent or merged anything, so that two copies of it must be distinguished."""
    written = kit.ledger.origins().get(kit.origin, 0) > 0
    return written or kit.ledger.next_number() > 1 or bool(kit.ledger.received(1))


def state_own_key(kit: Kit) -> None:
    """State a coordinator's key where the roster lacks it: this laptop has just become a coordinator's, a key rotation was
    interrupted, or the kit was restored and its later key may be lost.

    Stated before the network's later files are merged, the key is listed beside the lost one, and bundles are sealed to both.
    Stated once more when the lost key is seen here, it replaces that key.
    """
    due = kit.settings.get(KEY_DUE)
    me = identity(kit)
    mine = kit.many("device", [me.device]).get(me.device)
    if mine is None or (mine.values.get("role") not in COORDINATING and not me.is_founder):
        return
    roster = Roster(kit, me)
    if not roster.coordinating:
        return
    with kit.reading() as connection:
        stated = signed_by_itself(connection, me.key.public)
    if (due == 1 or (due and stated != [me.age_public])) or me.age_public not in stated:
        if me.is_founder and not stated:
            # Unsigned keys, as earlier versions wrote them, stop counting once this laptop signs.
            roster.fill_in([member.device for member in roster.above()])
        # Clear it first: a value that is there already is not written again.
        kit.put("device", me.device, {"age_key": None})
        with kit.reading() as connection:
            fields = key_fields(connection, me, me.key.public, me.age_public, kit.clock(), anew=True)
        kit.put("device", me.device, fields)
        kit.settings.put(KEY_DUE, due + 1 if due == 1 else 0)


def _place(folder: Path) -> str:
    machine = platform.node() + machine_id()
    return sha256(f"{machine}\0{folder.resolve()}".encode("utf-8", "replace")).hexdigest()


def doubt_clock(kit: Kit) -> str:
    """A sentence if the clock can't be right, "" if it may be. The user is asked; it never stops anything.

    The clock is compared with the last entry of this laptop, under any of its origins; before the first entry, with the time of
    its invitation.
    """
    now = kit.clock()
    then = datetime.fromtimestamp(min(max(now, 0), _LAST) / 1000)
    moment = f"{then.day} {then:%b %Y, %H:%M}"
    last, what = last_written(kit), "the last entry"
    if not last:
        last, what = kit.settings.get(INVITED) or 0, "its invitation"
    confirmed = kit.settings.get(CLOCK_CONFIRMED)
    if confirmed and abs(now - confirmed) < _AHEAD:
        last = max(confirmed, last) if last <= now + _BACK else 0
    if not _FIRST <= now < _LAST:
        return f"This laptop's clock says {moment}. That can't be right."
    if last and now < last - _BACK:
        return f"This laptop's clock says {moment}, which is before {what} was made."
    if last and now > last + _AHEAD:
        return f"This laptop's clock says {moment}, more than a year after {what} was made."
    return ""


def last_written(kit: Kit) -> int:
    """When this laptop last wrote, by its own clock (milliseconds since 1970), under any of its origins or to a local kind; 0
    for never.

    A kit that was copied, moved or restored continues under another origin of the same laptop.
    """
    device = device_of(kit.settings.get(ORIGIN))
    own = [origin for origin in kit.ledger.origins() if device_of(origin) == device]
    return max([kit.ledger.last_local_stamp(), *map(kit.ledger.last_stamp, own)])


def confirm_clock(kit: Kit) -> None:
    """Record that a person has confirmed the clock, or set it."""
    kit.settings.put(CLOCK_CONFIRMED, kit.clock())
