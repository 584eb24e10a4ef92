"""The page that ends an event: its totals, unfinished entries, and what has not reached the coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldkit.presentation.event_figures import event_figures
from fieldkit.presentation.exchange.unsent_changes import unsent_changes
from fieldkit.presentation.stall.head_count_groups import Group, counted_groups
from fieldkit.presentation.wording import when
from fieldkit.records.label import IN_LIST, describe
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT, EXPORT_FOLDER
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.text import plural


@dataclass(frozen=True)
class Closing:
    """What to know before an event is ended on this laptop."""

    event_id: str
    event: str
    named: int
    counted: int
    groups: tuple[Group, ...]
    """The groups with a count, without everybody."""
    feedback: int
    unfinished: tuple[str, ...]
    """A line for each unfinished entry, the latest first: its kind and when it was left, not what it holds."""
    unsent: int | None
    """Changes in no bundle yet; None on a coordinator's laptop."""
    last_bundle: str = ""
    """The file name of the last bundle, "" for none, and on a coordinator's laptop."""
    folder: str = ""
    """The folder that it was written to, "" if not known."""

    @property
    def left_undone(self) -> str:
        """A sentence on what is unfinished or not sent, "" if nothing is."""
        unfinished = plural(len(self.unfinished), "1 entry is unfinished", "{n} entries are unfinished")
        unsent = plural(self.unsent or 0, "1 change is in no bundle", "{n} changes are in no bundle")
        parts = [unfinished] * bool(self.unfinished) + [unsent] * bool(self.unsent)
        return f"{' and '.join(parts)}." if parts else ""


def closing(kit: Kit, me: Identity) -> Closing | None:
    """The totals of the chosen event; None if none is chosen. Call it in a thread."""
    event_id = kit.settings.get(EVENT)
    event = kit.many("event", [event_id]).get(event_id)
    if event is None or event.deleted:
        return None
    figures = event_figures(kit, event_id)
    groups = [group for group in counted_groups(kit, event_id, me.origin)[:-1] if group.mine or group.others]
    now = int(datetime.now().timestamp() * 1000)
    unsent = unsent_changes(kit, Roster(kit, me))
    return Closing(
        event_id,
        describe(kind("event"), event.values, kit.terms(), longest=IN_LIST),
        figures.people,
        figures.counted.total,
        tuple(groups),
        figures.feedback,
        tuple(f"{kind(draft.kind).title}, left at {when(draft.updated, now)}" for draft in kit.drafts.all()),
        unsent,
        sent[0].name if unsent is not None and (sent := kit.ledger.sent()) else "",
        str(kit.settings.get(EXPORT_FOLDER)),
    )


def end_event(kit: Kit) -> None:
    """From now on records belong to no event. Existing records do not change."""
    kit.settings.put(EVENT, "")
