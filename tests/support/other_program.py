"""Another program for bundles, written only from docs/bundle-format.md: it reads, folds and writes without fieldkit's code."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
import tarfile
from pathlib import Path
from typing import Any

import pyrage
import zstandard
from nacl.signing import SigningKey, VerifyKey

FORMAT = "fieldkit-bundle@v1"
MEMBERS = ("manifest.json", "manifest.json.sig", "payload.jsonl.zst", "payload.jsonl.zst.age")


def string(content: bytes) -> bytes:
    """A string in SSH's encoding: its length in four bytes, then its bytes."""
    return len(content).to_bytes(4, "big") + content


def strings(content: bytes) -> list[bytes]:
    """All SSH strings in `content`."""
    parts = []
    while content:
        size = int.from_bytes(content[:4], "big")
        parts.append(content[4 : 4 + size])
        content = content[4 + size :]
    return parts


def key_blob(key: bytes) -> bytes:
    return string(b"ssh-ed25519") + string(key)


def ssh_line(key: bytes) -> str:
    return "ssh-ed25519 " + base64.b64encode(key_blob(key)).decode()


def device_id(key: bytes) -> str:
    digest = hashlib.sha256(key_blob(key)).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def what_is_signed(message: bytes, name: bytes) -> bytes:
    digest = hashlib.new(name.decode(), message).digest()
    return b"SSHSIG" + string(FORMAT.encode()) + string(b"") + string(name) + string(digest)


def sign(key: SigningKey, message: bytes) -> bytes:
    signature = key.sign(what_is_signed(message, b"sha512")).signature
    blob = (
        b"SSHSIG" + (1).to_bytes(4, "big") + string(key_blob(bytes(key.verify_key))) + string(FORMAT.encode())
    )
    blob += string(b"") + string(b"sha512") + string(string(b"ssh-ed25519") + string(signature))
    text = base64.b64encode(blob)
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return b"\n".join([b"-----BEGIN SSH SIGNATURE-----", *lines, b"-----END SSH SIGNATURE-----", b""])


def signed_by(signature: bytes, message: bytes) -> bytes:
    """The public key (32 bytes) that signed `message`."""
    blob = base64.b64decode(b"".join(signature.strip().split(b"\n")[1:-1]), validate=True)
    assert blob[:10] == b"SSHSIG" + (1).to_bytes(4, "big")
    public, namespace, reserved, name, inner = strings(blob[10:])
    assert (namespace, reserved) == (FORMAT.encode(), b"") and name in {b"sha256", b"sha512"}
    key = strings(public)[1]
    VerifyKey(key).verify(what_is_signed(message, name), strings(inner)[1])
    return key


def following(before: bytes, line: bytes) -> bytes:
    """The hash of an operation; a skeleton states its own."""
    op = json.loads(line)
    return bytes.fromhex(op["gone"]) if "gone" in op else hashlib.sha256(before + line).digest()


def fits(kind: str, record_id: str) -> bool:
    """Whether a record of this kind may have this id (section 2)."""
    if len(record_id) == 28:
        return record_id[13:17] == hashlib.sha256(kind.encode()).hexdigest()[:4]
    return len(record_id) != 26 or kind == "device"


def read_bundle(
    path: Path, trusted: set[str], age_secret: str = ""
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The header and operations of a bundle or an invitation, after all checks; `#` is an operation's hash."""
    with tarfile.open(path, "r:") as tar:
        members = tar.getmembers()
        assert len(members) == 3 and all(member.isreg() and member.name in MEMBERS for member in members)
        parts = {member.name: tar.extractfile(member).read() for member in members}  # type: ignore[union-attr]
    key = signed_by(parts["manifest.json.sig"], parts["manifest.json"])
    manifest = json.loads(parts["manifest.json"])
    assert manifest["format"] == FORMAT and manifest["signer"] == ssh_line(key) and ssh_line(key) in trusted
    payload = parts[manifest["payload"]["name"]]
    assert hashlib.sha256(payload).hexdigest() == manifest["payload"]["sha256"]
    assert len(payload) == manifest["payload"]["size"]
    assert bool(manifest["recipients"]) == manifest["payload"]["name"].endswith(".age")
    if manifest["recipients"]:
        payload = pyrage.decrypt(payload, [pyrage.x25519.Identity.from_str(age_secret)])
    text = zstandard.ZstdDecompressor(max_window_size=8 << 20).stream_reader(
        io.BytesIO(payload), read_across_frames=True
    )
    lines = text.read().split(b"\n")
    assert lines.pop() == b""
    header = json.loads(lines[0])
    assert all(header[name] == manifest[name] for name in ("format", "network", "signer", "ranges"))
    waiting = list(manifest["ranges"])
    operations: list[dict[str, Any]] = []
    rest = iter(lines[1:])
    for line in rest:
        first = json.loads(line)
        span = next(
            member
            for member in waiting
            if (member["origin"].split("~")[0], member["from"]) == (first["origin"], first["seq"])
        )
        waiting.remove(span)
        at = bytes.fromhex(span["prev"])
        for seq in range(span["from"], span["to"] + 1):
            line = line if seq == span["from"] else next(rest)
            op = json.loads(line)
            assert (op["origin"], op["seq"]) == (first["origin"], seq)
            at = following(at, line)
            assert "gone" in op or fits(op["kind"], op["record_id"])
            operations.append({**op, "#": at.hex()})
        assert at.hex() == span["hash"]
    assert not waiting
    return header, operations


def erasing_numbers(operations: list[dict[str, Any]]) -> dict[str, int]:
    """Origin -> its erasing number, from all its operations held here."""
    held: dict[str, list[tuple[int, str]]] = {}
    for op in operations:
        fields = op.get("fields", {})
        withdrawal = op.get("kind") == "withdrawal"
        withdrawn = withdrawal and isinstance(fields.get("code"), str)
        if withdrawn or "redacts" in fields or (fields.get("erased") is True and not withdrawal):
            held.setdefault(op["origin"], []).append((op["seq"], op["#"]))
    texts = {
        origin: ",".join(f"{seq}:{hash}" for seq, hash in sorted(marks)) for origin, marks in held.items()
    }
    return {origin: int(hashlib.sha256(text.encode()).hexdigest()[:13], 16) for origin, text in texts.items()}


def what_is_left(operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The operations of one record, with redacted ones as they were restated."""
    left: dict[str, dict[str, Any]] = {}
    for op in sorted(operations, key=lambda op: (op["stamp"], op["origin"], op["seq"])):
        if original := op["fields"].get("restates"):
            origin, seq = original["op"].split(":")
            fields = {name: value for name, value in op["fields"].items() if name != "restates"}
            before = left.setdefault(
                original["hash"],
                {**op, "origin": origin, "seq": int(seq), "stamp": original["stamp"], "fields": fields},
            )
            before["fields"] = {name: value for name, value in before["fields"].items() if name in fields}
    plain = [op for op in operations if not {"redacts", "restates"} & op["fields"].keys()]
    return plain + list(left.values())


NETWORK_KINDS = {"device", "event", "partner", "policy", "provider", "same_person", "term", "withdrawal"}


def proofs_of(ref: str, operations: list[dict[str, Any]]) -> set[str]:
    """The proofs that `sees` must hold to replace the ops of a ref, in records of network kinds."""
    return {
        hashlib.sha256(op["salt"].encode()).hexdigest()[:32]
        for op in operations
        if f"{op['origin']}:{op['seq']}" == ref and "sees" in op["fields"]
    }


def fold(operations: list[dict[str, Any]]) -> tuple[dict[str, Any], set[str], bool]:
    """The values shown, the fields in conflict, and whether it is erased, from one record's operations (section 7)."""
    whole = [op for op in operations if "gone" not in op]
    if any(op["fields"].get("erased") is True for op in whole):
        return {}, set(), True
    whole = what_is_left(whole)
    heads: dict[str, list[dict[str, Any]]] = {}
    proven = bool(whole) and whole[0]["kind"] in NETWORK_KINDS
    for name in {name for op in whole for name in op["fields"]} - ({"sees"} if proven else set()):
        setting = [op for op in whole if name in op["fields"]]
        replaced = {
            ref
            for op in setting
            for ref in op.get("preds", {}).get(name, [])
            if not proven or proofs_of(ref, whole) <= set(op["fields"].get("sees", "").split())
        }
        heads[name] = [op for op in setting if f"{op['origin']}:{op['seq']}" not in replaced] or setting
    shown: dict[str, Any] = {}
    conflicts = set()
    for name, many in heads.items():
        last = max(many, key=lambda op: (op["stamp"], op["origin"], op["seq"]))
        if last["fields"][name] is not None:
            shown[name] = last["fields"][name]
        if len({json.dumps(op["fields"][name]) for op in many}) > 1:
            conflicts.add(name)
    deleted = shown.pop("deleted", False)
    seen = {
        ref
        for op in heads.get("deleted", [])
        for ref in op.get("preds", {}).get("*", [])
        if not proven or proofs_of(ref, whole) <= set(op["fields"].get("sees", "").split())
    }
    others = {
        f"{op['origin']}:{op['seq']}" for name, many in heads.items() if name != "deleted" for op in many
    }
    if deleted and not others <= seen:
        conflicts.add("deleted")
    return shown, conflicts, deleted


def read_receipt(path: Path, trusted: set[str]) -> list[dict[str, Any]]:
    """The lines of a receipt after its header, after all checks (section 8)."""
    with tarfile.open(path, "r:") as tar:
        parts = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}  # type: ignore[union-attr]
    key = signed_by(parts["manifest.json.sig"], parts["manifest.json"])
    manifest, payload = json.loads(parts["manifest.json"]), parts["payload.jsonl.zst"]
    assert ssh_line(key) in trusted and manifest["purpose"] == "receipt" and manifest["ranges"] == []
    assert hashlib.sha256(payload).hexdigest() == manifest["payload"]["sha256"]
    text = zstandard.ZstdDecompressor(max_window_size=8 << 20).stream_reader(io.BytesIO(payload)).read()
    return [json.loads(line) for line in text.splitlines()[1:]]


class Writer:
    """A laptop of the other program: a key, an origin, and chained lines."""

    def __init__(self) -> None:
        self.key = SigningKey.generate()
        self.public = bytes(self.key.verify_key)
        self.origin = f"{device_id(self.public)}.{secrets.token_hex(4)}"
        self.lines: list[bytes] = []
        self.last = bytes(32)
        self.number = 0

    def write(self, kind: str, record_id: str, fields: dict[str, Any], preds: dict[str, list[str]]) -> str:
        """Add one operation; returns its ref."""
        seq = len(self.lines) + 1
        op: dict[str, Any] = {
            "origin": self.origin,
            "seq": seq,
            "stamp": 1_800_000_000_000 + seq,
            "kind": kind,
        }
        op |= {"record_id": record_id, "fields": fields, "preds": preds, "salt": secrets.token_urlsafe(16)}
        self.lines.append(json.dumps(op, ensure_ascii=False).encode())
        self.last = following(self.last, self.lines[-1])
        return f"{self.origin}:{seq}"

    def bundle(self, path: Path, network: str, recipient: str) -> None:
        """Write everything so far to a bundle, sealed to one coordinator."""
        self.number += 1
        span = {
            "origin": self.origin,
            "from": 1,
            "to": len(self.lines),
            "prev": "00" * 32,
            "hash": self.last.hex(),
        }
        about: dict[str, Any] = {
            "format": FORMAT,
            "network": network,
            "signer": ssh_line(self.public),
            "ranges": [span],
        }
        text = b"\n".join(
            [json.dumps({**about, "device_name": "Another program"}).encode(), *self.lines, b""]
        )
        payload = pyrage.encrypt(zstandard.compress(text), [pyrage.x25519.Recipient.from_str(recipient)])
        note = {"name": MEMBERS[3], "sha256": hashlib.sha256(payload).hexdigest(), "size": len(payload)}
        about |= {"purpose": "records", "made": 1_800_000_000_000, "number": self.number}
        manifest = json.dumps({**about, "payload": note, "recipients": [recipient]}).encode()
        parts = {MEMBERS[3]: payload, MEMBERS[1]: sign(self.key, manifest), MEMBERS[0]: manifest}
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
            for name, content in parts.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
