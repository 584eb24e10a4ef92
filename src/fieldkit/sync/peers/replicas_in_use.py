"""Which replicas of a laptop are in use: the heads of the graph of replicas (docs/replicas.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from fieldkit.store.local.known_settings import Ancestor


class Node(Protocol):
    """A replica in the graph: it knows the replicas that it descends from, the nearest first."""

    @property
    def ancestors(self) -> Sequence[Ancestor]: ...


def heads(
    replicas: Mapping[str, Node], numbers: Mapping[str, int], branches: Mapping[str, int], of: str
) -> set[str]:
    """The origins of the replicas of one laptop that are in use.

    `numbers` gives the number of each replica's latest file, `branches` the number of branches of each stream; `of` selects the
    number of an ancestor to compare with: "bundle" or "receipt".

    A replica is followed by its direct descendants that forked from it at that number or later. It is in use while it has fewer
    followers than writers: one writer, and one more for each branch of its stream. A program that does not state its replica ("")
    is followed by any that does. In a ring each replica follows another, which no kit writes: if none would be left, all are in
    use.
    """
    used = set()
    named = {
        origin: {ancestor.origin for ancestor in node.ancestors} - {origin}
        for origin, node in replicas.items()
    }
    for origin in replicas:
        if not origin:
            followers = len(replicas) - 1
        else:
            followers = sum(
                at >= numbers.get(origin, 0)
                for other, node in replicas.items()
                if other != origin
                for at in _fork(origin, other, node.ancestors, named, of)
            )
        if followers <= branches.get(origin, 0):
            used.add(origin)
    return used or set(replicas)


def _fork(
    origin: str, descendant: str, ancestors: Sequence[Ancestor], named: Mapping[str, set[str]], of: str
) -> Iterable[int]:
    """The number at which a direct descendant forked from this replica; nothing if it is not an ancestor, or if another reporting
    replica is between the two. `named`: each reporting replica -> the ancestors that it states.
    """
    if origin not in named[descendant]:
        return
    if not any(origin in named.get(between, ()) for between in named[descendant] - {origin}):
        yield next(int(getattr(ancestor, of)) for ancestor in ancestors if ancestor.origin == origin)
