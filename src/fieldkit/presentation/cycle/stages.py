"""The four stages of a cycle: what each has, what is missing in one sentence each, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fieldkit.presentation.cycle.cycle_facts import ChangeFacts, CycleFacts, DatasetFacts
from fieldkit.presentation.cycle.due_answers import due_answer
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.text import plural

#: People who must have given feedback before anything can be shown, unless a preset says otherwise.
USUAL_THRESHOLD = 10


class StageName(StrEnum):
    """The stages in their order (NHS BME Network Facilitation Framework V.6, June 2011, section 5)."""

    ANALYSE = "analyse"
    ENGAGE = "engage"
    DETERMINE = "determine"
    PARTNER = "partner"


class State(StrEnum):
    """How far a stage has come: *ready* when nothing is missing, *done* when the next one has begun as well."""

    NOT_BEGUN = "not begun"
    BEGUN = "begun"
    READY = "ready"
    DONE = "done"


class Action(StrEnum):
    """What a person can do about something missing."""

    IMPORT_FIGURES = "import figures"
    MATCH_LABELS = "match labels"
    EDIT_CYCLE = "edit the cycle"
    EDIT_FIGURES = "describe the figures"
    IMPORT_POPULATION = "import a population"
    ADD_ENGAGEMENT = "add an engagement"
    RECORD_FEEDBACK = "record feedback"
    ADD_CHANGE = "add a change"
    ADD_FEEDBACK_SUPPORT = "add supporting feedback"
    ADD_FIGURE_SUPPORT = "add supporting figures"
    EDIT_CHANGE = "edit the change"
    ASK_FOR_ANSWER = "ask for an answer"
    ADD_ANSWER = "record the answer"


@dataclass(frozen=True)
class Missing:
    """Something that a stage needs: a sentence, what to do about it, and the record concerned ("" for none)."""

    sentence: str
    action: Action
    record_id: str = ""


@dataclass(frozen=True)
class Stage:
    """One stage. `has` and `notes` are lines for people; a note is about something that can no longer be changed."""

    name: StageName
    state: State
    has: tuple[str, ...]
    missing: tuple[Missing, ...]
    notes: tuple[str, ...] = ()


def stages_of(facts: CycleFacts, today: date, threshold: int = USUAL_THRESHOLD) -> tuple[Stage, ...]:
    """The four stages of a cycle on a day. `threshold`: the preset in use shows nothing about fewer people."""
    day = today.isoformat()
    counts = [dataset for dataset in facts.datasets if dataset.role == "counts"]
    purposes = {engagement.purpose for engagement in facts.engagements}
    answered = any(reply.words or reply.asked_on for change in facts.changes for reply in change.replies)
    begun = (
        bool(counts),
        bool(facts.engagements or facts.feedback.ids),
        bool(facts.changes),
        answered or "work" in purposes,
    )
    parts = (
        (_analyse_has(facts), _analyse(facts, counts), ()),
        (_engage_has(facts, day), _engage(facts, day, threshold), _engage_notes(facts, day)),
        (_determine_has(facts), _determine(facts), ()),
        (_partner_has(facts), _partner(facts, today), ()),
    )
    stages = []
    for place, (name, (has, missing, notes)) in enumerate(zip(StageName, parts, strict=True)):
        lacking = tuple(missing)
        last = place == len(parts) - 1
        followed = _closed(facts) if last else any(begun[place + 1 :])
        state = State.BEGUN if begun[place] else State.NOT_BEGUN
        if not lacking:
            state = State.DONE if followed else State.READY
        stages.append(Stage(name, state, tuple(has), lacking, tuple(notes)))
    return tuple(stages)


def current_stage(stages: tuple[Stage, ...]) -> Stage:
    """The stage that a cycle is in: the first one that is not done, the last one if all are."""
    return next((stage for stage in stages if stage.state != State.DONE), stages[-1])


def next_step(stages: tuple[Stage, ...]) -> Missing | None:
    """The first thing that is missing; None if nothing is."""
    return next((missing for stage in stages for missing in stage.missing), None)


# Analyse


def _analyse_has(facts: CycleFacts) -> Iterator[str]:
    for dataset in facts.datasets:
        if dataset.role == "counts":
            # The number comes first: a narrow window cuts off the title.
            yield f"{counted(dataset.figures, 'figure')}: {dataset.title}"


def _analyse(facts: CycleFacts, counts: list[DatasetFacts]) -> Iterator[Missing]:
    if not counts:
        yield Missing("No figures of the provider are here yet.", Action.IMPORT_FIGURES)
    if differing := len({label for dataset in counts for label in dataset.differing}):
        yield Missing(
            plural(
                differing,
                "1 label of the provider's file is matched differently by two people.",
                "{n} labels of the provider's file are matched differently by two people.",
            ),
            Action.MATCH_LABELS,
            next(dataset.record_id for dataset in counts if dataset.differing),
        )
    if unmatched := len({label for dataset in counts for label in dataset.unmatched - dataset.differing}):
        yield Missing(
            plural(
                unmatched,
                "1 label of the provider's file is not matched yet.",
                "{n} labels of the provider's file are not matched yet.",
            ),
            Action.MATCH_LABELS,
            next(dataset.record_id for dataset in counts if dataset.unmatched - dataset.differing),
        )
    yield from _population(facts)
    for dataset in counts:
        if dataset.unit in {"", "unknown"}:
            yield Missing(
                "It is not recorded whether the file counts people, referrals or contacts.",
                Action.EDIT_FIGURES,
                dataset.record_id,
            )
        if not dataset.who:
            yield Missing(
                "It is not recorded which ages the file counts.", Action.EDIT_FIGURES, dataset.record_id
            )
    if counts and not any(dataset.tells_not_stated for dataset in counts):
        yield Missing(
            "The file does not say for how many people the group is not stated.", Action.IMPORT_FIGURES
        )


def _population(facts: CycleFacts) -> Iterator[Missing]:
    area = list(facts.values.get("area") or ())
    if not area:
        yield Missing(
            "No districts are chosen, so there is no population.", Action.EDIT_CYCLE, facts.record_id
        )
        return
    imported = {place for dataset in facts.datasets if dataset.role == "population" for place in dataset.area}
    for place in area:
        if place not in imported and place not in code_list("district").codes:
            yield Missing(
                f"The census file has no {facts.districts.get(place, place)}.",
                Action.IMPORT_POPULATION,
                facts.record_id,
            )


# Engage


def _engage_has(facts: CycleFacts, day: str) -> Iterator[str]:
    held = [engagement for engagement in facts.engagements if engagement.day and engagement.day <= day]
    if held:
        yield f"{counted(len(held), 'engagement')} held"
    if coming := len(facts.engagements) - len(held):
        yield f"{counted(coming, 'engagement')} to come"
    if facts.feedback.people:
        people = counted(facts.feedback.people, "person", "people")
        yield f"{people} gave feedback in {counted(len(facts.feedback.ids), 'record')}"


def _engage(facts: CycleFacts, day: str, threshold: int) -> Iterator[Missing]:
    held = [engagement for engagement in facts.engagements if engagement.day and engagement.day <= day]
    if not any(engagement.purpose == "share" for engagement in held):
        yield Missing("Nobody has been shown the findings.", Action.ADD_ENGAGEMENT)
    elif not any(engagement.purpose == "collect" for engagement in held):
        yield Missing("No engagement was held to collect feedback.", Action.ADD_ENGAGEMENT)
    people = facts.feedback.people
    if people < threshold:
        gave = (
            "Nobody gave feedback" if not people else f"{counted(people, 'person', 'people')} gave feedback"
        )
        needed = plural(
            threshold,
            "1 is needed before anything can be shown.",
            "{n} are needed before anything can be shown.",
        )
        yield Missing(f"{gave}; {needed}", Action.RECORD_FEEDBACK)


def _engage_notes(facts: CycleFacts, day: str) -> Iterator[str]:
    """Findings should be shared before feedback is collected; afterwards only a note can point it out."""
    first = {
        purpose: min(
            (
                engagement.day
                for engagement in facts.engagements
                if engagement.purpose == purpose and engagement.day
            ),
            default="",
        )
        for purpose in ("share", "collect")
    }
    if first["share"] and first["collect"] and first["collect"] < first["share"] and first["share"] <= day:
        yield (
            f"Feedback was collected from {short_date(first['collect'])}, "
            f"before findings were shared on {short_date(first['share'])}."
        )


# Determine


def _determine_has(facts: CycleFacts) -> Iterator[str]:
    statuses = code_list("change_status")
    for change in facts.changes:
        status = statuses.label(str(change.values.get("status") or "proposed"))
        yield f"{change.number} {change.values.get('title') or 'Change'}: {status}"


def _determine(facts: CycleFacts) -> Iterator[Missing]:
    if not facts.changes:
        yield Missing(
            "No change is proposed yet. If none is needed, record one as declined, with the reason.",
            Action.ADD_CHANGE,
        )
    for change in facts.changes:
        if not change.declined:
            yield from _support(change)


def _support(change: ChangeFacts) -> Iterator[Missing]:
    sides = {support.side for support in change.supports}
    if "people" not in sides:
        sentence = (
            f"Change {change.number} rests on numbers alone: no feedback supports it."
            if "data" in sides
            else f"No feedback and no figures support change {change.number} yet."
        )
        yield Missing(sentence, Action.ADD_FEEDBACK_SUPPORT, change.record_id)
    elif "data" not in sides:
        sentence = f"Change {change.number} rests on feedback alone: no figures support it."
        yield Missing(sentence, Action.ADD_FIGURE_SUPPORT, change.record_id)


# Partner


def _partner_has(facts: CycleFacts) -> Iterator[str]:
    answered = sum(any(reply.words for reply in change.replies) for change in facts.changes)
    if answered:
        yield f"{counted(answered, 'change')} answered"
    meetings = sum(engagement.purpose == "work" for engagement in facts.engagements)
    if meetings:
        yield f"{counted(meetings, 'engagement')} with professionals"


def _partner(facts: CycleFacts, today: date) -> Iterator[Missing]:
    open_changes = [change for change in facts.changes if not change.declined]
    for change in open_changes:
        number = change.number
        if not change.values.get("owner"):
            yield Missing(f"Change {number} has no owner.", Action.EDIT_CHANGE, change.record_id)
        yield from _answer(change, today)
        due, status = str(change.values.get("due") or ""), str(change.values.get("status") or "")
        if due and due < today.isoformat() and status != "done":
            label = code_list("change_status").label(status)
            yield Missing(
                f"Change {number} was due on {short_date(due)} and is {label}.",
                Action.EDIT_CHANGE,
                change.record_id,
            )
    met = [
        engagement
        for engagement in facts.engagements
        if engagement.purpose == "work" and engagement.day and engagement.day <= today.isoformat()
    ]
    if not met and (open_changes or not facts.changes):
        yield Missing("No engagement with professionals was held yet.", Action.ADD_ENGAGEMENT)


def _answer(change: ChangeFacts, today: date) -> Iterator[Missing]:
    answer = due_answer(change.replies, today)
    if answer is not None:
        yield Missing(f"Change {change.number}: {answer.sentence}", Action.ADD_ANSWER, answer.response_id)
    elif not any(reply.words for reply in change.replies):
        yield Missing(
            f"Nobody was asked to answer change {change.number} yet.", Action.ASK_FOR_ANSWER, change.record_id
        )


def _closed(facts: CycleFacts) -> bool:
    """Whether every change is done or declined."""
    return bool(facts.changes) and all(
        change.values.get("status") in {"done", "declined"} for change in facts.changes
    )
