"""A cycle's feedback is a rule: provider by its spellings, service with its kinds, dates, and events of the cycle."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldkit.presentation.cycle.cycle_feedback import (
    FeedbackRule,
    events_of,
    feedback_of,
    rule_of,
    with_children,
)
from fieldkit.presentation.cycle.cycle_view import cycle_lines, cycle_view
from fieldkit.presentation.cycle.stages import StageName
from fieldkit.presentation.figures.figure_overview import decide
from fieldkit.store.kit import Kit

RULE = FeedbackRule(
    frozenset({"cancer", "prostate-cancer"}),
    frozenset({"rxt"}),
    "2026-01-01",
    "2026-03-31",
    frozenset({"event00001"}),
)
DAY = "2026-02-01"


@pytest.mark.parametrize(
    ("provider", "service", "event", "day", "fits"),
    [
        ("RXT", "cancer", None, DAY, True),
        ("R.X.T.", "prostate-cancer", None, DAY, True),
        ("RXT", "cancer", None, "2026-01-01", True),
        ("RXT", "cancer", None, "2026-03-31", True),
        ("RXT", "cancer", None, "2026-04-01", False),
        ("RXT", "cancer", "event00001", "2025-12-31", False),
        ("Another", "cancer", "event00001", DAY, False),
        ("RXT", "dental", "event00001", DAY, False),
        (None, "cancer", None, DAY, False),
        (None, "cancer", "event00001", DAY, True),
        ("RXT", None, "event00001", DAY, True),
        (None, None, "event00001", DAY, True),
        ("RXT", None, None, DAY, False),
        (None, None, "event00002", DAY, False),
    ],
)
def test_what_the_rule_takes(
    provider: str | None, service: str | None, event: str | None, day: str, fits: bool
) -> None:
    assert RULE.takes(provider, service, event, day) is fits


def test_a_service_has_its_kinds_and_a_cycle_without_a_provider_takes_any() -> None:
    assert with_children("cancer") == {"cancer", "prostate-cancer"}
    assert with_children("dental") == {"dental"}
    anybody = FeedbackRule(frozenset({"cancer"}), None, "2026-01-01", "2026-03-31")
    assert anybody.takes("Anybody", "cancer", None, DAY)
    assert anybody.takes(None, "cancer", None, DAY)


def feedback(kit: Kit, **values: Any) -> str:
    common = {"rating": "2", "service_area": "mental-health", "date": DAY, "consent_record": "Y"}
    return kit.add("feedback", {**common, **values}).record_id


def test_labels_are_matched_by_decisions_that_came_later(kit: Kit) -> None:
    cycle = kit.add(
        "cycle",
        {
            "title": "A",
            "service_area": "gp",
            "date_from": DAY,
            "date_to": DAY,
            "dimension": ["ethnic"],
        },
    ).record_id
    dataset = kit.add(
        "dataset",
        {
            "title": "File",
            "role": "counts",
            "cycle": cycle,
            "measure": "referrals",
            "unit": "referrals",
            "who": "all",
            "publisher": "NHS",
            "retrieved": DAY,
            "period_from": DAY,
            "period_to": DAY,
            "star_low": 0,
            "star_high": 4,
            "sha256": "a" * 64,
        },
    ).record_id
    cell = {"dataset": dataset, "shown": "20", "low": 20, "high": 20}
    for dimension, label, code in (
        ("ethnic", "Indyan", None),
        ("ethnic", "Not stated", "Z"),
        ("religion", "Jedi", None),
    ):
        scheme = "nhs16" if code else None
        kit.add("cell", {**cell, "dimension": dimension, "label": label, "code": code, "scheme": scheme})

    def lacks() -> list[str]:
        stage = cycle_view(kit, cycle, date(2026, 6, 1)).stages[0]
        return [missing.sentence for missing in stage.missing]

    unmatched = "1 label of the provider's file is not matched yet."
    assert lacks() == [unmatched, "No districts are chosen, so there is no population."]
    decide(kit, "ethnic", "Indyan", "H")
    assert lacks() == ["No districts are chosen, so there is no population."]


def test_people_are_counted_once_and_rows_of_a_file_too(kit: Kit) -> None:
    provider = kit.add(
        "provider",
        {"name": "Birmingham and Solihull Mental Health Trust", "spellings": "BSMHFT\nThe Barberry"},
    )
    event = kit.add("event", {"title": "Fair", "date": DAY}).record_id
    cycle = kit.add(
        "cycle",
        {
            "title": "Therapies",
            "provider": provider.record_id,
            "service_area": "mental-health",
            "date_from": "2026-01-01",
            "date_to": "2026-03-31",
        },
    )
    kit.add("engagement", {"cycle": cycle.record_id, "event": event, "purpose": "collect"})
    counted_ids = [
        feedback(kit, provider="BSMHFT", respondent="R1", question="What was good?"),
        feedback(kit, provider="bsmhft", respondent="r1", question="What could we do better?"),
        feedback(kit, provider="the BARBERRY"),
        feedback(kit, event=event),
        feedback(kit, provider="BSMHFT", reference="17", experience="Kind."),
    ]
    feedback(kit, provider="BSMHFT", reference="17", experience="Kind.")
    feedback(kit, provider="NHFT")
    feedback(kit)
    rule = rule_of(kit, cycle.values, events_of(kit, cycle.record_id))
    (cycle_feedback,) = feedback_of(kit, [rule])
    assert (list(cycle_feedback.ids), cycle_feedback.people) == (counted_ids, 4)
    view = cycle_view(kit, cycle.record_id, date(2026, 6, 1))
    assert view.facts.feedback == cycle_feedback
    assert ("Provider", "Birmingham and Solihull Mental Health Trust") in view.answers
    (line,) = cycle_lines(kit, date(2026, 6, 1))
    assert (line.title, line.stage, line.late) == ("Therapies", StageName.ANALYSE, 0)
