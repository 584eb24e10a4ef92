"""How old a network file is, for whoever joins with it: an old file still trusts laptops that were revoked since."""

from __future__ import annotations

from fieldkit.presentation.wording import ago, day

_DAY = 86_400_000
#: 1 January 2000 and 2200, in milliseconds since 1970: every network file is dated between these.
_FIRST, _LAST = 946_684_800_000, 7_258_118_400_000
#: Days after which to ask for a newer network file.
OLD = 30


def age_of_invitation(made: int, now: int) -> list[str]:
    """Sentences on when a network file was made (`made` and `now` in milliseconds since 1970).

    The second appears only if the file is old or its date can't be right.
    """
    if not _FIRST <= made < _LAST:
        return [
            "The date of this network file is not valid. Ask the coordinator for the newest file, and merge it."
        ]
    if made - now >= _DAY:
        return [
            f"This network file was made on {day(made, now)}, which is in the future.",
            "Check the date on this laptop, and ask the coordinator about theirs.",
        ]
    since = ago(made, now)
    sentences = [
        f"This network file was made {since if now - made < _DAY else f'on {day(made, now)}, {since}'}."
    ]
    if now - made >= OLD * _DAY:
        sentences.append(
            "Laptops revoked since then are still trusted in it. Ask the coordinator for the newest file, and merge it."
        )
    return sentences
