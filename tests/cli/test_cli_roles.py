"""Roles and keys on the command line: who may do what, who is revoked, and who can open a bundle."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cli_kits import Kits, fingerprint, with_answers
from commanding import Run
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity
from planted import state_key

pytestmark = pytest.mark.usefixtures("surroundings")


def test_roles_change_but_never_ones_own(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    theirs = run("--kit", a, "status", "--json").json["device"]["fingerprint"]
    mine = run("status", "--json").json["device"]["fingerprint"]
    assert run("devices", "role", theirs, "coordinator", "--json").json["device"]["role"] == "coordinator"
    assert run("devices", "role", theirs, "boss").code == 2
    assert run("devices", "trust", theirs, "--role", "boss").code == 2
    assert run("devices", "role", mine, "field").code == 2
    assert run("devices", "revoke", mine).code == 2
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert run("--kit", a, "devices", "role", mine, "field").code == 2
    run("devices", "revoke", theirs)
    assert run("devices", "role", theirs, "field").code == 2


def test_revoked_laptops_are_listed_as_such(run: Run, hub: Path, pair: tuple[Path, Path, str]) -> None:
    run("--kit", pair[0], "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
    run("--kit", pair[0], "export", "-o", "a.fkb")
    run("merge", "a.fkb")
    print_of = run("--kit", pair[0], "status", "--json").json["device"]["fingerprint"]
    trusted = run("devices", "trust", print_of, "--role", "deputy", "--name", "Desk two", "--json").json[
        "device"
    ]
    assert (trusted["role"], trusted["name"]) == ("deputy", "Desk two")
    assert run("devices", "revoke", print_of, "--json").json["device"]["status"] == "revoked"
    assert "Desk two" in run("devices", "list").out
    assert run("--kit", pair[1], "devices", "revoke", print_of).code != 0


def test_bundles_open_after_the_key_is_rotated(run: Run, kits: Kits) -> None:
    _, a, _ = kits
    assert run("--kit", a, "keys", "rotate").code == 2
    run("--kit", a, "export", "-o", "old.fkb")
    before = run("inspect", "old.fkb", "--json").json["recipients"]
    new = run("keys", "rotate", "--days", "30", "--json").json["public_key"]
    assert new not in before
    assert run("merge", "old.fkb").code == 0
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    run("--kit", a, "export", "-o", "new.fkb", "--full")
    assert run("inspect", "new.fkb", "--json").json["recipients"] == [new]
    assert run("keys", "rotate", "--days", "-1").code == 2


def test_it_is_told_who_can_not_open_a_bundle(run: Run, kits: Kits) -> None:
    hub, a, b = kits
    with Kit.open(b) as kit:
        laptop = identity(kit).key.public
    with Kit.open(hub) as kit:
        # As a damaged coordinator's kit could write it.
        kit.put("device", laptop.device_id, {"role": "deputy"})
        state_key(kit, laptop, "age1" + "q" * 58)
        name = kit.get(laptop.device_id).values["name"]
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert f"“{name}” won't be able to open it" in run("--kit", a, "export", "-o", "one.fkb", "--full").out
    (bundle,) = run("--kit", a, "export", "-o", "two.fkb", "--full", "--json").json["bundles"]
    assert bundle["cannot_open"] == [name]


def test_the_coordinators_key_opens_bundles(
    run: Run, hub: Path, pair: tuple[Path, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    from fieldkit.store.db import scrypt_process

    wrapped: list[tuple[bytes, str]] = []

    def wrap(secret: bytes, passphrase: str) -> bytes:
        wrapped.append((secret, passphrase))
        return b"wrapped"

    monkeypatch.setattr(scrypt_process, "wrap", wrap)
    monkeypatch.setenv("FIELDKIT_KEYS_PASSPHRASE", "short")
    assert run("keys", "export", "-o", "key.age").code == 2
    monkeypatch.setenv("FIELDKIT_KEYS_PASSPHRASE", "four words are good")
    assert run("--kit", pair[0], "keys", "export", "-o", "key.age").code == 2
    assert run("keys", "export", "-o", "key.age").code == 0
    assert run("keys", "export", "-o", "key.age").code == 2
    assert stat.S_IMODE((tmp_path / "key.age").stat().st_mode) == 0o600
    assert (tmp_path / "key.age").read_bytes() == b"wrapped"
    [(text, passphrase)] = wrapped
    assert passphrase == "four words are good"
    created, public, secret = text.decode().splitlines()
    assert created.startswith("# created: ")
    assert str(pyrage.x25519.Identity.from_str(secret).to_public()) == public.removeprefix("# public key: ")
    run("--kit", pair[0], "export", "-o", "a.fkb")
    assert public.removeprefix("# public key: ") in run("inspect", "a.fkb", "--json").json["recipients"]


def test_nobody_is_said_to_be_able_to_shut_the_founder_out(run: Run, kits: Kits) -> None:
    hub, a, _ = kits
    mine = fingerprint(run, hub)
    ran = run("devices", "revoke", mine)
    assert ran.code == 2
    assert "created the network" in ran.err
    assert "Another coordinator's laptop can" not in ran.err
    ran = run("devices", "role", mine, "field")
    assert "created the network" in ran.err
    assert "Another" not in ran.err
    theirs = fingerprint(run, a)
    run("--kit", a, "merge", "net.fkn")
    assert "A coordinator's laptop can." in run("--kit", a, "devices", "revoke", theirs).err
    run("devices", "role", theirs, "deputy")
    run("network", "invite", "-o", "net.fkn")
    run("--kit", a, "merge", "net.fkn")
    assert "Another coordinator's laptop can." in run("--kit", a, "devices", "revoke", theirs).err
