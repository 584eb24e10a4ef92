"""Send and receive in figures: what waits to be sent, what has arrived, and this laptop's identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from fieldkit.commands.command import SYNC
from fieldkit.commands.table import key_of, with_keys
from fieldkit.presentation.exchange.devices import ALONE_BY_KEY
from fieldkit.presentation.wording import age, counted
from fieldkit.store.journal.sync_log import Sent, Unsent
from fieldkit.store.kit import Kit
from fieldkit.sync.export.unpublished import unpublished_orders
from fieldkit.sync.network.identity import Identity
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.own_status import REVOKED, REVOKED_SENTENCE, has_lost, lost_sentence, trust_status
from fieldkit.sync.receipts.receipts import Unconfirmed, unconfirmed
from fieldkit.widgets.key_hints import key_name
from fieldkit.widgets.plain import first_lines, pad, plain, wrapped

_ROLES = {
    "coordinator": "the coordinator's laptop",
    "deputy": "a deputy coordinator's laptop",
    "field": "a laptop",
}

_MOST_LINES = 3
"""The most lines of a name beside the figures."""
_WORDS_WIDTH = 37
"""The width of three numbered words; in a narrower space, only the key shows them."""


@dataclass(frozen=True)
class State:
    """What the screen shows."""

    unsent: Unsent
    unconfirmed: Unconfirmed
    sent: Sequence[Sent]
    quarantined: int
    conflicts: int
    laptops: int
    waiting: int
    role: str
    coordinating: bool
    now: int
    above: bool = True
    """Whether another coordinator could confirm what is recorded here."""
    unsaid: Mapping[str, int] = field(default_factory=dict)
    """What is in no network file yet, by name, on a coordinator's laptop."""
    revoked: bool = False
    """Whether this laptop knows that it was revoked."""
    lost: bool = False
    """Whether other laptops hold changes of this one that it lost."""


def state_of(kit: Kit, me: Identity) -> State:
    """Read everything that is shown. Call it in a thread."""
    roster = Roster(kit, me)
    return State(
        kit.ledger.unsent(me.origin),
        unconfirmed(kit, me),
        kit.ledger.sent(),
        len(kit.ledger.quarantine()),
        kit.conflict_count(),
        sum(member.status == "trusted" for member in roster.members.values()),
        len(roster.waiting()),
        roster.my_role,
        roster.coordinating,
        kit.clock(),
        bool(roster.above()),
        unpublished_orders(kit, me) if roster.coordinating else {},
        trust_status(roster) == REVOKED,
        has_lost(kit, roster),
    )


def spoken_fingerprint(fingerprint_words: str, fingerprint: str) -> Content:
    """Six words, one per line with its number, to be read out; the whole fingerprint below."""
    lines = [
        Content.assemble((f"   {number}   ", "bold $accent"), (word, "bold"), "\n" if number % 2 == 0 else "")
        for number, word in enumerate(fingerprint_words.split(), 1)
    ]
    note = Content.styled(f"In full, to compare by eye:\n{fingerprint}", "$text-muted")
    return Content("\n").join([*lines, note])


def revoked_text() -> Content:
    """The notice on a laptop that was revoked."""
    return Content.assemble(("! ", "bold $warning"), REVOKED_SENTENCE)


def lost_text() -> Content:
    """The notice on a laptop that lost changes of its own."""
    return Content.assemble(("! ", "bold $warning"), lost_sentence(with_keys(ALONE_BY_KEY)))


def todo(state: State, width: int) -> Content:
    waiting = f", {state.waiting} to trust" if state.waiting else " trusted"
    lines = [
        *(_going_out(state, width) if state.coordinating else _waiting_here(state, width)),
        Content(""),
        Content.styled("COMING IN", "$text-muted bold"),
        _key("merge", "merge files", width),
        _key(
            "quarantine",
            f"{counted(state.quarantined, 'file')} in quarantine",
            width,
            attention=bool(state.quarantined),
        ),
        _key(
            "conflicts",
            f"{counted(state.conflicts, 'conflict', 'conflicts')} to look at",
            width,
            attention=bool(state.conflicts),
        ),
        _key("laptops", f"{counted(state.laptops, 'laptop')}{waiting}", width, attention=bool(state.waiting)),
    ]
    return Content("\n").join(lines)


def _waiting_here(state: State, width: int) -> list[Content]:
    figure = "bold" if state.unsent.ops else ""
    since = f"the oldest {age(state.unsent.oldest, state.now)}" if state.unsent.ops else "nothing is waiting"
    return [
        Content.styled("IN NO BUNDLE YET", "$text-muted bold"),
        Content.assemble(" ", (counted(state.unsent.ops, "change"), figure), f", {since}"),
        *(
            Content(f" {line}")
            for line in wrapped(f"{state.unconfirmed.ops:,} not confirmed by a receipt", width - 2)
        ),
        _key("export-file", "export now", width),
    ]


def _going_out(state: State, width: int) -> list[Content]:
    """What a coordinator's laptop sends. Without another coordinator, nobody confirms its changes."""
    unpublished = ", ".join(counted(number, name) for name, number in state.unsaid.items())
    lines = [
        Content.styled("GOING OUT", "$text-muted bold"),
        _key("invite", "network file: invites, updates", width, attention=bool(unpublished)),
        *(
            Content(f"    {line}")
            for line in (wrapped(f"not yet in it: {unpublished}", width - 5) if unpublished else ())
        ),
        _key("receipt", "receipt: says what has arrived", width),
    ]
    waiting = (
        f" ({state.unconfirmed.ops:,} not confirmed)" if state.above else ": a bundle for another coordinator"
    )
    return [*lines, _key("export-file", f"export{waiting}", width)]


def this_laptop(me: Identity, state: State, width: int) -> Content:
    fingerprint_words = me.key.public.six_words.split()
    lines = [
        Content.styled("THIS LAPTOP", "$text-muted bold"),
        *(Content.assemble(" ", (line, "bold")) for line in first_lines(me.name, width - 2, _MOST_LINES)),
        *(Content(f" {line}") for line in _role_and_network(me, state, width - 2)),
        Content(""),
    ]
    if width < _WORDS_WIDTH:
        lines.append(_key("words", "its six words, to read out", width))
    else:
        lines += [
            Content.styled("ITS SIX WORDS, TO READ OUT", "$text-muted bold"),
            Content(""),
            *(_spoken(fingerprint_words[at : at + 3], at) for at in (0, 3)),
            _key("words", "larger", width),
        ]
    return Content("\n").join(lines)


def _role_and_network(me: Identity, state: State, width: int) -> list[str]:
    """The role of this laptop and its network. The network's name does not shorten the role."""
    role = _role(state)
    most = len(wrapped(role, width)) - 1 + _MOST_LINES
    return first_lines(f"{role} {me.network_name}", width, most)


def _role(state: State) -> str:
    """`a laptop of`, followed by the network's name."""
    return "revoked in" if state.revoked else f"{_ROLES.get(state.role, 'a laptop')} of"


def _spoken(spoken: Sequence[str], at: int) -> Content:
    parts: list[str | tuple[str, str]] = [" "]
    for number, word in enumerate(spoken, at + 1):
        parts += [(f"{number} ", "$accent"), (pad(word, 9), "bold"), " "]
    return Content.assemble(*parts)


def _key(command: str, label: str, width: int, *, attention: bool = False) -> Content:
    first, *rest = wrapped(label, width - 5)
    mark = ("! ", "bold $warning") if attention else "  "
    key = (f"{key_name(key_of(command, SYNC))} ", "bold $accent")
    return Content.assemble(mark, key, plain(first), *(f"\n    {line}" for line in rest))
