"""Files that a hostile laptop, deputy or stranger makes, and honest ones of the same size, made without fieldkit's code."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyrage
import zstandard
from nacl.signing import SigningKey

from other_program import FORMAT, MEMBERS, device_id, following, sign, ssh_line

Lines = list[bytes]


class Sender:
    """A laptop of the network with its key, and the recipient of its files."""

    def __init__(self, seed: bytes, network: str, recipient: str) -> None:
        self.key, self.network, self.recipient = SigningKey(seed), network, recipient
        self.device = device_id(bytes(self.key.verify_key))
        self.origin = f"{self.device}.0000beef"

    def file(
        self,
        path: Path,
        lines: Iterable[bytes],
        *,
        ranges: list[dict[str, Any]] | None = None,
        purpose: str = "records",
        more: dict[str, Any] | None = None,
    ) -> Path:
        """Make a bundle, receipt or network file with these lines."""
        held = list(lines)
        if ranges is None:
            last = bytes(32)
            for line in held:
                last = following(last, line)
            ranges = [
                {"origin": self.origin, "from": 1, "to": len(held), "prev": "00" * 32, "hash": last.hex()}
            ]
        about: dict[str, Any] = {
            "format": FORMAT,
            "network": self.network,
            "signer": ssh_line(bytes(self.key.verify_key)),
            "ranges": ranges,
        }
        text = b"\n".join([json.dumps({**about, **(more or {})}).encode(), *held, b""])
        payload, name = zstandard.ZstdCompressor(level=9).compress(text), MEMBERS[2]
        recipients = []
        if purpose == "records":
            recipients, name = [self.recipient], MEMBERS[3]
            payload = pyrage.encrypt(payload, [pyrage.x25519.Recipient.from_str(self.recipient)])
        note = {"name": name, "sha256": hashlib.sha256(payload).hexdigest(), "size": len(payload)}
        about |= {"purpose": purpose, "made": 1_800_000_000_000, "number": 1 if recipients else 0}
        manifest = json.dumps({**about, "payload": note, "recipients": recipients}).encode()
        return tar(path, {MEMBERS[0]: manifest, MEMBERS[1]: sign(self.key, manifest), name: payload})


def tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as to:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            to.addfile(member, io.BytesIO(content))
    return path


def line(origin: str, seq: int, kind: str, record: str, fields: dict[str, Any], **more: Any) -> bytes:
    op = {"origin": origin, "seq": seq, "stamp": 1_800_000_000_000 + seq, "kind": kind, "record_id": record}
    return json.dumps(
        {**op, "fields": fields, **more, "salt": f"{seq:022}"}, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _random_text(size: int, chance: random.Random) -> str:
    """Text that compresses no better than people's own: half of its letters are random."""
    return base64.b64encode(chance.randbytes(size * 3 // 8)).decode() + "word " * (size // 10)


def honest(sender: Sender, size: int) -> Iterator[bytes]:
    """Lines of feedback for a bundle of about `size` bytes."""
    chance = random.Random(1)
    for seq in range(1, max(2, size // 260)):
        answers = {"rating": str(chance.randrange(1, 6)), "experience": _random_text(320, chance)}
        yield line(sender.origin, seq, "feedback", f"honest{seq:010}", {**answers, "consent_record": "Y"})


def references(sender: Sender) -> Iterator[bytes]:
    """1,900 changes of one record that replace 5 x 1,000 equal values each."""
    ref = f"{sender.device}.0000cafe:1"
    for seq in range(1, 1_901):
        preds = {name: [ref] * 200 for name in ("rating", "experience", "need", "aspiration", "provider")}
        yield line(sender.origin, seq, "feedback", MOST_RECORD, dict.fromkeys(preds, "1"), preds=preds)


def long_lines(sender: Sender) -> Iterator[bytes]:
    """500 MB of changes with three long texts each, in 60 KB of bundle."""
    for seq in range(1, 2_500):
        fields = dict.fromkeys(("experience", "need", "aspiration"), "a" * 64000)
        yield line(sender.origin, seq, "feedback", f"hostile{seq:08}", fields)


#: Records that `most_taken` and `honest` write to.
MOST_RECORD, HONEST_RECORD = "hostile00001", "honest0000000001"


def most_taken(sender: Sender) -> Iterator[bytes]:
    """7 MB of changes to one record, with as many references as are accepted, and 45 MB of long texts in others."""
    ref = f"{sender.device}.0000cafe:1"
    for seq in range(1, 101):
        fields = {"experience": f"{seq}" + "a" * 60_000, "rating": "1"}
        preds = {"rating": [ref] * 199}
        yield line(sender.origin, seq, "feedback", MOST_RECORD, fields, preds=preds)
    for seq in range(101, 340):
        fields = dict.fromkeys(("experience", "need", "aspiration"), "a" * 60_000)
        yield line(sender.origin, seq, "feedback", f"hostile{seq:08}", fields)


def unknown_fields(sender: Sender) -> Iterator[bytes]:
    """Terms with 60 KB of unknown fields."""
    for seq in range(1, 3_277):
        fields = {"list_name": "topic", "label": f"l{seq}", "code": f"c{seq}", "later": "a" * 60_000}
        yield line(sender.origin, seq, "term", f"hostile{seq:08}", fields)


def nested(sender: Sender) -> Iterator[bytes]:
    """60 MB of unknown fields, made of 24,000,000 small lists and objects."""
    fields = {"rating": "1", "later": [[[[[{"a": "b"}]]]]] * 1_500}
    for seq in range(1, 2_001):
        yield line(sender.origin, seq, "feedback", f"hostile{seq:08}", fields)


def marks(sender: Sender) -> Iterator[bytes]:
    """27 MB of accents, tens of thousands on one letter, in an order that normalisation changes."""
    for seq in range(1, 481):
        fields = {"experience": f"{seq}a" + "\u0301\u0316" * 15_000, "rating": "1"}
        yield line(sender.origin, seq, "feedback", f"hostile{seq:08}", fields)


def withdrawals(sender: Sender, count: int = 100_000) -> Iterator[bytes]:
    """`count` withdrawals, each by another code."""
    chance = random.Random(2)
    for seq in range(1, count + 1):
        code = _code(chance)
        yield line(sender.origin, seq, "withdrawal", f"hostile{seq:08}", {"code": code})


_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def _code(chance: random.Random) -> str:
    letters = [chance.choice(_LETTERS) for _ in range(11)]
    for last in _LETTERS:
        t = 19
        for letter in [*letters, last]:
            t *= 2
            if t >= 32:
                t = (t - 32) ^ 5
            t ^= _LETTERS.index(letter)
        if t == 0:
            return "".join([*letters, last])
    raise AssertionError


def incarnations(sender: Sender, count: int = 10_000) -> tuple[Lines, list[dict[str, Any]]]:
    """One change under each of many origins of one laptop."""
    lines, ranges = [], []
    for number in range(count):
        origin = f"{sender.device}.{number:08x}"
        lines.append(line(origin, 1, "feedback", f"hostile{number:08}", {"rating": "1"}))
        span = {"origin": origin, "from": 1, "to": 1, "prev": "00" * 32}
        ranges.append({**span, "hash": following(bytes(32), lines[-1]).hex()})
    return lines, ranges


def receipt(sender: Sender, known: str) -> Iterator[bytes]:
    """Lines of 12,000 runs each, for a stream that the reader holds and for branches of it."""
    yield json.dumps({"line": "hub", "origin": sender.origin, "made": 2}).encode()
    runs = [[at, at] for at in range(1, 24_001, 2)]
    text = json.dumps({"runs": runs, "missing": runs[:1], "hash": "00" * 32}, separators=(",", ":"))[1:]
    for number in range(1_500):
        yield f'{{"line":"held","origin":"{known}~{number:08x}",{text}'.encode()


def reports(sender: Sender) -> dict[str, Any]:
    """4 MB of what a deputy states that others reported."""
    counts = {
        f"{sender.device[:-6]}{number:06}".replace("0", "a")
        .replace("1", "b")
        .replace("8", "c")
        .replace("9", "d")
        + f".{number:08x}": {"number": 1, "own": {}, "marks": list(range(50))}
        for number in range(10_000)
    }
    return {
        "seen": {f"{sender.origin}~{n:08x}": n for n in range(12_000)},
        "passed_on": {"marks": [], "reports": counts},
    }


def stanzas(sender: Sender, path: Path, source: Path) -> Path:
    """A bundle whose seal has 60,000 stanzas, correctly signed."""
    with tarfile.open(source) as held:
        parts = {member.name: held.extractfile(member).read() for member in held}  # type: ignore[union-attr]
    payload = parts[MEMBERS[3]]
    start = payload.index(b"-> X25519")
    stanza = payload[start : payload.index(b"\n--- ") + 1]
    payload = payload[:start] + stanza * 60_000 + payload[start + len(stanza) :]
    manifest = json.loads(parts[MEMBERS[0]])
    manifest["payload"] |= {"sha256": hashlib.sha256(payload).hexdigest(), "size": len(payload)}
    encoded = json.dumps(manifest).encode()
    return tar(path, {MEMBERS[0]: encoded, MEMBERS[1]: sign(sender.key, encoded), MEMBERS[3]: payload})


def many_columns(path: Path) -> Path:
    """A table of 100,000 equal headings."""
    path.write_text(",".join(["Comment"] * 100_000) + "\n" + "1," * 99_999 + "1\n")
    return path


def honest_table(path: Path, size: int) -> Path:
    """A table of feedback of about `size` bytes."""
    chance = random.Random(3)
    rows = ["Rating,Comment"]
    rows += [f"{chance.randrange(1, 6)},{_random_text(160, chance)}" for _ in range(max(2, size // 140))]
    path.write_text("\n".join(rows) + "\n")
    return path


def packed_workbook(path: Path) -> Path:
    """A workbook of 600 KB that unpacks to 600 MB."""
    names = "http://schemas.openxmlformats.org"
    relation = f"{names}/officeDocument/2006/relationships"
    main = f"{names}/spreadsheetml/2006/main"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{types}"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}">'
        '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{relation}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
            for _ in range(600):
                sheet.write(b'<row><c t="inlineStr"><is><t>' + b"a" * (1 << 20) + b"</t></is></c></row>")
            sheet.write(b"</sheetData></worksheet>")
    return path
