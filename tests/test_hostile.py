"""Files from hostile senders, enrolled ones included: refused with a reason or stored as plain text, and nothing else changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError
from fieldkit.store.intake import MOST_BRANCHES
from fieldkit.store.ops import LARGEST, encode
from fieldkit.sync import sshsig
from fieldkit.sync.container import NAMESPACE, read_container, write_container
from fieldkit.sync.erasures import erasures
from fieldkit.sync.keys import SigningKey
from fieldkit.sync.manifest import RECEIPT
from fieldkit.sync.merge_report import ASIDE, KNOWN, MERGED
from fieldkit.sync.network import join, read_invitation
from fieldkit.sync.policy import due
from networks import NEXT, Laptop, Network, Writer, op, renamed

REASONS = {
    "damaged",
    "unknown-sender",
    "revoked-sender",
    "wrong-network",
    "newer-format",
    "not-for-us",
    "too-large",
    "not-allowed",
}
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """One network for all: nothing that is refused may leave anything in it."""
    made = Network.create(tmp_path_factory.mktemp("hostile") / "network")
    made.joins("Field laptop", trusted="field")
    made.hub.kit.add("feedback", {"rating": "1", "experience": "there before"})
    yield made
    made.close()


@pytest.fixture
def hub(network: Network) -> Laptop:
    return network.hub


@pytest.fixture
def writer(network: Network) -> Writer:
    """Each test's own stream of the enrolled laptop."""
    made = Writer(network.others[0], [network.hub.me.age_public])
    made.origin = f"{made.me.device}.{next(NEXT):08x}"
    return made


def hurt(hub: Laptop, path: Path) -> str:
    """Merge a file that has to be refused, and look that nothing else happened; the reason."""
    before = hub.kit.state_hash(), hub.kit.counts()
    planned = hub.merge(path, dry_run=True).files[0]
    assert hub.kit.ledger.quarantine() == []
    assert not list(hub.kit.folder.rglob("*.fkb"))
    refused = hub.take(path)
    assert (refused.status, refused.reason) == (ASIDE, planned.reason)
    assert refused.reason in REASONS
    assert refused.sentence
    assert not any(letter in refused.sentence + refused.kept + refused.hint for letter in CONTROLS)
    assert (hub.kit.state_hash(), hub.kit.counts()) == before
    assert refused.new_ops == refused.new_records == refused.changed_records == 0
    assert [aside.reason for aside in hub.kit.ledger.quarantine()] == [refused.reason]
    tidy(hub)
    return refused.reason


def tidy(hub: Laptop) -> None:
    """Throw away what is in quarantine."""
    for aside in hub.kit.ledger.quarantine():
        hub.kit.ledger.release(aside.sha256)
    for copy in hub.kit.folder.rglob("*.fkb"):
        copy.unlink()


@pytest.fixture(autouse=True)
def goes_on(hub: Laptop, network: Network) -> Iterator[None]:
    """After each test: the kit is sound, and the next good bundle merges."""
    yield
    tidy(hub)
    laptop = network.others[0]
    laptop.kit.add("feedback", {"rating": "2", "experience": "the next good one"})
    before = hub.kit.counts()["feedback"]
    assert [one.status for one in hub.merge(*laptop.export()).files] == [MERGED]
    assert hub.kit.counts()["feedback"] == before + 1
    laptop.merge(hub.receipt())
    assert hub.kit.check() == []


def small(writer: Writer) -> Path:
    return writer.bundle(writer.lines(op(writer.origin), op(writer.origin, 2)))


# Damage


def test_a_byte_changed_anywhere(hub: Laptop, writer: Writer) -> None:
    path = small(writer)
    whole = path.read_bytes()
    before = hub.kit.state_hash()
    paths = []
    for at in range(next(NEXT) % 7, len(whole), 7):
        changed = path.with_name(f"changed-{at}.fkb")
        changed.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        paths.append(changed)
    report = hub.merge(*paths)
    accepted = [Path(one.path) for one in report.files if one.status != ASIDE]
    # A blank for a zero byte in a number of the tar: not a word of the bundle is another.
    assert len(accepted) <= 3
    assert all(members(one) == members(path) for one in accepted)
    assert {one.reason for one in report.aside} <= {"damaged", "too-large"}
    assert accepted or hub.kit.state_hash() == before
    tidy(hub)
    assert hub.take(path).status == (KNOWN if accepted else MERGED)


def test_cut_short_anywhere(hub: Laptop, writer: Writer) -> None:
    path = small(writer)
    whole = path.read_bytes()
    paths = []
    for length in [*range(0, len(whole), 53), *range(len(whole) - 3, len(whole))]:
        cut = path.with_name(f"cut-{length}.fkb")
        cut.write_bytes(whole[:length])
        paths.append(cut)
    report = hub.merge(*paths)
    assert {(one.status, one.reason) for one in report.files} == {(ASIDE, "damaged")}
    tidy(hub)
    assert hub.take(path).status == MERGED


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3000), cut=st.integers(0, 2000))
def test_rubbish(hub: Laptop, writer: Writer, content: bytes, cut: int) -> None:
    path = writer.folder / "rubbish.fkb"
    path.write_bytes(content)
    hurt(hub, path)
    # Rubbish behind a sound beginning.
    path.write_bytes(small(writer).read_bytes()[:cut] + content)
    hurt(hub, path)


def test_a_file_that_is_no_file(hub: Laptop, writer: Writer, tmp_path: Path) -> None:
    missing, folder, pipe, device = (
        tmp_path / name for name in ("missing.fkb", "folder.fkb", "pipe.fkb", "null.fkb")
    )
    folder.mkdir()
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (missing, folder, pipe, device):
        assert hurt(hub, path) == "damaged"


def test_a_name_that_is_no_text(hub: Laptop, writer: Writer, tmp_path: Path) -> None:
    """Sticks that came from elsewhere hold names in older encodings."""
    for name, content in (
        (b"\xe9t\xe9.fkb", b""),
        (b"\x1b]0;x\x07.fkb", b"rubbish"),
        (b"[x] \xff.fkb", small(writer).read_bytes()),
    ):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.write_bytes(content)
        result = hub.take(path)
        assert result.status == (MERGED if b"[x]" in name else ASIDE)
        result.name.encode()
        assert not any(letter in result.name for letter in CONTROLS)
        json.dumps(hub.merge(path).as_dict())


# The outside


def members(path: Path) -> dict[str, bytes]:
    box = read_container(path)
    return {
        "manifest.json": box.manifest,
        "manifest.json.sig": box.signature,
        box.payload_name: bytes(box.payload),
    }


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
        moved = {("../" + one if one == name else one): content for one, content in parts.items()}
        assert hurt(hub, tarred(path, moved)) == "damaged"
        assert (
            hurt(hub, tarred(path, {one: content for one, content in parts.items() if one != name}))
            == "damaged"
        )
    assert not outside.exists()
    assert hub.take(tarred(path, parts)).status == MERGED


def test_stripped_and_swapped_signatures(hub: Laptop, writer: Writer, network: Network) -> None:
    one, two = small(writer), writer.bundle(writer.lines(op(writer.origin, fields={"experience": "two"})))
    a, b = members(one), members(two)
    stranger = SigningKey.generate()
    for change in (
        {"manifest.json.sig": b""},
        {"manifest.json.sig": b["manifest.json.sig"]},
        {"payload.jsonl.zst.age": b["payload.jsonl.zst.age"]},
        {"manifest.json": b["manifest.json"], "payload.jsonl.zst.age": b["payload.jsonl.zst.age"]},
        {"manifest.json": a["manifest.json"].replace(b'"number": 1', b'"number": 2')},
        # Signed for another purpose, and by a key that is not the one named.
        {"manifest.json.sig": sshsig.sign(writer.key, a["manifest.json"], "file")},
        {"manifest.json.sig": sshsig.sign(stranger, a["manifest.json"], NAMESPACE)},
    ):
        assert hurt(hub, tarred(one, {**a, **change})) == "damaged"
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
    """Whatever manifest, properly signed."""
    path = writer.folder / f"manifest-{next(NEXT)}.fkb"
    write_container(path, manifest, sshsig.sign(writer.key, manifest, NAMESPACE), payload)
    return path


def test_manifests_that_are_not_what_they_should_be(hub: Laptop, writer: Writer) -> None:
    parts = members(small(writer))
    payload = parts["payload.jsonl.zst.age"]
    said = json.loads(parts["manifest.json"])
    line = said["ranges"][0]

    def but(**changes: object) -> bytes:
        return json.dumps({**said, **changes}).encode()

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
        but(payload={**said["payload"], "size": 2**64}),
        but(payload={**said["payload"], "name": "../../x"}),
        but(signer="\ud800"),
        but(network="\ud800"),
        but(purpose="\ud800"),
        but(format=7),
        but(format="fieldkit-bundle@v9"),
    ):
        hurt(hub, signed(writer, manifest, payload))
    assert hurt(hub, signed(writer, but(format="fieldkit-bundle@v2"), payload)) == "newer-format"
    assert hurt(hub, signed(writer, but(purpose="ballot"), payload)) == "newer-format"


# The inside


def test_ranges_that_it_does_not_hold(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(*(op(writer.origin, seq) for seq in range(1, 6)))
    span = writer.span(lines)
    later = renamed(span, first=11, last=15)
    for sent, spans in (
        (lines[:4], [span]),
        ([*lines, lines[-1]], [span]),
        (lines[::-1], [span]),
        ([], [span]),
        (lines, []),
        (lines, [span, later]),
        (lines, [later]),
        (lines, [renamed(span, last=2**53 - 1)]),
        (lines, [renamed(span, last_hash=b"\1" * 32)]),
        (lines, [renamed(span, prev=b"\1" * 32)]),
        (lines, [span, renamed(span, last=3)]),
        (lines[2:], [renamed(span, first=1, last=3)]),
    ):
        assert hurt(hub, writer.bundle(sent, spans)) == "damaged"


def test_swapped_payloads_of_one_sender(hub: Laptop, writer: Writer) -> None:
    lines, others = (
        writer.lines(op(writer.origin, fields={"experience": words})) for words in ("one", "two")
    )
    # Signed, sealed and told the truth about in the header, yet not what was chained.
    assert hurt(hub, writer.bundle(others, [writer.span(lines)])) == "damaged"
    payload = writer.payload(others, [writer.span(others)])
    assert hurt(hub, writer.bundle(lines, payload=payload)) == "damaged"


def test_lines_that_are_no_operations(hub: Laptop, writer: Writer) -> None:
    good = encode(op(writer.origin))

    def put(old: bytes, new: bytes) -> bytes:
        assert old in good
        return good.replace(old, new)

    words = b'"experience":"plain"'
    refs = json.dumps([f"{writer.origin}:{n}" for n in range(2, 3_000)]).encode()
    for line in (
        b"",
        b"{}",
        b"null",
        b"\x00" * 50,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        put(words, b'"experience":' + b"[" * 20 + b"]" * 20),
        put(words, b'"unknown":' + b"[" * 60_000 + b"]" * 60_000),
        put(words, words + b"," + words),
        put(b'"seq":1', b'"seq":1,"seq":1'),
        put(words, b'"experience":"\\ud800"'),
        put(words, b'"experience":"\xed\xa0\x80"'),
        put(words, b'"experience":"\xff"'),
        put(words, b'"experience":7'),
        put(words, b'"experience":{"a":1}'),
        put(words, b'"rating":"77"'),
        put(words, b'"rating":["1"]'),
        put(words, b'"deleted":1'),
        put(words, b'"new_field":9223372036854775808'),
        put(words, b'"new_field":-9223372036854775809'),
        put(words, b'"new_field":NaN'),
        put(words, b'"new_field":1e999'),
        put(words, b'"' + b"x" * 60 + b'":"1"'),
        put(words, b'"experience":"' + b"x" * 70_000 + b'"'),
        put(words, b'"new_field":"' + b"x" * (1 << 20) + b'"'),
        put(b'"seq":1', b'"seq":9223372036854775808'),
        put(b'"stamp":1800000000001', b'"stamp":9223372036854775807'),
        put(b'"stamp":1800000000001', b'"stamp":-1'),
        put(b'"stamp":1800000000001', b'"stamp":1.5'),
        put(b'"kind":"feedback"', b'"kind":"../feedback"'),
        put(b'"kind":"feedback"', b'"kind":"draft; DROP TABLE op"'),
        put(b'"record_id":"hostile00000001"', b'"record_id":"../../x"'),
        put(b'"record_id":"hostile00000001"', b'"record_id":"' + b"x" * 41 + b'"'),
        put(words + b"}", words + b'},"preds":{"experience":' + refs + b"}"),
        put(words + b"}", words + b'},"preds":{"experience":["' + writer.origin.encode() + b':1"]}'),
        put(words + b"}", words + b'},"preds":{"other":[]}'),
        put(words + b"}", words + b'},"preds":{"experience":["x"]}'),
        put(words + b"}", words + b'},"salt":"' + b"x" * 100 + b'"'),
        put(words + b"}", words + b'},"schema":0'),
    ):
        assert hurt(hub, writer.bundle([line])) in {"damaged", "too-large"}, line[:200]


def test_forged_origins(hub: Laptop, writer: Writer, network: Network) -> None:
    hubs = f"{network.hub.me.device}.{network.hub.me.incarnation}"
    for origin in (hubs, "a" * 26 + ".00000001"):
        lines = writer.lines(op(origin))
        assert hurt(hub, writer.bundle(lines)) == "damaged"
        assert hurt(hub, writer.bundle(lines, [writer.span(lines, origin=origin)])) == "not-allowed"
        skeleton = [encode({"origin": origin, "seq": 1, "gone": "00" * 32, "record_id": "hostile00000001"})]
        assert hurt(hub, writer.bundle(skeleton)) == "damaged"


def test_skeletons_in_place_of_what_another_said(hub: Laptop, writer: Writer) -> None:
    """A skeleton stands for its own op alone: it takes no words from anybody."""
    (kept,) = [one for one in hub.kit.page("feedback") if one.values["experience"] == "there before"]
    digest = b"\7" * 32
    skeleton = encode({"origin": writer.origin, "seq": 1, "gone": digest.hex(), "record_id": kept.record_id})
    span = renamed(writer.span([skeleton]), last_hash=digest)
    before = hub.state()
    assert hub.take(writer.bundle([skeleton], [span])).status == MERGED
    assert hub.state() == before
    assert hub.kit.get(kept.record_id).values["experience"] == "there before"


@pytest.mark.parametrize("size", [5 << 20, 600 << 20])
def test_a_decompression_bomb_sealed_and_signed(hub: Laptop, writer: Writer, size: int) -> None:
    import pyrage

    packer = zstandard.ZstdCompressor(level=3).compressobj()
    spans = [writer.span(writer.lines(op(writer.origin)))]
    packed = packer.compress(writer.header(spans) + b"\n")
    piece = bytes(1 << 20)
    for _ in range(size >> 20):
        packed += packer.compress(piece)
    packed += packer.flush()
    key = pyrage.x25519.Recipient.from_str(writer.to[0])
    assert hurt(hub, writer.bundle([], spans, payload=pyrage.encrypt(packed, [key]))) == "too-large"


def test_payloads_that_are_none(hub: Laptop, writer: Writer) -> None:
    import pyrage

    key = pyrage.x25519.Recipient.from_str(writer.to[0])
    spans = [writer.span(writer.lines(op(writer.origin)))]
    whole = zstandard.compress(writer.header(spans) + b"\n" + encode(op(writer.origin)) + b"\n")
    for inside in (
        b"",
        b"rubbish",
        whole[:-3],
        whole + b"rubbish",
        zstandard.compress(b"no line end"),
        zstandard.compress(b"\n"),
    ):
        assert hurt(hub, writer.bundle([], spans, payload=pyrage.encrypt(inside, [key]))) == "damaged"
    assert hurt(hub, writer.bundle([], spans, payload=b"age-encryption.org/v1\n-> X25519 x\n")) == "damaged"
    other = pyrage.x25519.Identity.generate().to_public()
    assert hurt(hub, writer.bundle([], spans, payload=pyrage.encrypt(whole, [other]))) == "not-for-us"


# Text is text


TEXTS = {
    "markup": "[/] [@click=app.quit]x[/]",
    "escapes": "\x1b[2J\x1b]0;owned\x07red\x1b[31m \x9b31m \x08\x08",
    "formula": '=HYPERLINK("http://x","y")',
    "sql": "'); DROP TABLE feedback; --",
    "bidi": "\u202eright to left\u2066",
    "nul": "a\x00b",
    "scripts": "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ שלום 👩‍👩‍👧 e\u0301",
    "long": "x" * 60_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_people_write_stays_text(hub: Laptop, writer: Writer, name: str) -> None:
    record_id = f"text{next(NEXT):08d}"
    fields = {"experience": TEXTS[name], "unheard_of": {"deep": [TEXTS[name]]}}
    if name == "long":
        fields = {"experience": TEXTS[name]}
    lines = writer.lines(op(writer.origin, record_id=record_id, fields=fields))
    result = hub.take(writer.bundle(lines))
    if name == "long" and result.status == ASIDE:
        # Longer than any form lets in: refused whole, with its reason.
        assert result.reason == "damaged"
        return
    assert result.status == MERGED
    shown = hub.kit.get(record_id)
    for words in (shown.values["experience"], json.dumps(shown.extra, ensure_ascii=False)):
        assert not any(letter in words for letter in CONTROLS)
        assert "\u202e" not in words
    assert shown.values["experience"] == TEXTS[name] or name in {"escapes", "bidi", "nul", "scripts"}
    # What was written goes on as it was signed.
    with hub.kit.ledger.outgoing() as outgoing:
        assert list(outgoing.lines(writer.span(lines))) == lines


def test_a_comment_of_a_megabyte(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(op(writer.origin, fields={"experience": "x" * (1 << 20)}))
    assert hurt(hub, writer.bundle(lines)) in {"too-large", "damaged"}


def test_names_of_laptops_and_networks_are_one_plain_line(
    hub: Laptop, writer: Writer, network: Network
) -> None:
    evil = "\x1b]0;x\x07[@click=app.quit]\nx" + "y" * 500
    lines = writer.lines(op(writer.origin))
    spans = [writer.span(lines)]
    header = writer.header(spans, device_name=evil, age="age1\x1b[31m\nx", seen={"\x1b": 2**62})
    assert hub.take(writer.bundle(lines, spans, header=header)).status == MERGED
    for name in hub.kit.desk.setting("device_names").values():
        assert len(name) <= 80
        assert not any(letter in name for letter in (*CONTROLS, "\n"))
    # The same in an invitation, which is looked at before anybody is trusted.
    lines = writer.lines(op(writer.origin))
    open_writer = Writer(network.hub, [])
    spans = [open_writer.span(lines)]
    path = open_writer.bundle(
        lines,
        spans,
        header=open_writer.header(spans, network_name=evil, device_name=evil),
        purpose="invitation",
    )
    said = read_invitation(path)
    assert not any(letter in said.network_name + said.coordinator for letter in (*CONTROLS, "\n"))


def test_times_that_can_not_be_stop_nothing(hub: Laptop, writer: Writer) -> None:
    """The greatest number that an op may bear is no date."""
    lines = writer.lines(
        op(writer.origin, stamp=LARGEST - 1, record_id="endoftime"),
        op(writer.origin, 2, stamp=0, record_id="beginning"),
    )
    assert hub.take(writer.bundle(lines)).status == MERGED
    assert isinstance(due(hub.kit, 12), list)
    assert erasures(hub.kit, hub.me) == []
    (bundle,) = hub.export()
    assert hub.take(bundle).status == KNOWN


# Very much


@pytest.mark.parametrize("first", ["theirs", "ours"])
def test_another_kind_under_an_id_does_not_hide_the_record(tmp_path: Path, first: str) -> None:
    network = Network.create(tmp_path / "network")
    hub, laptop, other = network.hub, *(network.joins(name, trusted="field") for name in ("A", "B"))
    record_id = laptop.kit.add("feedback", {"rating": "2", "experience": "Ours"}).record_id
    writer = Writer(other, [hub.me.age_public])
    lines = [
        op(writer.origin, 1, kind="event", record_id=record_id, fields={"title": "Theirs"}),
        op(writer.origin, 2, kind="aaa_newer", record_id=record_id, fields={"title": "Theirs"}),
        op(writer.origin, 3, kind="event", record_id=laptop.me.device, fields={"title": "Theirs"}),
    ]
    files = [writer.bundle(writer.lines(*lines)), *laptop.export()]
    for path in files if first == "theirs" else files[::-1]:
        assert hub.take(path).status == MERGED
    assert hub.kit.get(record_id).values["experience"] == "Ours"
    assert hub.kit.edit(hub.kit.get(record_id), {"rating": "3"}).kind == "feedback"
    assert {step.fields.get("title") for step in hub.kit.history(record_id)} == {None}
    assert hub.kit.get(laptop.me.device).kind == "device"
    hub.kit.erase(record_id)
    assert [one.values["title"] for one in hub.kit.page("event")] == ["Theirs"]
    hub.state()
    network.close()


def test_streams_that_part_without_end_are_refused(hub: Laptop, writer: Writer) -> None:
    lines = writer.lines(op(writer.origin))
    assert hub.take(writer.bundle(lines)).status == MERGED
    forks, spans = [], []
    for number in range(MOST_BRANCHES + 5):
        prev = number.to_bytes(32, "little")[::-1]
        line = writer.lines(op(writer.origin, 2, fields={"experience": f"{number}"}))
        forks += line
        spans.append(
            writer.span(line, origin=f"{writer.origin}~{number:08x}", first=2, prev=b"\1" + prev[1:])
        )
    assert hurt(hub, writer.bundle(forks, spans)) == "damaged"


MANY = """
import sys
from pathlib import Path
from fieldkit.store.kit import Kit
from fieldkit.sync.identity import identity
from fieldkit.sync.merge import merge

def most_memory():
    # Not ru_maxrss, which begins at what the parent held when it started this process.
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))

kit = Kit.open(Path(sys.argv[1]))
merge(kit, identity(kit), [Path(sys.argv[2])])
before = most_memory()
report = merge(kit, identity(kit), [Path(sys.argv[3])])
after = most_memory()
print(report.files[0].status, report.files[0].new_ops, after, after - before)
"""


def test_very_many_tiny_operations_need_little_memory(tmp_path: Path) -> None:
    with_many = Network.create(tmp_path / "many")
    laptop = with_many.joins("A", trusted="field")
    writer = Writer(laptop, [with_many.hub.me.age_public])
    first = writer.bundle(writer.lines(op(writer.origin, fields={})))
    origin = f"{laptop.me.device}.0000cafe"
    lines = writer.lines(
        *(op(origin, seq, kind="x", record_id=f"many{seq:08d}", fields={}) for seq in range(1, 200_001))
    )
    path = writer.bundle(lines, [writer.span(lines, origin=origin)])
    folder = with_many.hub.kit.folder
    with_many.close()
    done = subprocess.run(
        [sys.executable, "-c", MANY, folder, first, path], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    status, ops, most, more = done.stdout.split()
    assert (status, ops) == ("merged", "200000")
    # KiB: the packed file, the batches and the database's own cache, not the lines.
    assert int(most) < 250_000
    assert int(more) < 150_000


def test_a_receipt_that_is_none(hub: Laptop, writer: Writer, network: Network) -> None:
    coordinator = Writer(network.hub, [])
    laptop = network.others[0]
    held = laptop.kit.desk.setting("receipts", {})
    origin = network.hub.me.origin

    def receipt(*lines: bytes) -> Path:
        return coordinator.bundle(list(lines), [], purpose=RECEIPT)

    said = json.dumps({"line": "hub", "origin": origin, "epoch": 0, "made": 1}).encode()
    deep = b'{"line":' + b"[" * 60_000
    run = {"line": "held", "origin": laptop.me.origin, "missing": [], "hash": ""}
    for path in (
        receipt(),
        receipt(b"{}"),
        receipt(b"rubbish"),
        receipt(deep),
        receipt(said.replace(origin.encode(), laptop.me.origin.encode())),
        receipt(said, json.dumps({**run, "runs": [[5, 1]]}).encode()),
        receipt(said, json.dumps({**run, "runs": [[1, 2**60]]}).encode()),
        receipt(said, json.dumps({**run, "runs": [[1, 2], [2, 3]]}).encode()),
        receipt(said, json.dumps({**run, "runs": []}).encode()),
        receipt(said, json.dumps({"line": "aside", "device": "x"}).encode()),
    ):
        refused = laptop.take(path)
        assert (refused.status, refused.reason) == (ASIDE, "damaged")
    assert laptop.kit.desk.setting("receipts", {}) == held


def test_only_kit_errors_leave_a_join(writer: Writer, network: Network, tmp_path: Path) -> None:
    good = network.hub.invite()
    whole = good.read_bytes()
    from fieldkit.store.kit import Kit

    kit, _ = Kit.create(tmp_path / "kit", None)
    with kit:
        broken = tmp_path / "broken.fkn"
        for at in range(0, len(whole), 211):
            broken.write_bytes(whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :])
            for act in (lambda: read_invitation(broken), lambda: join(kit, broken, "A")):
                with pytest.raises(FieldkitError):
                    act()
        broken.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(FieldkitError):
            join(kit, broken, "A")
        join(kit, good, "A")
