"""The changes that one act of this laptop wrote to a record, for whoever undoes that act."""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.store.kit import Kit


def newest(kit: Kit) -> int:
    """The number of this laptop's latest change; read it before the act."""
    return kit.ledger.origins().get(kit.origin, 0)


def since(kit: Kit, kind: str, record_id: str, seq: int) -> tuple[str, ...]:
    """The refs (`origin:seq`) of what this laptop wrote to a record after its change `seq`."""
    return tuple(
        f"{origin}:{number}"
        for origin, number in kit.ledger.refs_of(record_id, kind)
        if origin == kit.origin and number > seq
    )


def undo_changes(kit: Kit, refs: Iterable[str]) -> int:
    """Undo these changes; what somebody changed since stays. Returns how many records changed."""
    split = (ref.rpartition(":") for ref in refs)
    return kit.undo([(origin, int(seq), int(seq)) for origin, _, seq in split])
