"""Recovery codes: making and recognising them, and what to look at in one that opens nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.text import plural

if TYPE_CHECKING:
    from mnemonic import Mnemonic

LENGTH = 12
_LIKELY = 9
"""From this many words on, if most of them are in the list, somebody probably typed a recovery code."""


def _language() -> Mnemonic:
    from mnemonic import Mnemonic  # its list of words is read only when a secret was typed

    return Mnemonic("english")


def new_code() -> str:
    """Twelve words at random, with a checksum."""
    code: str = _language().generate(128)
    return code


def code_in(typed: str) -> str:
    """What was typed, if its checksum says that it is a recovery code; otherwise ""."""
    spelled = " ".join(typed.lower().split())
    return spelled if len(spelled.split()) == LENGTH and _language().check(spelled) else ""


def advice_on(typed: str) -> str:
    """What to look at in a recovery code that opens nothing; "" if it does not look like one."""
    typed_words = typed.lower().split()
    if len(typed_words) < _LIKELY:
        return ""
    known = set(_language().wordlist)
    unknown = [str(place) for place, word in enumerate(typed_words, 1) if word not in known]
    if len(unknown) * 2 > len(typed_words):
        return ""
    if len(typed_words) != LENGTH:
        return f"A recovery code has {LENGTH} words; these are {len(typed_words)}."
    if unknown:
        return plural(
            len(unknown),
            f"If it is the recovery code, look at the spelling of word {unknown[0]}.",
            f"If it is the recovery code, look at the spelling of words {', '.join(unknown)}.",
        )
    if not code_in(typed):
        return "If it is the recovery code, one of its words is wrong, or their order is."
    return "If it is a recovery code, it is an older one, another kit's, or from a passphrase change that was not finished."
