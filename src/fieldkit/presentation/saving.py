"""From a form's answers to a stored record: the canonical form, what to check again, and the save."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fieldkit.errors import FieldkitError, InvalidRecord
from fieldkit.presentation.exchange.withdrawals import withdraw
from fieldkit.presentation.forms import CARRIED, check_of
from fieldkit.presentation.last_receipt_code import begin_entry
from fieldkit.presentation.model.form_plan import Values
from fieldkit.presentation.record_names import line_of
from fieldkit.presentation.safeguarding_notes import advice_on_note
from fieldkit.presentation.same_name import already_here
from fieldkit.records.consent import agrees, check_new, edit_problems, without_code
from fieldkit.records.kinds.concern import CONCERN
from fieldkit.records.label import IN_LIST, LONGEST
from fieldkit.records.privacy import private_in
from fieldkit.records.schema.kind import Kind, given_values
from fieldkit.records.schema.lookup import find
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.known_settings import CARRIED_ANSWERS
from fieldkit.text import shortened


@dataclass(frozen=True)
class Saved:
    """A stored record: its id, the line that names it, as long as in a list, and the receipt code if the person gets one.

    `note` is a sentence to read before going on, "" for none.
    """

    record_id: str
    line: str
    code: str = ""
    note: str = ""
    next_step: str = ""
    """What to do now, outside the program; "" for nothing."""

    @property
    def short_line(self) -> str:
        """The line for a sentence."""
        return shortened(self.line, LONGEST)


def canonical(kind: Kind, answers: Values) -> dict[str, Any]:
    """The form's answers as a record's values, None for what was not asked.

    Raises:
        InvalidRecord: holds a sentence for each answer that is not valid.
    """
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
    """Field -> sentences about what may point to one person. Kinds that never leave the laptop have no such sentences."""
    return {
        name: [f"“{str(answers[name])[span.start : span.end]}”: {span.sentence}" for span in spans]
        for name, spans in private_in(kind, answers).items()
    }


def problems(kind: Kind, seen: Stored | None, answers: Values) -> dict[str, str]:
    """The reasons not to save these answers that can be known without the kit: field -> sentence."""
    try:
        values = canonical(kind, answers)
        if seen is not None:
            changes = {name: value for name, value in values.items() if value != seen.values.get(name)}
            return edit_problems(kind, seen.values, changes)
        check_new(kind, given_values(values))
    except InvalidRecord as error:
        return error.problems
    return {}


class HereAlready(FieldkitError):
    """A record of that name is here already, and nobody has confirmed yet that this is another."""


def save(
    kit: Kit,
    kind: Kind,
    seen: Stored | None,
    values: dict[str, Any],
    *,
    another: bool = True,
    printed_code: str = "",
) -> Saved:
    """Store the values, as a new record or as a change of `seen`. `another`: a record of the same name may be here already.

    `printed_code` is the receipt code on the person's form, "" to make a new one.

    Raises:
        HereAlready: a record of the same name is here; nothing is stored.
        InvalidRecord: a rule of its kind is broken; nothing is stored.
    """
    if seen is None and not another and (sentence := already_here(kit, kind, values)):
        raise HereAlready(sentence, kept="Nothing was saved yet.")
    code = note = ""
    if kind.name == "withdrawal":
        return Saved(
            "",
            withdraw(kit, kind.check(given_values(values))["code"]).sentence(
                "{sync[invite]} on “send and receive”"
            ),
        )
    values = _with_terms(kit, kind, seen, values)
    if seen is not None:
        changes = {name: value for name, value in values.items() if value != seen.values.get(name)}
        stored = kit.edit(seen, changes) if changes else seen
        note = without_code(kind, seen.values, stored.values)
    else:
        stored, code = store_new(kit, kind, given_values(values), code=printed_code)
    next_step = advice_on_note(kit, stored.values) if kind.name == CONCERN.name else ""
    return Saved(stored.record_id, line_of(kit, stored, kit.terms(), longest=IN_LIST), code, note, next_step)


def _with_terms(kit: Kit, kind: Kind, seen: Stored | None, values: dict[str, Any]) -> dict[str, Any]:
    """The values, with answers in somebody's own words replaced by the term that they spell.

    Words that match no term become a new term, so that it is offered from now on. Answers to monitoring questions do not: a
    term goes to everybody, and a rare one may point to one person.

    Raises:
        InvalidRecord: a rule of the kind is broken; no term is stored.
    """
    terms = kit.terms()
    fresh: dict[tuple[str, str], dict[str, Any]] = {}
    with_codes = dict(values)
    for name, spec in kind.fields.items():
        value = values.get(name)
        if (
            value is None
            or not spec.codes
            or not spec.code_list.open
            or (seen and seen.values.get(name) == value)
        ):
            continue
        codes = []
        for answer in value if isinstance(value, list) else [value]:
            code = find(spec.code_list, answer, terms.get(spec.codes, {}))
            if code is None and not spec.monitoring:
                fresh[spec.codes, answer] = {"list_name": spec.codes, "code": answer, "label": answer}
            codes.append(code or answer)
        with_codes[name] = sorted(set(codes)) if isinstance(value, list) else codes[0]
    if fresh:
        if seen is None:
            check_new(kind, given_values(with_codes))
        else:
            kind.check(given_values(with_codes))
        kit.add_many("term", fresh.values())
    return with_codes


def store_new(
    kit: Kit, kind: Kind, values: Values, *, with_code: bool = True, code: str = ""
) -> tuple[Stored, str]:
    """Store a new record; returns it with the receipt code of the person who agreed to it, "" if nobody gets one.

    `code` is the one printed on the person's form. All new records from forms, plain lines, `--set` and the check-in pass
    through here; imports apply the same rule row by row.

    Raises:
        InvalidRecord: a value is not valid, or nobody agreed to be recorded; nothing is stored.
        WrongCode: `code` is mistyped, or was used already; nothing is stored.
    """
    values = check_new(kind, values)
    if with_code and agrees(kind, values):
        stored, code = kit.add_with_code(kind.name, values, code)
    else:
        code = ""
        stored = kit.add(kind.name, values)
        begin_entry(kit, kind)  # the previous person's code is not for this one
    carry(kit, values)
    return stored, code


def store_linked(
    kit: Kit, kind: Kind, values: Values, linked: Callable[[str], Iterable[tuple[str, Values]]]
) -> tuple[list[Stored], str]:
    """Like `store_new` for somebody who agreed, plus records that link to it, all or nothing: see `Kit.add_linked`."""
    values = check_new(kind, values)
    stored, code = kit.add_linked(kind.name, values, linked)
    carry(kit, values)
    return stored, code


def carry(kit: Kit, values: Values) -> None:
    """Remember the answers that stay the same from one person to the next at a stall."""
    if kept := {name: str(values[name]) for name in CARRIED if values.get(name)}:
        kit.settings.put(CARRIED_ANSWERS, kept)
