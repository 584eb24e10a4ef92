"""Real comments from the Friends and Family Test as feedback records; SOURCES.md names their source."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from fieldkit.records.schema.dates import parse_date

PATIENT_TRANSPORT, COMMUNITY = "patient-transport", "community-health"

_SERVICES = {
    "111": "emergency",
    "See and Convey": "emergency",
    "PTS - Patient Transport": PATIENT_TRANSPORT,
    "Local partnerships- MH": "mental-health",
    "Forensic": "mental-health",
    "Community health services": COMMUNITY,
}
#: Parts of a service that concern another subject than the whole.
_PARTS = {
    "High secure LD": "learning-disabilities",
    "Learning disability": "learning-disabilities",
    "Intellectual and developmental disability": "learning-disabilities",
    "CAMHS": "mental-health",
    "Offender health": "other",
}
_ABOUT_NEEDS = {"How could we improve?", "What could we do better?"}

_MOST_THEMES = 3
_THEMES = {
    theme: re.compile(rf"\b(?:{words_pattern})", re.IGNORECASE)
    for theme, words_pattern in {
        "staff-levels": r"more staff|staffing|understaffed|short of staff|enough staff",
        "staff-manner": r"friendly|polite|kind\b|kindness|rude|lovely|caring|pleasant|helpful|judged",
        "staff-competence": r"professional|knowledge|trained|training|competen|skill",
        "access-timeliness": r"wait|hours|delay|late\b|quick|prompt|on time|sooner|slow",
        "access-contact": r"phone|call back|called back|ring\b|rang|contact",
        "access-arrangements": r"appointment",
        "communication-listening": r"listen|understood|fobbed|ignored",
        "communication-information": r"advice|information|leaflet|explain",
        "communication-informed": r"communicat|told me|kept inform|confus",
        "travel-transport": r"transport|ambulance|taxi|driver|journey|car\b|vehicle",
        "environment-facilities": r"equipment|wheelchair|seat|building|heating|bathroom|shower|rooms?\b",
        "environment-food": r"food|meals?\b|drink",
        "activities-fresh-air": r"activity|activities|fresh air|gym|garden|walks?\b",
        "medication-supply": r"medicine|medication|prescription|tablets?\b",
        "medication-pain": r"pain\b|painful",
        "general-positive": r"thank|excellent|brilliant|amazing|great\b|very good|very happy|satisfied",
    }.items()
}


@dataclass(frozen=True)
class Comment:
    """One respondent: the service in the source, and the values of a feedback record."""

    service: str
    values: dict[str, Any]


def comments() -> list[Comment]:
    """Every respondent of the data file, in its order."""
    text = files("fieldkit.demo").joinpath("comments.csv").read_text(encoding="utf-8")
    comments_by_id: dict[str, Comment] = {}
    for row in csv.DictReader(text.splitlines(keepends=True)):
        comment = _comment(row)
        held = comments_by_id.get(row["Respondent ID"])
        if held is None:
            comments_by_id[row["Respondent ID"]] = comment
        else:
            _join(held.values, comment.values)
    for comment in comments_by_id.values():
        answers = "\n".join(comment.values.get(name, "") for name in ("experience", "need"))
        comment.values["themes"] = themes_of(answers)
    return list(comments_by_id.values())


def themes_of(answers: str) -> list[str]:
    """At most three themes, found by simple word patterns, for show."""
    return [theme for theme, pattern in _THEMES.items() if pattern.search(answers)][:_MOST_THEMES]


def _comment(row: dict[str, str]) -> Comment:
    service = " ".join(row["Service type 1"].split())
    known = service if service in _SERVICES else ""
    return Comment(
        known,
        {
            "service_area": _PARTS.get(row["Service type 2"]) or _SERVICES.get(service),
            "provider": f"{row['Trust']} {known}".strip(),
            "date": parse_date(row["Date"]),
            "rating": row["FFT categorical answer"],
            "need" if row["FFT question"] in _ABOUT_NEEDS else "experience": row["FFT answer"],
            "whose_words": "own",
            "reference": row["Comment ID"],
            "respondent": row["Respondent ID"],
            "consent_record": "Y",
            "consent_quote": "Y",
            "consent_ground": "Published by the trusts, with the agreement of NHS England",
        },
    )


def _join(held: dict[str, Any], more: dict[str, Any]) -> None:
    """Add the same respondent's answer to another question."""
    for name in ("experience", "need"):
        if answer := more.get(name):
            held[name] = f"{held[name]}\n{answer}" if held.get(name) else answer
    held["reference"] = f"{held['reference']}, {more['reference']}"
