"""The PIN for handing over: a slow hash in the encrypted kit; wrong tries are counted, delayed and limited."""

from __future__ import annotations

from runpy import run_path

import pytest

from fieldkit.errors import Misuse
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.known_settings import PIN
from fieldkit.store.local.pin import LONG_WAIT, TRIES, WrongPin

SECOND = 1_000


@pytest.mark.parametrize(
    "guessed", ["", "123", "12345678", "abcd", "1234", "4321", "567890", "1111", "1212", "٤٧١٢"]
)
def test_what_is_no_pin_or_is_guessed_first_is_refused(kit: Kit, guessed: str) -> None:
    with pytest.raises(Misuse):
        pin.choose(kit.settings, guessed)
    assert not pin.is_chosen(kit.settings)


def test_the_pin_is_kept_as_a_slow_hash_with_a_salt(kit: Kit) -> None:
    pin.choose(kit.settings, "4712")
    first = kit.settings.get(PIN)
    pin.choose(kit.settings, "4712")
    second = kit.settings.get(PIN)
    assert first is not None and second is not None
    assert "4712" not in repr(first) and first.salt != second.salt and first.digest != second.digest
    pin.check(kit.settings, "4712", 0, locked=True)


def test_the_program_s_own_work_is_15(kit: Kit) -> None:
    """Load the module again: the one that the tests share has lower costs."""
    own = run_path(pin.__file__)
    own["choose"](kit.settings, "4712")
    stored = kit.settings.get(PIN)
    assert stored is not None and stored.work >= 15
    own["check"](kit.settings, "4712", 0, locked=True)


def test_wrong_tries_wait_longer_and_longer_and_end_with_the_passphrase(kit: Kit) -> None:
    pin.choose(kit.settings, "4712")
    now, waits = 1_000_000, []
    for number in range(TRIES):
        with pytest.raises(WrongPin, match="not the PIN"):
            pin.check(kit.settings, "9999", now, locked=True)
        seconds = 0
        while number < TRIES - 1:
            try:
                pin.check(kit.settings, "0000", now + seconds * SECOND, locked=True)
            except WrongPin as error:
                if "Wait" not in error.message:
                    break
                seconds += 1
        else:
            break
        waits.append(seconds)
        # That try was counted: remove it, to check each wait separately.
        stored = kit.settings.get(PIN)
        assert stored is not None
        kit.settings.put(PIN, type(stored)(stored.salt, stored.digest, stored.work, number + 1, stored.tried))
        now = stored.tried + 60 * SECOND
    assert waits == [1, 2, 4, 8]
    with pytest.raises(WrongPin, match="the PIN is off"):
        pin.check(kit.settings, "4712", now + 10_000 * SECOND, locked=True)
    assert pin.tries_used_up(kit.settings)
    pin.allow_again(kit.settings)
    pin.check(kit.settings, "4712", now, locked=True)


def test_a_kit_without_a_passphrase_waits_a_minute_instead(kit: Kit) -> None:
    pin.choose(kit.settings, "4712")
    now = 0
    for _ in range(TRIES):
        now += LONG_WAIT * SECOND
        with pytest.raises(WrongPin, match="not the PIN"):
            pin.check(kit.settings, "9999", now, locked=False)
    with pytest.raises(WrongPin, match="Wait 60 seconds"):
        pin.check(kit.settings, "4712", now, locked=False)
    pin.check(kit.settings, "4712", now + LONG_WAIT * SECOND, locked=False)
    assert not pin.tries_used_up(kit.settings)


def test_a_try_counts_before_it_is_looked_at_and_outlives_the_program(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin.choose(kit.settings, "4712")

    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(pin, "_hash", killed)
    with pytest.raises(KeyboardInterrupt):
        pin.check(kit.settings, "9999", 0, locked=True)
    kit.close()
    with Kit.open(kit.folder) as again:
        stored = again.settings.get(PIN)
        assert stored is not None and stored.wrong == 1


def test_a_clock_that_was_turned_back_makes_nobody_wait_for_hours(kit: Kit) -> None:
    pin.choose(kit.settings, "4712")
    with pytest.raises(WrongPin):
        pin.check(kit.settings, "9999", 10**12, locked=True)
    with pytest.raises(WrongPin, match="Wait 1 second,"):
        pin.check(kit.settings, "4712", 10**11, locked=True)
