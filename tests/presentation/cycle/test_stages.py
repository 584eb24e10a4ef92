"""A cycle's stages are worked out from records: what each has, what is missing in a sentence, what to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fieldkit.presentation.cycle.cycle_facts import (
    ChangeFacts,
    CycleFacts,
    DatasetFacts,
    EngagementFacts,
    SupportFacts,
)
from fieldkit.presentation.cycle.cycle_feedback import CycleFeedback
from fieldkit.presentation.cycle.due_answers import Reply
from fieldkit.presentation.cycle.stages import Action, State, next_step, stages_of

TODAY = date(2026, 6, 1)
BIRMINGHAM = "E08000025"
COUNTS = DatasetFacts(
    "dataset0001", "Talking therapies", unit="referrals", who="18-over", figures=19, tells_not_stated=True
)
SUPPORTS = (
    SupportFacts("support0001", "feedback", "feedback001"),
    SupportFacts("support0002", "dataset", "dataset0001", "ethnic", "K"),
)
ANSWER = Reply("2026-04-01", "2026-04-20", words="We opened on Saturdays.")
CHANGE = ChangeFacts(
    "change00001",
    1,
    {"title": "Open on Saturdays", "status": "under-way", "owner": "Head of access"},
    SUPPORTS,
    (ANSWER,),
)
ENGAGEMENTS = (
    EngagementFacts("engagement1", "share", "2026-03-01"),
    EngagementFacts("engagement2", "collect", "2026-03-01"),
    EngagementFacts("engagement3", "work", "2026-05-01"),
)
WHOLE = CycleFacts(
    "cycle000001",
    {"title": "Therapies", "area": [BIRMINGHAM]},
    (COUNTS,),
    ENGAGEMENTS,
    CycleFeedback(("feedback001",), 12),
    (CHANGE,),
    {BIRMINGHAM: "Birmingham"},
)


def missing(facts: CycleFacts, today: date = TODAY, threshold: int = 10) -> list[str]:
    return [each.sentence for stage in stages_of(facts, today, threshold) for each in stage.missing]


def test_a_whole_cycle_lacks_nothing() -> None:
    assert missing(WHOLE) == []
    states = [stage.state for stage in stages_of(WHOLE, TODAY)]
    assert states == [State.DONE, State.DONE, State.DONE, State.READY]
    closed = replace(WHOLE, changes=(replace(CHANGE, values={**CHANGE.values, "status": "done"}),))
    assert [stage.state for stage in stages_of(closed, TODAY)][-1] == State.DONE


def test_an_empty_cycle_says_what_to_do_first() -> None:
    stages = stages_of(CycleFacts("cycle000001", {}), TODAY)
    assert [stage.state for stage in stages] == [State.NOT_BEGUN] * 4
    first = next_step(stages)
    assert first is not None
    assert (first.sentence, first.action) == (
        "No figures of the provider are here yet.",
        Action.IMPORT_FIGURES,
    )
    assert missing(CycleFacts("cycle000001", {})) == [
        "No figures of the provider are here yet.",
        "No districts are chosen, so there is no population.",
        "Nobody has been shown the findings.",
        "Nobody gave feedback; 10 are needed before anything can be shown.",
        "No change is proposed yet. If none is needed, record one as declined, with the reason.",
        "No engagement with professionals was held yet.",
    ]


ROMA = frozenset({("ethnic", "Roma")})
UNMATCHED = frozenset(("ethnic", f"label {number}") for number in range(14))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            replace(WHOLE, datasets=(replace(COUNTS, unmatched=UNMATCHED),)),
            "14 labels of the provider's file are not matched yet.",
        ),
        (
            replace(
                WHOLE,
                datasets=(replace(COUNTS, unmatched=ROMA, differing=ROMA),),
            ),
            "1 label of the provider's file is matched differently by two people.",
        ),
        (
            replace(WHOLE, datasets=(replace(COUNTS, unmatched=ROMA),) * 2),
            "1 label of the provider's file is not matched yet.",
        ),
        (
            replace(WHOLE, values={"area": ["Sol"]}, districts={"Sol": "Solihull"}),
            "The census file has no Solihull.",
        ),
        (
            replace(WHOLE, datasets=(replace(COUNTS, unit="unknown"),)),
            "It is not recorded whether the file counts people, referrals or contacts.",
        ),
        (
            replace(WHOLE, datasets=(replace(COUNTS, who=""),)),
            "It is not recorded which ages the file counts.",
        ),
        (
            replace(WHOLE, datasets=(replace(COUNTS, tells_not_stated=False),)),
            "The file does not say for how many people the group is not stated.",
        ),
        (replace(WHOLE, engagements=ENGAGEMENTS[1:]), "Nobody has been shown the findings."),
        (
            replace(WHOLE, engagements=(ENGAGEMENTS[0], ENGAGEMENTS[2])),
            "No engagement was held to collect feedback.",
        ),
        (
            replace(WHOLE, feedback=CycleFeedback(("feedback001",), 7)),
            "7 people gave feedback; 10 are needed before anything can be shown.",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, supports=SUPPORTS[1:]),)),
            "Change 1 rests on numbers alone: no feedback supports it.",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, supports=SUPPORTS[:1]),)),
            "Change 1 rests on feedback alone: no figures support it.",
        ),
        (
            replace(
                WHOLE, changes=(replace(CHANGE, supports=(replace(SUPPORTS[0], held=False), SUPPORTS[1])),)
            ),
            "Change 1 rests on numbers alone: no feedback supports it.",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, supports=()),)),
            "No feedback and no figures support change 1 yet.",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, values={**CHANGE.values, "owner": None}),)),
            "Change 1 has no owner.",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, replies=()),)),
            "Nobody was asked to answer change 1 yet.",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, replies=(Reply("2026-04-28"),)),)),
            "Change 1: no answer for 34 days (Healthwatch allows 20 working days).",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, replies=(Reply("2026-05-28"),)),)),
            "Change 1: an answer is due on 25 Jun 2026.",
        ),
        (
            replace(WHOLE, changes=(replace(CHANGE, values={**CHANGE.values, "due": "2026-05-31"}),)),
            "Change 1 was due on 31 May 2026 and is under way.",
        ),
        (replace(WHOLE, engagements=ENGAGEMENTS[:2]), "No engagement with professionals was held yet."),
    ],
)
def test_each_need_has_its_sentence(facts: CycleFacts, sentence: str) -> None:
    assert missing(facts) == [sentence]


def test_a_declined_change_is_the_decision_that_none_is_needed() -> None:
    declined = ChangeFacts(
        "change00001", 1, {"title": "None", "status": "declined", "reason": "All is well."}
    )
    facts = replace(WHOLE, changes=(declined,))
    assert missing(facts) == []
    assert missing(replace(facts, engagements=ENGAGEMENTS[:2])) == []


def test_feedback_before_the_findings_were_shared_is_a_note_and_nothing_missing() -> None:
    late = replace(ENGAGEMENTS[0], day="2026-03-09")
    stage = stages_of(replace(WHOLE, engagements=(late, *ENGAGEMENTS[1:])), TODAY)[1]
    assert stage.missing == ()
    assert stage.notes == (
        "Feedback was collected from 1 Mar 2026, before findings were shared on 9 Mar 2026.",
    )


def test_an_engagement_to_come_is_not_held_yet() -> None:
    coming = tuple(replace(engagement, day="2026-06-02") for engagement in ENGAGEMENTS)
    stage = stages_of(replace(WHOLE, engagements=coming), TODAY)[1]
    assert stage.has[0] == "3 engagements to come"
    assert [each.sentence for each in stage.missing] == ["Nobody has been shown the findings."]


def test_a_stage_that_lacks_something_is_not_done_though_the_next_has_begun() -> None:
    facts = replace(WHOLE, feedback=CycleFeedback((), 0))
    assert [stage.state for stage in stages_of(facts, TODAY)][:3] == [State.DONE, State.BEGUN, State.DONE]


@pytest.mark.parametrize(
    ("supports", "action"),
    [
        ((), Action.ADD_FEEDBACK_SUPPORT),
        (SUPPORTS[1:], Action.ADD_FEEDBACK_SUPPORT),
        (SUPPORTS[:1], Action.ADD_FIGURE_SUPPORT),
    ],
)
def test_the_side_that_supports_nothing_yet_is_asked_for(
    supports: tuple[SupportFacts, ...], action: Action
) -> None:
    facts = replace(WHOLE, changes=(replace(CHANGE, supports=supports),))
    wanted = [each.action for stage in stages_of(facts, TODAY) for each in stage.missing]
    assert wanted == [action]
