"""Of a recovery code that opens nothing it is said what to look at: its number of words, a spelling, the order, its age."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import WrongPassphrase
from fieldkit.store.db.recovery_codes import advice_on, code_in, new_code
from fieldkit.store.db.vault import Vault

CODE = "abandon amount liar amount expire adjust cage candy arch gather drum buyer"


def test_a_new_code_is_recognised_in_capitals_and_with_spaces() -> None:
    code = new_code()
    assert code_in(f"  {code.upper().replace(' ', '  ')} ") == code


@pytest.mark.parametrize(
    "typed", ["", "wrong words", "the old woman who lived in a shoe by the sea", CODE[:20]]
)
def test_a_passphrase_is_no_recovery_code(typed: str) -> None:
    assert not code_in(typed)
    assert not advice_on(typed)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        (CODE.removesuffix(" buyer"), "A recovery code has 12 words; these are 11."),
        (CODE.replace("liar", "lair"), "look at the spelling of word 3."),
        (CODE.replace("liar", "lair").replace("drum", "drumm"), "look at the spelling of words 3, 11."),
        (CODE.replace("gather drum", "drum gather"), "one of its words is wrong, or their order is."),
        (CODE.upper(), "it is an older one, another kit's, or"),
    ],
)
def test_what_to_look_at_is_said(typed: str, advice: str) -> None:
    assert advice_on(typed).endswith(advice) or advice in advice_on(typed)


def test_a_kit_says_it_instead_of_asking_about_caps_lock(tmp_path: Path) -> None:
    kit_vault = Vault(tmp_path / "kit")
    kit_vault.create("seven calm herons wade")
    (tmp_path / "kit" / "fieldkit.db").write_bytes(b"records")
    with pytest.raises(WrongPassphrase) as caught:
        kit_vault.unlock(CODE.replace("liar", "lair"))
    assert caught.value.hint == "If it is the recovery code, look at the spelling of word 3."
    with pytest.raises(WrongPassphrase) as caught:
        kit_vault.unlock("something else")
    assert "Caps Lock" in caught.value.hint
