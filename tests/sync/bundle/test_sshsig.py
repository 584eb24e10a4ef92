"""Keys, fingerprints and SSH signatures, checked with ssh-keygen and with broken input."""

from __future__ import annotations

import hashlib
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import Misuse
from fieldkit.sync.bundle import sshsig
from fieldkit.sync.bundle.keys import PublicKey, SigningKey, parse_fingerprint, ssh_string
from tools import tool

SPACE = "fieldkit-bundle@v1"
KEY = SigningKey.from_seed(bytes(range(32)))
MESSAGE = b'{"format": 1}\n'
SIGNATURE = sshsig.sign(KEY, MESSAGE, SPACE)


def run(*command: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, input=stdin, capture_output=True, timeout=20, check=False)


# With ssh-keygen


def test_ssh_keygen_verifies_what_we_sign(tmp_path: Path) -> None:
    keygen = tool("ssh-keygen")
    signers, signature = tmp_path / "signers", tmp_path / "manifest.json.sig"
    signers.write_text(f"laptop {KEY.public.ssh_line()}\n")
    signature.write_bytes(SIGNATURE)
    verify = (keygen, "-Y", "verify", "-f", str(signers), "-I", "laptop", "-n", SPACE, "-s", str(signature))
    good = run(*verify, stdin=MESSAGE)
    assert good.returncode == 0, good.stderr
    assert KEY.public.fingerprint.encode() in good.stdout
    assert run(*verify, stdin=MESSAGE + b"x").returncode != 0


@pytest.mark.parametrize("hash_name", ["sha256", "sha512"])
def test_we_verify_what_ssh_keygen_signs(tmp_path: Path, hash_name: str) -> None:
    keygen = tool("ssh-keygen")
    key, message = tmp_path / "key", tmp_path / "message"
    message.write_bytes(MESSAGE)
    assert run(keygen, "-q", "-t", "ed25519", "-N", "", "-C", "a laptop", "-f", str(key)).returncode == 0
    options = ("-O", f"hashalg={hash_name}")
    signed = run(keygen, "-Y", "sign", "-f", str(key), "-n", SPACE, *options, str(message))
    assert signed.returncode == 0, signed.stderr
    signature = Path(f"{message}.sig").read_bytes()
    public = sshsig.verify(signature, MESSAGE, SPACE)
    line = Path(f"{key}.pub").read_text()
    assert public == PublicKey.from_ssh_line(line)
    assert public.ssh_line("a laptop") == line.strip()
    listed = run(keygen, "-lf", f"{key}.pub").stdout.decode()
    assert public.fingerprint == listed.split()[1]
    assert parse_fingerprint(listed).matches(public)


def test_keys_other_than_ed25519_are_refused(tmp_path: Path) -> None:
    keygen = tool("ssh-keygen")
    key, message = tmp_path / "key", tmp_path / "message"
    message.write_bytes(MESSAGE)
    assert run(keygen, "-q", "-t", "ecdsa", "-N", "", "-f", str(key)).returncode == 0
    assert run(keygen, "-Y", "sign", "-f", str(key), "-n", SPACE, str(message)).returncode == 0
    with pytest.raises(ValueError, match="not an Ed25519 key"):
        sshsig.verify(Path(f"{message}.sig").read_bytes(), MESSAGE, SPACE)
    with pytest.raises(ValueError, match="ssh-ed25519"):
        PublicKey.from_ssh_line(Path(f"{key}.pub").read_text())


# Signatures by themselves


@given(message=st.binary(max_size=300), seed=st.binary(min_size=32, max_size=32))
def test_a_signature_gives_back_its_key(message: bytes, seed: bytes) -> None:
    key = SigningKey.from_seed(seed)
    assert sshsig.verify(sshsig.sign(key, message, SPACE), message, SPACE) == key.public
    assert key.seed == seed


def test_another_message_or_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        sshsig.verify(SIGNATURE, MESSAGE + b" ", SPACE)
    with pytest.raises(ValueError, match="another purpose"):
        sshsig.verify(SIGNATURE, MESSAGE, "fieldkit-invitation@v1")


def test_every_changed_byte_and_every_cut_is_refused() -> None:
    for at in range(len(SIGNATURE)):
        changed = bytearray(SIGNATURE)
        changed[at] ^= 1
        with pytest.raises(ValueError):
            sshsig.verify(bytes(changed), MESSAGE, SPACE)
    # Only the last line break may be missing.
    assert sshsig.verify(SIGNATURE[:-1], MESSAGE, SPACE) == KEY.public
    for end in range(len(SIGNATURE) - 1):
        with pytest.raises(ValueError):
            sshsig.verify(SIGNATURE[:end], MESSAGE, SPACE)


@given(st.binary(max_size=400))
def test_rubbish_is_refused_plainly(rubbish: bytes) -> None:
    with pytest.raises(ValueError):
        sshsig.verify(rubbish, MESSAGE, SPACE)
    with pytest.raises(ValueError):
        sshsig.verify(armour(b"SSHSIG\x00\x00\x00\x01" + rubbish), MESSAGE, SPACE)


def armour(blob: bytes) -> bytes:
    body = b64encode(blob)
    return b"-----BEGIN SSH SIGNATURE-----\n" + body + b"\n-----END SSH SIGNATURE-----\n"


def made_by_hand(
    *,
    version: int = 1,
    reserved: bytes = b"",
    hash_name: bytes = b"sha512",
    inner_tail: bytes = b"",
    tail: bytes = b"",
) -> bytes:
    """A signature that is valid except for what the caller asks for: the key really signs those parts."""
    hashed = hashlib.new("sha1" if hash_name == b"sha1" else "sha512", MESSAGE).digest()
    parts = (SPACE.encode(), reserved, hash_name)
    signed = b"SSHSIG" + b"".join(map(ssh_string, (*parts, hashed)))
    inner = ssh_string(b"ssh-ed25519") + ssh_string(KEY.sign(signed)) + inner_tail
    strings = (KEY.public.blob, *parts, inner)
    return armour(b"SSHSIG" + version.to_bytes(4, "big") + b"".join(map(ssh_string, strings)) + tail)


def test_only_the_plain_form_is_taken() -> None:
    assert sshsig.verify(made_by_hand(), MESSAGE, SPACE) == KEY.public
    wrong = [
        (made_by_hand(version=2), "version 1"),
        (made_by_hand(reserved=b"x"), "reserved"),
        (made_by_hand(hash_name=b"sha1"), "neither SHA-256 nor SHA-512"),
        (made_by_hand(inner_tail=b"x"), "whole Ed25519 signature"),
        (made_by_hand(tail=b"x"), "follows the signature"),
        (b"x\n" + SIGNATURE, "not an SSH signature"),
        (SIGNATURE + b"\n", "not an SSH signature"),
        (SIGNATURE.replace(b"\n", b"\r\n"), "not an SSH signature"),
        (SIGNATURE + b"A" * 4096, "too long"),
        (armour(b"SSHSIG\x00\x00\x00\x01\xff\xff\xff\xff"), "cut short"),
    ]
    for signature, reason in wrong:
        with pytest.raises(ValueError, match=reason):
            sshsig.verify(signature, MESSAGE, SPACE)


# Keys and the forms that people handle


def test_the_short_forms_are_what_they_say() -> None:
    key = KEY.public
    assert len(key.device_id) == 26
    assert key.device_id == key.device_id.lower()
    assert len(key.six_words.split()) == 6
    assert PublicKey.from_ssh_line(key.ssh_line("St Mary's laptop")) == key
    assert "seed" not in repr(KEY) and KEY.seed.hex() not in repr(KEY)
    with pytest.raises(ValueError):
        key.ssh_line("two\nlines")


def test_known_answers() -> None:
    # Computed independently, with ssh-keygen, openssl and the published English word list.
    assert KEY.public.raw.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert KEY.public.fingerprint == "SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg"
    assert KEY.public.device_id == "sw42ziangiqeobejkdizzrnozy"
    assert KEY.public.six_words == "noble sniff chimney bounce capital castle"


def spellings(key: PublicKey) -> list[str]:
    text = key.six_words
    device = key.device_id
    return [
        key.fingerprint,
        f"  {key.fingerprint}=\n",
        key.fingerprint.replace("SHA256", "sha256"),
        device,
        device.upper(),
        " ".join(device[at : at + 4] for at in range(0, 26, 4)),
        text,
        text.upper().replace(" ", "-"),
        text.replace(" ", ", ") + ".",
        " ".join(word[:4] for word in text.split()),
        key.ssh_line("a comment"),
    ]


@given(st.binary(min_size=32, max_size=32))
def test_every_spelling_names_that_key_alone(raw: bytes) -> None:
    key, other = PublicKey(raw), PublicKey(bytes([raw[0] ^ 1]) + raw[1:])
    for spelling in spellings(key):
        fingerprint = parse_fingerprint(spelling)
        assert fingerprint.matches(key), spelling
        assert not fingerprint.matches(other), spelling


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        assert not parse_fingerprint(text).matches(KEY.public)
    except Misuse as refused:
        assert str(refused).isprintable()


def test_a_slip_in_a_word_is_pointed_out() -> None:
    with pytest.raises(Misuse, match="abandon"):
        parse_fingerprint("abnadon " + " ".join(KEY.public.six_words.split()[1:]))
    for part in (
        "",
        "SHA256:abc",
        KEY.public.device_id[:25],
        " ".join(KEY.public.six_words.split()[:5]),
        "ssh-ed25519 x",
    ):
        with pytest.raises(Misuse):
            parse_fingerprint(part)
