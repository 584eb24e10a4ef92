"""One sheet of a pile: its form, what "as above" means, and how it is stored. Call it in threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldkit.errors import InvalidRecord
from fieldkit.presentation import forms, saving
from fieldkit.presentation.forms import Entry
from fieldkit.presentation.last_receipt_code import handed_over, last_code
from fieldkit.presentation.model.form_plan import FormPlan, Question, Step, Value, Values
from fieldkit.presentation.paper.piles import TITLES, Pile
from fieldkit.presentation.paper.printed_code import CODE, with_code_question
from fieldkit.presentation.saved_texts import CODE_TO_WRITE, SAVED_SHEET
from fieldkit.presentation.stall.check_in import answer_look_alikes, check_in, check_in_new
from fieldkit.presentation.stall.head_count_groups import OTHERS, count_heads, counted_groups
from fieldkit.presentation.stall.known_people import KnownPeople, Match
from fieldkit.records.consent import consent_given
from fieldkit.records.kinds.monitoring import unaccompanied
from fieldkit.records.schema.kind import Kind, kind
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.sync.network.identity import Identity

_MOST_ALIKE = 6
_ROW = ("name", "organisation", "consent_record", "consent_contact")
"""The questions on a line of the sign-in sheet, in order."""
NEVER_COPIED = frozenset({"consent_record", "consent_quote", "consent_contact", "name", CODE})
"""Each person's own answers: they are read from the sheet and never copied from the one above."""


@dataclass(frozen=True)
class Stored:
    """The result for a sheet: its record ("" if the person was only counted), and a sentence for the volunteer."""

    record_id: str
    sentence: str


@dataclass(frozen=True)
class SheetPerson:
    """Whom a line of a sign-in sheet means: the known `person` by id, or a new one.

    For a new person, `answer` says whether they differ from the known people who are `alike`; `me` gives that answer.
    """

    person: str = ""
    alike: Sequence[str] = ()
    answer: str = ""
    me: Identity | None = None


def sheet_entry(kit: Kit, pile: Pile, draft: Draft | None = None) -> Entry:
    """The form for the next sheet of a pile, or for one that waits. Repeated answers are filled in; the sheet's questions are
    asked.
    """
    the_kind = kind(pile.sheets_of)
    shared = dict(pile.shared)
    entry = forms.resumed_entry(kit, draft) if draft else forms.new_entry(kit, the_kind, shared)
    values: Values = {**shared, **(draft.values if draft else {})}
    if "consent_by" not in values:
        # Left empty for the pile: whoever took the previous person's consent did not take these.
        entry.plan.values.pop("consent_by", None)
        entry.presets.pop("consent_by", None)
        entry.begun_with.pop("consent_by", None)
    if pile.sheets_of == "person":
        steps = [Step("Sign-in sheet", [_asked_on(entry.plan, name) for name in _ROW])]
    else:
        values.setdefault("whose_words", "own")
        steps = [_as_printed(the_kind, number, step) for number, step in enumerate(entry.plan.steps)]
        if pile.printed_codes:
            steps = with_code_question(steps)
    plan = FormPlan(TITLES[pile.sheets_of], steps, {**entry.plan.values, **values}, paged=True)
    # Somebody gave the repeated answers for the whole pile: they count whichever pages were in view.
    presets = {name: value for name, value in entry.presets.items() if name not in shared}
    if pile.sheets_of == "feedback" and "whose_words" not in (draft.values if draft else {}):
        presets["whose_words"] = "own"
    return replace(
        entry, plan=plan, presets=presets, begun_with={**entry.begun_with, **values} if not draft else {}
    )


def _as_printed(the_kind: Kind, number: int, step: Step) -> Step:
    """A page of the screen as it is on paper: everything printed is asked, and the notice was read before."""
    set_up = the_kind.set_up if number == 0 else ()
    return replace(
        step,
        fields=[
            question if question.name in set_up else replace(question, on_request=False)
            for question in step.fields
        ],
        notices=(),
    )


def _asked_on(plan: FormPlan, name: str) -> Question:
    return replace(plan.question(name), on_request=False, goes_on=True)


def is_last_above(pile: Pile, draft_id: str) -> bool:
    """Whether the sheet entered last is the one above the sheet with that draft."""
    return 0 < pile.last_number == pile.number_of(draft_id) - 1


def above(kit: Kit, pile: Pile, draft_id: str) -> Values:
    """The answers that may be copied from the sheet above; empty if another sheet was entered last."""
    copied = pile.last and is_last_above(pile, draft_id)
    record = kit.many(pile.sheets_of, [pile.last]).get(pile.last) if copied else None
    if record is None or record.deleted:
        return {}
    return {name: _plain(value) for name, value in record.values.items() if name not in NEVER_COPIED}


def _plain(value: Any) -> Value:
    return list(value) if isinstance(value, list) else value


def refusal(pile: Pile, answers: Mapping[str, Value]) -> str:
    """Why nothing of this sheet may be kept, "" if it may. A line of a sign-in sheet without a yes is counted."""
    if pile.sheets_of == "person":
        return ""
    if not consent_given(dict(answers)):
        return "There is no yes to keeping what was said on this sheet."
    if unaccompanied(dict(answers)):
        return "The person is under 16, and no parent or guardian was there."
    return ""


def people_alike(kit: Kit, people: KnownPeople, answers: Mapping[str, Value]) -> Sequence[Match]:
    """People who may be the one on this line, best first; empty without a yes to the name. Refreshes `people`."""
    name = str(answers.get("name") or "").strip()
    if not name or not consent_given(dict(answers)):
        return ()
    people.refresh(kit)
    return people.look_alikes(name, {})[:_MOST_ALIKE]


def store_sheet(
    kit: Kit, pile: Pile, answers: Mapping[str, Value], who: SheetPerson = SheetPerson()
) -> Stored:
    """Store a sheet of a pile. `who`: whom a line of a sign-in sheet means.

    Raises:
        InvalidRecord: holds a sentence for each answer that is not valid; nothing is stored.
        WrongCode: the printed receipt code is mistyped, or was used; nothing is stored.
    """
    if pile.sheets_of == "person":
        return _store_name(kit, pile, answers, who)
    code = str(answers.get(CODE) or "").strip()
    the_kind = kind(pile.sheets_of)
    values = saving.canonical(the_kind, {name: value for name, value in answers.items() if name != CODE})
    saved = saving.save(kit, the_kind, None, values, printed_code=code)
    handed_over(kit, saved.code)
    return Stored(saved.record_id, SAVED_SHEET if code else CODE_TO_WRITE.format(saved.code))


def sheet_above(kit: Kit, pile: Pile) -> str:
    """The sentence on the form above and its receipt code, while that code can be shown again; "" after that."""
    last = last_code(kit)
    if last is None or pile.printed_codes or (last.kind, last.record_id) != (pile.sheets_of, pile.last):
        return ""
    return CODE_TO_WRITE.format(last.code)


def _store_name(kit: Kit, pile: Pile, answers: Mapping[str, Value], who: SheetPerson) -> Stored:
    """A line of a sign-in sheet: a known or new person is checked in; without a yes, somebody is only counted."""
    event = str(pile.shared.get("event") or "")
    name = str(answers.get("name") or "").strip()
    if not name and consent_given(dict(answers)):
        raise InvalidRecord({"name": "A name is needed where it may be kept."})
    if not consent_given(dict(answers)):
        mine = next(group.mine for group in counted_groups(kit, event, kit.origin) if group.code == OTHERS)
        count_heads(kit, kit.origin, event, OTHERS, mine + 1, "")
        return Stored("", "Counted without a name, with the others.")
    if who.person:
        done = check_in(kit, event, who.person, "")
        return Stored(
            who.person, f"{done.line} {'was checked in already' if done.again else 'is checked in'}."
        )
    consent = {key: pile.shared.get(key) for key in ("consent_date", "consent_by", "consent_notice")}
    given = {
        **{key: value for key, value in consent.items() if value},
        "consent_record": "Y",
        "consent_contact": answers.get("consent_contact"),
    }
    organisation = str(answers.get("organisation") or "").strip()
    done = check_in_new(kit, event, f"{name.replace(',', ' ')}, {organisation}".rstrip(", "), given, "")
    if who.alike and who.me is not None:
        done = answer_look_alikes(kit, who.me, done, who.alike, who.answer)
    if done.code:
        handed_over(kit, done.code)
    newest = kit.page("person", 0, 1)[0].record_id
    return Stored(newest, f"{done.line}: a new person, checked in. Receipt code: {done.code}.")
