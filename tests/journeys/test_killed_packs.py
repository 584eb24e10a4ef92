"""A program killed while it writes a pack of evidence leaves a complete pack or none, and nothing readable."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.leftover_files import clear_unfinished
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.presentation.pack.evidence_pack import prepare, write
from fieldkit.presentation.pack.pack_verifying import verify_folder
from fieldkit.store.kit import Kit
from networks import Network
from pack_kit import add_cycle, add_people

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lives that are killed are made by fork"),
]

#: A program's disk operations, as Python announces them to audit hooks.
_STEPS = frozenset({"open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "os.link"})


def killed(work: Callable[[], None], folder: Path, point: int) -> bool:
    """Let a child work and kill it just before its n-th operation below `folder`; returns whether it was killed."""
    child = os.fork()
    if not child:
        seen = count(1)

        def listen(event: str, arguments: tuple[object, ...]) -> None:
            if event in _STEPS and str(folder) in str(arguments[0]) and next(seen) == point:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(listen)
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_a_pack_is_whole_or_not_there(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    cycle = add_cycle(hub.kit, dimension=["carer"])
    add_people(hub.kit, 60, ethnic_group=None, themes=["general-positive"])
    pack = prepare(hub.kit, cycle, audience_named("board"), TEN)
    home = hub.kit.folder
    hub.kit.close()
    stick = tmp_path / "stick"
    stick.mkdir()
    folder = stick / "pack"

    def work() -> None:
        with Kit.open(home) as kit:
            clear_unfinished(home)
            write(kit, pack, folder)

    point = left = 0
    while killed(work, stick, point := point + 1):
        left += bool(list(stick.iterdir()))
        if folder.exists():
            # The folder gets its name last: with that name it is complete.
            assert verify_folder(folder) == []
            break
        clear_unfinished(home)
        assert list(stick.iterdir()) == []
        assert not list(home.glob(".fieldkit-*"))
    assert point > len(pack.files) and left > len(pack.files)
    hub.kit = Kit.open(home)
    assert hub.kit.check() == []
    assert hub.kit.count("release") == 1
    if not folder.exists():
        write(hub.kit, pack, folder)
    assert verify_folder(folder) == []
