"""What the home screen shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fieldkit.presentation.event_figures import event_figures
from fieldkit.presentation.exchange.devices import laptops
from fieldkit.presentation.exchange.unsent_changes import unsent_changes
from fieldkit.presentation.last_receipt_code import last_code
from fieldkit.presentation.needs import Need, needs
from fieldkit.presentation.opening import is_copy
from fieldkit.presentation.stall.event_day import events_of
from fieldkit.records.label import IN_LIST, describe
from fieldkit.records.schema.kind import kind
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import COPY_SEEN, EVENT, WAS_COPIED
from fieldkit.sync.network import network_rules
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.own_status import REVOKED, trust_status
from fieldkit.sync.receipts.receipts import unconfirmed

_DAY = 86_400_000


@dataclass(frozen=True)
class Figures:
    """What the home screen shows. Counts at the event are from all laptops, as far as this one knows."""

    event_id: str = ""
    event: str = ""
    todays: tuple[tuple[str, str], ...] = ()
    """(id, line) of each event today, while no event is chosen."""
    named: int = 0
    feedback: int = 0
    counted: int = 0
    today: int = 0
    unsent: int = 0
    unconfirmed: int = 0
    oldest: int = 0
    overdue: bool = False
    """Whether the oldest has waited for a receipt longer than the network allows."""
    last_bundle: int = 0
    last_made: int = 0
    network: str = ""
    coordinating: bool = False
    no_passphrase: bool = False
    copied: bool = False
    """Whether this kit was copied or moved, and nobody has confirmed the notice yet."""
    surely_copied: bool = False
    """Whether it certainly was copied: a receipt, or another laptop's bundle, says so."""
    revoked: bool = False
    """Whether this laptop knows that it was revoked."""
    needs: tuple[Need, ...] = ()
    code_waits: bool = False
    """Whether the last receipt code may not have reached the person."""


def figures(kit: Kit, me: Identity) -> Figures:
    """Read all figures; quick however many records there are."""
    event_id = kit.settings.get(EVENT)
    event = kit.many("event", [event_id]).get(event_id) if event_id else None
    named = feedback = counted = 0
    line = ""
    todays: tuple[tuple[str, str], ...] = ()
    if event is None or event.deleted:
        event_id, terms = "", kit.terms()
        todays = tuple(
            (each.record_id, describe(kind("event"), each.values, terms))
            for each in events_of(kit, date.today())
        )
    else:
        line = describe(kind("event"), event.values, kit.terms(), longest=IN_LIST)
        figures = event_figures(kit, event_id)
        named, counted, feedback = figures.people, figures.counted.total, figures.feedback
    sent = kit.ledger.sent()
    waits, rules, now = unconfirmed(kit, me), network_rules.rules(kit), kit.clock()
    roster, last = Roster(kit, me), last_code(kit)
    return Figures(
        event_id,
        line,
        todays,
        named,
        feedback,
        counted,
        _today(kit, me.origin),
        unsent_changes(kit, roster) or 0,
        waits.ops,
        waits.oldest,
        bool(waits.ops) and waits.oldest < now - rules.confirm_days * _DAY,
        sent[0].number if sent else 0,
        sent[0].made if sent else 0,
        me.network_name,
        roster.coordinating,
        not KeyFiles(kit.folder).locked,
        is_copy(kit),
        kit.settings.get(WAS_COPIED) > kit.settings.get(COPY_SEEN),
        trust_status(roster) == REVOKED,
        needs=needs(kit, me),
        code_waits=last is not None and not last.handed_over,
    )


def held(kit: Kit) -> object:
    """A digest of what is held from every laptop: while it stays the same, so do the gaps. Call it in a thread."""
    latest = kit.ledger.received(1)
    return (sorted(kit.ledger.origins().items()), latest[0].manifest if latest else "")


@dataclass(frozen=True)
class Others:
    """What a coordinator needs to know about the other laptops: how many have gaps, how many have been silent longer than the
    network allows, how many are used as copies.
    """

    gaps: int = 0
    silent: int = 0
    days: int = 0
    copies: int = 0


def others(kit: Kit, me: Identity) -> Others:
    """The state of the other laptops. Reads the number of every change. Call it in a thread."""
    days, now = network_rules.rules(kit).confirm_days, kit.clock()
    rows = [
        laptop for laptop in laptops(kit, me).rows if not laptop.own and laptop.member.status == "trusted"
    ]
    return Others(
        sum(bool(laptop.arrivals.missing) for laptop in rows),
        sum(0 < laptop.arrivals.last_heard < now - days * _DAY for laptop in rows),
        days,
        sum(bool(laptop.arrivals.copied or laptop.arrivals.copies) for laptop in rows),
    )


def _today(kit: Kit, origin: str) -> int:
    """How many records this laptop made today."""
    midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return kit.made_since(("feedback", "attendance", "session"), origin, int(midnight.timestamp() * 1000))
