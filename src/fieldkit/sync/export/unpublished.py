"""What a coordinator has to publish to every laptop and has not yet written into a network file."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.known_settings import NETWORK_FILE
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import COORDINATING, Roster

_PAGE = 500
_NAMES = {"withdrawal": "withdrawal", "policy": "rule", "device": "laptop"}


def note_written(kit: Kit, held: dict[str, int]) -> None:
    """Note that a network file was written; `held` is the last op of each origin before it was begun."""
    if not kit.read_only:
        kit.settings.put(NETWORK_FILE, held)


def unpublished_orders(kit: Kit, me: Identity) -> dict[str, int]:
    """Erasures, withdrawals, rules, and laptops that were revoked or trusted as coordinators', by name, that no network file of
    this laptop holds; empty if there are none.
    """
    noted: dict[str, int] = kit.settings.get(NETWORK_FILE)
    if noted == kit.ledger.origins():
        return {}
    several = {
        "withdrawal": (record.record_id for record in _all(kit, "withdrawal")),
        "policy": (record.record_id for record in _all(kit, "policy")),
        "device": (
            member.device
            for member in Roster(kit, me).members.values()
            if member.device != me.device and (member.status == "revoked" or member.role in COORDINATING)
        ),
    }
    numbers = {_NAMES[kind]: _newer(kit, kind, record_ids, noted) for kind, record_ids in several.items()}
    numbers = {"erasure": kit.ledger.erased_since(noted), **numbers}
    return {name: number for name, number in numbers.items() if number}


def _all(kit: Kit, kind: str) -> Iterable[Stored]:
    for offset in range(0, kit.count(kind), _PAGE):
        yield from kit.page(kind, offset, _PAGE)


def _newer(kit: Kit, kind: str, record_ids: Iterable[str], noted: dict[str, int]) -> int:
    return sum(
        any(seq > noted.get(origin, 0) for origin, seq in kit.ledger.refs_of(record_id, kind))
        for record_id in record_ids
    )
