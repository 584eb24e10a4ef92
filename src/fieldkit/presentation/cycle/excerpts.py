"""Excerpts of an answer: exact pieces of it with cuts between them, stored as positions and read back from the answer.

`0-40…62-90` are the characters 0 to 39 and 62 to 89 of the answer. `…` marks words that were left out, `[…]` something removed
because it points to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.errors import Misuse
from fieldkit.text import clean_line, quoted

CUT, TAKEN_OUT = "…", "[…]"
_CUTS = re.compile(r"\s*(\[(?:…|\.\.\.)\]|…|\.\.\.)\s*")
_SPACE = re.compile(r"\s+")
#: The most pieces in one excerpt.
MOST_PIECES = 10


def places_of(answer: str, excerpt: str) -> str:
    """The positions of a typed excerpt, with `…` or `...` for cuts and `[…]` for what was removed.

    Spaces and line breaks may differ; every other character must match the answer, in order.

    Raises:
        Misuse: it is not an exact excerpt; the message names the piece that is not in the answer.
    """
    pieces, cuts = _pieces(excerpt)
    if not pieces or len(pieces) > MOST_PIECES:
        raise Misuse(
            "An excerpt has at least one word of the answer, and at most 10 pieces.",
            kept="Nothing was saved.",
        )
    spans: list[str] = []
    start = 0
    for number, piece in enumerate(pieces):
        match = re.compile(_SPACE.sub(r"\\s+", re.escape(piece).replace(r"\ ", " "))).search(answer, start)
        if match is None:
            raise Misuse(
                f"{quoted(piece)} is not in the answer like that.",
                kept="Nothing was saved.",
                hint="Quote exactly what the answer says, with … for words that you leave out and […] for what "
                "points to a person.",
            )
        spans.append((cuts[number - 1] if number else "") + f"{match.start()}-{match.end()}")
        start = match.end()
    return "".join(spans)


def excerpt_of(answer: str, places: str) -> str:
    """The words at the positions, on one line with their cuts; "" if the answer has no such positions."""
    parts: list[str] = []
    last = 0
    for cut, first, end in _read(places):
        if not last <= first < end <= len(answer):
            return ""
        if cut:
            parts.append(cut)
        elif not parts and answer[:first].strip():
            parts.append(CUT)
        parts.append(clean_line(answer[first:end]))
        last = end
    if answer[last:].strip(" .!?\n\t"):
        parts.append(CUT)
    return " ".join(part for part in parts if part)


def _pieces(excerpt: str) -> tuple[list[str], list[str]]:
    """The pieces between the cuts, and the cuts between the pieces. Cuts at the ends are dropped: they are drawn anyway."""
    parts = _CUTS.split(clean_line(excerpt))
    pieces, cuts = [parts[0].strip()], []
    for cut, piece in zip(parts[1::2], parts[2::2], strict=True):
        sign = TAKEN_OUT if cut.startswith("[") else CUT
        if piece.strip():
            if pieces[-1]:
                cuts.append(sign)
                pieces.append(piece.strip())
            else:
                pieces[-1] = piece.strip()
        elif pieces[-1] and cuts and not piece:
            continue
    return [piece for piece in pieces if piece], cuts


def _read(places: str) -> Iterator[tuple[str, int, int]]:
    """(cut before it, first, end) of each piece."""
    for match in re.finditer(r"(\[…\]|…)?([0-9]+)-([0-9]+)", places):
        yield match[1] or "", int(match[2]), int(match[3])
