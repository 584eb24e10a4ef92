"""The outside of a bundle, made by an attacker: the tar, its signature and its manifest."""

from __future__ import annotations

import json
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from fieldkit.sync.bundle import sshsig
from fieldkit.sync.bundle.container import NAMESPACE, write_container
from fieldkit.sync.bundle.keys import SigningKey
from fieldkit.sync.merge.report import MERGED
from hostile import FIXTURES, hurt, members, small
from networks import NEXT, Laptop, Network, Writer, op

network, hub, writer, goes_on = FIXTURES


def tarred(path: Path, parts: dict[str, bytes], *odd: tarfile.TarInfo) -> Path:
    made = path.with_name(f"tarred-{next(NEXT)}.fkb")
    with tarfile.open(made, "w", format=tarfile.USTAR_FORMAT) as tar:
        for info in odd:
            tar.addfile(info, BytesIO(bytes(info.size)))
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, BytesIO(content))
    return made


def odd_member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.devmajor, info.devminor = kind, link, 1, 5
    return info


def test_paths_links_and_devices_in_the_tar(hub: Laptop, writer: Writer, tmp_path: Path) -> None:
    path = small(writer)
    parts = members(path)
    outside = tmp_path / "outside"
    for odd in (
        odd_member("../../outside"),
        odd_member(str(outside)),
        odd_member("manifest.json", tarfile.SYMTYPE, "/etc/passwd"),
        odd_member("manifest.json", tarfile.LNKTYPE, str(outside)),
        odd_member("payload.jsonl.zst.age", tarfile.CHRTYPE),
        odd_member("manifest.json", tarfile.FIFOTYPE),
        odd_member("manifest.json", tarfile.DIRTYPE),
        odd_member("manifest.json"),
        odd_member("extra.txt"),
    ):
        assert hurt(hub, tarred(path, parts, odd)) == "damaged"
    for name in parts:
        moved = {("../" + entry if entry == name else entry): content for entry, content in parts.items()}
        assert hurt(hub, tarred(path, moved)) == "damaged"
        assert (
            hurt(hub, tarred(path, {entry: content for entry, content in parts.items() if entry != name}))
            == "damaged"
        )
    assert not outside.exists()
    assert hub.take(tarred(path, parts)).status == MERGED


def test_stripped_and_swapped_signatures(hub: Laptop, writer: Writer, network: Network) -> None:
    first, second = (
        small(writer),
        writer.bundle(writer.lines(op(writer.origin, fields={"experience": "two"}))),
    )
    a, b = members(first), members(second)
    stranger = SigningKey.generate()
    for change in (
        {"manifest.json.sig": b""},
        {"manifest.json.sig": b["manifest.json.sig"]},
        {"payload.jsonl.zst.age": b["payload.jsonl.zst.age"]},
        {"manifest.json": b["manifest.json"], "payload.jsonl.zst.age": b["payload.jsonl.zst.age"]},
        {"manifest.json": a["manifest.json"].replace(b'"number": 1', b'"number": 2')},
        # Signed for another purpose, and by a key other than the one named.
        {"manifest.json.sig": sshsig.sign(writer.key, a["manifest.json"], "file")},
        {"manifest.json.sig": sshsig.sign(stranger, a["manifest.json"], NAMESPACE)},
    ):
        assert hurt(hub, tarred(first, {**a, **change})) == "damaged"
    assert (
        hurt(hub, Writer(network.others[0], writer.to, stranger).bundle(writer.lines(op(writer.origin))))
        == "unknown-sender"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"network": "a" * 26},
        {"signer": "ssh-ed25519 AAAA"},
        {"ranges": []},
        {"format": "fieldkit-bundle@v2"},
    ],
)
def test_an_inside_that_disagrees_with_the_outside(
    hub: Laptop, writer: Writer, change: dict[str, object]
) -> None:
    lines = writer.lines(op(writer.origin))
    spans = [writer.span(lines)]
    assert hurt(hub, writer.bundle(lines, spans, header=writer.header(spans, **change))) == "damaged"


def signed(writer: Writer, manifest: bytes, payload: bytes) -> Path:
    """Any manifest, properly signed."""
    path = writer.folder / f"manifest-{next(NEXT)}.fkb"
    write_container(path, manifest, sshsig.sign(writer.key, manifest, NAMESPACE), payload)
    return path


def test_manifests_that_are_not_what_they_should_be(hub: Laptop, writer: Writer) -> None:
    parts = members(small(writer))
    payload = parts["payload.jsonl.zst.age"]
    fields = json.loads(parts["manifest.json"])
    line = fields["ranges"][0]

    def but(**changes: object) -> bytes:
        return json.dumps({**fields, **changes}).encode()

    deep = b'{"writer":' + b"[" * 100_000 + b"]" * 100_000 + b"," + parts["manifest.json"].lstrip()[1:]
    for manifest in (
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        deep,
        parts["manifest.json"].replace(b'"number": 1,', b'"number": 1, "number": 1,'),
        but(made=2**70, number="1"),
        but(made=float("nan")),
        but(ranges=[{**line, "from": 2**63, "to": 2**63}]),
        but(ranges=[{**line, "to": 2**53 - 1}]),
        but(ranges=[{**line, "from": -1}]),
        but(ranges=[{**line, "from": 3, "to": 1}]),
        but(ranges=[line, line]),
        but(ranges=[{**line, "origin": "../../etc/passwd"}]),
        but(ranges=[{**line, "prev": "00"}]),
        but(ranges=[{**line, "hash": "zz" * 32}]),
        but(ranges=[{**line, "origin": line["origin"] + "\n"}]),
        but(recipients=[]),
        but(payload={**fields["payload"], "size": 2**64}),
        but(payload={**fields["payload"], "name": "../../x"}),
        but(signer="\ud800"),
        but(network="\ud800"),
        but(purpose="\ud800"),
        but(format=7),
        but(format="fieldkit-bundle@v9"),
    ):
        hurt(hub, signed(writer, manifest, payload))
    assert hurt(hub, signed(writer, but(format="fieldkit-bundle@v2"), payload)) == "newer-format"
    assert hurt(hub, signed(writer, but(purpose="ballot"), payload)) == "newer-format"
