"""What to do with a file that can't be read here: which fieldkit it needs, or what its sender must do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desk import says, shown
from fieldkit import __version__
from fieldkit.errors import BundleRefused
from fieldkit.store.kit import Kit
from fieldkit.sync.bundle import sshsig
from fieldkit.sync.bundle.container import NAMESPACE, write_container
from fieldkit.sync.bundle.manifest import newer_format
from fieldkit.sync.merge.report import MERGED, QUARANTINED
from fieldkit.sync.setup import join, rotate_key
from hostile import members
from networks import Laptop, Network
from waiting import until

DAYS = 86_400_000
PLAIN = f"Install the newer fieldkit (this is {__version__}), then merge it again."
NEEDS = f"It needs fieldkit 0.3.0 or later; this is {__version__}. Install that, then merge it again."


def rewritten(path: Path, signer: Laptop, **changes: Any) -> Path:
    """The same file with other values in its manifest, properly signed."""
    parts = members(path)
    manifest_fields = json.loads(parts["manifest.json"])
    manifest = json.dumps({**manifest_fields, **changes}).encode()
    name = manifest_fields["payload"]["name"]
    made = path.with_name(f"newer-{path.name}")
    write_container(made, manifest, sshsig.sign(signer.me.key, manifest, NAMESPACE), parts[name], name)
    return made


@pytest.mark.parametrize("change", [{"format": "fieldkit-bundle@v2"}, {"purpose": "ballot"}])
@pytest.mark.parametrize("what", ["bundle", "network file", "receipt"])
def test_a_file_of_a_newer_fieldkit_says_which_one_it_needs(
    network: Network, change: dict[str, str], what: str
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    taker, signer = (hub, laptop) if what == "bundle" else (laptop, hub)
    path = {"bundle": lambda: laptop.export()[0], "network file": hub.invite, "receipt": hub.receipt}[what]()
    refused = taker.take(rewritten(path, signer, writer="fieldkit 0.3.0", **change))
    assert (refused.status, refused.reason, refused.hint) == (QUARANTINED, "newer-format", NEEDS)
    assert refused.sentence == "A newer fieldkit made this file; this one can't read it."
    assert [file.hint for file in taker.kit.ledger.quarantine()] == [NEEDS]


def test_joining_by_a_newer_file_says_which_fieldkit_it_needs(network: Network, tmp_path: Path) -> None:
    path = rewritten(network.hub.invite(), network.hub, writer="fieldkit 0.3.0", format="fieldkit-bundle@v2")
    kit, _ = Kit.create(tmp_path / "new", None)
    with pytest.raises(BundleRefused) as caught:
        join(kit, path, "New")
    kit.close()
    assert (caught.value.reason, caught.value.hint) == ("newer-format", NEEDS)


@pytest.mark.parametrize("version", ["0.3.0", "1.0", "1.2.3rc1", "10.0.0+local-1", "9" * 21])
def test_what_a_newer_fieldkit_calls_itself_is_told(version: str) -> None:
    assert f"It needs fieldkit {version} or later" in newer_format(f"fieldkit {version}").hint


@pytest.mark.parametrize(
    "writer",
    [
        None,
        7,
        "",
        ["fieldkit 0.3.0"],
        "fieldkit",
        "fieldkit v2",
        "Fieldkit 0.3.0",
        "fieldkit 0.3.0\n",
        "fieldkit 0.3.0 [bold]",
        "fieldkit 0.3.0\x1b[31m",
        "fieldkit ٣.0",
        "fieldkit 3" + "0" * 21,
        "otherkit 0.3.0",
        # Not newer than this version: the advice would be to go back.
        f"fieldkit {__version__}",
        "fieldkit 0.0.9",
    ],
)
def test_who_made_it_is_not_told_where_that_is_no_newer_fieldkit(writer: Any) -> None:
    assert newer_format(writer).hint == PLAIN


def test_a_bundle_sealed_to_a_key_of_long_ago_asks_for_the_newest_network_file(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    rotate_key(hub.kit, hub.me, days=30)
    hub.again()
    laptop.kit.add("feedback", {"rating": "1"})
    (sealed,) = laptop.export()
    now = hub.kit.clock()
    hub.kit.clock = lambda: now + 31 * DAYS
    refused = hub.take(sealed)
    assert (refused.status, refused.reason) == (QUARANTINED, "not-for-us")
    assert "a key that this kit no longer has" in refused.sentence
    assert "merge this network's newest file (.fkn)" in refused.hint
    # This is what helps.
    laptop.merge(hub.invite())
    assert [file.status for file in hub.merge(*laptop.export()).files] == [MERGED]


async def test_the_screens_say_it_too(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    laptop.kit.add("feedback", {"rating": "1"})
    path = rewritten(laptop.export()[0], laptop, writer="fieldkit 0.3.0", format="fieldkit-bundle@v2")
    async with shown(hub.kit, hub.me, "merge", [path]) as (app, pilot):
        await until(pilot, lambda: says(app, "It needs fieldkit 0.3.0 or later"))
    hub.take(path)
    async with shown(hub.kit, hub.me, "quarantine") as (app, pilot):
        await until(pilot, lambda: says(app, "newer fieldkit", "It needs fieldkit 0.3.0 or later"))
