"""How far this laptop's changes to a record have got."""

from __future__ import annotations

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.known_settings import IDENTITY
from fieldkit.sync.network.identity import identity
from fieldkit.sync.receipts.receipts import CONFIRMED, ON_LAPTOP, progress_of_change
from fieldkit.text import ended

_SENTENCES = {
    ON_LAPTOP: "On this laptop alone: not in a bundle yet.",
    CONFIRMED: "Confirmed: a coordinator has it.",
}


def progress_line(kit: Kit, record: Stored) -> str:
    """How far this laptop's latest change of a record has got: on this laptop, in bundle 7, confirmed. "" if the latest change
    came from elsewhere.
    """
    kind = kinds().get(record.kind)
    if (kind is not None and not kind.shared) or kit.settings.get(IDENTITY) is None:
        return ON_LAPTOP
    return progress_of_change(kit, identity(kit), record.record_id, record.kind)


def progress_sentence(kit: Kit, record: Stored) -> str:
    """The same in a sentence; "" on a coordinator's laptop, since what it holds has arrived."""
    kind = kinds().get(record.kind)
    if kind is not None and not kind.shared:
        return "It never leaves this laptop."
    devices = DeviceNames(kit)
    if devices.coordinating:
        return ""
    where = progress_line(kit, record)
    if not where:
        return ended(f"It came from {devices.of(record.origin)}")
    return _SENTENCES.get(where, f"Sent {where}, not confirmed by a coordinator yet.")
