"""`fieldkit lock`: the lock of this laptop's screen: its PIN, and after how long it locks."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.prompts import ask_secret, at_keyboard
from fieldkit.errors import Misuse
from fieldkit.presentation.laptop.screen_lock import lock_of, set_own_minutes
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin


@command(writes=lambda options: options["minutes"] is not None or options["new_pin"] or options["forget_pin"])
def lock(
    kit: Kit,
    minutes: Annotated[
        int | None,
        option(
            "--minutes",
            "N",
            "Minutes without a key after which this laptop locks, no later than the network's; 0: as the network.",
            min=0,
            max=120,
        ),
    ] = None,
    new_pin: Annotated[bool, flag("--new-pin", "Choose a PIN, or another; you are asked.")] = False,
    forget_pin: Annotated[
        bool, flag("--forget-pin", "Remove the PIN; the next hand-over asks for a new one.")
    ] = False,
) -> Answer:
    """See or set when this laptop's screen locks; choose or forget its PIN."""
    if new_pin and forget_pin:
        raise Misuse("Choose a new PIN or forget it, not both.", kept="Nothing was changed.")
    if new_pin:
        pin.choose(kit.settings, _asked_twice())
    if forget_pin:
        pin.forget(kit.settings)
    if minutes is not None:
        set_own_minutes(kit, minutes)
    lock_now = lock_of(kit)
    return Answer(
        {"minutes": lock_now.minutes, "network_minutes": lock_now.network_minutes, "pin": lock_now.has_pin},
        [lock_now.sentence, "A PIN is chosen." if lock_now.has_pin else "No PIN is chosen."],
    )


def _asked_twice() -> str:
    if not at_keyboard():
        raise Misuse("A PIN is typed at the keyboard.", kept="Nothing was changed.")
    first = ask_secret(f"A PIN, a number of {pin.SHORTEST} to {pin.LONGEST} digits: ").strip()
    pin.check_new(first)
    if ask_secret("The same once more: ").strip() != first:
        raise Misuse("The two PINs differ.", kept="Nothing was changed.", hint="Try again.")
    return first
