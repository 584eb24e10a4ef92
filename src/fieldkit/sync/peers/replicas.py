"""Which copies of a laptop are in use, told from what was heard of each; nobody else can know, and clocks say little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldkit.sync.bundle.peer_reports import Speaker, Speakers


def in_use(speakers: Speakers, branches: Mapping[str, int]) -> set[str]:
    """The names of those copies of one laptop that are in use; `branches` says in how many ways a stream goes on besides.

    So many copies wrote under a name as its stream has branches, and one; and each time that it was heard after somebody
    had gone on under another, one more. Whoever goes on takes one of them along. Of those who went on, so many are in use
    as there were copies: the ones that were heard last, and those that show it.
    """
    found = set(speakers)
    for name, after in _after(speakers).items():
        writers, earlier = 1 + branches.get(name, 0), 0
        if name in speakers:
            earlier = _spoke_after(speakers[name], after.values())
            left = max(1, writers - earlier)
            writers = earlier + left
            if len(after) - earlier >= left:
                found.discard(name)
        shown = {
            one
            for one, said in after.items()
            if _spoke_after(
                said, (x for x in after.values() if (x.began, x.place) > (said.began, said.place))
            )
        }
        latest = sorted(after, key=lambda one: (one in shown, after[one].at, one), reverse=True)
        found -= set(latest[writers:]) - shown
    return found


def _after(speakers: Speakers) -> dict[str, dict[str, Speaker]]:
    """Name -> those that had it right before the one they have, as far as was heard."""
    found: dict[str, dict[str, Speaker]] = {}
    for name, one in speakers.items():
        before = [*(former for former in one.former if former in speakers), *one.former[:1]]
        if not before and name and "" in speakers:
            before = [""]
        if before:
            found.setdefault(before[0], {})[name] = one
    return found


def _spoke_after(one: Speaker, others: Iterable[Speaker]) -> int:
    """How many of the others had begun already when a copy wrote its last bundle: it knows more of the coordinator's
    changes than there were when the other had been heard, or their clocks say so.
    """
    return sum(
        one.made > other.began > 0
        or any(seq > other.first.get(stream, 0) for stream, seq in one.knows.items() if other.first)
        for other in others
    )
