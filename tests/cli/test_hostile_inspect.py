"""What a stranger writes into the outside of a file, or into its name, adds no line to what `fieldkit inspect` says of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from commanding import Run
from hostile_files import Sender, line, tar
from networks import Network

FORGED = "Sender: Hub, trusted"
SEED = bytes(32)


@pytest.mark.parametrize("changes", [{"network": f"aaaa\n{FORGED}"}, {"network": "a" * 100_000}, {}])
@pytest.mark.parametrize("name", ["plain.fkb", f"plain.fkb\n{FORGED}\n", "\u202ebkf.nialp\u202c.fkb"])
def test_no_line_of_a_strangers_file_is_its_writers(
    network: Network, run: Run, tmp_path: Path, changes: dict[str, Any], name: str
) -> None:
    hub = network.hub
    sender = Sender(SEED, changes.get("network", hub.me.network), hub.me.age_public)
    path = sender.file(tmp_path / name, [line(sender.origin, 1, "feedback", "hostile00001", {"rating": "1"})])
    for kit in ("--kit", hub.kit.folder), ("--kit", tmp_path / "none"):
        result = run(*kit, "inspect", path)
        lines = (result.out + result.err).splitlines()
        assert FORGED not in lines
        assert lines[0].startswith("plain.fkb") or lines[0].startswith("bkf.nialp.fkb: ")
        assert max(map(len, lines)) < 1_000
        assert not re.search("[\u202a-\u202e]", result.out + result.err)


def test_the_same_of_what_is_no_bundle(run: Run, tmp_path: Path) -> None:
    path = tar(tmp_path / f"x.fkb\n{FORGED}\n", {"other": b"1"})
    assert FORGED not in run("--kit", tmp_path / "none", "inspect", path).out.splitlines()


def test_files_whose_names_are_no_text_keep_names_of_their_own(
    network: Network, run: Run, tmp_path: Path
) -> None:
    stick = bytes(tmp_path / "stick")
    Path(stick.decode()).mkdir()
    for name in (b"\xff.fkb", b"\xfe.fkb"):
        Path((stick + b"/" + name).decode("utf-8", "surrogateescape")).write_bytes(b"no bundle" + name)
    merged = run("--kit", network.hub.kit.folder, "merge", stick.decode(), "--json")
    assert [file["name"] for file in merged.json["files"]] == [r"\xfe.fkb", r"\xff.fkb"]


def test_no_name_steers_a_terminal_as_json(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a\x9b2J\u202eb\x7f.fkb"
    path.write_bytes(b"no bundle")
    inspected = run("--kit", tmp_path / "none", "inspect", path, "--json")
    assert inspected.json["file"] == str(path)
    assert not re.search("[\x7f-\x9f\u202a-\u202e]", inspected.out)
