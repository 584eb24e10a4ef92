"""Commands that record long names, names in other scripts, and people with similar names, beside the demonstration."""

from __future__ import annotations

import shlex

LONG = "Wilhelmina Anastasia Konstantinopoulou-Featherstonehaugh van der Westhuizen"
TRUST = "University Hospitals of Leicester NHS Trust, Department of Ophthalmology and Orthoptics, Glenfield"
HALL = "The Great Hall of the Neighbourhood Centre, Belgrave Road, Leicester"
PUNJABI = "ਹਰਪ੍ਰੀਤ ਕੌਰ ਗਿੱਲ"
ARABIC = "فاطمة الزهراء الأنصاري"
COMMENT = (
    "ਮੈਨੂੰ ਤਿੰਨ ਘੰਟੇ ਉਡੀਕ ਕਰਨੀ ਪਈ। Three hours, and then nobody knew why I had come; the lady at the desk was kind and "
    "found me a chair."
)
ACTION = (
    "Ask the ward manager whether she may chair the Thursday meeting in April, and write down what was said."
)


def _record(kind: str, *answers: str) -> str:
    """The command that records these answers, without a receipt code."""
    return shlex.join(["--kit", "kit", "record", kind, "--no-code", *(f"--set={each}" for each in answers)])


def _person(name: str, *answers: str) -> str:
    return _record("person", f"name={name}", "consent_record=yes", *answers)


def _session(date: str, rating: int, *options: str) -> str:
    """The command that logs a session of the pair with the long name."""
    ratings = [f"--set={skill}={rating}" for skill in ("confidence", "knowledge", "skills")]
    pair = ["--kit", "kit", "mentoring", "log", "Westhuizen", "--mentor", "everybody", f"--set=date={date}"]
    return shlex.join([*pair, *ratings, *options])


NAMES = (
    _person(LONG, "role=mentee", f"organisation={TRUST}", "band=6", "email=wilhelmina@example.org"),
    _person(PUNJABI, "role=mentor; attendee", "organisation=ਗੁਰੂ ਨਾਨਕ ਗੁਰਦੁਆਰਾ", "telephone=0116 496 0000"),
    _person(ARABIC, "role=mentee", "organisation=مسجد السلام"),
    _person("Mohammed Iqbal", "role=attendee", "organisation=Al-Huda Centre", "telephone=0116 496 0001"),
    _person("Muhammad Iqbal", "role=attendee", "organisation=Al Huda", "postcode_area=LE5"),
    _person("Kathryn O'Brien", "role=volunteer", f"organisation={TRUST}"),
    _person("Catherine OBrien", "role=volunteer"),
    _person("Gone Tomorrow", "role=attendee"),
    _record("partner", f"name={TRUST}", "partner_kind=charity", "town=Leicester", "contact=Grace Obi"),
    _record("partner", "name=ਗੁਰੂ ਨਾਨਕ ਗੁਰਦੁਆਰਾ", "town=Leicester"),
    _record("event", f"title=Health & wellbeing fair at the {TRUST}", "date=2026-11-21", f"place={HALL}"),
    _record("mentorship", f"mentor={PUNJABI}", f"mentee={LONG}", "start_date=2026-03-02", f"goals={ACTION}"),
    _record("mentorship", f"mentor={PUNJABI}", f"mentee={ARABIC}", "start_date=2026-09-01"),
    _session("2026-03-02", 2, "--set=minutes=50", f"--set=topics={ACTION}", f"--action={ACTION}", "--next=4"),
    _session("2026-04-13", 4, "--set=minutes=45", "--action=Read the report", "--next=4"),
    _session("2026-06-01", 7, "--set=minutes=60", "--note=She has been bullied.", "--next=2026-07-06"),
    _record(
        "feedback",
        "service_area=diabetes",
        f"provider={TRUST}",
        "rating=4",
        "date=2026-11-20",
        "consent_record=yes",
        f"experience={COMMENT}",
    ),
    "--kit kit delete 'Gone Tomorrow'",
)
