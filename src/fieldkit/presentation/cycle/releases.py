"""Releases: writing down what was printed for others, once and for good, and finding it again."""

from __future__ import annotations

import json
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.records.kinds.evidence.release import RELEASE
from fieldkit.records.schema.kind import given_values
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.record_ids import id_of_content
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster


def record_release(kit: Kit, me: Identity, values: dict[str, Any]) -> str:
    """Keep a release; returns its record id. The same release is kept once, however often it is written.

    The id follows from the values, so a release that says anything else is another record: none is ever changed.

    Raises:
        Misuse: this laptop is no coordinator's.
        InvalidRecord: something that a release holds is missing.
    """
    demand_coordinator(kit, me)
    checked = RELEASE.check(given_values(values))
    plain = json.dumps(checked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    record_id = id_of_content(RELEASE.name, plain)
    if record_id not in kit.many("release", [record_id]):
        kit.put("release", record_id, checked)
    return record_id


def demand_coordinator(kit: Kit, me: Identity) -> None:
    """Look before the work whether this laptop may release evidence.

    Raises:
        Misuse: this laptop is no coordinator's.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse(
            "Only a coordinator's laptop can release evidence.",
            kept="No release was recorded.",
            hint="Send your records to the coordinator: fieldkit export",
        )


def releases_of(kit: Kit, cycle_id: str) -> list[Stored]:
    """The releases of a cycle, the oldest first."""
    releases = kit.page(
        "release", 0, kit.count("release", where={"cycle": cycle_id}), where={"cycle": cycle_id}
    )
    return sorted(releases, key=lambda release: (str(release.values.get("date") or ""), release.record_id))
