"""The laptops of the network as the coordinator has to know them: trust, gaps, silence, copies, erasures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.presentation.wording import aged, counted, day, runs_shown, six_words, when

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit
    from fieldkit.sync.network.identity import Identity
    from fieldkit.sync.peers.gaps import Arrivals

_ORDER = ("waiting", "trusted", "revoked")
ROLES = {"field": "record", "deputy": "deputy", "coordinator": "coordinator"}
"""What each role is called in the list."""


@dataclass(frozen=True)
class Laptop:
    """One row, in plain values."""

    device: str
    name: str
    role: str
    status: str
    words: str
    fingerprint: str
    founder: bool
    own: bool
    arrivals: Arrivals

    @property
    def to_look_at(self) -> bool:
        """Whether something of it is missing, or its folder was copied."""
        came = self.arrivals
        return bool(came.missing or came.copied or (came.copies and came.copies.several and not self.own))

    @property
    def named(self) -> bool:
        """Whether it has a name; before its first bundle is opened its words stand there."""
        return self.name != self.words


@dataclass(frozen=True)
class Laptops:
    """Every laptop, those that wait first; and whether this one may change the list."""

    rows: list[Laptop]
    coordinating: bool
    now: int


def laptops(kit: Kit, me: Identity) -> Laptops:
    """Read all of it. For a thread."""
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.gaps import Arrivals, arrivals

    roster = Roster(kit, me)
    arrived = arrivals(kit) if roster.coordinating else {}
    found = [
        Laptop(
            member.device,
            member.shown,
            member.role,
            member.status,
            member.key.words,
            member.key.fingerprint,
            member.key == me.founder,
            member.device == me.device,
            arrived.get(member.device, Arrivals()),
        )
        for member in [*roster.waiting(), *roster.members.values()]
    ]
    found.sort(key=lambda one: (_ORDER.index(one.status) if one.status in _ORDER else 3, one.name.casefold()))
    return Laptops(found, roster.coordinating, kit.clock())


def told(one: Laptop, now: int) -> Content:
    """What there is to say about a laptop: gaps, silence, copies; its words; what waits."""
    parts: list[str | Content | tuple[str, str]] = []
    came = one.arrivals
    if came.copied:
        parts += [
            ("! ", "bold $warning"),
            f"Its folder was copied: two laptops wrote change {came.copied:,} differently. Both were kept; a "
            "receipt (r on “send and receive”) lets each go on under a name of its own.\n",
        ]
    elif came.copies is not None and not one.own:
        parts += [("! ", "bold $warning"), came.copies.told(day(came.copies.since, now)), "\n"]
    if came.missing:
        parts += [
            ("! ", "bold $warning"),
            f"Missing {runs_shown(came.runs)}, last heard {aged(came.heard, now)}. {_the_rest(one)}\n",
        ]
    elif came.heard:
        parts.append(f"Nothing missing, last heard {aged(came.heard, now)}.\n")
    waits = one.status == "waiting"
    parts += [
        ("! " if waits else "", "bold $warning"),
        "It sent a bundle and waits. Compare its six words with its user:" if waits else "Its six words:",
        "\n",
        (six_words(one.words), "bold"),
        "\n",
        (one.fingerprint, "$text-muted"),
    ]
    return Content.assemble(*parts)


def _the_rest(one: Laptop) -> str:
    """How what is missing of a laptop comes."""
    from fieldkit.sync.receipts.receipt_file import THE_REST

    return "A receipt asks for it." if one.role == "field" else THE_REST


def heard_words(one: Laptop, now: int) -> str:
    """The cell that says what came of a laptop."""
    came = one.arrivals
    if one.own or one.status == "waiting":
        return ""
    if came.copied:
        return "copied"
    if came.missing:
        missing = sum(last - first + 1 for first, last in came.runs)
        return f"{missing:,} missing"
    if came.copies is not None and came.copies.several:
        return f"{came.copies.number} copies"
    return f"heard {aged(came.heard, now)}" if came.heard else "not heard yet"


def erasure_words(kit: Kit, me: Identity) -> str:
    """Erasures and withdrawals, and who has not confirmed each yet. Reads the whole journal. For a thread."""
    from fieldkit.records.schema.kind import kinds
    from fieldkit.sync.network.roster import Roster
    from fieldkit.sync.peers.erasure_status import erasures, remarks
    from fieldkit.sync.receipts.receipts import whereabouts

    found, now = erasures(kit, me), kit.clock()
    if not found:
        return "Nothing was erased or withdrawn."
    known, coordinating = kinds(), Roster(kit, me).coordinating
    withdrawn = kit.many("withdrawal", [one.record_id for one in found])
    lines = []
    for one in reversed(found):
        kind = known.get(one.kind)
        lead = "Old text erased from" if one.words else "Erased:"
        erased = f"{lead} {kind.title.lower() if kind else 'a record'}"
        what = "Withdrawn by receipt code" if one.record_id in withdrawn else erased
        lines.append(f"{what}, {when(one.stamp, now)}, by {one.by}")
        if not coordinating:
            lines.append(f"   {whereabouts(kit, me, one.record_id, one.kind) or 'from another laptop'}")
        elif one.waiting:
            lines.append(
                f"   not confirmed yet by {counted(len(one.waiting), 'laptop')}: {', '.join(one.waiting)}"
            )
        else:
            lines.append(f"   {one.confirmed}")
    for remark in remarks(found) if coordinating else ():
        lines += ["", remark]
    return "\n".join(lines)
