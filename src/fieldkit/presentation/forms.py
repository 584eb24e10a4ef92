"""From a kind of record to its form, and from the form's answers back to a record's values.

Everything here reads the kit or the models: call it in threads, after the first frame.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from fieldkit.presentation.languages.notices import notices, version_shown
from fieldkit.presentation.lists.answer_options import code_options, link_options, link_search
from fieldkit.presentation.model.form_plan import FormPlan, Option, Question, Step, Value, Values
from fieldkit.presentation.model.stall_steps import stall_steps
from fieldkit.presentation.paper.printed_code import CODE, with_code_question
from fieldkit.presentation.presets import day_and_event, time_now
from fieldkit.records.consent import DETAILS, NOTICE, asks, consent_given, no_refusal
from fieldkit.records.kinds.monitoring import GUARDIAN, GUARDIAN_NEEDED
from fieldkit.records.privacy import MAY_IDENTIFY
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import Kind
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.records.schema.parse import Terms, parse, part_kept
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
    """A form ready to be shown. `seen` is the record when the edit began, None for a new one."""

    kind: str
    plan: FormPlan
    seen: Stored | None
    check: Callable[[str, Values], str | None]
    """What is wrong with one answer, given all the answers so far, as a sentence."""
    draft_id: str = ""
    step: int = 0
    begun_with: Values = field(default_factory=dict)
    """The answers before anybody typed."""
    presets: Values = field(default_factory=dict)
    """The answers among these that nobody gave: they count once their page was seen."""
    question: str = ""
    """The question where an unfinished entry was left, "" if not known."""

    def answered(self, values: Values, pages_seen: Collection[int]) -> Values:
        """The values that somebody gave or saw. `pages_seen` are the indexes of the pages shown so far.

        A preset on an unseen page is not an answer. When, to whom and by which notice consent was given belongs to a yes:
        without one, these presets do not count either.
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
    """The form for a new record; `presets` override those of the kind.

    It opens after the leading questions that `presets` answer: typing there would replace those answers.
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
        NotFound: there is no such record.
    """
    seen = kit.shown(record)
    kind = kind_named(seen.kind)
    values = dict(seen.values)
    return _entry(kit, kind, f"{kind.title} · change", values, seen, begun=dict(values), paged=False)


def correction(kit: Kit, record: str) -> Entry:
    """The form for a record that was just saved, filled in with its values.

    Raises:
        NotFound: there is no such record.
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
    # The draft holds what was seen before. The rest is preset again: the day of consent is today.
    presets = {name: value for name, value in presets_of(kit, kind).items() if name not in draft.values}
    return _entry(kit, kind, title, {**presets, **draft.values}, None, {}, presets, draft)


def seen_at(kit: Kit, draft: Draft) -> Stored:
    """The record as the draft's edit first saw it: the heads at that time, and their values."""
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
    if draft and CODE in draft.values:  # a sheet whose pile is forgotten
        steps = with_code_question(steps)
    letters = draft.letters if draft else {}
    plan = FormPlan(title, steps, values, paged and bool(kind.pages), letters)
    draft_id, step, question = (draft.id, draft.step, draft.question) if draft else ("", 0, "")
    # An entry begun elsewhere, such as at a hand-over, knows its question but no step.
    step = next((at for at, each in enumerate(steps) if any(q.name == question for q in each.fields)), step)
    return Entry(kind.name, plan, seen, checker(kind), draft_id, step, begun, presets or {}, question)


def checker(kind: Kind) -> Callable[[str, Values], str | None]:
    """A function that returns what is wrong with one answer of a form, or None.

    It checks the answer itself, then the rules of the kind with all valid answers so far. So leaving a question finds
    everything that saving would find wrong with its answer.
    """
    checks = {name: check_of(spec) for name, spec in kind.fields.items()}
    rules = [rule for rule in kind.rules if rule is not no_refusal]  # a no opens its own dialog

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
    """The presets of a new record. None of them is an answer until somebody has seen it."""
    defaults: Values = {name: spec.default for name, spec in kind.fields.items() if spec.default is not None}
    return {**defaults, **day_and_event(kit, kind), **consent_presets(kit, kind), **time_now(kit, kind)}


def consent_presets(kit: Kit, kind: Kind) -> Values:
    """When, with which notice and by whom consent is taken: as for the previous person; at first by this laptop."""
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
    """The question for one field; `value` is its present value."""
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
        part_kept=partial(part_kept, spec) if spec.half_a_postcode else None,
        needed=GUARDIAN_NEEDED if spec.name == GUARDIAN else "",
        note=destination(kind),
    )


def _is_pointed_at(kind: Kind, spec: FieldSpec) -> bool:
    """Whether to mark possible identifiers while they are typed: in longer text, and in mentors' lines, which travel."""
    if not kind.shared or spec.name in MAY_IDENTIFY:
        return False
    return spec.shape == "text" or (spec.shape == "line" and kind.says_where)


def destination(kind: Kind) -> str:
    """The note beside the questions of a kind whose forms say where answers go; "" for all other kinds."""
    if not kind.says_where:
        return ""
    return TRAVELS if kind.shared else STAYS


def _names(kit: Kit, kind: Kind, spec: FieldSpec) -> tuple[Sequence[str], dict[str, str]]:
    """The names to suggest for a field, and a map from other spellings to the provider's own name."""
    if not spec.named_freely:
        return (), {}
    used = kit.names_in_use(kind.name, spec.name)
    if spec.named_after != "provider":
        return used, {}
    known = kit.provider_names()
    names = list(dict.fromkeys([*known.names, *used, *known.spellings]))
    return names, {name: own for name in names if (own := known.name_of(name)) != name}


def one_line_field(kind_name: str) -> str | None:
    """The only required field of a kind if it is a single line, such as a person's name; otherwise None."""
    needed = [spec for spec in kind_named(kind_name).fields.values() if spec.required]
    return needed[0].name if len(needed) == 1 and needed[0].shape == "line" else None


def link_asks_consent(kind_name: str, field_name: str) -> bool:
    """Whether a record made for this link is a person who has to consent."""
    return asks(kind_named(kind_named(kind_name).fields[field_name].link))


def check_of(spec: FieldSpec) -> Callable[[Value], Any]:
    """A function from an answer to its canonical form; raises ValueError with a sentence."""
    if spec.shape in {"date", "time", "number", "scale"} or spec.pattern:
        return lambda value: parse(spec, value) if isinstance(value, str) else _checked(spec, value)
    return lambda value: _checked(spec, value)


def _checked(spec: FieldSpec, value: Value) -> Any:
    return None if value is None or value == "" or value == [] else spec.check(value)
