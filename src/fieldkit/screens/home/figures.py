"""The figures of the home screen: read in a thread, drawn as lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.presentation.wording import age, when
from fieldkit.widgets.plain import cells, fit

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity

#: How many of the latest changes are looked at to count today's records; an import can make thousands.
_MOST_TODAY = 500
_DAY = 86_400_000


@dataclass(frozen=True)
class Figures:
    """What the home screen says. Counts at the event are of all laptops, as far as they are known here."""

    event_id: str = ""
    event: str = ""
    named: int = 0
    feedback: int = 0
    counted: int = 0
    today: int = 0
    more_today: bool = False
    """`today` is only what could be counted quickly."""
    drafts: int = 0
    clashes: int = 0
    aside: int = 0
    unsent: int = 0
    unconfirmed: int = 0
    oldest: int = 0
    overdue: bool = False
    """The oldest has waited longer for a receipt than the network has set."""
    last_bundle: int = 0
    last_made: int = 0
    network: str = ""
    coordinating: bool = False
    waiting: int = 0
    no_passphrase: bool = False
    backup: str = ""
    """What to say about the last backup, when another is due."""
    copied: bool = False
    """This kit was copied or moved, and nobody was told yet."""
    surely_copied: bool = False
    """It was copied: a receipt, or what another laptop sent, told so."""
    unsaid: int = 0
    """Withdrawals, rules and laptops shut out that are in no network file yet, on a coordinator's."""
    shut_out: bool = False
    """This laptop has heard that it was shut out."""


def figures(kit: Kit, me: Identity) -> Figures:
    """Read all of it; quick however many records there are."""
    from fieldkit.presentation.event_figures import event_figures
    from fieldkit.presentation.presets import EVENT_SETTING
    from fieldkit.records.label import describe
    from fieldkit.screens.home.opening import COPY_TOLD, WAS_COPIED, is_copy
    from fieldkit.screens.safety.safety_panel import due_words, last_backup
    from fieldkit.store.db.vault import Vault
    from fieldkit.sync.export.unpublished import unsaid
    from fieldkit.sync.network import policy
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.own_status import REVOKED, standing
    from fieldkit.sync.receipts.receipts import unconfirmed

    event_id = str(kit.desk.setting(EVENT_SETTING) or "")
    event = kit.many("event", [event_id]).get(event_id) if event_id else None
    named = feedback = heads = 0
    line = ""
    if event is None or event.deleted:
        event_id = ""
    else:
        from fieldkit.records.schema.kind import kind

        line = describe(kind("event"), event.values, kit.terms())
        figures = event_figures(kit, event_id)
        named, heads, feedback = figures.people, figures.heads.total, figures.feedback
    unsent = kit.ledger.unsent(me.origin)
    sent = kit.ledger.sent()
    aside = kit.ledger.quarantine()
    waits, rules, now = unconfirmed(kit, me), policy.rules(kit), kit.clock()
    roster = Roster(kit, me)
    backup = last_backup(kit, me.origin, rules.backup_days)
    return Figures(
        event_id,
        line,
        named,
        feedback,
        heads,
        *_today(kit, me.origin),
        0 if kit.written_by else len(kit.desk.drafts()),
        kit.conflict_count(),
        len(aside),
        unsent.ops,
        waits.ops,
        waits.oldest,
        bool(waits.ops) and waits.oldest < now - rules.confirm_days * _DAY,
        sent[0].number if sent else 0,
        sent[0].made if sent else 0,
        me.network_name,
        roster.coordinating,
        len(roster.waiting()) if aside else 0,
        not Vault(kit.folder).locked,
        due_words(backup, now) if backup.due else "",
        is_copy(kit),
        kit.desk.setting(WAS_COPIED, 0) > kit.desk.setting(COPY_TOLD, 0),
        sum(unsaid(kit, me).values()) if roster.coordinating else 0,
        standing(roster) == REVOKED,
    )


def held(kit: Kit) -> object:
    """What is held of every laptop, in short: while it is the same, so are the gaps. For a thread."""
    latest = kit.ledger.received(1)
    return (sorted(kit.ledger.origins().items()), latest[0].manifest if latest else "")


@dataclass(frozen=True)
class Others:
    """What a coordinator has to know of the other laptops: how many have gaps, are silent longer than the network's
    days, go on as copies.
    """

    gaps: int = 0
    silent: int = 0
    days: int = 0
    copies: int = 0


def others(kit: Kit, me: Identity) -> Others:
    """How the other laptops stand. Reads the number of every change. For a thread."""
    from fieldkit.screens.exchange.device_texts import laptops
    from fieldkit.sync.network.policy import rules

    days, now = rules(kit).confirm_days, kit.clock()
    rows = [one for one in laptops(kit, me).rows if not one.own and one.status == "trusted"]
    return Others(
        sum(bool(one.arrivals.missing) for one in rows),
        sum(0 < one.arrivals.heard < now - days * _DAY for one in rows),
        days,
        sum(bool(one.arrivals.copied or one.arrivals.copies) for one in rows),
    )


def _today(kit: Kit, origin: str) -> tuple[int, bool]:
    """How many records this laptop made today, and whether that is only what could be counted quickly."""
    midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return kit.made_since(
        ("feedback", "attendance", "session"), origin, int(midnight.timestamp() * 1000), _MOST_TODAY
    )


# Drawing


def at_event(found: Figures) -> list[Content]:
    """Where one records, and what was recorded there."""
    if not found.event_id:
        words = "No event chosen yet." if found.network else ""
        return [
            _title("AT THIS EVENT"),
            Content(f"  {words}"),
            Content.assemble("  Press ", ("e", "bold $accent"), " to choose one."),
            _figure(found.today, "recorded today", more=found.more_today),
            Content(""),
        ]
    return [
        _title("AT THIS EVENT"),
        _figure(found.named, "checked in"),
        _figure(found.counted, "counted, not named"),
        _figure(found.feedback, "feedback taken"),
        _figure(found.today, "recorded here today", more=found.more_today),
        Content(""),
    ]


def _title(words: str) -> Content:
    return Content.styled(words, "bold $text-muted")


def _figure(number: int, words: str, key: str = "", *, more: bool = False) -> Content:
    style = "bold" if number else "$text-muted"
    gap = " " * max(1, 24 - cells(words)) if key else ""
    return Content.assemble(
        (f"{f'{number:,}+' if more else f'{number:,}':>6}", style),
        "  ",
        (words, "" if number else "$text-muted"),
        gap,
        (key, "bold $accent"),
    )


def _warning(words: str, key: str) -> Content:
    return Content.assemble(("     !", "bold $warning"), f"  {fit(words, 23):<24}", (key, "bold $accent"))


def _key(key: str, words: str) -> Content:
    return Content.assemble("     ", (key, "bold $accent"), "  ", words)


def _two(*pairs: str) -> Content:
    first, one, second, two = pairs
    return Content.assemble(
        "     ", (first, "bold $accent"), f"  {one:<13}", (second, "bold $accent"), f"  {two}"
    )


RECORD = (
    _title("RECORD"),
    _key("f", "feedback"),
    _key("a", "check people in"),
    _key("m", "mentoring session"),
)
LISTS = (
    _title("LISTS"),
    _two("e", "events", "p", "people"),
    _two("o", "partners", "l", "everything"),
)
LOOK = (
    _title("LOOK"),
    _two("s", "summary", "/", "find"),
    _key("b", "safety and backup"),
    Content.assemble("    ", ("f9", "bold $accent"), "  worried about somebody"),
)


def needs(found: Figures) -> list[Content]:
    """What waits for a person."""
    entries = "unfinished entry" if found.drafts == 1 else "unfinished entries"
    clashes = "conflict to resolve" if found.clashes == 1 else "conflicts to resolve"
    lines = [_title("NEEDS YOU")]
    if found.shut_out:
        lines.append(_warning("this laptop is revoked", "y"))
    if found.drafts:
        lines.append(_figure(found.drafts, entries, "u"))
    if found.clashes:
        lines.append(_figure(found.clashes, clashes, "c"))
    if found.waiting:
        lines.append(
            _figure(found.waiting, "laptops to trust" if found.waiting > 1 else "laptop to trust", "y")
        )
    if found.aside:
        lines.append(
            _figure(found.aside, "files in quarantine" if found.aside > 1 else "file in quarantine", "y")
        )
    if found.unsaid:
        lines.append(_figure(found.unsaid, "not in a network file", "y"))
    if found.backup:
        lines.append(_warning(found.backup, "b"))
    if len(lines) == 1:
        lines.append(Content.styled("        nothing just now", "$text-muted"))
    return lines


def sending(found: Figures, now: int, apart: Others | None = None) -> list[Content]:
    """What the coordinator does not have yet; `now` in milliseconds since 1970. On a coordinator's laptop,
    what is wrong with the others'.
    """
    if found.coordinating:
        lines = [_title("FROM OTHER LAPTOPS")]
        apart = apart or Others()
        for number, words in (
            (apart.gaps, "with changes missing"),
            (apart.silent, f"silent over {apart.days} days"),
            (apart.copies, "in use as copies"),
        ):
            if number:
                lines.append(_figure(number, words, "y"))
        return [*lines, _key("y", "merge what they sent")]
    said = age(found.oldest, now) if found.oldest else ""
    words = f"changes, the oldest {said}" if found.unconfirmed != 1 else f"change, {said}"
    lines = [_title("NOT YET WITH THE COORDINATOR")]
    if found.overdue:
        lines.append(Content.styled(f"! {found.unconfirmed:>4,}  {fit(words, 30)}", "bold $error"))
    elif found.unconfirmed:
        lines.append(_figure(found.unconfirmed, fit(words, 30)))
    else:
        lines.append(Content("        nothing: all is confirmed"))
    if found.unsent:
        lines.append(_figure(found.unsent, "of them in no bundle yet"))
    if found.last_bundle:
        sent = f"        last bundle {found.last_bundle}, {when(found.last_made, now)}"
        lines.append(Content.styled(sent, "$text-muted"))
    return [*lines, _two("x", "export now", "y", "send, receive")]
