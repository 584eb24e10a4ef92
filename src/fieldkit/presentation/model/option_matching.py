"""Which options of a long list match what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fieldkit.presentation.model.form_plan import Option
from fieldkit.spelling import folded, folded_words, holds

_PARTS = re.compile(r"[-/(]")


def matching(options: Sequence[Option], typed: str) -> list[tuple[int, Option]]:
    """The options that match `typed` in any spelling, numbered from 1: by number, by starts of words, then by parts of words."""
    wanted = folded_words(typed).split()
    if not wanted:
        return [] if typed.strip() else list(enumerate(options, 1))
    whole = folded(typed)
    ranked: list[tuple[int, int, Option]] = []
    for number, option in enumerate(options, 1):
        label = folded_words(option.label)
        starts = folded_words(_PARTS.sub(" ", option.label)).split()
        if str(number) == typed or folded(option.label) == whole:
            rank = 0
        elif all(any(start.startswith(word) for start in starts) for word in wanted):
            rank = 1
        elif typed.isdigit() and str(number).startswith(typed):
            rank = 2
        elif not typed.isdigit() and all(
            holds(label, word) or word in folded_words(option.group) for word in wanted
        ):
            rank = 3
        else:
            continue
        ranked.append((rank, number, option))
    return [(number, option) for _, number, option in sorted(ranked, key=lambda match: match[:2])]
