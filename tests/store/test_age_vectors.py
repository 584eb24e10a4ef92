"""The public test vectors of the age format, and files made by the age program: opened, or refused with a message."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.encryption import decrypted
from fieldkit.sync.bundle.payload import pack, unpack
from project_files import DATA
from tools import tool

VECTORS = DATA / "age" / "vectors.json"

#: The library reads these two as its own first releases wrote them: without the short last line of a stanza. The header's
#: MAC is valid, so the output is what the sender sealed.
LENIENT = {"stanza_missing_body", "stanza_missing_final_line"}


@dataclass(frozen=True)
class Vector:
    """One test vector: the expected result, the keys to try, the hash of its content, and the age file itself."""

    expect: str
    identities: list[str]
    payload: str
    armored: bool
    content: bytes


def _vector(encoded: str) -> Vector:
    head, _, content = base64.b64decode(encoded).partition(b"\n\n")
    pairs = [line.split(": ", 1) for line in head.decode().splitlines()]
    fields = dict(pairs)
    return Vector(
        fields["expect"],
        [value for name, value in pairs if name == "identity"],
        fields.get("payload", ""),
        fields.get("armored") == "yes",
        zlib.decompress(content) if fields.get("compressed") == "zlib" else content,
    )


ALL = {name: _vector(encoded) for name, encoded in json.loads(VECTORS.read_text()).items()}
IDENTITY, OTHER = (pyrage.x25519.Identity.generate() for _ in range(2))
SECRET, PUBLIC = str(IDENTITY), str(IDENTITY.to_public())
LINES = [b'{"n": %d, "words": "%s"}' % (number, b"word " * number) for number in range(12)]


def opened(vector: Vector) -> bytes:
    """The output for a vector, opened like sealed payloads."""
    return b"".join(decrypted(vector.content, vector.identities))


def refused(content: bytes, secret: str = SECRET) -> str:
    """The full message of the refusal of a sealed payload."""
    with pytest.raises(BundleRefused) as caught:
        list(unpack(content, [secret]))
    assert caught.value.message and caught.value.kept and caught.value.hint
    return caught.value.reason


# The vectors


def test_there_are_vectors_of_each_sort() -> None:
    sorts = [vector.expect for vector in ALL.values() if not vector.armored]
    assert len(ALL) == 122
    assert {sort: sorts.count(sort) for sort in sorted(set(sorts))} == {
        "HMAC failure": 1,
        "header failure": 51,
        "no match": 7,
        "payload failure": 18,
        "success": 13,
    }


@pytest.mark.parametrize("name", [name for name, entry in ALL.items() if entry.expect == "success"])
def test_what_is_whole_opens_to_what_was_sealed(name: str) -> None:
    vector = ALL[name]
    if vector.armored or not vector.identities:
        # A bundle's payload is binary and sealed to keys; a passphrase is not a key.
        with pytest.raises(BundleRefused):
            opened(vector)
        return
    assert hashlib.sha256(opened(vector)).hexdigest() == vector.payload


@pytest.mark.parametrize("name", [name for name, entry in ALL.items() if entry.expect != "success"])
def test_what_is_not_whole_is_refused_with_its_reason(name: str) -> None:
    vector = ALL[name]
    if name in LENIENT:
        assert opened(vector)
        return
    with pytest.raises(BundleRefused) as caught:
        opened(vector)
    if not vector.content.startswith(b"age-encryption.org/"):
        assert caught.value.reason == "damaged"
    else:
        stranger = vector.expect == "no match" or not vector.identities
        assert caught.value.reason == ("not-for-us" if stranger else "damaged")


# With the age program


def age(*arguments: str | Path, given: bytes) -> bytes:
    """The output of the age program for `given`."""
    done = subprocess.run([tool("age"), *arguments], input=given, capture_output=True, timeout=20, check=True)
    return done.stdout


def test_age_and_we_open_each_others_files_for_many(tmp_path: Path) -> None:
    others = [pyrage.x25519.Identity.generate() for _ in range(20)]
    everyone = [*map(str, others[:10]), SECRET, *map(str, others[10:])]
    keys = [str(pyrage.x25519.Identity.from_str(secret).to_public()) for secret in everyone]
    theirs = age(*(word for key in keys for word in ("-r", key)), given=pack(LINES, []))
    ours = pack(LINES, keys)
    for secret in everyone:
        (tmp_path / "key").write_text(secret)
        assert list(unpack(theirs, [secret])) == LINES
        assert list(unpack(age("-d", "-i", tmp_path / "key", given=ours), None)) == LINES
    assert refused(theirs, str(OTHER)) == refused(ours, str(OTHER)) == "not-for-us"


def test_a_stanza_of_a_kind_that_nobody_knows_is_passed_over(tmp_path: Path) -> None:
    """Another type of key beside ours, such as ssh-keygen's: the file is still for us."""
    subprocess.run(
        [tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / "ssh")],
        check=True,
        timeout=20,
    )
    both = age("-R", tmp_path / "ssh.pub", "-r", PUBLIC, given=pack(LINES, []))
    assert b"-> ssh-ed25519 " in both and b"-> X25519 " in both
    assert list(unpack(both, [SECRET])) == LINES
    assert refused(age("-R", tmp_path / "ssh.pub", given=pack(LINES, []))) == "not-for-us"


def test_cut_at_any_length_a_file_of_ages_is_refused() -> None:
    whole = age("-r", PUBLIC, given=pack(LINES, []))
    assert list(unpack(whole, [SECRET])) == LINES
    assert {refused(whole[:length]) for length in range(len(whole))} == {"damaged"}


def test_changed_anywhere_a_file_of_ages_is_refused() -> None:
    whole = age("-r", PUBLIC, given=pack(LINES, []))
    reasons = {
        refused(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
        for at in range(len(whole))
        for bit in (0, 5, 7)
    }
    assert reasons == {"damaged", "not-for-us"}


def test_an_armoured_file_is_not_taken() -> None:
    """The same content has many armours and one binary form; the format allows only the latter."""
    armoured = age("-a", "-r", PUBLIC, given=pack(LINES, []))
    assert armoured.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
    assert refused(armoured) == "damaged"


def test_a_file_sealed_with_a_passphrase_is_not_ours() -> None:
    assert refused(pyrage.passphrase.encrypt(pack(LINES, []), "correct horse")) == "not-for-us"
