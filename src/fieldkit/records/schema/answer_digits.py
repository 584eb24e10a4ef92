"""The key for each answer: the same on screens, on paper and in plain lines."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase

from fieldkit.records.schema.codes import Code
from fieldkit.records.schema.field import FieldSpec

DECLINED = "0"
"""The key for "prefer not to say", in every list that has such an answer."""
MOST_DIGITS = 9
MOST_LETTERS = len(ascii_lowercase)


def answer_digits(spec: FieldSpec, codes: Iterable[str] | None = None) -> tuple[tuple[str, str], ...]:
    """(key, code) for each answer of a choice or many that has a key, in the order in which answers are shown.

    `codes` are the answers offered, for example with the network's own terms; by default the kit's own.

    - Up to 9 answers have the digits 1, 2, 3 …; up to 26 have the letters a, b, c …: one key, whichever the list.
    - "Prefer not to say" has 0 in every list, and does not count among the others.
    - "Not asked" has no key: a question without an answer was not asked.
    - A subtype of another answer (prostate cancer, of cancer) follows that answer: its key is the other's key and a digit,
      `b1`. It does not count among the others.
    - A list with more than 26 answers of the kit's own is answered by typing, and so are terms of a network for which no
      letter is left; in such a list only "prefer not to say" has a key.

    Raises:
        KeyError: the field has no list of answers.
    """
    known = {entry.code: entry for entry in spec.code_list.entries}
    offered = [known.get(code, Code(code, code)) for code in (known if codes is None else codes)]
    shown = {entry.code for entry in offered}
    first = [entry for entry in offered if entry.role not in {"declined", "not-asked"}]
    parents = {entry.code: entry.get("parent") for entry in first if entry.get("parent") in shown}
    top = [entry.code for entry in first if entry.code not in parents]
    own = sum(code in known for code in top)
    signs = "123456789" if len(top) <= MOST_DIGITS else ascii_lowercase if own <= MOST_LETTERS else ""
    keys = dict(zip(top, signs, strict=False))
    kinds_of: dict[str, int] = {}
    for code, parent in parents.items():
        kinds_of[parent] = kinds_of.get(parent, 0) + 1
        if parent in keys and kinds_of[parent] <= MOST_DIGITS:
            keys[code] = f"{keys[parent]}{kinds_of[parent]}"
    keys |= {entry.code: DECLINED for entry in offered if entry.role == "declined"}
    return tuple((keys[entry.code], entry.code) for entry in offered if entry.code in keys)
