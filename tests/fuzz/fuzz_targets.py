"""Readers of a stranger's bytes, each as a function that must return or refuse with a message, for fuzzing and its corpus.

The tests' other program makes the tar, the manifest and the signature round an input, so that the code behind them is
reached.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import zstandard
from nacl.signing import SigningKey

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from fieldkit.errors import BundleRefused, FieldkitError
from fieldkit.importing.mapping_file import parse_mapping
from fieldkit.importing.reading.sheet_reader import read_sheet
from fieldkit.importing.reading.workbook_process import Outcome, Request, serve, unpacked_rows
from fieldkit.importing.reading.workbooks import BookSheet
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.kind import kinds
from fieldkit.store.backup_file import unpack as unpack_backup
from fieldkit.store.db import age_passphrase
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import COPY_ENDS, PASSED_ON, PEER_REPORTS, RECEIPTS
from fieldkit.store.oplog.fold import fold, interpret
from fieldkit.store.oplog.op_decoding import decode, decode_many
from fieldkit.store.oplog.ops import Op, encode
from fieldkit.sync.bundle import sshsig
from fieldkit.sync.bundle.container import NAMESPACE, read_container
from fieldkit.sync.bundle.encryption import sealed_keys
from fieldkit.sync.bundle.limits import Limits
from fieldkit.sync.bundle.manifest import check_header, open_container
from fieldkit.sync.bundle.payload import unpack
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.network.identity import Identity, identity
from fieldkit.sync.peers.reports import remember, reports_in
from fieldkit.sync.receipts import receipt_file
from fieldkit.sync.receipts.receipts import keep_receipt
from fieldkit.sync.setup import create_network, read_invitation
from other_program import FORMAT, MEMBERS, Writer, device_id, following, sign, ssh_line

KEY = SigningKey(bytes(32))
PUBLIC = bytes(KEY.verify_key)
SMALL = Limits(unpacked=1 << 20)
KINDS = kinds()
#: Placeholders in an input for what depends on a key or on other bytes.
SIGNER, HASH, SIZE, DEVICE = b"SIGNER", b"HASH", b"SIZE", b"DEVICE"


def container(data: bytes) -> None:
    """The tar of a bundle, and its manifest if the signature is valid."""
    open_container(read_container(data))


def signature(data: bytes) -> None:
    """An armoured signature."""
    with contextlib.suppress(ValueError):
        sshsig.verify(data, b"", NAMESPACE)


def _filled(data: bytes, payload: bytes = b"") -> bytes:
    data = data.replace(SIGNER, ssh_line(PUBLIC).encode()).replace(DEVICE, device_id(PUBLIC).encode())
    return data.replace(HASH, hashlib.sha256(payload).hexdigest().encode()).replace(
        SIZE, str(len(payload)).encode()
    )


def _tar(manifest: bytes, payload: bytes, name: str = MEMBERS[2]) -> bytes:
    import tarfile

    to = io.BytesIO()
    with tarfile.open(fileobj=to, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for member, content in {
            MEMBERS[0]: manifest,
            MEMBERS[1]: sign(KEY, manifest),
            name: payload,
        }.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return to.getvalue()


def manifest(data: bytes) -> None:
    """A manifest and a header, separated by a zero byte, with the reports of other laptops in it."""
    manifest_text, _, header = data.partition(b"\0")
    opened = open_container(read_container(_tar(_filled(manifest_text, header), header)))
    for saying in reports_in(check_header(_filled(header), opened), opened, 1, relays=True):
        repr(saying).encode()


def payload(data: bytes) -> None:
    """A packed payload, unpacked to its end."""
    for _ in unpack(memoryview(data), None, SMALL):
        pass


def operations(data: bytes) -> None:
    """Lines of operations: both decoders agree, and whatever they accept can be folded and shown."""
    given = data.split(b"\n")
    ops: list[object] | None
    try:
        ops = [decode(line) for line in given]
    except BundleRefused:
        ops = None
    try:
        together: list[object] | None = list(decode_many(given))
    except BundleRefused:
        together = None
    assert ops == together, "the two decoders differ"
    for op in ops or ():
        if isinstance(op, Op):
            assert decode(encode(op)) == op
            values, extra = interpret(KINDS.get(op.kind), op.fields)
            again, _ = interpret(KINDS.get(op.kind), values)
            assert again == values, "a stored value is not one that would be stored"
            fold([op]).digest.hex()
            repr(extra).encode()


def seal(data: bytes) -> None:
    """The header of a sealed payload."""
    sealed_keys(data)


def receipt(data: bytes) -> None:
    """The lines of a receipt, as far as they concern known streams."""
    read = receipt_file.read_lines("a" * 26, iter(data.split(b"\n")), {"a" * 26 + ".00000001"})
    assert len(read.held) <= receipt_file.MOST_HELD


class _Desk:
    """A coordinator's kit with another deputy, whose key is KEY: that deputy's files are merged into it and undone."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        self.kit, _ = Kit.create(self.folder / "kit", None)
        self.me: Identity = create_network(self.kit, "Fuzzed")
        self.kit.put(
            "device",
            device_id(PUBLIC),
            {"name": "Deputy", "role": "deputy", "status": "trusted", "public_key": ssh_line(PUBLIC)},
        )
        self.kit.add("event", {"title": "Held"})
        self.before = self.state()

    def state(self) -> tuple[str, dict[str, int]]:
        return self.kit.state_hash(), self.kit.counts()

    def close(self) -> None:
        self.kit.close()
        shutil.rmtree(self.folder)


_desk: list[_Desk] = []


def desk() -> _Desk:
    """One kit for all inputs: what they do is undone."""
    if not _desk:
        _desk.append(_Desk())
    return _desk[0]


def close_desk() -> None:
    """Close the kit into which inputs were merged; the next input makes another."""
    while _desk:
        _desk.pop().close()


def network_file(data: bytes) -> None:
    """Lines of operations in a deputy's network file, merged into a kit to see the result."""
    lines = [line for line in _filled(data).split(b"\n") if line]
    writer = Writer()
    last = bytes(32)
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        for line in lines:
            last = following(last, line)
    span = {
        "origin": f"{device_id(PUBLIC)}.00000001",
        "from": 1,
        "to": len(lines) or 1,
        "prev": "00" * 32,
        "hash": last.hex(),
    }
    there = desk()
    fields = {"format": FORMAT, "network": there.me.network, "signer": ssh_line(PUBLIC), "ranges": [span]}
    text = b"\n".join([json.dumps(fields).encode(), *lines, b""])
    packed = zstandard.compress(text)
    note = {"name": MEMBERS[2], "sha256": hashlib.sha256(packed).hexdigest(), "size": len(packed)}
    fields |= {"purpose": "invitation", "made": 1, "number": writer.number, "payload": note, "recipients": []}
    path = there.folder / "network.fkn"
    path.write_bytes(_tar(json.dumps(fields).encode(), packed))
    [file] = merge(there.kit, there.me, [path], dry_run=True).files
    assert "can't be understood" not in file.sentence, "an error that nobody foresaw"
    assert there.state() == there.before


def invitation(data: bytes) -> None:
    """A file that invites somebody to join."""
    path = Path(tempfile.gettempdir(), f"fuzz-{hashlib.sha256(PUBLIC).hexdigest()[:8]}-{id(_desk)}.fkn")
    manifest_text, _, text = data.partition(b"\0")
    packed = zstandard.compress(_filled(text))
    path.write_bytes(_tar(_filled(manifest_text, packed), packed))
    try:
        repr(read_invitation(path)).encode()
    finally:
        path.unlink()


def peer_reports(data: bytes) -> None:
    """The header of a deputy's bundle with all its reports of others, stored in a kit."""
    there = desk()
    fields = {
        "format": FORMAT,
        "network": there.me.network,
        "signer": ssh_line(PUBLIC),
        "ranges": [],
        "purpose": "records",
        "made": 1,
        "number": 1,
        "payload": {"name": MEMBERS[2], "sha256": hashlib.sha256(b"").hexdigest(), "size": 0},
        "recipients": [],
    }
    opened = open_container(read_container(_tar(json.dumps(fields).encode(), b"")))
    beginning = {name: fields[name] for name in ("format", "network", "signer", "ranges")}
    line = json.dumps(beginning)[:-1].encode() + b"," + _filled(data) + b"}"
    remember(there.kit, reports_in(check_header(line, opened), opened, 1, relays=True))
    kept = there.kit.settings.get(PEER_REPORTS), there.kit.settings.get(PASSED_ON)
    assert len(json.dumps(kept)) < 1 << 20
    there.kit.settings.put_all({PEER_REPORTS: {}, PASSED_ON: {}, COPY_ENDS: {}})


def taken_receipt(data: bytes) -> None:
    """The lines of a deputy's receipt, stored in a kit."""
    there = desk()
    fields = {"format": FORMAT, "network": there.me.network, "signer": ssh_line(PUBLIC), "ranges": []}
    own = there.kit.origin.encode()
    packed = zstandard.compress(
        json.dumps(fields).encode() + b"\n" + _filled(data).replace(b"ORIGIN", own) + b"\n"
    )
    note = {"name": MEMBERS[2], "sha256": hashlib.sha256(packed).hexdigest(), "size": len(packed)}
    fields |= {"purpose": "receipt", "made": 1, "number": 0, "payload": note, "recipients": []}
    opened = open_container(read_container(_tar(json.dumps(fields).encode(), packed)))
    from fieldkit.sync.network.roster import Roster

    try:
        keep_receipt(there.kit, identity(there.kit), opened, Roster(there.kit, identity(there.kit)))
    finally:
        there.kit.settings.put(RECEIPTS, {})


def backup(data: bytes) -> None:
    """The tar of a backup."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "a.fkbackup"), Path(folder, "kit")
        source.write_bytes(data)
        target.mkdir()
        unpack_backup(source, target)
        assert {path.name for path in target.iterdir()} <= {
            "fieldkit.db",
            "key.not-encrypted",
            "key.passphrase.age",
            "key.recovery.age",
        }


def key_file(data: bytes) -> None:
    """A key file, opened with a passphrase; at most a hundredth of a second of work is done for it."""
    with contextlib.suppress(ValueError, age_passphrase.Wrong, age_passphrase.TooMuchWork):
        if age_passphrase.work_factor(data) <= 8:
            age_passphrase.unlock(data, "words")


def workbook(data: bytes) -> None:
    """A workbook, read by the code of the helper process, and its answer, read by the code of the program."""
    request = msgspec.msgpack.encode(Request(None))
    answer = io.BytesIO()
    serve(io.BytesIO(struct.pack(">I", len(request)) + request + data), answer)
    answer.seek(0)
    frames = []
    while length := answer.read(4):
        frames.append(answer.read(struct.unpack(">I", length)[0]))
    outcome = msgspec.msgpack.decode(frames.pop()[1:], type=Outcome)
    if outcome.facts is not None:
        for row in BookSheet(outcome.facts, [frame[1:] for frame in frames]).rows():
            repr(row.cells).encode()
    for frame in frames:
        unpacked_rows(frame[1:])


_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml"
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_BOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"""
_LINKS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
</Relationships>"""


def xlsx(data: bytes) -> None:
    """The XML of a sheet and, after a zero byte, of the styles of an .xlsx workbook."""
    sheet, _, styles = data.partition(b"\0")
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/styles.xml", styles)
    workbook(to.getvalue())


def ods(data: bytes) -> None:
    """The XML of the content of an .ods workbook."""
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", data)
    workbook(to.getvalue())


def csv(data: bytes) -> None:
    """A text table in any encoding, read to its last row."""
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return
    for row in read_sheet(data).rows():
        repr(row.cells).encode()


def mapping(data: bytes) -> None:
    """A mapping of columns that somebody sent with a file."""
    parse_mapping("fuzzed", data.decode("utf-8", "replace"), kind_named("feedback"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        container, manifest, payload, operations, seal, receipt, invitation, network_file, backup, key_file, peer_reports,
        csv, xlsx, ods, workbook, signature, taken_receipt, mapping,
    )
}  # fmt: skip


def give(name: str, data: bytes) -> None:
    """Give one input to its reader: it is accepted, or refused with a message."""
    try:
        TARGETS[name](data)
    except FieldkitError as refused:
        assert refused.message
        assert not isinstance(refused, BundleRefused) or refused.reason
