"""What waits for the person at this laptop, each item with the home-screen command that leads there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldkit.presentation.cycle.due_answers import late_answers
from fieldkit.presentation.people.look_alike_list import look_alike_count
from fieldkit.presentation.safeguarding_notes import due_here
from fieldkit.presentation.safety import due_backup, last_backup
from fieldkit.store.kit import Kit
from fieldkit.sync.export.unpublished import unpublished_orders
from fieldkit.sync.network import network_rules
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.own_status import REVOKED, trust_status
from fieldkit.text import plural


@dataclass(frozen=True)
class Need:
    """Something that waits: `number` times `label`, or a warning if the number is 0."""

    command: str
    """The id of the command on the home screen that leads there."""
    label: str
    number: int = 0

    @property
    def line(self) -> str:
        """The number and the words."""
        return f"{self.number:,} {self.label}" if self.number else self.label


def needs(kit: Kit, me: Identity) -> tuple[Need, ...]:
    """Everything that waits, the most serious first; quick however many records there are. Call it in a thread."""
    roster = Roster(kit, me)
    worries, no_lead = due_here(kit)
    quarantined = len(kit.ledger.quarantine())
    drafts = 0 if kit.written_by else len(kit.drafts.all())
    conflicts = kit.conflict_count()
    backup = last_backup(kit, me.origin, network_rules.rules(kit).backup_days)
    look_alikes = late = unpublished = 0
    if roster.coordinating:
        look_alikes, late = look_alike_count(kit), len(late_answers(kit, date.today()))
        unpublished = sum(unpublished_orders(kit, me).values())
    waiting = len(roster.waiting()) if quarantined else 0
    counted = (
        ("unfinished", drafts, plural(drafts, "unfinished entry", "unfinished entries")),
        ("conflicts", conflicts, plural(conflicts, "conflict to resolve", "conflicts to resolve")),
        ("look-alikes", look_alikes, plural(look_alikes, "pair of similar names", "pairs of similar names")),
        ("sync", waiting, plural(waiting, "laptop to trust", "laptops to trust")),
        ("sync", quarantined, plural(quarantined, "file in quarantine", "files in quarantine")),
        ("cycles", late, plural(late, "answer late", "answers late")),
        ("sync", unpublished, plural(unpublished, "change to pass on", "changes to pass on")),
    )
    warnings = (
        ("sync", "this laptop is revoked" if trust_status(roster) == REVOKED else ""),
        ("worried", plural(worries, "1 worry to pass on", "{n} worries to pass on") if worries else ""),
    )
    last = (
        ("safety", due_backup(backup, kit.clock()) if backup.due else ""),
        ("worried", "no safeguarding lead" if no_lead else ""),
    )
    return (
        *(Need(command, label) for command, label in warnings if label),
        *(Need(command, label, number) for command, number, label in counted if number),
        *(Need(command, label) for command, label in last if label),
    )
