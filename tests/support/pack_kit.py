"""A kit with a cycle that has all that a pack shows: people, figures, meetings, changes, responses. The same each time."""

from __future__ import annotations

import random
from typing import Any

from fieldkit.store.kit import Kit

GROUPS = ("13", "13", "13", "13", "13", "3", "3", "4", "4", "7", "6", "1", "12", "Z", None)
QUESTION = "How far does each community use talking therapies, and what would make them easier to use?"


def add_cycle(kit: Kit, **more: Any) -> str:
    """An empty cycle; returns its id."""
    provider = kit.add(
        "provider", {"name": "Birmingham Talking Therapies", "provider_kind": "trust"}
    ).record_id
    values = {
        "title": "Talking therapies 2025", "provider": provider, "service_area": "mental-health",
        "area": ["E08000025", "E08000029"], "date_from": "2025-04-01", "date_to": "2025-09-30", "question": QUESTION,
        "dimension": ["ethnic"],
    }  # fmt: skip
    return kit.add("cycle", values | more).record_id


def add_people(kit: Kit, number: int, seed: int = 1, **more: Any) -> list[str]:
    """Add feedback of `number` people for the cycle of `add_cycle`; returns the ids."""
    rng = random.Random(seed)
    themes = [code for code in _themes() if rng.random() < 0.2][:4] or _themes()[:4]
    rows = []
    for person in range(number):
        group = rng.choice(GROUPS)
        row: dict[str, Any] = {
            "service_area": "mental-health",
            "provider": "Birmingham Talking Therapies",
            "date": f"2025-0{rng.randint(4, 9)}-{rng.randint(1, 28):02}",
            "rating": rng.choices("123456", (40, 25, 10, 8, 5, 2))[0],
            "themes": rng.sample(themes, rng.randint(1, 2)),
            "role": rng.choice(("patient", "patient", "carer")),
            "experience": f"What person {person} said about it.",
            "consent_record": "Y",
            "consent_quote": "Y",
        }
        if group:
            row["ethnic_group"] = group
        if rng.random() < 0.4:
            row["need"] = f"What person {person} needs."
        rows.append(row | more)
    return [stored.record_id for stored in kit.add_many("feedback", rows)]


def add_story(kit: Kit, cycle: str, feedback: list[str]) -> None:
    """Add meetings, and changes with support and responses: one done, one under way, one declined."""
    for day, title, purpose in (
        ("2025-05-10", "Findings shown at Ladywood Church", "share"),
        ("2025-06-14", "Health & wellbeing fair, Luton Road", "collect"),
        ("2025-09-20", "Workshop with the trust", "work"),
    ):
        event = kit.add(
            "event", {"title": title, "date": day, "place": "Birmingham", "event_kind": _kinds()[0]}
        ).record_id
        kit.add("engagement", {"cycle": cycle, "event": event, "purpose": purpose})
        kit.add(
            "attendance",
            {"event": event, "attendee_group": "everybody", "head_count": 40 if purpose == "collect" else 6},
        )
    changes = (
        {"title": "Appointments outside working hours", "what": "Offer evening and Saturday appointments in Ladywood.",
         "owner": "Head of access", "due": "2025-12-01", "status": "agreed", "status_date": "2025-09-25"},
        {"title": "Leaflets in Urdu and Bengali", "what": "Print the leaflet on self-referral in Urdu and Bengali.",
         "owner": "Communications lead", "status": "done", "status_date": "2025-09-28"},
        {"title": "A counsellor in every mosque", "what": "Place a counsellor in each mosque of the city.",
         "status": "declined", "status_date": "2025-09-28", "reason": "No money this year; it is asked again in April."},
    )  # fmt: skip
    for number, values in enumerate(changes):
        change = kit.add("change", {"cycle": cycle, **values}).record_id
        kit.add("support", {"change": change, "support_kind": "feedback", "feedback": feedback[number]})
        answered = {
            "date": "2025-09-28",
            "words": f"We looked at change {number + 1} and answer it.",
            "from_role": "Chief executive",
        }
        kit.add("response", {"change": change, "asked_on": "2025-09-01", **(answered if number else {})})
    kit.add(
        "desk_source",
        {"title": "Access to talking therapies", "authors": "A. Author", "year": 2023, "source_kind": "effectiveness",
         "finding": "Self-referral raised use in each of three towns.", "url": "https://example.org/access"},
    )  # fmt: skip


def _themes() -> list[str]:
    from fieldkit.records.schema.codes import code_list

    return [entry.code for entry in code_list("theme").entries]


def _kinds() -> list[str]:
    from fieldkit.records.schema.codes import code_list

    return [entry.code for entry in code_list("event_kind").entries]
