"""Head counts at an event by group: which groups are counted, how many are in each, and changing a count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fieldkit.errors import Misuse
from fieldkit.presentation.event_figures import head_counts
from fieldkit.presentation.stall.undo_stack import Step
from fieldkit.records.head_counts import EVERYBODY, HeadCount, head_counts_of
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.lookup import find
from fieldkit.store.kit import Kit, Stored
from fieldkit.sync.network.network_rules import rules
from fieldkit.text import quoted

_MOST = 20_000
OTHERS = "other"
"""The group of people in none of the named groups."""
_USUAL = ("patient", "carer", "family-member", "staff", "under-16", OTHERS)
"""The groups to count if the network has set none, before those that it added to the list."""


DIGITS = 9
"""The number of groups that have a digit."""


@dataclass(frozen=True)
class Group:
    """A group that is counted: `mine` on this laptop, `others` the greatest count of another laptop.

    They are not added up, since both may have counted the same people. The greater one counts.
    """

    code: str
    label: str
    mine: int
    others: int


def counted_groups(kit: Kit, event_id: str, origin: str) -> list[Group]:
    """The groups that the network counts, then other groups counted at this event, and everybody last."""
    counts: dict[str, dict[str, list[HeadCount]]] = {}
    for count in head_counts(kit, event_id):
        counts.setdefault(count.group, {}).setdefault(count.laptop, []).append(count)
    labels = _labels(kit)
    codes = [code for code in dict.fromkeys((*_asked(kit), *counts)) if code != EVERYBODY]
    groups = []
    for code in (*codes, EVERYBODY):
        counted = {laptop: head_counts_of(own).total for laptop, own in counts.get(code, {}).items()}
        mine = counted.pop(origin, 0)
        groups.append(Group(code, labels.get(code, code), mine, max(counted.values(), default=0)))
    return groups


def _asked(kit: Kit) -> tuple[str, ...]:
    """The codes of the groups that the network counts; if it has set none, the usual ones and those that it added."""
    own_terms = [code for code in _labels(kit) if code not in code_list("attendee_group").codes]
    return rules(kit).head_count_groups or (*_USUAL, *own_terms)


def group_keys(kit: Kit) -> list[tuple[str, str, str]]:
    """The groups that the network counts, as (digit that counts it on the board, "" for none; code; label)."""
    labels = _labels(kit)
    codes = [code for code in _asked(kit) if code != EVERYBODY]
    return [
        (str(number) if number <= DIGITS else "", code, labels.get(code, code))
        for number, code in enumerate(codes, 1)
    ]


def group_labels(kit: Kit) -> list[str]:
    """The groups that the network counts, in words."""
    labels = _labels(kit)
    return [labels.get(code, code) for code in _asked(kit)]


def group_codes(kit: Kit, typed: str) -> tuple[str, ...]:
    """The codes of the groups named in `typed`, separated by semicolons; empty for `usual`.

    Raises:
        Misuse: no group has that name.
    """
    if typed.strip().lower() in {"", "usual"}:
        return ()
    codes, known = [], code_list("attendee_group")
    for name in filter(None, map(str.strip, typed.split(";"))):
        code = find(known, name, kit.terms().get("attendee_group", {}))
        if code is None or code == EVERYBODY:
            raise Misuse(
                f"No group is called {quoted(name)}."
                if code is None
                else "Everybody is the total, no group.",
                kept="Nothing was changed.",
                hint="The groups are: "
                + "; ".join(_labels(kit)[each] for each in _labels(kit) if each != EVERYBODY)
                + ". Others are added with: fieldkit record term --set list_name=attendee_group …",
            )
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def _labels(kit: Kit) -> dict[str, str]:
    known = {entry.code: entry.label for entry in code_list("attendee_group").entries}
    return known | kit.terms().get("attendee_group", {})


def counted_in_all(counts: Iterable[tuple[str, int, int]]) -> int:
    """How many people were counted at an event, from each group's (code, this laptop's count, the greatest other count)."""
    return head_counts_of(HeadCount(code, max(mine, others), "") for code, mine, others in counts).total


def count_heads(
    kit: Kit, origin: str, event_id: str, group: str, number: int, at: str, what: str = "", name: str = ""
) -> Step | None:
    """Set this laptop's count of a group at the event to `number`; None if it was that already.

    `at` is the time to store, "" if not known. `what` and `name` are those of the step.
    """
    own = [
        count
        for count in kit.page("attendance", 0, _MOST, where={"event": event_id, "attendee_group": group})
        if count.origin == origin
    ]
    before = head_counts_of(map(_counted, own)).total
    if number == before:
        return None
    step = Step(what or _in_words(kit, group, before, number), (), name=name)
    if not own:
        values = {"event": event_id, "attendee_group": group, "head_count": number, "arrived": at or None}
        stored = kit.add("attendance", values)
        return replace(step, refs=stored.everything, created=(stored,))
    # Entries made elsewhere on this laptop (a form, an import) keep their figures; the first entry takes the difference.
    rest = head_counts_of(map(_counted, own[1:])).total
    changed = kit.edit(kit.get(own[0].record_id, own[0].kind), {"head_count": max(0, number - rest)})
    return replace(step, refs=tuple(changed.heads.get("head_count", ())), edited=(changed,))


def count_unnamed(kit: Kit, origin: str, event_id: str, at: str, name: str = "") -> Step | None:
    """Count one more person without a name: under others, or under everybody if everybody was counted.

    Everybody is the total, so it becomes one more than everything counted so far.
    """
    mine = {group.code: group.mine for group in counted_groups(kit, event_id, origin)}
    everybody = mine.pop(EVERYBODY, 0)
    what = "1 person counted without a name"
    if not everybody:
        return count_heads(kit, origin, event_id, OTHERS, mine.get(OTHERS, 0) + 1, at, what, name)
    number = max(everybody, sum(mine.values())) + 1
    return count_heads(kit, origin, event_id, EVERYBODY, number, at, what, name)


def _counted(count: Stored) -> HeadCount:
    values = count.values
    return HeadCount(
        str(values.get("attendee_group") or EVERYBODY),
        int(values.get("head_count", 0)),
        count.origin,
        values.get("reference"),
    )


def _in_words(kit: Kit, group: str, before: int, number: int) -> str:
    return f"{_labels(kit).get(group, group)} {before:,} → {number:,}"
