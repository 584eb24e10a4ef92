"""What compresses extremely well and was merged file by file is exported again in files that readers accept."""

from __future__ import annotations

from pathlib import Path

from fieldkit.sync.export.export import parts_of
from fieldkit.sync.merge.report import MERGED
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.setup import revoke
from networks import Network
from other_program import Writer, device_id
from planted import Change, enrolled, sent

#: Lines of 60 KB: two files of these are 84 MB that pack into a few hundred bytes each.
LINES = 700


def long_texts(kind: str, writer: Writer, at: int) -> list[Change]:
    fields = (
        {"experience": "a" * 60_000} if kind == "feedback" else {"title": "A fair", "later": "a" * 60_000}
    )
    return [(kind, f"{kind[:5]}{at}{writer.origin[:6]}{number:06}", fields) for number in range(LINES)]


def test_a_network_file_with_revocations_is_written_whatever_packs_beyond_belief(network: Network) -> None:
    hub, field = network.hub, network.joins("Field", trusted="field")
    for at in range(2):
        thief = enrolled(hub, "deputy", f"Stolen {at}")
        assert hub.take(sent(hub, thief, *long_texts("event", thief, at))).status == MERGED
        revoke(hub.kit, hub.me, device_id(thief.public))
    parts = parts_of(hub.invite())
    assert field.take(parts[0]).status == MERGED
    assert Roster(field.kit, field.me).members[device_id(thief.public)].status == "revoked"
    assert [file.reason for file in field.merge(*parts[1:]).quarantined] == []
    assert field.kit.count("event") == 2 * LINES


def test_a_coordinator_exports_for_others_what_packs_beyond_belief(network: Network) -> None:
    hub, deputy = network.hub, network.joins("Deputy", trusted="deputy")
    deputy.merge(hub.invite())
    hub.merge(*deputy.export())
    paths: list[Path] = []
    writer = enrolled(hub, "field")
    for at in range(2):
        writer = enrolled(hub, "field", f"Flood {at}")
        paths.append(sent(hub, writer, *long_texts("feedback", writer, at)))
    assert [file.status for file in hub.merge(*paths).files] == [MERGED, MERGED]
    assert deputy.merge(*hub.export()).quarantined == []
    assert deputy.kit.count("feedback") == 2 * LINES
