"""What laptops say in their bundles of how far they hold each stream, and which of two bundles is the newer one.

Sticks come in any order, and clocks say little. A laptop's own streams only grow, so of two bundles of one laptop the one
that knows more of them is newer. Where neither does, the laptop was copied: then each of the two knows an end of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from fieldkit.store.kit import Kit

_SEEN, _ENDS = "device_seen", "device_ends"
#: Ends of one stream that copies of one laptop are remembered to have.
_MOST_ENDS = 8


def seen_by(kit: Kit) -> dict[str, dict[str, int]]:
    """Device -> origin -> the last seq that its latest bundle says it holds; also what `what_is_seen` adds to it."""
    found: dict[str, dict[str, int]] = kit.desk.setting(_SEEN, {})
    return found


def ends_of(kit: Kit, origin: str) -> set[int]:
    """Up to where the laptop of an origin, and each copy of it, says that it has this stream of its own."""
    device = origin.partition(".")[0]
    ends: dict[str, dict[str, list[int]]] = kit.desk.setting(_ENDS, {})
    return {seen_by(kit).get(device, {}).get(origin, 0), *ends.get(device, {}).get(origin, ())}


def hear(kit: Kit, said: Iterable[tuple[str, Mapping[str, int]]]) -> None:
    """Remember what bundles say, (device, origin -> last seq) each, unless a newer one of the same laptop was heard."""
    seen, ends = seen_by(kit), kit.desk.setting(_ENDS, {})
    before = deepcopy((seen, ends))
    for device, new in said:
        old = seen.get(device)
        if old is None:
            seen[device] = dict(new)
            continue
        stands = ends.get(device, {})
        # Where a copy of the laptop, or the laptop before it was put back, went further than this one, its end is known.
        less = [
            name
            for name, last in old.items()
            if "#" not in name and new.get(name, 0) < last and new.get(name) not in stands.get(name, ())
        ]
        more = [name for name, last in new.items() if "#" not in name and old.get(name, -1) < last]
        behind, ahead = ([name for name in some if name.partition(".")[0] == device] for some in (less, more))
        if (behind and not ahead) or (not ahead and less and not more):
            continue
        further = {
            name: last for name, last in old.items() if name.partition(".")[0] == device and "#" not in name
        }
        seen[device] = {**new, **{name: max(last, new.get(name, 0)) for name, last in further.items()}}
        for name in behind:
            known = ends.setdefault(device, {}).setdefault(name, [])
            if name in new and new[name] not in known:
                known.append(new[name])
                del known[:-_MOST_ENDS]
    if before != (seen, ends):
        kit.desk.set_settings({_SEEN: seen, _ENDS: ends})
