"""The answers that a question offers in plain lines, with the same keys as on screens and on paper."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.presentation.lists.answer_options import labelled_options
from fieldkit.records.schema.answer_digits import answer_digits
from fieldkit.records.schema.codes import Code
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.parse import Terms
from fieldkit.store.kit import Kit

_MOST_LISTED = 26
_MOST_RECORDS = 9


class AnswerKeys:
    """What can be typed for one question, and what it means."""

    def __init__(self, kit: Kit, spec: FieldSpec, terms: Terms) -> None:
        self._spec = spec
        self._offered = list(_records(kit, spec, terms) if spec.link else _codes(spec, terms))
        self._meant = {key.casefold(): value for key, _, value in self._offered if key}

    @property
    def declined(self) -> str | list[str] | None:
        """The value of "prefer not to say"; None if it is not an answer here."""
        code = self._spec.code_list.declined if self._spec.codes else ""
        return ([code] if self._spec.several else code) if code else None

    def lines(self) -> list[str]:
        """What to say about the answers before the question; for a long list, only its length."""
        if len(self._offered) > _MOST_LISTED:
            keyed = [f"{key} {label}" for key, label, _ in self._offered if key]
            known = keyed if len(keyed) <= 2 else []
            return [*known, f"{len(self._offered)} answers: type one; ? lists them all."]
        several = ["Several may fit: put commas between them."] if self._spec.shape == "many" else []
        if self._spec.shape == "date":
            return ["Day/month/year, or today."]
        scale = [f"From {self._spec.minimum} to {self._spec.maximum}."] if self._spec.shape == "scale" else []
        return [*(f"{key} {label}" for key, label, _ in self._offered), *several, *scale]

    def all_lines(self) -> list[str]:
        """All answers, for somebody who asks for help with a long list."""
        if len(self._offered) <= _MOST_LISTED:
            return []
        return [f"  {key} {label}".replace("   ", "  ") for key, label, _ in self._offered]

    def meant(self, typed: str) -> str:
        """`typed` with each key replaced by what it means."""
        if self._spec.shape != "many":
            return self._meant.get(typed.casefold(), typed)
        pieces = [piece.strip() for piece in typed.split(",")]
        if any(piece.casefold() in self._meant for piece in pieces):
            return ";".join(self._meant.get(piece.casefold(), piece) for piece in pieces)
        return typed


def _records(kit: Kit, spec: FieldSpec, terms: Terms) -> Iterator[tuple[str, str, str]]:
    """(key, label, value) for the newest records of the kind that a link points to."""
    records = kit.page(spec.link, limit=_MOST_RECORDS)
    for number, option in enumerate(labelled_options(kit, records), 1):
        yield str(number), option.label, option.code


def _codes(spec: FieldSpec, terms: Terms) -> Iterator[tuple[str, str, str]]:
    """The same for the answers of a list, except “not asked”."""
    if not spec.codes:
        return
    own = terms.get(spec.codes, {})
    entries = [
        *(entry for entry in spec.code_list.entries if entry.role != "not-asked"),
        *(Code(code, label) for code, label in own.items() if code not in spec.code_list.codes),
    ]
    keys = {code: key for key, code in answer_digits(spec, [entry.code for entry in entries])}
    # Prefer not to say comes last, as on every screen.
    for entry in sorted(entries, key=lambda entry: entry.role == "declined"):
        yield keys.get(entry.code, ""), entry.label, entry.code
