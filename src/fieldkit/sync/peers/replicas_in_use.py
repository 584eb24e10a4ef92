"""Which replicas of a laptop are in use: the heads of the graph of replicas (docs/replicas.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from fieldkit.store.local.known_settings import Ancestor


class Node(Protocol):
    """What the graph knows of a replica: those that it descends from, the nearest first."""

    @property
    def ancestors(self) -> Sequence[Ancestor]: ...


def heads(
    replicas: Mapping[str, Node], numbers: Mapping[str, int], branches: Mapping[str, int], of: str
) -> set[str]:
    """The origins of those replicas of one laptop that are in use.

    `numbers` gives the number of each one's latest file, `branches` in how many ways a stream goes on besides its first;
    `of` says which number of an ancestor it is compared with: "bundle" or "receipt".

    A replica is followed by its direct descendants that left it at that number or later. It is in use while fewer
    follow it than wrote under its name: one, and one more for each branch of its stream. A program that does not say
    which replica it is ("") is followed by any that does. In a ring each follows another, and no kit writes such a thing:
    where nobody would be left, all are in use.
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
    """The number at which a direct descendant left this replica; nothing if it is no ancestor, or if another replica
    that was heard lies between the two. `named`: each replica that was heard -> the ancestors that it states.
    """
    if origin not in named[descendant]:
        return
    if not any(origin in named.get(between, ()) for between in named[descendant] - {origin}):
        yield next(int(getattr(ancestor, of)) for ancestor in ancestors if ancestor.origin == origin)
