"""Easily guessed passphrases are refused wherever one is set, with advice on a better one."""

from __future__ import annotations

from pathlib import Path

import pytest

from commanding import Run
from fieldkit.errors import Misuse
from fieldkit.screens.setup.setup_work import strength
from fieldkit.store.db.passphrases import ADVICE, weakness
from fieldkit.store.db.vault import Vault
from fieldkit.store.kit import Kit

NAMES = ("West Midlands", "St Mary's laptop 1")
WEAK = [
    "short", "       ", " 1234567 ", "password", "Password1", "P@ssw0rd", "passw0rd123!", "PASSWORD", "p a s s w o r d",
    "password password", "drowssap", "passphrase", "12345678", "87654321", "123456789", "1234567890123", "00000000", "aaaaaaaa",
    "abababab", "abcabcabcabc", "xyxyxyxyxyxy", "qwertyuiop", "QWERTY123", "qwer1234", "1qaz2wsx", "zaq12wsx", "asdfghjkl;",
    "zxcvbnm,", "abcdefgh", "abcd1234", "azertyuiop", "27101985", "27/10/1985", "2026-10-27", "01234 567890", "letmein1",
    "iloveyou", "Welcome2026", "trustno1", "m0nk3y12", "sunshine1", "Liverpool1", "adminadmin", "fieldkit", "fieldkit2026",
    "Jesus loves me", "Allahu Akbar", "waheguru1", "correct horse battery staple", "West Midlands", "westmidlands1",
    "baseball", "mustang1", "j-o-r-d-a-n", "harley2026", "qwerty2026", "!!qwerty!!", "123456782026", "q.w.e.r.t.y", "pаsswоrd",
    "paśśword", "p\u200ba\u200bs\u200bs\u200bw\u200bo\u200br\u200bd", "!@#$%^&*", '!"£$%^&*(', "+44 7700 900123",
    "ｐａｓｓｗｏｒｄ",
    "W3st M1dlands", "West Mіdlands", "St Mary's laptop 1", "stmaryslaptop",
]  # fmt: skip
STRONG = [
    "violet teapot cycles", "tea for two at noon", "four words are good", "kettle-otter-22-moss", "xK9#mq2Lp", "ਗਰਮ ਚਾਹ ਦੀ ਪਿਆਲੀ",
    "the summer garden wall", "correct horse battery", "my mother's blue bicycle", "West Midlands teapot cycles",
]  # fmt: skip


@pytest.mark.parametrize("passphrase", WEAK)
def test_what_is_guessed_first_is_refused_with_advice(tmp_path: Path, passphrase: str) -> None:
    assert weakness(passphrase, NAMES)
    assert strength(passphrase, NAMES).startswith(("Too short", "Too easy"))
    with pytest.raises(Misuse) as caught:
        Kit.create(tmp_path / "kit", passphrase, NAMES)
    assert caught.value.hint == ADVICE
    assert not (tmp_path / "kit").exists()


@pytest.mark.parametrize("passphrase", STRONG)
def test_several_words_and_random_characters_are_taken(passphrase: str) -> None:
    assert weakness(passphrase, NAMES) == ""


def test_a_name_is_weak_only_where_it_is_one() -> None:
    assert weakness("Heather Grange", ["Heather Grange"])
    assert weakness("Heather Grange", ["Leeds"]) == ""
    assert weakness("four words are good", ["", "go"]) == ""


def test_every_command_that_sets_one_refuses(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "Heather Grange")
    for name, device in (("Heather Grange", "Coordinator"), ("Leeds", "heather grange 1")):
        ran = run("--kit", tmp_path / "new", "network", "create", name, "--as", device)
        assert ran.code == 2
        assert "too easy to guess" in ran.err and "several words" in ran.err
        assert not (tmp_path / "new").exists()
    assert run("network", "create", "Leeds market", "--no-passphrase").code == 0
    assert run("network", "invite", "-o", "net.fkn").code == 0
    for weak in ("leedsmarket", "password1"):
        monkeypatch.setenv("FIELDKIT_PASSPHRASE", weak)
        assert run("--kit", tmp_path / "a", "join", "net.fkn", "--as", "A").code == 2
        assert not (tmp_path / "a").exists()
        monkeypatch.setenv("FIELDKIT_NEW_PASSPHRASE", weak)
        ran = run("passphrase", "change")
        assert ran.code == 2 and "too easy to guess" in ran.err
        assert not Vault(tmp_path / "hub").locked
        monkeypatch.setenv("FIELDKIT_KEYS_PASSPHRASE", weak)
        assert run("keys", "export", "-o", "key.age").code == 2
        assert not (tmp_path / "key.age").exists()
