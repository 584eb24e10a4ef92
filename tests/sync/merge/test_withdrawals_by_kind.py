"""A withdrawal reaches records of the kinds that have receipt codes, and no other, whoever made or changed them."""

from __future__ import annotations

import pytest

from fieldkit.records.consent import RECORD
from fieldkit.records.schema.kind import kinds
from fieldkit.store.oplog.receipt_codes import new_code, tail_of
from fieldkit.sync.merge.report import MERGED
from networks import Network
from planted import enrolled, sent

_OTHER = ("withdrawal",)
SHARED = sorted(
    name for name, kind in kinds().items() if kind.shared and not kind.coordinator_only and name not in _OTHER
)
GIVING = {name for name in SHARED if RECORD in kinds()[name].fields}


def test_which_kinds_give_codes() -> None:
    assert {"feedback", "person"} <= GIVING
    assert {"event", "partner", "term", "attendance", "session", "mentorship"}.isdisjoint(GIVING)


@pytest.mark.parametrize("first", ["record", "withdrawal"])
@pytest.mark.parametrize("kind", SHARED)
def test_what_gives_no_code_is_not_withdrawn(network: Network, kind: str, first: str) -> None:
    """The laptop made the record under an id that fits its own code, and the coordinator worked on it."""
    hub, code = network.hub, new_code()
    record_id = "0" * 13 + tail_of(code)
    writer, other = enrolled(hub), enrolled(hub)
    record = sent(hub, writer, (kind, record_id, {"notes": "worked on"}))
    withdrawal = sent(hub, other, ("withdrawal", "planted00001", {"code": code}))
    for path in (record, withdrawal) if first == "record" else (withdrawal, record):
        assert hub.take(path).status == MERGED
        if path == record and first == "record":
            seen = hub.kit.get(record_id, kind)
            hub.kit.delete(record_id, kind)
            hub.kit.restore(seen.record_id, kind)
    assert hub.kit.counts()[kind] == (0 if kind in GIVING else 1)
    assert hub.kit.check() == []
