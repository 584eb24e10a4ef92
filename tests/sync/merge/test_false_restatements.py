"""A deputy restates another laptop's change falsely: what is held here counts."""

from __future__ import annotations

from networks import Laptop, Network
from planted import enrolled, sent


def test_who_holds_a_change_keeps_its_answers(network: Network, laptop: Laptop) -> None:
    hub = network.hub
    record = laptop.kit.add(
        "feedback", {"experience": "The nurse was kind", "rating": "1", "date": "2026-01-02"}
    )
    hub.merge(*laptop.export())
    origin = laptop.kit.origin
    digest = hub.kit.ledger.hash_of(origin, 1)
    assert digest is not None
    (step,) = hub.kit.history(record.record_id)
    original = {"op": f"{origin}:1", "hash": digest.hex(), "stamp": step.stamp}
    thief = enrolled(hub, "deputy", "Stolen")
    false = {"restates": original, "experience": "It was dreadful", "rating": "5"}
    hub.take(sent(hub, thief, ("feedback", record.record_id, false)))
    values = hub.kit.get(record.record_id).values
    assert (values["experience"], values["rating"]) == ("The nurse was kind", "1")
    assert "date" not in values  # what it leaves out is erased, as a coordinator may order
    assert hub.kit.check() == []
