"""What a person does about something missing from a cycle: the label of the key, and the form that it opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fieldkit.presentation.cycle.cycle_facts import CycleFacts
from fieldkit.presentation.cycle.stages import Action, Missing, Stage, StageName, State
from fieldkit.store.kit import Kit

SIGNS = {State.NOT_BEGUN: "○", State.BEGUN: "◐", State.READY: "●", State.DONE: "✓"}
"""A sign for each state, so that no state is shown by colour alone."""
NOTHING_MISSING = "Nothing is missing: write the evidence pack."
STARTING = "A cycle asks one question about one service: how does each community use it, what do people say, what should change?"


@dataclass(frozen=True)
class FormToOpen:
    """A form to open: a new record of `kind` with `presets`, or the stored `record` (`kind:id`)."""

    kind: str = ""
    record: str = ""
    presets: dict[str, Any] = field(default_factory=dict)


def form_for(
    kit: Kit, stage: StageName, missing: Missing, facts: CycleFacts, today: date
) -> FormToOpen | None:
    """The form that supplies what is missing; None if that takes another screen. Call it in a thread."""
    cycle, record = facts.record_id, missing.record_id
    match missing.action:
        case Action.EDIT_CYCLE:
            return FormToOpen(record=f"cycle:{cycle}")
        case Action.EDIT_FIGURES:
            return FormToOpen(record=f"dataset:{record}")
        case Action.ADD_ENGAGEMENT:
            return FormToOpen(
                "engagement", presets={"cycle": cycle, "purpose": _purpose(stage, facts, today)}
            )
        case Action.RECORD_FEEDBACK:
            return FormToOpen("feedback", presets=_feedback(kit, facts))
        case Action.ADD_CHANGE:
            return FormToOpen("change", presets={"cycle": cycle})
        case Action.EDIT_CHANGE:
            return FormToOpen(record=f"change:{record}")
        case Action.ASK_FOR_ANSWER:
            return FormToOpen("response", presets={"change": record, "asked_on": today.isoformat()})
        case Action.ADD_ANSWER:
            return FormToOpen(record=f"response:{record}")
        case _:
            return None


def numbered(stages: tuple[Stage, ...]) -> list[tuple[StageName, Missing]]:
    """Everything that is missing, in the order of the stages."""
    return [(stage.name, missing) for stage in stages for missing in stage.missing]


def _purpose(stage: StageName, facts: CycleFacts, today: date) -> str:
    """The purpose of the next engagement: work with professionals in the last stage; before that, share findings, then collect
    feedback.
    """
    if stage == StageName.PARTNER:
        return "work"
    day = today.isoformat()
    shared = any(each.purpose == "share" and each.day and each.day <= day for each in facts.engagements)
    return "collect" if shared else "share"


def _feedback(kit: Kit, facts: CycleFacts) -> dict[str, Any]:
    """Presets for feedback that matches the cycle's rule: its service and its provider's name."""
    presets = {"service_area": facts.values.get("service_area")}
    provider = str(facts.values.get("provider") or "")
    held = kit.many("provider", [provider]).get(provider) if provider else None
    if held is not None and not held.deleted:
        presets["provider"] = held.values.get("name")
    return {name: value for name, value in presets.items() if value}
