"""Whatever is wrong with one file, the others are merged, and the bad one is named with a reason."""

from __future__ import annotations

import hashlib
import io
import json
import random
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pyrage
import pytest
import zstandard
from nacl.signing import SigningKey

import other_program
from fieldkit.errors import BundleRefused
from fieldkit.sync.bundle.container import read_container
from fieldkit.sync.bundle.manifest import open_container
from fieldkit.sync.merge import bundle_store, merge_run
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from fieldkit.sync.receipts.receipts import unconfirmed
from fieldkit.sync.setup import read_invitation
from hostile import CONTROLS, REASONS
from networks import Laptop, Network

#: Half of a surrogate pair, as JSON writes it.
HALF = '"\\ud800"'


@pytest.fixture(scope="module")
def hostile_network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """A coordinator and a laptop that it trusts."""
    made = Network.create(tmp_path_factory.mktemp("one") / "network")
    made.joins("Field laptop", trusted="field")
    return made


def file(path: Path, key: SigningKey, manifest: bytes, payload: bytes, *, sealed: bool = True) -> Path:
    """The three parts in a tar, written by another program."""
    names = other_program.MEMBERS
    parts = {
        names[0]: manifest,
        names[1]: other_program.sign(key, manifest),
        names[3 if sealed else 2]: payload,
    }
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


class Hostile:
    """Another program with the key of a trusted laptop: it writes any header, manifest and lines."""

    def __init__(self, laptop: Laptop, hub: Laptop, folder: Path) -> None:
        self.key = SigningKey(laptop.me.key.seed)
        self.public = bytes(self.key.verify_key)
        self.network, self.to, self.folder = hub.me.network, hub.me.age_public, folder
        self.number = 0

    def parts(self, lines: list[bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The header and the manifest of a bundle of these lines, without the entry for its payload."""
        self.number += 1
        last = bytes(32)
        for line in lines:
            last = other_program.following(last, line)
        origin = f"{other_program.device_id(self.public)}.{self.number:08x}"
        span = {"origin": origin, "from": 1, "to": len(lines), "prev": "00" * 32, "hash": last.hex()}
        header: dict[str, Any] = {
            "format": other_program.FORMAT,
            "network": self.network,
            "signer": other_program.ssh_line(self.public),
            "ranges": [span] if lines else [],
        }
        return header, {**header, "purpose": "records", "made": 1_800_000_000_000, "number": self.number}

    def lines(self) -> list[bytes]:
        """One valid change of the next origin."""
        writer = other_program.Writer()
        writer.key, writer.public = self.key, self.public
        writer.origin = f"{other_program.device_id(self.public)}.{self.number + 1:08x}"
        writer.write("feedback", writer.origin[:20] + "0123456789", {"rating": "1"}, {})
        return writer.lines

    def write(
        self,
        header: bytes,
        manifest: dict[str, Any],
        lines: list[bytes],
        *,
        raw: Callable[[bytes], bytes] = bytes,
    ) -> Path:
        """The bundle; `raw` changes the manifest's bytes before they are signed."""
        text = b"\n".join([header, *lines, b""])
        receipt = manifest["purpose"] == "receipt"
        payload = zstandard.compress(text)
        if not receipt:
            payload = pyrage.encrypt(payload, [pyrage.x25519.Recipient.from_str(self.to)])
        name = other_program.MEMBERS[2 if receipt else 3]
        note = {"name": name, "sha256": hashlib.sha256(payload).hexdigest(), "size": len(payload)}
        whole = {"payload": note, "recipients": [] if receipt else [self.to], **manifest}
        path = self.folder / f"bad {self.number}.fkb"
        return file(path, self.key, raw(json.dumps(whole).encode()), payload, sealed=not receipt)


def merged(hub: Laptop, laptop: Laptop, bad: list[Path]) -> list[str]:
    """Merge bad files between two good ones; returns the status of the bad ones."""
    good = []
    for _ in range(2):
        laptop.kit.add("feedback", {"rating": "2"})
        good += laptop.export()
    before = hub.kit.count("feedback")
    report = hub.merge(good[0], *bad, good[-1])
    by_name = {listed.name: listed for listed in report.files}
    assert hub.kit.count("feedback") >= before + 2
    assert by_name[good[-1].name].status == MERGED
    for path in bad:
        entry = by_name[path.name]
        if entry.status == QUARANTINED:
            assert entry.reason in REASONS
            assert entry.sentence.endswith(".") and entry.hint
            assert not any(letter in entry.sentence + entry.kept + entry.hint for letter in CONTROLS)
    assert hub.kit.check() == []
    # What they reported can be read.
    hub.receipt()
    return [by_name[path.name].status for path in bad]


_HEADERS = [
    f"{{{HALF}: 1, ",
    f'{{"seen": {{{HALF}: 1}}, ',
    f'{{"device_name": {HALF}, ',
    f'{{"network_name": {HALF}, ',
    f'{{"age": {HALF}, ',
    f'{{"origin": {HALF}, ',
    f'{{"ancestors": [[{HALF}, 1, 1]], ',
    f'{{"passed_on": {{"reports": {{{HALF}: {{}}}}}}, ',
    f'{{"passed_on": {{"marks": [[{HALF}, 1, 1]]}}, ',
    f'{{"new": [{{{HALF}: {HALF}}}], ',
    '{"a": NaN, ',
    '{"a": Infinity, ',
    '{"a": 1e999, ',
    '{"a": ' + "9" * 5_000 + ", ",
    '{"a": 1, "a": 2, ',
    '{"a": ' + "[" * 900 + "]" * 900 + ", ",
    '{"a": ' + "[" * 60_000 + "]" * 60_000 + ", ",
]


def test_a_header_that_can_not_be_read_stops_no_other_file(hostile_network: Network, tmp_path: Path) -> None:
    hub, laptop = hostile_network.hub, hostile_network.others[0]
    hostile = Hostile(laptop, hub, tmp_path)
    bad = []
    for beginning in _HEADERS:
        lines = hostile.lines()
        header, manifest = hostile.parts(lines)
        bad.append(hostile.write(beginning.encode() + json.dumps(header).encode()[1:], manifest, lines))
    statuses = merged(hub, laptop, bad)
    # Nested, but no deeper than can be read: an unknown key is ignored.
    assert [name for name, status in zip(_HEADERS, statuses, strict=True) if status != QUARANTINED] in (
        [],
        [_HEADERS[-2]],
    )


def test_numbers_beyond_all_bounds_stop_no_other_file(hostile_network: Network, tmp_path: Path) -> None:
    hub, laptop = hostile_network.hub, hostile_network.others[0]
    hostile = Hostile(laptop, hub, tmp_path)
    origin = f"{laptop.me.device}.0000beef"
    bad = []
    for number in (2**63, 2**64, 2**70, -1, -(2**63) - 1):
        for more in (
            {"seen": {origin: number}},
            {"origin": origin, "seen": {origin: number}},
            {
                "passed_on": {
                    "marks": [[origin, number, number]],
                    "reports": {origin: {"number": number, "marks": [0]}},
                }
            },
            {
                "passed_on": {
                    "reports": {
                        origin: {
                            "at": number,
                            "ancestors": [[origin, number, number]],
                            "own": {origin: number},
                        }
                    }
                }
            },
        ):
            lines = hostile.lines()
            header, manifest = hostile.parts(lines)
            bad.append(hostile.write(json.dumps({**header, **more}).encode(), manifest, lines))
        for name in ("made", "number"):
            lines = hostile.lines()
            header, manifest = hostile.parts(lines)
            bad.append(hostile.write(json.dumps(header).encode(), {**manifest, name: number}, lines))
    merged(hub, laptop, bad)


def test_manifests_that_can_not_be_read_stop_no_other_file(hostile_network: Network, tmp_path: Path) -> None:
    hub, laptop = hostile_network.hub, hostile_network.others[0]
    hostile = Hostile(laptop, hub, tmp_path)
    bad = []
    for beginning in _HEADERS:
        lines = hostile.lines()
        header, manifest = hostile.parts(lines)

        def put(whole: bytes, beginning: str = beginning) -> bytes:
            return beginning.encode() + whole[1:]

        bad.append(hostile.write(json.dumps(header).encode(), manifest, lines, raw=put))
    for name in ("format", "network", "signer", "purpose", "writer"):
        lines = hostile.lines()
        header, manifest = hostile.parts(lines)

        def half(whole: bytes, name: str = name) -> bytes:
            fields = json.loads(whole)
            return json.dumps({**fields, name: "\ud800"}).encode()

        bad.append(hostile.write(json.dumps(header).encode(), manifest, lines, raw=half))
    statuses = merged(hub, laptop, bad)
    assert statuses.count(QUARANTINED) >= len(bad) - 1


_VALUES: list[Any] = [
    None, True, 0, -1, 2**53, 2**63, 2**70, 1.5, "", "x", "\ud800", "\x1b[31m", "x" * 5_000, [], [[]], {}, {"": 0}, [None],
    ["\udfff"], {"\ud800": 1},
]  # fmt: skip


def _changed(value: Any, random: random.Random) -> Any:
    """A JSON value with one thing in it exchanged, removed or doubled."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        name = random.choice(list(value))
        if random.random() < 0.1:
            return {key: item for key, item in value.items() if key != name}
        return {**value, name: _changed(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.7:
        at = random.randrange(len(value))
        return [*value[:at], _changed(value[at], random), *value[at + random.randrange(2) :]]
    return random.choice(_VALUES)


@pytest.mark.parametrize("seed", range(4))
def test_headers_and_manifests_with_anything_in_them(
    hostile_network: Network, tmp_path: Path, seed: int
) -> None:
    hub, laptop = hostile_network.hub, hostile_network.others[0]
    hostile = Hostile(laptop, hub, tmp_path)
    chance = random.Random(seed)
    bad = []
    origin = f"{laptop.me.device}.0000beef"
    for number in range(60):
        lines = hostile.lines()
        header, manifest = hostile.parts(lines)
        header |= {
            "seen": {origin: 3},
            "origin": origin,
            "ancestors": [[origin, 1, 1]],
            "device_name": "A",
            "age": hostile.to,
        }
        header["passed_on"] = {
            "marks": [[origin, 1, 1]],
            "reports": {
                origin: {
                    "number": 1,
                    "at": 1,
                    "ancestors": [[origin, 1, 1]],
                    "own": {origin: 1},
                    "marks": [0],
                }
            },
        }
        raw: Callable[[bytes], bytes] = bytes
        if number % 3:
            header = _changed(header, chance)
        else:

            def raw(whole: bytes) -> bytes:
                return json.dumps(_changed(json.loads(whole), chance)).encode()

        bad.append(hostile.write(json.dumps(header).encode(), manifest, lines, raw=raw))
    merged(hub, laptop, bad)


@pytest.mark.parametrize("seed", range(3))
def test_receipts_with_anything_in_them(hostile_network: Network, tmp_path: Path, seed: int) -> None:
    hub, laptop = hostile_network.hub, hostile_network.others[0]
    coordinator = Hostile(hub, hub, tmp_path)
    chance = random.Random(seed)
    bad = []
    for number in range(40):
        header, manifest = coordinator.parts([])
        message = [
            {
                "line": "hub",
                "origin": hub.me.origin,
                "made": 1 + number,
                "only": [],
                "ancestors": [[hub.me.origin, 1, 1]],
            },
            {
                "line": "held",
                "origin": laptop.me.origin,
                "runs": [[1, 2]],
                "missing": [[3, 4]],
                "hash": "00" * 32,
            },
            {"line": "quarantined", "device": laptop.me.device, "sha256": "0" * 64, "reason": "damaged"},
            {"line": "conflict", "kind": "event", "record_id": "x" * 30, "field": "title"},
        ]
        at = chance.randrange(5)
        if at < 4:
            message[at] = _changed(message[at], chance)
        else:
            header = _changed(header, chance)
        lines = [json.dumps(line).encode() for line in message]
        path = coordinator.write(json.dumps(header).encode(), {**manifest, "purpose": "receipt"}, lines)
        bad.append(path.rename(path.with_suffix(".fkr")))
    hub.kit.add("event", {"title": f"Good {seed}"})
    before = laptop.kit.count("event")
    report = laptop.merge(*bad, *hub.export())
    assert laptop.kit.count("event") >= before
    assert len(report.files) == len(bad) + 1
    assert {listed.status for listed in report.files} <= {QUARANTINED, MERGED, KNOWN, "not for this laptop"}
    assert laptop.kit.check() == []
    # What was kept of them can be read.
    laptop.export(full=True)
    assert unconfirmed(laptop.kit, laptop.me).ops >= 0


@pytest.mark.parametrize(
    "error", [RecursionError, MemoryError, OverflowError, KeyError, UnicodeEncodeError, ZeroDivisionError]
)
@pytest.mark.parametrize(
    ("module", "place"),
    [
        (bundle_store, "check_header"),
        (bundle_store, "reports_in"),
        (merge_run, "open_container"),
        (merge_run, "open_payload"),
    ],
)
def test_an_error_that_nobody_foresaw_is_that_file_s_alone(
    hostile_network: Network,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    module: ModuleType,
    place: str,
) -> None:
    hub, laptop = hostile_network.hub, hostile_network.others[0]
    files = []
    for _ in range(3):
        laptop.kit.add("feedback", {"rating": "2"})
        files += laptop.export()
    honest, calls = getattr(module, place), [0]

    def failing(*arguments: Any, **more: Any) -> Any:
        calls[0] += 1
        if calls[0] == 2:
            raise (
                error("utf-8", "x", 0, 1, "y") if error is UnicodeEncodeError else error("words of a patient")
            )
        return honest(*arguments, **more)

    log = hub.kit.folder / "errors.log"
    log.unlink(missing_ok=True)
    with monkeypatch.context() as patched:
        patched.setattr(module, place, failing)
        report = hub.merge(*files)
    assert [listed.status for listed in report.files] == [MERGED, QUARANTINED, report.files[2].status]
    assert report.files[2].status in {MERGED, KNOWN}
    assert report.files[1].reason == "damaged"
    assert report.files[1].new_ops == report.files[1].new_records == 0
    assert error.__name__ in log.read_text()
    assert "patient" not in log.read_text() + report.files[1].sentence
    # Nothing of the refused file is held, and it is merged once it can be read.
    assert hub.kit.check() == []
    [again] = hub.merge(files[1]).files
    assert again.status in {MERGED, KNOWN}


def test_a_name_that_is_no_text_stops_no_other_file(hostile_network: Network, tmp_path: Path) -> None:
    hub, laptop = hostile_network.hub, hostile_network.others[0]
    laptop.kit.add("feedback", {"rating": "2"})
    [*_, good] = laptop.export()
    bad = tmp_path / "stick\udcff.fkb"
    bad.write_bytes(good.read_bytes()[:2_000])
    report = hub.merge(bad, good)
    assert [listed.status for listed in report.files] == [QUARANTINED, MERGED]


def test_an_invitation_that_can_not_be_read_is_refused(hostile_network: Network, tmp_path: Path) -> None:
    hub = hostile_network.hub
    hostile = Hostile(hub, hub, tmp_path)
    for beginning in _HEADERS[:10]:
        header, manifest = hostile.parts([])
        text = beginning.encode() + json.dumps(header).encode()[1:] + b"\n"
        payload = zstandard.compress(text)
        note = {
            "name": other_program.MEMBERS[2],
            "sha256": hashlib.sha256(payload).hexdigest(),
            "size": len(payload),
        }
        whole = {**manifest, "purpose": "invitation", "payload": note, "recipients": []}
        path = file(tmp_path / "net.fkn", hostile.key, json.dumps(whole).encode(), payload, sealed=False)
        with pytest.raises(BundleRefused):
            read_invitation(path)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({"made": "soon"}, "its manifest is not valid (its “made” is missing or wrong)"),
        ({"number": 10**5000}, "its manifest can't be read (a number that is too large)"),
        ({"number": None}, "its manifest is not valid (its “number” is missing or wrong)"),
        ({"recipients": [[]]}, "its manifest is not valid (its “recipients” is missing or wrong)"),
        ({"payload": {}}, "its manifest is not valid (its “name” is missing or wrong)"),
        (b"\xef\xbb\xbf{}", "its manifest can't be read (not JSON)"),
        (b"{} {}", "its manifest can't be read (not JSON)"),
        (b"", "its manifest can't be read (not JSON)"),
        (b"[]", "its manifest is not one of fieldkit's"),
    ],
    ids=["text", "huge", "none", "list", "object", "mark", "two", "empty", "array"],
)
def test_the_reason_is_in_plain_words(tmp_path: Path, manifest: Any, reason: str) -> None:
    key = SigningKey.generate()
    if isinstance(manifest, dict):
        whole = {
            "format": other_program.FORMAT,
            "purpose": "records",
            "network": "n",
            "signer": other_program.ssh_line(bytes(key.verify_key)),
            "made": 1,
            "number": 1,
            "payload": {"name": other_program.MEMBERS[2], "sha256": "", "size": 1},
            "recipients": [],
            "ranges": [],
        }
        before = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(6_000)
        manifest = json.dumps(whole | manifest).encode()
        sys.set_int_max_str_digits(before)
    path = file(tmp_path / "x.fkb", key, manifest, b"x", sealed=False)
    with pytest.raises(BundleRefused) as refusal:
        open_container(read_container(path))
    assert refusal.value.message.endswith(f": {reason}.")
