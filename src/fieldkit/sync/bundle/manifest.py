"""The manifest: what a bundle states unencrypted about itself, and the checks before anything inside is opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from fieldkit import __version__
from fieldkit.errors import BundleRefused
from fieldkit.store.journal.bundle_reader import Span
from fieldkit.store.local.known_settings import Ancestor
from fieldkit.store.oplog.device_ids import is_device_id
from fieldkit.strict_json import read_json
from fieldkit.sync.bundle import sshsig
from fieldkit.sync.bundle.container import NAMESPACE, PAYLOAD, SEALED_PAYLOAD, Container, digest
from fieldkit.sync.bundle.encryption import sealed_keys
from fieldkit.sync.bundle.keys import PublicKey, SigningKey
from fieldkit.sync.bundle.limits import damaged
from fieldkit.sync.bundle.peer_reports import PassedReports

FORMAT = "fieldkit-bundle@v1"
_FAMILY = "fieldkit-bundle@v"
_WRITER = re.compile(r"fieldkit ([0-9][0-9A-Za-z.+-]{0,20})")
_ORIGIN = re.compile(r"[a-z2-7]{26}\.[0-9a-f]{8}(?:~[0-9a-f]{8})?\Z")

#: The purpose of a file: records for the coordinator, the network's shared records for everybody, or a receipt.
RECORDS, INVITATION, RECEIPT = "records", "invitation", "receipt"


class Range(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to", "last_hash": "hash"}):
    """A run of one origin's ops: its first and last seq, the hash of the op before the first, the hash of the last."""

    origin: str
    first: int
    last: int
    prev: str
    last_hash: str

    @classmethod
    def of(cls, span: Span) -> Range:
        """The range for a span."""
        return cls(span.origin, span.first, span.last, span.prev.hex(), span.last_hash.hex())

    def span(self) -> Span:
        """The span of this range; ValueError if its hashes are not 32 bytes in hexadecimal."""
        prev, last = bytes.fromhex(self.prev), bytes.fromhex(self.last_hash)
        if (
            len(prev) != 32
            or len(last) != 32
            or not 0 < self.first <= self.last < 2**53
            or not _ORIGIN.match(self.origin)
        ):
            raise ValueError("a range that can't be")
        return Span(self.origin, self.first, self.last, prev, last)


class PayloadNote(msgspec.Struct, frozen=True):
    """The payload's member name, the SHA-256 of its bytes in the file, and their number."""

    name: str
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True):
    """See docs/bundle-format.md. It holds no name of a person, partner or place."""

    format: str
    purpose: str
    network: str
    signer: str
    made: int
    number: int
    payload: PayloadNote
    recipients: list[str]
    ranges: list[Range]
    writer: str = ""


class Header(msgspec.Struct, frozen=True):
    """The payload's first line: the manifest's fields repeated inside the seal, and fields of the sender's own."""

    format: str
    network: str
    signer: str
    ranges: list[Range]
    network_name: str = ""
    device_name: str = ""
    age: str = ""
    seen: dict[str, int] = {}
    """The last seq of each origin that the sender holds: from it a coordinator learns that an erasure has arrived."""
    origin: str = ""
    """The sender's present origin."""
    ancestors: list[Ancestor] = []
    """The replicas that the sender descends from, the nearest first."""
    passed_on: PassedReports = PassedReports()
    """Only from a coordinator: what other replicas reported in their own bundles."""


@dataclass(frozen=True)
class Opened:
    """A container whose signature and payload hash are valid. Whether to trust the signer is not checked yet."""

    container: Container
    manifest: Manifest
    signer: PublicKey
    id: str
    """SHA-256 of the manifest, hexadecimal: the name by which a merge remembers the bundle."""

    @property
    def spans(self) -> list[Span]:
        """The ranges of the manifest."""
        return [span_range.span() for span_range in self.manifest.ranges]

    @property
    def ops(self) -> int:
        """How many ops its ranges list."""
        return sum(span_range.last - span_range.first + 1 for span_range in self.manifest.ranges)


def write_manifest(
    key: SigningKey,
    *,
    purpose: str,
    network: str,
    made: int,
    number: int,
    payload: bytes,
    recipients: Sequence[str],
    spans: Sequence[Span],
) -> tuple[bytes, bytes, str]:
    """The manifest's bytes, its signature, and the payload's member name."""
    name = SEALED_PAYLOAD if recipients else PAYLOAD
    manifest = Manifest(
        FORMAT,
        purpose,
        network,
        key.public.ssh_line(),
        made,
        number,
        PayloadNote(name, digest(payload), len(payload)),
        list(recipients),
        [Range.of(span) for span in spans],
        f"fieldkit {__version__}",
    )
    encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    return encoded, sshsig.sign(key, encoded, NAMESPACE), name


def open_container(container: Container) -> Opened:
    """Check the signature, then read the manifest and compare the payload with it.

    Raises:
        BundleRefused: damaged or newer-format.
    """
    try:
        signer = sshsig.verify(container.signature, container.manifest, NAMESPACE)
    except ValueError as error:
        raise damaged(f"its signature is not valid ({error})") from None
    fields = _strict_json(container.manifest, "its manifest")
    stated = fields.get("format") if isinstance(fields, dict) else None
    if stated != FORMAT:
        if isinstance(stated, str) and stated.startswith(_FAMILY):
            raise newer_format(fields.get("writer"))
        raise damaged("its manifest is not one of fieldkit's")
    try:
        manifest = msgspec.convert(fields, Manifest)
        for span_range in manifest.ranges:
            span_range.span()
        if not is_device_id(manifest.network):
            raise ValueError("it names no network")
        if PublicKey.from_ssh_line(manifest.signer) != signer:
            raise ValueError("it names another signer than the one who signed it")
    except (msgspec.MsgspecError, ValueError) as error:
        raise damaged(f"its manifest is not valid ({_plain(error)})") from None
    note = manifest.payload
    if note.name != container.payload_name or bool(manifest.recipients) != container.sealed:
        raise damaged("its payload is not the one that the manifest names")
    if note.size != len(container.payload) or note.sha256 != digest(container.payload):
        raise damaged("its payload is not the one that was signed")
    if container.sealed and sealed_keys(container.payload) != len(manifest.recipients):
        raise damaged("it is sealed to others than the manifest names")
    if manifest.purpose not in {RECORDS, INVITATION, RECEIPT}:
        raise newer_format(manifest.writer)
    return Opened(container, manifest, signer, sha256(container.manifest).hexdigest())


def check_header(line: bytes, opened: Opened) -> Header:
    """Read the payload's first line, which must agree with the manifest.

    Raises:
        BundleRefused: damaged.
    """
    try:
        header = msgspec.convert(_strict_json(line, "its first line"), Header)
    except msgspec.MsgspecError as error:
        raise damaged(f"its first line is not valid ({_plain(error)})") from None
    manifest = opened.manifest
    if (header.format, header.network, header.signer, header.ranges) != (
        manifest.format,
        manifest.network,
        manifest.signer,
        manifest.ranges,
    ):
        raise damaged("the content differs from the label")
    return header


def newer_format(writer: object = "") -> BundleRefused:
    """The error for a file from a later fieldkit. `writer` is the manifest's name of the program that made it; it is shown only
    if it is the name of a newer fieldkit and nothing else.
    """
    named = _WRITER.fullmatch(writer) if isinstance(writer, str) else None
    if named and _numbers(named[1]) > _numbers(__version__):
        hint = f"It needs fieldkit {named[1]} or later; this is {__version__}. Install that, then merge it again."
    else:
        hint = f"Install the newer fieldkit (this is {__version__}), then merge it again."
    return BundleRefused(
        "newer-format",
        "A newer fieldkit made this file; this one can't read it.",
        kept="It is quarantined, whole.",
        hint=hint,
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall("[0-9]+", version)[:3])


def _plain(error: Exception) -> str:
    """What is wrong with a manifest or header, without the wording of the library that found it."""
    if not isinstance(error, msgspec.MsgspecError):
        return str(error)
    field = re.search(r"`\$\.([a-z_0-9]+)|missing required field `([a-z_0-9]+)`", str(error))
    return f"its “{field[1] or field[2]}” is missing or wrong" if field else "it is no object of fieldkit's"


def _strict_json(data: bytes, what: str) -> Any:
    """See `read_json`; raises damaged for anything else."""
    try:
        return read_json(data)
    except ValueError as error:
        raise damaged(f"{what} can't be read ({error})") from None
