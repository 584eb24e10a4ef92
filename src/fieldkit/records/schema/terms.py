"""Terms of open lists: those that the network has, and new ones to be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Values
from fieldkit.records.schema.lookup import find
from fieldkit.records.schema.parse import UnknownTerm, parse
from fieldkit.spelling import folded
from fieldkit.text import clean_line

_LONGEST = 80


def codes_by_list(terms: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """List name -> code -> label, for terms (list name, code, label) in the order in which they were made.

    Terms whose labels or codes fold alike are one term, whoever added them. They all get the label of the first of them, or of
    the list's own answer. Its code comes first.
    """
    lists: dict[str, list[tuple[str, str]]] = {}
    for list_name, code, label in terms:
        lists.setdefault(list_name, []).append((code, label or code))
    return {list_name: _one_label(list_name, pairs) for list_name, pairs in lists.items()}


def _one_label(list_name: str, pairs: list[tuple[str, str]]) -> dict[str, str]:
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for code, label in pairs:
        keys = ("code", folded(code)), ("label", folded(label))
        joined: list[tuple[str, str]] = []
        for group in {id(groups[key]): groups[key] for key in keys if key in groups}.values():
            joined += group
        joined.append((code, label))
        for joined_code, joined_label in joined:
            groups["code", folded(joined_code)] = groups["label", folded(joined_label)] = joined
    place = {pair: number for number, pair in reversed(list(enumerate(pairs)))}
    labels: dict[str, str] = {}
    for code, _ in pairs:
        alike = sorted(groups["code", folded(code)], key=place.__getitem__)
        labels.setdefault(code, _built_in(list_name, alike) or alike[0][1])
    return labels


def _built_in(list_name: str, pairs: list[tuple[str, str]]) -> str:
    """The label of the kit's own answer that one of these terms repeats; "" if there is none."""
    try:
        answers = code_list(list_name)
    except KeyError:
        return ""
    codes = (find(answers, spelling, {}) for code, label in pairs for spelling in (label, code))
    return next((answers.label(code) for code in codes if code is not None), "")


def same_codes(list_name: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Code -> the one code under which it counts, for the `labels` of one list, as `codes_by_list` returns them."""
    try:
        first = {entry.label: entry.code for entry in code_list(list_name).entries}
    except KeyError:
        first = {}
    return {code: first.setdefault(label, code) for code, label in labels.items()}


class NewTerms:
    """Parses answers with the network's terms; with `adds`, text that an open list lacks becomes a new term."""

    def __init__(self, known: Mapping[str, Mapping[str, str]], *, adds: bool = False) -> None:
        self.terms: dict[str, dict[str, str]] = {name: dict(codes) for name, codes in known.items()}
        self.adds = adds
        self.added: Counter[str] = Counter()
        """The number of terms added to each list."""
        self._fresh: list[Values] = []

    def parse(self, spec: FieldSpec, raw: Any) -> Any:
        """The canonical value of an answer, None for an empty one.

        Raises:
            UnknownTerm: an open list does not hold it, and terms are not to be added.
            ValueError: the value is not valid; the sentence says why.
        """
        while True:
            try:
                return parse(spec, raw, self.terms)
            except UnknownTerm as unknown:
                # One answer may have several new terms. A term that was added and is still not found is too long.
                if not self.adds or not self.add(unknown):
                    raise

    def add(self, unknown: UnknownTerm) -> bool:
        """Add a new term; False if there is one with that label."""
        label = clean_line(unknown.text)[:_LONGEST]
        if label in self.terms.get(unknown.list_name, ()):
            return False
        self.terms.setdefault(unknown.list_name, {})[label] = label
        self._fresh.append({"list_name": unknown.list_name, "code": label, "label": label})
        self.added[unknown.list_name] += 1
        return True

    @property
    def met(self) -> int:
        """The number of new terms waiting to be stored."""
        return len(self._fresh)

    def back_to(self, met: int) -> None:
        """Remove the terms added since `met` terms were waiting."""
        for term in self._fresh[met:]:
            del self.terms[term["list_name"]][term["code"]]
            self.added[term["list_name"]] -= 1
        del self._fresh[met:]

    def take(self) -> list[Values]:
        """The new terms as records, to be stored before the records that use them; from now on they are known."""
        fresh, self._fresh = self._fresh, []
        return fresh
