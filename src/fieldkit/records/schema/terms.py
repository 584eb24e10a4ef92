"""Terms of open lists: those that the network has, and those that are met and are to be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Values
from fieldkit.records.schema.parse import UnknownTerm, parse
from fieldkit.text import clean_line

_LONGEST = 80


class NewTerms:
    """Reads answers with the network's terms; with `adds`, a term that an open list does not hold yet becomes one."""

    def __init__(self, known: Mapping[str, Mapping[str, str]], *, adds: bool = False) -> None:
        self.terms: dict[str, dict[str, str]] = {name: dict(codes) for name, codes in known.items()}
        self.adds = adds
        self.added: Counter[str] = Counter()
        """How many were added to each list."""
        self._fresh: list[Values] = []

    def parse(self, spec: FieldSpec, raw: Any) -> Any:
        """The canonical value of an answer, None for an empty one.

        Raises:
            UnknownTerm: an open list does not hold it, and terms are not to be added.
            ValueError: with a sentence that says what is wrong.
        """
        while True:
            try:
                return parse(spec, raw, self.terms)
            except UnknownTerm as unknown:
                # One answer may have several new terms; one that is there and is not found again is too long to be one.
                if not self.adds or not self.add(unknown):
                    raise

    def add(self, unknown: UnknownTerm) -> bool:
        """Add a term that was met; False if there is one of that name."""
        label = clean_line(unknown.words)[:_LONGEST]
        if label in self.terms.get(unknown.list_name, ()):
            return False
        self.terms.setdefault(unknown.list_name, {})[label] = label
        self._fresh.append({"list_name": unknown.list_name, "code": label, "label": label})
        self.added[unknown.list_name] += 1
        return True

    @property
    def met(self) -> int:
        """How many wait to be stored."""
        return len(self._fresh)

    def back_to(self, met: int) -> None:
        """Take out those that were added since so many waited."""
        for term in self._fresh[met:]:
            del self.terms[term["list_name"]][term["code"]]
            self.added[term["list_name"]] -= 1
        del self._fresh[met:]

    def take(self) -> list[Values]:
        """The new ones as records, to be stored before what uses them; they are known from now on."""
        fresh, self._fresh = self._fresh, []
        return fresh
