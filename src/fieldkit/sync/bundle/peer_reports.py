"""What laptops say of themselves, as it stands in headers and as it is remembered."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Words(msgspec.Struct, omit_defaults=True):
    """What one copy of a laptop said last, but for its marks.

    `number` is that of its bundle, `at` when a coordinator merged it; `began` and `made`, when the first and the last
    bundle that was heard of it were written, on its own clock (milliseconds since 1970, 0 for unknown).
    """

    number: int = 0
    at: int = 0
    began: int = 0
    made: int = 0
    former: list[str] = []
    """The names that it wrote under before, or that the kit bore whose place it took."""
    own: dict[str, int] = {}
    """The last seq that it holds of each of its laptop's own streams."""


class Said(Words, omit_defaults=True):
    """All that one copy of a laptop said last."""

    marks: dict[str, tuple[int, int]] = {}
    """Origin -> the last seq held of it, and the number for the erasing ops held up to there."""


class Speaker(Said, omit_defaults=True):
    """What is remembered of one copy: `first` and `knows` are how far it came in streams of this kit's own laptop, by
    what this kit held when it heard the copy first, and by what the copy said last; `beyond`, what it knows of them that
    is not held here; `via`, the coordinator who passed its word on; `place`, in which order the copies were heard.
    """

    first: dict[str, int] = {}
    knows: dict[str, int] = {}
    beyond: dict[str, int] = {}
    via: str = ""
    place: int = 0


Speakers = Mapping[str, Speaker]
"""The name that a copy of a laptop writes under ("" where its program does not say) -> what it said last."""


class Passed(Words, omit_defaults=True):
    """What a coordinator passes on of one copy."""

    marks: list[int] = []
    """The places of its marks in a table."""


class Relayed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a coordinator has heard: a table of marks, (origin, last seq, number) each, and who said which."""

    marks: list[tuple[str, int, int]] = []
    said: dict[str, Passed] = {}
