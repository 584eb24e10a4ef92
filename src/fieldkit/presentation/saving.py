"""From a form's answers to a stored record: their canonical form, what to look at again, and the save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldkit.presentation.forms import CARRIED, check_of
from fieldkit.presentation.model.form import Values

if TYPE_CHECKING:
    from fieldkit.records.schema.kind import Kind
    from fieldkit.store.kit import Kit, Stored

#: Kinds whose person gets a receipt code, to take back what they said.
_WITH_CODE = frozenset({"feedback"})


@dataclass(frozen=True)
class Saved:
    """A record that was stored: its id, the line that names it, the receipt code if the person gets one.

    `note` is a sentence to be read before going on, "" for none.
    """

    record_id: str
    line: str
    code: str = ""
    note: str = ""


def canonical(kind: Kind, answers: Values) -> dict[str, Any]:
    """The form's answers as a record's values, None for what was not asked.

    Raises:
        InvalidRecord: with a sentence for each answer that does not hold.
    """
    from fieldkit.errors import InvalidRecord

    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, spec in kind.fields.items():
        try:
            values[name] = check_of(spec)(answers.get(name))
        except ValueError as error:
            problems[name] = str(error)
    if problems:
        raise InvalidRecord(problems)
    return values


def privacy_warnings(kind: Kind, answers: Values) -> dict[str, list[str]]:
    """Field -> sentences about what may point to one person. Kinds that never leave the laptop have none."""
    from fieldkit.records.privacy import private_in

    return {
        name: [f"“{str(answers[name])[one.start : one.end]}”: {one.sentence}" for one in found]
        for name, found in private_in(kind, answers).items()
    }


def save(kit: Kit, kind: Kind, seen: Stored | None, values: dict[str, Any]) -> Saved:
    """Store the values, as a new record or as a change of `seen`.

    Raises:
        InvalidRecord: a rule of its kind is broken; nothing is stored.
    """
    from fieldkit.presentation.record_names import line_of
    from fieldkit.records.consent import without_code

    code = note = ""
    given = {name: value for name, value in values.items() if value is not None}
    if kind.name == "withdrawal":
        from fieldkit.presentation.withdrawals import withdraw
        from fieldkit.sync.network.identity import identity

        return Saved("", withdraw(kit, identity(kit), kind.check(given)["code"]))
    if seen is not None:
        changes = {name: value for name, value in values.items() if value != seen.values.get(name)}
        stored = kit.edit(seen, changes) if changes else seen
        note = without_code(kind, seen.values, stored.values)
    elif kind.name in _WITH_CODE:
        stored, code = kit.add_with_code(kind.name, given)
        carry(kit, values)
    else:
        stored = kit.add(kind.name, given)
        carry(kit, values)
    return Saved(stored.record_id, line_of(kit, stored, kit.terms()), code, note)


def carry(kit: Kit, values: Values) -> None:
    """Remember what is the same from one person to the next at a stall."""
    if kept := {name: values[name] for name in CARRIED if values.get(name)}:
        kit.desk.set_setting("carried", kept)
