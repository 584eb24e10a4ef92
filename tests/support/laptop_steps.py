"""What laptops of a network do in many tests: record feedback, send it, be copied."""

from __future__ import annotations

import shutil
from pathlib import Path

from fieldkit.store.kit import Kit
from fieldkit.store.renewal import renew
from fieldkit.sync.peers.erasure_status import erasures
from networks import Laptop, Network


def say(laptop: Laptop, experience: str = "words") -> str:
    """Record feedback with this text; returns its id."""
    return laptop.kit.add("feedback", {"rating": "1", "experience": experience}).record_id


def say_and_send(laptop: Laptop, hub: Laptop, experience: str = "words") -> str:
    """Record feedback with this text and send it to the coordinator; returns its id."""
    record_id = say(laptop, experience)
    hub.merge(*laptop.export())
    return record_id


def exchange(hub: Laptop, *laptops: Laptop) -> None:
    """Let each laptop merge the network file and then send its changes."""
    for laptop in laptops:
        laptop.merge(hub.invite())
        hub.merge(*laptop.export())


def ops_in(paths: list[Path], hub: Laptop) -> int:
    """The number of changes in these bundles."""
    return sum(file.ops for file in hub.merge(*paths, dry_run=True).files)


def waiting(hub: Laptop) -> list[list[str]]:
    """The laptops that each erasure still waits for."""
    return [erasure.waiting for erasure in erasures(hub.kit, hub.me)]


def copied(network: Network, laptop: Laptop, *, renewed: bool = True) -> Laptop:
    """A copy of the laptop's folder; `renewed`: it was opened in its new place, and continues under another origin."""
    laptop.kit.close()
    folder = network.folder / f"copy-of-{laptop.kit.folder.name}"
    shutil.copytree(laptop.kit.folder, folder)
    laptop.kit = Kit.open(laptop.kit.folder)
    copy = Laptop(Kit.open(folder), laptop.me, network.folder)
    network.others.append(copy)
    if renewed:
        renew(copy.kit)
        copy.again()
    return copy
