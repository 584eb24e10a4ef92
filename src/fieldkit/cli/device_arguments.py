"""Laptops named on the command line: which one is meant, and what to call it."""

from __future__ import annotations

from fieldkit.errors import Misuse
from fieldkit.sync.network.roster import Member, Roster
from fieldkit.text import clean_line, shortened

_FINGERPRINT_WORDS = 6
"""The number of words in a fingerprint."""
_MOST_NAMES = 20
"""The most laptops named in one sentence."""


def called(member: Member, this: str) -> str:
    """The laptop's name; `this` is the id of the laptop in use."""
    name = member.shown if member.named else "(not named yet)"
    return f"{name} (this laptop)" if member.device == this else name


def laptop_named(roster: Roster, typed: str) -> Member:
    """The laptop with this name or fingerprint.

    Raises:
        Misuse: it is not a whole fingerprint, and is the name of no laptop or of several; the error lists the laptops.
        NotFound: no laptop here has that fingerprint.
    """
    try:
        return roster.find(typed)
    except Misuse:
        everybody = [*roster.members.values(), *roster.waiting()]
        asked = typed.strip().casefold()
        if any(roster.is_called(member, typed) for member in everybody):
            raise
        if asked.startswith("ssh-") or len(asked.split()) == _FINGERPRINT_WORDS:
            raise
        names = [clean_line(called(laptop, roster.me.device)) for laptop in everybody]
        more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
        raise Misuse(
            f"There is no laptop “{shortened(typed)}” here.",
            kept="Nothing was changed.",
            hint=f"There are: {'; '.join(names[:_MOST_NAMES])}{more}. See them with: fieldkit devices list",
        ) from None


def demand_other(member: Member, roster: Roster, what: str) -> None:
    """Refuse to let a laptop do this to itself; `what` continues "A laptop can't …".

    Raises:
        Misuse: it is this laptop; the error says who can do it, if anybody can.
    """
    me = roster.me
    if member.device != me.device:
        return
    if me.is_founder:
        raise Misuse(
            "This laptop created the network. It stays a coordinator's laptop: nobody can change that.",
            kept="Nothing was changed.",
        )
    another = "Another" if roster.coordinating else "A"
    raise Misuse(
        f"A laptop can't {what}.", kept="Nothing was changed.", hint=f"{another} coordinator's laptop can."
    )
