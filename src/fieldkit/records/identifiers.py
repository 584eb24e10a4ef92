"""Parts of a text that may identify a person: numbers and addresses, names with a title, dates, ages, places.

It finds the usual forms. A second person has to find what it misses.
"""

from __future__ import annotations

import re

from fieldkit.records.privacy import Warning, warnings
from fieldkit.records.titled_names import titled_names

#: Sentences for the kinds that `warnings` does not look for.
SENTENCES = {
    "title": "This looks like somebody's name.",
    "address": "This looks like an address.",
    "date": "This looks like a date.",
    "age": "This looks like somebody's age.",
    "ward": "This looks like a ward or room.",
}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:[0-3]?[0-9])(?:st|nd|rd|th)?"
_NUMBER_WORD = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|one|two|three|four|five|six|seven|eight|nine)"
)
_AGE = rf"(?:[0-9]{{1,3}}|{_NUMBER_WORD})"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "address",
        re.compile(
            r"(?<!\w)(?:flat |no\.? |number )?[0-9]{1,4}[a-z]?,?[ \u00a0](?:[\w'’.-]{1,30}[ \u00a0]){0,3}"
            r"(?:street|st|road|rd|avenue|ave|lane|close|drive|crescent|court|terrace|gardens|grove|walk|way|place|square|hill|mews|parade|row)(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(
            rf"(?<!\w)(?:{_DAY}(?: of)? {_MONTH}(?:,? [12][0-9]{{3}})?|{_MONTH},? {_DAY}(?:,? [12][0-9]{{3}})?(?!\w)"
            rf"|{_MONTH},? [12][0-9]{{3}}|[0-3]?[0-9][/.-][01]?[0-9][/.-](?:[12][0-9])?[0-9]{{2}}"
            r"|[12][0-9]{3}-[01][0-9]-[0-3][0-9])(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "age",
        re.compile(
            rf"(?<!\w)(?:aged?[ \u00a0](?:of[ \u00a0])?{_AGE}|{_AGE}[- ]?(?:years?|yrs?|months?|weeks?)[- ]?(?:and a half )?old"
            rf"|{_AGE}[- ]?y/?o|(?:i am|i['’]?m|he is|he['’]s|she is|she['’]s|turned|turning|nearly|almost) {_AGE}"
            r"(?= (?:and|now|so|but|with)\b|[.,;!?]|\Z))(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "ward",
        re.compile(
            r"(?<!\w)(?:ward|bay|bed|room|clinic|theatre)[ \u00a0](?:no\.? |number )?(?:[0-9]{1,4}[a-z]?|[A-Z][0-9]{0,3})(?!\w)",
            re.IGNORECASE,
        ),
    ),
)


def identifiers(text: str) -> list[Warning]:
    """The parts of `text` that may identify a person, in order; `kind` is a key of `privacy.SENTENCES` or of these."""
    listed = warnings(text)
    listed += [Warning("title", *place, SENTENCES["title"]) for place in titled_names(text)]
    for kind, pattern in _PATTERNS:
        listed += [Warning(kind, *match.span(), SENTENCES[kind]) for match in pattern.finditer(text)]
    apart: list[Warning] = []
    for each in sorted(listed, key=lambda warning: (warning.start, -warning.end)):
        if not apart or each.start >= apart[-1].end:
            apart.append(each)
    return apart
