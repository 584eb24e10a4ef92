"""Fixtures that many tests share: kits without a passphrase, ready to record."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from fieldkit.store.kit import Kit

# Machines are slow and shared: how long an example takes says nothing about what it proves.
settings.register_profile("fieldkit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fieldkit")

#: The device that `kit` writes as.
ORIGIN = "a" * 26 + ".00000001"


@pytest.fixture(scope="session")
def kit_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed, empty kit of a network; copying it is quicker than making one."""
    folder = tmp_path_factory.mktemp("template") / "kit"
    kit, _ = Kit.create(folder, None)
    with kit:
        kit.desk.set_setting("origin", ORIGIN)
    return folder


@pytest.fixture
def new_kit(kit_template: Path, tmp_path: Path) -> Iterator[Callable[..., Kit]]:
    """A function that opens one more empty kit; `origin` is the device that it writes as."""
    opened: list[Kit] = []

    def make(origin: str = ORIGIN) -> Kit:
        folder = tmp_path / f"kit-{len(opened)}"
        shutil.copytree(kit_template, folder)
        kit = Kit.open(folder)
        opened.append(kit)
        if origin != ORIGIN:
            kit.desk.set_setting("origin", origin)
        return kit

    yield make
    for kit in opened:
        kit.close()


@pytest.fixture
def kit(new_kit: Callable[..., Kit]) -> Kit:
    """An empty kit of a network."""
    return new_kit()
