"""Files that were changed, cut or never were bundles: refused with a reason, and nothing else changes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fieldkit.errors import FieldkitError
from fieldkit.sync.merge.report import KNOWN, MERGED, QUARANTINED
from fieldkit.sync.setup import join, read_invitation
from hostile import CONTROLS, FIXTURES, hurt, members, small, tidy
from networks import NEXT, Laptop, Network, Writer

network, hub, writer, goes_on = FIXTURES


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
    accepted = [Path(file.path) for file in report.files if file.status != QUARANTINED]
    # A blank for a zero byte in a number of the tar: the bundle's content is unchanged.
    assert len(accepted) <= 3
    assert all(members(entry) == members(path) for entry in accepted)
    assert {file.reason for file in report.quarantined} <= {"damaged", "too-large"}
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
    assert {(file.status, file.reason) for file in report.files} == {(QUARANTINED, "damaged")}
    tidy(hub)
    assert hub.take(path).status == MERGED


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3000), cut=st.integers(0, 2000))
def test_rubbish(hub: Laptop, writer: Writer, content: bytes, cut: int) -> None:
    # What begins like a backup is reported as one, and no copy of it is kept.
    assume(not content.startswith(b"backup.json\0"))
    path = writer.folder / "rubbish.fkb"
    path.write_bytes(content)
    hurt(hub, path)
    # Rubbish after a valid beginning.
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
    """Sticks from elsewhere hold names in older encodings."""
    for name, content in (
        (b"\xe9t\xe9.fkb", b""),
        (b"\x1b]0;x\x07.fkb", b"rubbish"),
        (b"[x] \xff.fkb", small(writer).read_bytes()),
    ):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        path.write_bytes(content)
        result = hub.take(path)
        assert result.status == (MERGED if b"[x]" in name else QUARANTINED)
        result.name.encode()
        assert not any(letter in result.name for letter in CONTROLS)
        json.dumps(hub.merge(path).as_dict())


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
