"""From a kind of record to the form that asks for it, and from the form's answers back to a record's values.

Everything here reads the kit or the models, so it is called in threads, after the first frame.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fieldkit.presentation.languages.notices import notices, version_shown
from fieldkit.presentation.lists.answer_options import code_options, link_options, link_search
from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step, Value, Values
from fieldkit.presentation.model.stall_steps import stall_steps
from fieldkit.presentation.presets import day_and_event, time_now
from fieldkit.records.consent import DETAILS, NOTICE, asks, consent_given, no_refusal
from fieldkit.records.kinds.monitoring import GUARDIAN, GUARDIAN_NEEDED
from fieldkit.records.privacy import MAY_IDENTIFY
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.parse import Terms, parse
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import CARRIED_ANSWERS, IDENTITY

TRAVELS, STAYS = "travels", "stays here"

_INTROS = {
    "Consent": "First read the paper notice aloud. Ask each question separately.",
    "About you": "All of this can be left out. It shows whether services reach everybody.",
    "More about you": "All of this can be left out. It shows whether services are fair to everybody.",
}
CARRIED = ("consent_notice", "consent_by")


@dataclass(frozen=True)
class Entry:
    """A form ready to be shown. `seen` is the record as it was when the edit began, None for a new one."""

    kind: str
    plan: FormPlan
    seen: Stored | None
    check: Callable[[str, Values], str | None]
    """What is wrong with one answer, given all the others so far, as a sentence."""
    draft_id: str = ""
    step: int = 0
    begun_with: Values = field(default_factory=dict)
    """The answers that were there before anybody typed."""
    presets: Values = field(default_factory=dict)
    """Those of them that nobody gave: they count once the page with them was seen."""
    question: str = ""
    """The question at which an unfinished entry was left, "" where that is not known."""

    def answered(self, values: Values, pages_seen: Collection[int]) -> Values:
        """The values that somebody gave or saw, with the pages that were in view so far (from 0).

        A preset of a page that nobody saw is no answer. When, to whom and by which notice consent was given belongs to a
        yes: without one, these presets don't count either.
        """
        if self.seen is not None:
            return values
        page_of = {
            question.name: number for number, step in enumerate(self.plan.steps) for question in step.fields
        }
        agreed = consent_given(values)
        unseen = {
            name
            for name, value in values.items()
            if (value or None) == self.presets.get(name)
            and (page_of.get(name) not in pages_seen or (name in DETAILS and not agreed))
        }
        return {name: value for name, value in values.items() if name not in unseen}


def new_entry(kit: Kit, kind: Kind, presets: Values) -> Entry:
    """The form for a new record; `presets` stand above what the kind itself begins with.

    It opens behind questions that `presets` answer at its beginning: what is typed there would replace them.
    """
    values = {**presets_of(kit, kind), **presets}
    entry = _entry(kit, kind, f"{kind.title} · new", values, None, begun=values, presets=values)
    first, *others = (question.name for question in entry.plan.steps[0].fields)
    if first not in presets:
        return entry
    return replace(entry, question=next((name for name in others if name not in presets), first))


def edit_entry(kit: Kit, record: str) -> Entry:
    """The form for a stored record, by its id or `kind:id`.

    Raises:
        NotFound: there is none.
    """
    seen = kit.shown(record)
    kind = kind_named(seen.kind)
    values = dict(seen.values)
    return _entry(kit, kind, f"{kind.title} · change", values, seen, begun=dict(values), paged=False)


def correction(kit: Kit, record: str) -> Entry:
    """The form for a record that was just saved, as it was filled in.

    Raises:
        NotFound: there is none.
    """
    seen = kit.get(record)
    kind = kind_named(seen.kind)
    values = dict(seen.values)
    return _entry(kit, kind, f"{kind.title} · correct", values, seen, begun=dict(values))


def resumed_entry(kit: Kit, draft: Draft) -> Entry:
    """The form for an unfinished entry, as it was left.

    Raises:
        NotFound: the record that was being changed is no longer here.
    """
    kind = kind_named(draft.kind)
    seen = seen_at(kit, draft) if draft.record_id else None
    title = f"{kind.title} · {'change' if seen else 'new'} · unfinished"
    if seen:
        values = dict(draft.values)
        return _entry(kit, kind, title, values, seen, dict(seen.values), {}, draft, paged=False)
    # What was seen before lies in the draft. The rest is preset anew: the day on which consent is taken is today.
    presets = {name: value for name, value in presets_of(kit, kind).items() if name not in draft.values}
    return _entry(kit, kind, title, {**presets, **draft.values}, None, {}, presets, draft)


def seen_at(kit: Kit, draft: Draft) -> Stored:
    """The record as the draft's edit first saw it: with the heads kept then, and the values that they
    held.
    """
    heads_seen = draft.seen or {}
    values: dict[str, Any] = {}
    for step in kit.history(draft.record_id, draft.kind):
        for name, value in step.fields.items():
            if step.ref in heads_seen.get(name, ()) and value is not None:
                values[name] = value
    return replace(kit.get(draft.record_id, draft.kind), values=values, heads=heads_seen)


def _entry(
    kit: Kit,
    kind: Kind,
    title: str,
    values: Values,
    seen: Stored | None,
    begun: Values,
    presets: Values | None = None,
    draft: Draft | None = None,
    *,
    paged: bool = True,
) -> Entry:
    terms = kit.terms()

    def asked(spec: FieldSpec) -> Question:
        return question_of(kit, kind, spec, terms, values.get(spec.name))

    if paged and kind.pages:
        steps = stall_steps(kind, asked, notices(kit, kind))
    else:
        steps = [
            Step(
                name,
                [asked(spec) for spec in specs if not spec.from_files or values.get(spec.name)],
                _INTROS.get(name, ""),
            )
            for name, specs in kind.steps.items()
        ]
    letters = draft.letters if draft else {}
    plan = FormPlan(title, steps, values, paged and bool(kind.pages), letters)
    draft_id, step, question = (draft.id, draft.step, draft.question) if draft else ("", 0, "")
    # An entry that was begun elsewhere, such as at a hand-over, knows its question and no step.
    step = next((at for at, each in enumerate(steps) if any(q.name == question for q in each.fields)), step)
    return Entry(kind.name, plan, seen, checker(kind), draft_id, step, begun, presets or {}, question)


def checker(kind: Kind) -> Callable[[str, Values], str | None]:
    """A function that gives what is wrong with one answer of a form, None if nothing is.

    It looks at the answer itself and then, with all answers that hold so far, at the rules of the kind: all that saving would
    find wrong with this answer is found when the question is left.
    """
    checks = {name: check_of(spec) for name, spec in kind.fields.items()}
    rules = [rule for rule in kind.rules if rule is not no_refusal]  # a no is asked about in a box of its own

    def check(name: str, answers: Values) -> str | None:
        checked: dict[str, Any] = {}
        for field_name, canonical in checks.items():
            try:
                checked[field_name] = canonical(answers.get(field_name))
            except ValueError as error:
                if field_name == name:
                    return str(error)
        for rule in rules:
            if problem := rule(checked).get(name):
                return problem
        return None

    return check


def presets_of(kit: Kit, kind: Kind) -> Values:
    """What a new record begins with. None of it is an answer before somebody has seen it."""
    defaults: Values = {name: spec.default for name, spec in kind.fields.items() if spec.default is not None}
    return {**defaults, **day_and_event(kit, kind), **consent_presets(kit, kind), **time_now(kit, kind)}


def consent_presets(kit: Kit, kind: Kind) -> Values:
    """When, with which notice and by whom consent is taken: as it was for the person before; at first by this laptop."""
    if "consent_date" not in kind.fields:
        return {}
    name = str((kit.settings.get(IDENTITY) or {}).get("name", ""))
    known = {"consent_by": name} | kit.settings.get(CARRIED_ANSWERS)
    carried = {each: known[each] for each in CARRIED if each in kind.fields and known.get(each)}
    if any(page.notice for page in kind.pages):
        version = str(carried.get(NOTICE, ""))
        carried[NOTICE] = version_shown(notices(kit), version)
    return {"consent_date": datetime.now().date().isoformat(), **carried}


def question_of(kit: Kit, kind: Kind, spec: FieldSpec, terms: Terms, value: Any) -> Question:
    """The question that asks for one field; `value` is what it holds now."""
    options: Sequence[Option] = ()
    alone: frozenset[str] = frozenset()
    is_open = False
    search = None
    create = False
    if spec.codes:
        options, alone, is_open = code_options(spec, terms), spec.code_list.alone, spec.code_list.open
    elif spec.link:
        chosen = spec.targets(value or None)
        options = link_options(kit, spec.link, chosen)
        search = link_search(kit, spec.link)
        create = one_line_field(spec.link) is not None
    known, stands_for = _names(kit, kind, spec)
    return Question(
        spec.name,
        spec.shape,
        spec.title,
        spec.help,
        spec.required,
        options,
        is_open,
        alone,
        search,
        create,
        spec.minimum,
        spec.maximum,
        spec.length,
        spec.monitoring,
        spec.only_if,
        known=known,
        stands_for=stands_for,
        pointed_out=_is_pointed_at(kind, spec),
        needed=GUARDIAN_NEEDED if spec.name == GUARDIAN else "",
        note=destination(kind),
    )


def _is_pointed_at(kind: Kind, spec: FieldSpec) -> bool:
    """Whether what may point to one person is marked while it is typed: longer text, and mentors' lines, which travel."""
    if not kind.shared or spec.name in MAY_IDENTIFY:
        return False
    return spec.shape == "text" or (spec.shape == "line" and kind.says_where)


def destination(kind: Kind) -> str:
    """The note beside the questions of a kind whose forms say where answers go, "" for all others."""
    if not kind.says_where:
        return ""
    return TRAVELS if kind.shared else STAYS


def _names(kit: Kit, kind: Kind, spec: FieldSpec) -> tuple[Sequence[str], dict[str, str]]:
    """The names to suggest for a field, and those of them that another name stands for: a provider's own name."""
    if not spec.named_freely:
        return (), {}
    used = kit.names_in_use(kind.name, spec.name)
    if spec.named_after != "provider":
        return used, {}
    known = kit.provider_names()
    names = list(dict.fromkeys([*known.names, *used, *known.spellings]))
    return names, {name: own for name in names if (own := known.name_of(name)) != name}


def one_line_field(kind_name: str) -> str | None:
    """The field that alone makes a record of this kind, such as a person's name; None where more is
    needed.
    """
    needed = [spec for spec in kind_named(kind_name).fields.values() if spec.required]
    return needed[0].name if len(needed) == 1 and needed[0].shape == "line" else None


def link_asks_consent(kind_name: str, field_name: str) -> bool:
    """Whether a record made for this link is somebody who has to agree to it."""
    return asks(kind_named(kind_named(kind_name).fields[field_name].link))


def check_of(spec: FieldSpec) -> Callable[[Value], Any]:
    """A function from an answer to its canonical form; raises ValueError with a sentence."""
    if spec.shape in {"date", "time", "number", "scale"} or spec.pattern:
        return lambda value: parse(spec, value) if isinstance(value, str) else _checked(spec, value)
    return lambda value: _checked(spec, value)


def _checked(spec: FieldSpec, value: Value) -> Any:
    return None if value is None or value == "" or value == [] else spec.check(value)
