"""Copies of a laptop's folder on the coordinator's command line: who is waited for, and stating that only one is left."""

from __future__ import annotations

import shutil
from pathlib import Path

from cli_kits import Kits, with_answers
from commanding import Run


def test_a_copy_that_is_no_more_can_be_left_out(run: Run, kits: Kits, tmp_path: Path) -> None:
    _, a, _ = kits
    shutil.copytree(a, tmp_path / "copy")
    for kit in ("copy", a):
        run("--kit", kit, "record", "feedback", *with_answers("consent_record=Y", "rating=1"))
        run("--kit", kit, "export", "-o", f"{Path(kit).name}.fkb")
        run("merge", f"{Path(kit).name}.fkb")
    run(
        "erase",
        run("record", "feedback", *with_answers("consent_record=Y", "rating=1"), "--json").json["id"],
        "--yes",
    )
    run("network", "invite", "-o", "news.fkn")
    run("--kit", "copy", "merge", "news.fkn")
    run("--kit", "copy", "export", "-o", "again.fkb")
    run("merge", "again.fkb")
    output = run("erasures").out
    assert "St Mary (1 of 2 copies)" in output
    assert "fieldkit devices alone NAME" in output
    done = run("devices", "alone", "St Mary")
    assert (done.code, done.out) == (0, "Of “St Mary”, 1 copy will not be waited for any more.\n")
    assert "St Mary (" not in run("erasures").out
    assert "Not waited for: earlier folders of “St Mary”" in run("erasures").out
    assert "nothing to leave out" in run("devices", "alone", "St Mary").out
    assert run("devices", "alone", "St Mary", "--json").json["left_out"] == 0
    assert run("devices", "alone", "nobody").code == 2
