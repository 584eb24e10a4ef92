"""The demonstration's content besides feedback: the framework's events and partners, and examples."""

from __future__ import annotations

from typing import Any

from fieldkit.demo.comments import COMMUNITY, PATIENT_TRANSPORT

NETWORK = "NHS BME Network demonstration"

_COGOP, _BMECC, _SEACOLE = "Church of God of Prophecy", "BME cancer communities", "Mary Seacole Centre"

TERMS: list[dict[str, Any]] = [
    {"list_name": "service_area", "code": PATIENT_TRANSPORT, "label": "patient transport"},
    {"list_name": "service_area", "code": COMMUNITY, "label": "community health services"},
]


def _partner(
    name: str, kind: str, region: str = "", cluster: str = "", town: str = "", **more: str
) -> dict[str, Any]:
    return {"name": name, "partner_kind": kind, "region": region, "cluster": cluster, "town": town, **more}


_EXAMPLE = {"notes": "An example: there is no such partner."}

PARTNERS: list[dict[str, Any]] = [
    _partner(
        _COGOP,
        "church",
        notes="Case study 2 of the facilitation framework: a pilot of six months.",
    ),
    _partner(
        _SEACOLE, "charity", "yorkshire-humber", "bradford", "Bradford", notes="Park Road, Little Horton."
    ),
    _partner(
        "NCVS",
        "charity",
        "east-midlands",
        "nottinghamshire",
        "Nottingham",
        postcode="NG1 3FB",
        notes="7 Mansfield Road.",
    ),
    _partner(_BMECC, "charity", "east-midlands", "nottinghamshire", "Nottingham"),
    _partner(
        "Example gurdwara, Birmingham",
        "gurdwara",
        "west-midlands",
        "birmingham-and-solihull",
        "Birmingham",
        **_EXAMPLE,
    ),
    _partner("Example mosque, Bradford", "mosque", "yorkshire-humber", "bradford", "Bradford", **_EXAMPLE),
    _partner("Example synagogue, Leeds", "synagogue", "yorkshire-humber", "leeds", "Leeds", **_EXAMPLE),
    _partner(
        "Example temple, Leicester", "temple", "east-midlands", "leicestershire", "Leicester", **_EXAMPLE
    ),
    _partner(
        "Example interfaith group, Luton",
        "other-faith",
        "east-of-england",
        "bedfordshire-luton",
        "Luton",
        **_EXAMPLE,
    ),
    _partner(
        "Example social enterprise, Southampton",
        "social-enterprise",
        "south-central",
        "southampton-hampshire-isle-of-wight-and-portsmouth",
        "Southampton",
        **_EXAMPLE,
    ),
]


def _event(
    title: str,
    kind: str,
    date: str | None,
    hours: str,
    region: str,
    cluster: str = "",
    place: str = "",
    **more: str,
) -> dict[str, Any]:
    starts, ends = hours.split("-")
    return {
        "title": title,
        "event_kind": kind,
        "date": date,
        "starts": starts,
        "ends": ends,
        "region": region,
        "cluster": cluster,
        "place": place,
        **more,
    }


_REVERSE = ("Reverse Commissioning Workshop", "reverse-commissioning-workshop")
_LEADERSHIP = ("Leadership Workshop", "leadership-workshop")
_FAIR = ("Optimum Futures Health & Wellbeing Fair", "health-fair")
_DAY, _LONG_DAY, _SHORT_DAY = "10:00-16:00", "10:00-16:30", "11:00-16:00"

#: Section 10 of the framework, places as printed; `partner` is a name from PARTNERS.
EVENTS: list[dict[str, Any]] = [
    _event(
        *_LEADERSHIP,
        "2011-06-15",
        _LONG_DAY,
        "south-east-coast",
        "sussex",
        "Hilton London Gatwick Airport South Terminal Gatwick Airport West Sussex RH6 0LL",
    ),
    _event(
        *_REVERSE,
        "2011-07-04",
        _DAY,
        "west-midlands",
        "birmingham-and-solihull",
        "Birmingham & Solihull Mental Health Trust, Trust Headquarters: B1, "
        "Unit 1 50 Summer Hill Road, Ladywood Birmingham B1 3RB",
    ),
    _event(*_LEADERSHIP, "2011-07-06", _LONG_DAY, "south-west"),
    _event(
        "Community Partners Workshop",
        "community-partners-workshop",
        "2011-07-08",
        _SHORT_DAY,
        "east-midlands",
        "nottinghamshire",
        "BME cancer communities, NCVS, 7 Mansfield Road, Nottingham, NG1 3FB",
        partner=_BMECC,
    ),
    _event(
        *_REVERSE,
        "2011-07-11",
        _DAY,
        "yorkshire-humber",
        "bradford",
        "Hillside Bridge Health Care Centre 4 Butler Street West Bradford BD3 OBS",
    ),
    _event(*_LEADERSHIP, "2011-07-15", _LONG_DAY, "south-central"),
    _event(
        *_REVERSE,
        "2011-07-18",
        _DAY,
        "london",
        "",
        "Sir Alexander Fleming (SAF) Imperial College London South Kensington Campus London, SW7 2AZ",
    ),
    _event(
        *_REVERSE,
        "2011-07-26",
        _DAY,
        "south-east-coast",
        "sussex",
        "Brighton & Sussex University Hospital NHS Trust, Audrey Emerton Building, Brighton, BN2 5BE",
    ),
    _event(
        "Board Seminar on Race Equality: Productivity and Patient Experience & Public Engagement",
        "board-seminar",
        None,
        _DAY,
        "yorkshire-humber",
        notes="September 2011; the framework gives neither the day nor the place.",
    ),
    _event(*_FAIR, "2011-10-27", _DAY, "east-of-england", "bedfordshire-luton", "Luton"),
    _event(
        *_FAIR,
        "2011-10-29",
        _DAY,
        "yorkshire-humber",
        "bradford",
        "Mary Seacole Centre, Park Road, Little Horton, Bradford, West Yorkshire BD5",
        partner=_SEACOLE,
    ),
    _event(
        "Knowledge Sharing Symposium: Translating Policy into Practice",
        "symposium",
        "2012-03-14",
        _DAY,
        "london",
        "",
        "Imperial College London, South Kensington Campus, SW7",
    ),
]

#: The fair whose notes are in conflict between two laptops, and both versions, the coordinator's first.
CONFLICT_AT = "2011-10-27"
CONFLICT_NOTES = (
    "The hall opens at 9.00 for setting up.",
    "The hall opens at 8.30 for setting up; ring twice.",
)

_AGREED = {
    "consent_record": "Y",
    "consent_date": "2011-06-01",
    "consent_notice": "demonstration",
    "consent_by": "Example",
}


def _person(name: str, *roles: str, **more: str) -> dict[str, Any]:
    return {"name": name, "role": list(roles), **_AGREED, **more}


MENTORS = [
    _person(f"Example mentor {number}", "mentor", staff="Y", job="nurse", band="8a") for number in range(1, 5)
]
MENTEES = [
    _person(f"Example mentee {number}", "mentee", staff="Y", job=job, band=band)
    for number, (job, band) in enumerate(
        [("healthcare assistant", "3"), ("nurse", "5"), ("ward manager", "7"), ("matron", "8b")], start=1
    )
]
VOLUNTEERS = [_person(f"Example volunteer {number}", "volunteer", "attendee") for number in range(1, 9)]
CHAMPIONS = [
    _person(f"Example patient champion {number}", "patient-champion", "attendee") for number in range(1, 5)
]

LEVELS = ("1", "2", "3", "4")
GOALS = (
    "Speak up in ward meetings, and begin the course for senior assistants.",
    "Lead a shift with confidence; apply for a band 6 post.",
    "Build a local network in the trust and chair its first meeting.",
    "Present patient experience to the board, with figures.",
)

#: What pairs talk about, in the order of their meetings.
TOPICS = (
    (
        "First meeting: values, code of conduct, goals",
        "Both write down what a good year looks like.",
        ["goal"],
    ),
    ("How things are at work", "Mentee keeps a short diary of meetings.", ["goal", "reality"]),
    ("Ways forward, and who could help", "Mentor introduces two colleagues.", ["reality", "options"]),
    (
        "Practising for an interview",
        "Mentee writes the application; mentor reads it.",
        ["options", "way-forward"],
    ),
    ("Looking back on what was tried", "Mentee leads the next team meeting.", ["way-forward"]),
    ("What comes next", "Both agree how to go on.", ["way-forward"]),
)
MODES = ("in-person", "telephone", "in-person", "video", "in-person", "telephone")

#: (confidence, knowledge, skills) at the first meeting of each pair, and at the last.
RATINGS = (((3, 4, 4), (7, 7, 6)), ((4, 5, 5), (8, 7, 8)), ((5, 6, 6), (7, 9, 8)), ((6, 7, 5), (9, 8, 8)))
