"""`fieldkit lock`: the PIN and the time until a screen locks; and the safeguarding lead that `join` asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.cli.commands.safety import lock_command
from fieldkit.errors import Misuse
from fieldkit.presentation.laptop.screen_lock import lock_of, set_own_minutes
from fieldkit.presentation.safeguarding_notes import lead_of
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin


def test_a_laptop_locks_sooner_and_is_refused_to_lock_later(kit: Kit) -> None:
    set_own_minutes(kit, 2)
    assert lock_of(kit).sentence == "This laptop locks after 2 minutes without a key."
    with pytest.raises(Misuse, match="sooner, not later"):
        set_own_minutes(kit, 6)
    assert lock_of(kit).minutes == 2
    set_own_minutes(kit, 0)
    assert lock_of(kit).sentence.endswith("5 minutes without a key, as the network has set.")


def test_the_pin_is_typed_twice_and_forgotten_by_an_option(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["4712", "4713"])
    monkeypatch.setattr(lock_command, "at_keyboard", lambda: True)
    monkeypatch.setattr(lock_command, "ask_secret", lambda prompt: next(typed))
    with pytest.raises(Misuse, match="differ"):
        lock_command._asked_twice()
    typed = iter(["4712", "4712"])
    pin.choose(kit.settings, lock_command._asked_twice())
    assert lock_of(kit).has_pin
    pin.forget(kit.settings)
    assert not lock_of(kit).has_pin


def test_without_a_keyboard_no_pin_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_command, "at_keyboard", lambda: False)
    with pytest.raises(Misuse, match="at the keyboard"):
        lock_command._asked_twice()


def test_the_safeguarding_lead_is_asked_for_at_a_keyboard_and_can_wait(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from fieldkit.cli import new_kit

    answers = iter(["\n", "Amina Khan 01274 000000\n"])
    monkeypatch.setattr(new_kit, "at_keyboard", lambda: True)
    monkeypatch.setattr(new_kit, "ask_line", lambda question: next(answers))
    new_kit.ask_lead(kit, None)
    assert lead_of(kit) == ""
    new_kit.ask_lead(kit, None)
    assert lead_of(kit) == "Amina Khan 01274 000000"
    new_kit.ask_lead(kit, "Ben, 555")
    assert lead_of(kit) == "Ben, 555"
