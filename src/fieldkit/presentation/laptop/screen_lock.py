"""What unlocks the screen: the passphrase, the recovery code, or the PIN that was chosen for the hand-over."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import Enum

from fieldkit.errors import Misuse, WrongPassphrase
from fieldkit.presentation.wording import counted
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.known_settings import LOCK_MINUTES
from fieldkit.sync.network.network_rules import lock_minutes, rules


@dataclass(frozen=True)
class Lock:
    """After how many minutes without a key this laptop's screen locks, what the network has set, and whether there is a PIN."""

    minutes: int
    network_minutes: int
    has_pin: bool

    @property
    def sentence(self) -> str:
        """When it locks."""
        as_everybody = "" if self.minutes < self.network_minutes else ", as the network has set"
        return f"This laptop locks after {counted(self.minutes, 'minute')} without a key{as_everybody}."


def lock_of(kit: Kit) -> Lock:
    """What locks this laptop's screen now. Call it in a thread."""
    return Lock(lock_minutes(kit), rules(kit).lock_minutes, pin.is_chosen(kit.settings))


def set_own_minutes(kit: Kit, minutes: int) -> None:
    """Let this laptop lock sooner than the network has set; 0: as the network has set.

    Raises:
        Misuse: it is later, so it would change nothing.
    """
    demand_sooner(minutes, rules(kit).lock_minutes)
    kit.settings.put(LOCK_MINUTES, minutes)


def demand_sooner(minutes: int, network_minutes: int) -> None:
    """Raise Misuse if a laptop can't lock after so many minutes because the network has set fewer."""
    if not 0 <= minutes <= network_minutes:
        raise Misuse(
            f"The network has set {counted(network_minutes, 'minute')}: a laptop can lock sooner, not later.",
            kept="Nothing was changed.",
        )


def minutes_typed(typed: str) -> int:
    """The minutes that somebody typed.

    Raises:
        Misuse: it is no number of minutes.
    """
    if not (typed.strip().isdecimal() and len(typed.strip()) < 4):
        raise Misuse("That is not a number of minutes.")
    return int(typed)


class Secrets(Enum):
    """What may be typed to unlock the screen."""

    NONE = "none"
    PIN = "pin"
    PASSPHRASE = "passphrase"
    BOTH = "both"


def secrets_of(kit: Kit) -> Secrets:
    """What unlocks this kit's screen now. Call it in a thread."""
    locked = Vault(kit.folder).locked
    chosen = pin.is_chosen(kit.settings) and not (locked and pin.tries_used_up(kit.settings))
    if locked:
        return Secrets.BOTH if chosen else Secrets.PASSPHRASE
    return Secrets.PIN if chosen else Secrets.NONE


def unlock(kit: Kit, typed: str) -> None:
    """Return if `typed` unlocks the screen. Call it in a thread: it is slow.

    Raises:
        WrongPin, WrongPassphrase: it does not; the error says what to do.
        VaultError: the key files are damaged or gone.
    """
    vault = Vault(kit.folder)
    locked, chosen = vault.locked, pin.is_chosen(kit.settings)
    if not locked and not chosen:
        return
    if chosen and (pin.looks_like_pin(typed) or not locked):
        pin.check(kit.tries, typed, kit.clock(), locked=locked)
        return
    if not hmac.compare_digest(vault.unlock(typed, renew=False), kit.key):
        raise WrongPassphrase(
            "That opens the kit that is in the folder now, not the one of this window.",
            hint="Leave, then open the kit again.",
        )
    if not kit.read_only:
        pin.allow_again(kit.tries)


def locked_because(minutes: int) -> str:
    """Why the screen is locked: nobody pressed a key for `minutes`; "" for 0."""
    if not minutes:
        return ""
    return f"Nobody pressed a key for {counted(minutes, 'minute')}."
