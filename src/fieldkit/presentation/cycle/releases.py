"""Releases: recording permanently what was printed for others, and finding it again."""

from __future__ import annotations

import json
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.records.kinds.evidence.release import RELEASE
from fieldkit.records.schema.kind import given_values
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.record_ids import id_of_content
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster


def record_release(kit: Kit, me: Identity, values: dict[str, Any]) -> str:
    """Store a release; returns its record id. A release that was stored before is not stored again.

    The id is derived from the values, so a release with other values is another record: none is ever changed.

    Raises:
        Misuse: this is not a coordinator's laptop.
        InvalidRecord: something that a release needs is missing.
    """
    demand_coordinator(kit, me)
    checked = RELEASE.check(given_values(values))
    plain = json.dumps(checked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    record_id = id_of_content(RELEASE.name, plain)
    if record_id not in kit.many("release", [record_id]):
        kit.put("release", record_id, checked)
    return record_id


def demand_coordinator(kit: Kit, me: Identity) -> None:
    """Check, before the work starts, that this laptop may release evidence.

    Raises:
        Misuse: this is not a coordinator's laptop.
    """
    if not Roster(kit, me).coordinating:
        raise Misuse(
            "Only a coordinator's laptop can release evidence.",
            kept="No release was recorded.",
            hint="Send your records to the coordinator: fieldkit export",
        )
