"""What came in at once and can be taken back at once: imports, and bundles that were merged."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.identity import Identity

Spans = list[tuple[str, int, int]]

_MOST = 1_000


@dataclass(frozen=True)
class Brought:
    """One import or merge, the changes that it brought as (origin, first seq, last seq)."""

    what: str
    name: str
    who: str
    number: int
    at: int
    spans: tuple[tuple[str, int, int], ...]
    is_merge: bool


def brought(kit: Kit, me: Identity) -> tuple[list[Brought], int]:
    """Imports, and on a coordinator's laptop merged bundles, the latest first; and the time. For a thread."""
    from fieldkit.records.kinds import kinds
    from fieldkit.sync.roster import Roster

    roster, known = Roster(kit, me), kinds()
    found = []
    for one in kit.desk.setting("imports", []):
        kind = known.get(one["kind"])
        spans = tuple((str(origin), int(first), int(last)) for origin, first, last in one["spans"])
        what = f"import of {kind.plural if kind else one['kind']}"
        found.append(
            Brought(what, str(one["name"]), me.name, int(one["stored"]), int(one["at"]), spans, False)
        )
    if roster.coordinating:
        for bundle in kit.ledger.received(_MOST):
            spans = tuple((origin, first, last) for origin, first, last in bundle.spans)
            who = roster.name_of(bundle.device)
            found.append(Brought("merge", bundle.name, who, bundle.new, bundle.merged, spans, True))
    return sorted(found, key=lambda one: -one.at), kit.clock()


def take_back(kit: Kit, one: Brought) -> int:
    """Take back all that it brought; returns how many records changed. For a thread."""
    return kit.undo(_records_only(kit, one.spans) if one.is_merge else one.spans)


def _records_only(kit: Kit, spans: Iterable[tuple[str, int, int]]) -> Spans:
    """The parts of spans that hold records: trust, rules and withdrawals have commands of their own."""
    from fieldkit.records.kinds import kinds
    from fieldkit.store.intake import Span

    kept = {name for name, kind in kinds().items() if kind.coordinator_only} | {"withdrawal"}
    found: Spans = []
    with kit.ledger.outgoing() as outgoing:
        for origin, first, last in spans:
            for line in outgoing.lines(Span(origin, first, last, b"", b"")):
                said = json.loads(line)
                seq = int(said["seq"])
                if said.get("kind") in kept:
                    continue
                if found and found[-1][0] == origin and found[-1][2] == seq - 1:
                    found[-1] = (origin, found[-1][1], seq)
                else:
                    found.append((origin, seq, seq))
    return found
