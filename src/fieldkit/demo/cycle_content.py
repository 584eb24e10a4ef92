"""The content of the demonstration's two cycles: a finished one, with real figures and comments, and one under way.

The figures and the comments are real; the engagements, changes and answers are made up, and say so.
"""

from __future__ import annotations

from typing import Any

from fieldkit.demo.comments import PATIENT_TRANSPORT

_BIRMINGHAM, _SOLIHULL = "E08000025", "E08000029"
_NEWCASTLE, _SUNDERLAND = "E08000021", "E08000024"

PROVIDERS: list[dict[str, Any]] = [
    {
        "name": "Northamptonshire Healthcare NHS Foundation Trust",
        "ods_code": "RP1",
        "provider_kind": "trust",
        "spellings": "NHFT",
    },
    {
        "name": "North East Ambulance Service NHS Foundation Trust",
        "ods_code": "RX6",
        "provider_kind": "trust",
        "spellings": "NEAS PTS - Patient Transport",
    },
]

FINISHED: dict[str, Any] = {
    "title": "Talking therapies in Birmingham and Solihull",
    "service_area": "mental-health",
    "area": [_BIRMINGHAM, _SOLIHULL],
    "date_from": "2021-07-01",
    "date_to": "2025-12-31",
    "question": "How far does each community use talking therapies, and what would make them easier to use?",
    "dimension": ["ethnic"],
    "notes": "An example. The figures are real. The comments are real, too, but about mental health services of another "
    "trust. Engagements, changes and answers are made up.",
}
UNDER_WAY: dict[str, Any] = {
    "title": "Patient transport in the North East",
    "service_area": PATIENT_TRANSPORT,
    "area": [_NEWCASTLE, _SUNDERLAND],
    "date_from": "2021-01-01",
    "date_to": "2026-12-31",
    "question": "Does patient transport reach older people and carers as it should?",
    "dimension": ["age", "carer"],
    "notes": "An example. The comments are real, the rest is made up.",
}

#: The values of the finished cycle's events, and their purposes.
EVENTS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (
        {
            "title": "Example workshop on talking therapies",
            "event_kind": "reverse-commissioning-workshop",
            "date": "2025-06-10",
            "place": "Example hall, Birmingham",
            "region": "west-midlands",
            "cluster": "birmingham-and-solihull",
        },
        ("share", "collect"),
    ),
    (
        {
            "title": "Example seminar with professionals",
            "event_kind": "board-seminar",
            "date": "2025-09-16",
            "place": "Example hall, Solihull",
            "region": "west-midlands",
            "cluster": "birmingham-and-solihull",
        },
        ("agree", "work"),
    ),
]
SUMMARIES = {
    "share": "The figures by ethnic group were shown and questioned.",
    "collect": "People said what happened to them and what they needed.",
    "agree": "Three changes were written down.",
    "work": "The changes were talked through with those who would make them.",
}

#: Changes of the finished cycle: values, references of the supporting comments, the group of the figures, the response.
CHANGES: list[tuple[dict[str, Any], tuple[str, ...], str, dict[str, Any] | None]] = [
    (
        {
            "title": "Ring people back within one working day",
            "what": "The duty team keeps a list of those who rang, and rings each of them back within one working day.",
            "actions": ["communicate", "include"],
            "owner": "Head of access (example)",
            "due": "2025-11-30",
            "status": "done",
            "status_date": "2025-11-20",
        },
        ("NHFT 1792", "NHFT 773"),
        "K",
        {
            "asked_on": "2025-09-16",
            "date": "2025-10-07",
            "from_role": "Head of access (example)",
            "words": "We keep a list now, and ring everybody back within a day.",
            "shown_by": "The duty list (example)",
        },
    ),
    (
        {
            "title": "Invite through community groups, in their languages",
            "what": "Invitations in Bengali, Punjabi and Urdu are handed out by community groups, with a number to ring.",
            "actions": ["target", "communicate"],
            "owner": "Lead for inclusion (example)",
            "due": "2025-12-15",
            "status": "done",
            "status_date": "2025-12-10",
        },
        ("NHFT 1233",),
        "J",
        {
            "asked_on": "2025-09-16",
            "date": "2025-10-10",
            "from_role": "Lead for inclusion (example)",
            "words": "Invitations in three languages went to 12 groups.",
            "shown_by": "The leaflet (example)",
        },
    ),
    (
        {
            "title": "See people face to face whenever they ask",
            "what": "Whoever asks for it is seen face to face, also in the evening.",
            "actions": ["include"],
            "status": "declined",
            "status_date": "2025-10-10",
            "reason": "There are no rooms in the evening. It will be looked at again in the spring (example).",
        },
        ("NHFT 1787",),
        "",
        None,
    ),
]

#: Reference, answer and text of the quoted comments; all but the last are approved.
QUOTES: list[tuple[str, str, str]] = [
    ("NHFT 1792", "need", "Rang on numerous occasions and no call back."),
    (
        "NHFT 773",
        "need",
        "Maintain contact. Be more consistent. Dont change appointments at the last moment.",
    ),
    ("NHFT 1205", "experience", "They were very friendly and helpful."),
    ("NHFT 1787", "experience", "Having telephone appointments, rather than face to face."),
]

DESK_SOURCE: dict[str, Any] = {
    "title": "Understanding consistency of ethnicity data recorded in health-related administrative datasets in England",
    "authors": "Office for National Statistics",
    "year": 2023,
    "source_kind": "method",
    "finding": "Records of talking therapies agree with the census for more than 95 % of White British people, and for far "
    "fewer people of other Mixed, other Black and any other groups.",
    "quality": "Records of the same people compared",
}

OPEN_CHANGE: dict[str, Any] = {
    "title": "Say when the car will come",
    "what": "A message is sent half an hour before the car comes.",
    "actions": ["communicate"],
    "status": "proposed",
}
