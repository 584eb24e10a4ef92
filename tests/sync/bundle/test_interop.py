"""The recipes of docs/bundle-format.md, word for word: other programs open our bundles, we merge theirs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.merge.report import MergeReport
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.setup import create_network, join, trust
from project_files import ROOT
from tools import tool

FORMAT = ROOT / "docs" / "bundle-format.md"
TOOLS = ("bash", "tar", "ssh-keygen", "sha256sum", "base32", "age", "zstd", "jq")
TEXT = 'They said "wait" — ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ \\ 100%\nA second line, $HOME and `id` in it.'


def recipe(name: str) -> str:
    """The block of commands with this name in the document."""
    result = re.search(rf"<!-- recipe: {name} -->\n```bash\n(.*?)```", FORMAT.read_text("utf-8"), re.DOTALL)
    assert result, f"docs/bundle-format.md has no recipe “{name}”"
    return result[1]


def run(folder: Path, *commands: str) -> subprocess.CompletedProcess[str]:
    """Run commands in bash, in `folder`, stopping at the first that fails."""
    for name in TOOLS:
        tool(name)
    script = "\n".join(["set -euo pipefail", *commands])
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def done(folder: Path, *commands: str) -> str:
    """The output of the commands; if they fail, the test fails."""
    result = run(folder, *commands)
    assert result.returncode == 0, result.stderr
    return result.stdout


@dataclass
class Network:
    """A coordinator, a laptop that joined, and the folder in which their files are examined."""

    hub: Kit
    coordinator: Identity
    laptop: Kit
    me: Identity
    folder: Path


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    folder = tmp_path / "stick"
    folder.mkdir()
    hub, _ = Kit.create(tmp_path / "hub", None)
    laptop, _ = Kit.create(tmp_path / "laptop", None)
    with hub, laptop:
        coordinator = create_network(hub, "West Midlands fair")
        hub.add("event", {"title": "Health fair, Luton"})
        me = join(laptop, invite(hub, coordinator, folder / "network.fkn"), "St Mary's laptop 1")
        yield Network(hub, coordinator, laptop, me, folder)


def sealed_by_us(network: Network) -> Path:
    for number in range(20):
        network.laptop.add("feedback", {"rating": "2", "experience": f"{number}: {TEXT}"})
    (bundle,) = export(network.laptop, network.me, network.folder / "bundle.fkb")
    (network.folder / "allowed_signers").write_text(f"sender {network.me.key.public.ssh_line()}\n")
    (network.folder / "coordinator.agekey").write_text(network.coordinator.age_secret + "\n")
    return bundle.path


# From fieldkit to the tools


def test_tools_open_and_check_our_bundle(network: Network) -> None:
    sealed_by_us(network)
    printed = done(network.folder, recipe("open"))
    assert 'Good "fieldkit-bundle@v1" signature for sender' in printed
    assert "payload.jsonl.zst.age: OK" in printed
    assert "\ntrue\n" in printed
    shown = done(
        network.folder,
        "tail -n +2 payload.jsonl | jq -r 'select(.kind == \"feedback\") | .fields.experience' | tail -n 2",
    )
    assert shown.rstrip("\n") == f"19: {TEXT}"


def test_tools_find_our_chain_whole(network: Network) -> None:
    sealed_by_us(network)
    done(network.folder, recipe("open"))
    computed, stated = done(network.folder, recipe("chain")).split()
    assert computed == stated != "0" * 64


def test_tools_notice_a_changed_manifest_and_a_changed_payload(network: Network) -> None:
    bundle = sealed_by_us(network)
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace(b'"number": 1', b'"number": 2', 1))
    assert "incorrect signature" in (run(network.folder, recipe("open")).stderr.lower())
    at = whole.index(b"age-encryption.org") + 400
    bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    refused = run(network.folder, recipe("open"))
    assert refused.returncode != 0
    assert "payload.jsonl.zst.age: FAILED" in refused.stdout


def test_tools_notice_a_signer_who_is_not_the_one_allowed(network: Network) -> None:
    sealed_by_us(network)
    stranger = network.coordinator.key.public.ssh_line()
    (network.folder / "allowed_signers").write_text(f"sender {stranger}\n")
    assert run(network.folder, recipe("open")).returncode != 0


def test_nobody_but_the_coordinator_opens_a_bundle(network: Network) -> None:
    sealed_by_us(network)
    (network.folder / "coordinator.agekey").write_text(network.me.age_secret + "\n")
    refused = run(network.folder, recipe("open"))
    assert refused.returncode != 0
    assert not (network.folder / "payload.jsonl").read_bytes()


def test_tools_open_our_invitation(network: Network) -> None:
    printed = done(
        network.folder,
        recipe("invitation"),
        'echo "$network $coordinator"',
        "tail -n +2 invitation/payload.jsonl | jq -r 'select(.kind == \"event\") | .fields.title'",
    )
    expected = f"{network.coordinator.network} {network.coordinator.age_public}\nHealth fair, Luton\n"
    assert printed == expected


# From the tools to fieldkit


def made_by_hand(network: Network, *more: str) -> Path:
    done(network.folder, recipe("invitation"), recipe("make"), *more)
    return network.folder / "handmade.fkb"


def trust_by_line(network: Network) -> None:
    trust(
        network.hub, network.coordinator, (network.folder / "laptop.pub").read_text(), name="Laptop by hand"
    )


def merged(network: Network, bundle: Path) -> MergeReport:
    return merge(network.hub, network.coordinator, [bundle])


def test_a_bundle_made_by_tools_is_merged(network: Network) -> None:
    bundle = made_by_hand(network)
    trust_by_line(network)
    report = merged(network, bundle)
    assert [(file.status, file.new_ops, file.new_records) for file in report.files] == [("merged", 2, 1)]
    (record,) = network.hub.page("feedback")
    assert record.values == {
        "service_area": "diabetes",
        "rating": "2",
        "experience": "They moved my appointment twice.",
    }
    assert record.conflicts == ()
    assert network.hub.check() == []
    assert [file.status for file in merged(network, bundle).files] == ["nothing new"]


def test_a_bundle_made_by_tools_waits_until_its_laptop_is_trusted(network: Network) -> None:
    report = merged(network, made_by_hand(network))
    assert [file.reason for file in report.files] == ["unknown-sender"]
    assert network.hub.counts()["feedback"] == 0
    trust_by_line(network)
    assert network.hub.counts()["feedback"] == 1
    assert network.hub.ledger.quarantine() == []


def test_what_came_by_hand_goes_on_with_its_bytes_untouched(network: Network) -> None:
    bundle = made_by_hand(network)
    trust_by_line(network)
    merged(network, bundle)
    export(network.hub, network.coordinator, network.folder / "onward.fkb")
    (network.folder / "key").write_text(network.coordinator.age_secret)
    carried = done(
        network.folder,
        "mkdir onward && tar xf onward.fkb -C onward",
        "age -d -i key onward/payload.jsonl.zst.age | zstd -dc",
    )
    for line in (network.folder / "operations").read_text("utf-8").splitlines():
        assert line in carried.splitlines()


def test_an_edit_by_tools_of_a_shared_event_conflicts_like_any_other(network: Network) -> None:
    (event,) = network.hub.page("event")
    network.hub.edit(event, {"title": "Health fair, Bury Park"})
    (seen,) = network.laptop.get(event.record_id).heads["title"]
    fields, preds = '{"title": "Health fair, Luton Hoo"}', f'{{"title": ["{seen}"]}}'
    edit = f"add event {event.record_id} '{fields}' '{preds}'"
    made = recipe("make").replace("record=$(random 12)\n", f"record=$(random 12)\n{edit}\n")
    done(network.folder, recipe("invitation"), made.replace("$origin:1", "$origin:2"))
    trust_by_line(network)
    assert [file.status for file in merged(network, network.folder / "handmade.fkb").files] == ["merged"]
    (conflict,) = network.hub.conflicts()
    assert {claim.value for claim in conflict.values} == {"Health fair, Bury Park", "Health fair, Luton Hoo"}


def test_a_skeleton_keeps_its_place_in_the_chain(network: Network) -> None:
    skeleton = (
        "first=$(head -n 1 operations)\n"
        'hash1=$({ printf %s "$genesis" | bytes; printf %s "$first"; } | sha256sum | cut -c1-64)\n'
        'jq -cn --arg origin "$origin" --arg gone "$hash1" --arg record_id "$record" '
        "'{origin: $origin, seq: 1, gone: $gone, record_id: $record_id}' > skeleton\n"
        "tail -n 1 operations >> skeleton; mv skeleton operations\n"
    )
    done(network.folder, recipe("invitation"), recipe("make").replace("# Packed, then sealed.", skeleton))
    trust_by_line(network)
    report = merged(network, network.folder / "handmade.fkb")
    assert [(file.status, file.sentence) for file in report.files] == [("merged", "")]
    (record,) = network.hub.page("feedback")
    assert record.values == {"rating": "2"}
    assert network.hub.check() == []


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("""s/"They moved my appointment twice."/"They kept my appointment."/""", "damaged"),
        ("""s/"seq":2/"seq":3/""", "damaged"),
    ],
)
def test_a_line_changed_after_chaining_is_refused(network: Network, damage: str, reason: str) -> None:
    changed = f"sed -i.bak '{damage}' operations\n"
    done(network.folder, recipe("invitation"), recipe("make").replace("# Packed, then sealed.", changed))
    trust_by_line(network)
    report = merged(network, network.folder / "handmade.fkb")
    assert [(file.status, file.reason) for file in report.files] == [("quarantined", reason)]
    assert network.hub.counts()["feedback"] == 0


def test_a_bundle_for_the_wrong_network_by_tools_is_quarantined(network: Network) -> None:
    other = "network=aaaaaaaaaaaaaaaaaaaaaaaaaa"
    done(network.folder, recipe("invitation"), other, recipe("make"))
    trust_by_line(network)
    report = merged(network, network.folder / "handmade.fkb")
    assert [file.reason for file in report.files] == ["wrong-network"]
