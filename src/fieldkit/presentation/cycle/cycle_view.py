"""A cycle as people look at it: its title and rule, the four stages, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldkit.presentation.cycle.change_rows import ChangeRow, change_rows
from fieldkit.presentation.cycle.cycle_facts import CycleFacts, cycles_facts
from fieldkit.presentation.cycle.due_answers import due_answer
from fieldkit.presentation.cycle.stages import (
    USUAL_THRESHOLD,
    Missing,
    Stage,
    StageName,
    State,
    current_stage,
    next_step,
    stages_of,
)
from fieldkit.presentation.record_names import lines_of_links
from fieldkit.records.label import in_words
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit


@dataclass(frozen=True)
class CycleView:
    """One cycle. `answers` are (title, words) of each of its questions that has an answer, in order."""

    record_id: str
    title: str
    answers: tuple[tuple[str, str], ...]
    stages: tuple[Stage, ...]
    rows: tuple[ChangeRow, ...]
    facts: CycleFacts

    @property
    def next(self) -> Missing | None:
        """What to do next; None if nothing is missing."""
        return next_step(self.stages)

    @property
    def stage(self) -> StageName:
        """The stage that the cycle is in."""
        return current_stage(self.stages).name


@dataclass(frozen=True)
class CycleLine:
    """One cycle in a list."""

    record_id: str
    title: str
    stage: StageName
    state: State
    missing: int
    late: int
    """Answers that are late."""


def cycle_view(kit: Kit, cycle_id: str, today: date, threshold: int = USUAL_THRESHOLD) -> CycleView:
    """Everything that is shown about a cycle. It reads some answers of all feedback: call it in a thread.

    Raises:
        NotFound: there is no such cycle.
    """
    cycle = kit.get(cycle_id, "cycle")
    facts = cycles_facts(kit, [cycle])[0]
    terms = kit.terms()
    names = lines_of_links(kit, [cycle], terms)
    answers = tuple(
        (spec.title, in_words(spec, cycle.values[name], terms, names))
        for name, spec in kind("cycle").fields.items()
        if name != "title" and cycle.values.get(name) is not None
    )
    return CycleView(
        cycle_id,
        str(cycle.values.get("title") or "Cycle"),
        answers,
        stages_of(facts, today, threshold),
        tuple(change_rows(kit, facts.changes, today)),
        facts,
    )


def cycle_lines(kit: Kit, today: date, threshold: int = USUAL_THRESHOLD) -> list[CycleLine]:
    """Every cycle of the kit, the newest first. Call it in a thread."""
    cycles = []
    for facts in cycles_facts(kit, kit.page("cycle", 0, kit.count("cycle"))):
        stages = stages_of(facts, today, threshold)
        stage = current_stage(stages)
        answers = [due_answer(change.replies, today) for change in facts.changes if not change.declined]
        cycles.append(
            CycleLine(
                facts.record_id,
                str(facts.values.get("title") or "Cycle"),
                stage.name,
                stage.state,
                sum(len(each.missing) for each in stages),
                sum(answer is not None and answer.late for answer in answers),
            )
        )
    return cycles
