"""The laptops of the network as people need to know them: trust, roles, gaps, silence, copies."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.presentation.wording import ago, counted, day, runs_shown
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import COORDINATING, Member, Roster
from fieldkit.sync.peers.gaps import Arrivals, arrivals
from fieldkit.sync.peers.own_status import has_lost
from fieldkit.sync.peers.streams import THE_REST

_ORDER = ("waiting", "trusted", "revoked")
STATUS = {"trusted": "trusted", "waiting": "waits for trust", "revoked": "revoked"}
ROLES = {"field": "field", "deputy": "deputy", "coordinator": "coordinator"}
"""Code of a role -> its name on screens and in commands."""
ALONE = "run: fieldkit devices alone NAME"
"""How a command says that of a laptop's copies one is left."""
ALONE_BY_KEY = "point at the laptop in the list of laptops and press {laptops[alone]}"
"""How a screen does."""
UNNAMED = "(not named yet)"
"""For a laptop whose name is not known, since none of its bundles was opened yet."""


@dataclass(frozen=True)
class Laptop:
    """A laptop of the network and what has arrived from it."""

    member: Member
    founder: bool
    own: bool
    arrivals: Arrivals

    @property
    def name(self) -> str:
        """The name that people know it by; its six words if no name has arrived yet."""
        return self.member.shown

    @property
    def named(self) -> bool:
        """Whether it has a name."""
        return self.member.named

    @property
    def label(self) -> str:
        """Its name for a list."""
        return self.name if self.named else UNNAMED

    @property
    def role(self) -> str:
        """What it may do, in a word."""
        return ROLES.get(self.member.role, self.member.role)

    @property
    def status(self) -> str:
        """Whether it is trusted, in words."""
        return STATUS.get(self.member.status, self.member.status)

    @property
    def to_look_at(self) -> bool:
        """Whether something from it is missing, or its folder was copied."""
        came = self.arrivals
        return bool(came.missing or came.copied or (came.copies and came.copies.several and not self.own))

    def shown_arrivals(self, now: int) -> str:
        """What has arrived from it, in two words for a list."""
        came = self.arrivals
        if self.own or self.member.waiting:
            return ""
        if came.copied:
            return "copied"
        if came.missing:
            return f"{sum(last - first + 1 for first, last in came.runs):,} missing"
        if came.copies is not None and came.copies.several:
            return f"{came.copies.number} copies"
        return f"merged {ago(came.last_heard, now)}" if came.last_heard else self._no_bundle

    @property
    def _no_bundle(self) -> str:
        """That no bundle of it is known; of a revoked laptop none is waited for."""
        return "no bundle" if self.member.status == "revoked" else "no bundle yet"

    @property
    def goes_on_as_copies(self) -> bool:
        """Whether several copies of its folder are in use."""
        return self.arrivals.copies is not None and self.arrivals.copies.several

    def sentences(self, now: int, receipt: str, alone: str = ALONE) -> list[tuple[bool, str]]:
        """(whether somebody has to look at it, sentence) for all that came of it; `receipt` says how a receipt is written,
        `alone` how to say that one copy is left.
        """
        came, sentences_found = self.arrivals, []
        if came.copied:
            sentences_found.append(
                (
                    True,
                    f"Its folder was copied, or restored from an old backup: two laptops wrote change {came.copied:,} "
                    f"differently. Both were kept; a receipt ({receipt}) lets each go on under a name of its own.",
                )
            )
        elif came.copies is not None and not self.own:
            sentences_found.append((True, came.copies.sentence(day(came.copies.since, now), alone)))
        if came.missing:
            if self.member.status == "revoked":
                rest = "The laptop is revoked: nothing more of it is merged."
            elif self.member.role in COORDINATING:
                rest = THE_REST
            else:
                rest = f"A receipt ({receipt}) asks for what is missing."
            last = f"last bundle {ago(came.last_heard, now)}" if came.last_heard else self._no_bundle
            sentences_found.append((True, f"Missing {runs_shown(came.runs)}, {last}. {rest}"))
        elif came.last_heard:
            sentences_found.append((False, f"Nothing missing, last bundle {ago(came.last_heard, now)}."))
        return sentences_found


def one_copy_sentence(name: str, left_out: int) -> str:
    """What came of saying that of a laptop's copies one is left."""
    if left_out:
        return f"Of “{name}”, {counted(left_out, 'copy', 'copies')} will not be waited for any more."
    return f"“{name}” has one copy, as far as is known here: there is nothing to leave out."


@dataclass(frozen=True)
class Laptops:
    """Every laptop, waiting ones first, and whether this laptop may change the list."""

    rows: list[Laptop]
    coordinating: bool
    now: int
    lost: bool = False
    """Whether others know changes of this laptop that are missing here."""


def laptops(kit: Kit, me: Identity) -> Laptops:
    """Read all laptops. Call it in a thread."""
    roster = Roster(kit, me)
    arrived = arrivals(kit) if roster.coordinating else {}
    rows = [
        Laptop(
            member,
            member.key == me.founder,
            member.device == me.device,
            arrived.get(member.device, Arrivals()),
        )
        for member in [*roster.waiting(), *roster.members.values()]
    ]
    rows.sort(
        key=lambda laptop: (
            _ORDER.index(laptop.member.status) if laptop.member.status in _ORDER else len(_ORDER),
            laptop.name.casefold(),
        )
    )
    return Laptops(rows, roster.coordinating, kit.clock(), has_lost(kit, roster))
