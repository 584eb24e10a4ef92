"""Names after a title in free text: Dr Patel, nurse Mary, Mrs. Begum, in any script.

"The dr listened" names nobody. A word written like a name counts after any title. A word in small letters counts only
after a short title without an article before it, and only if it is not a verb that people use about a doctor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPACE = r"[ \u00a0]{1,3}"
#: A letter, and what follows it up to a space or a stop: the module `re` does not count vowel signs as letters.
_NAME = r"[^\W\d_][^\s.,;:!?()\[\]{}\"“”<>/\\]{0,40}"
_TITLED = re.compile(
    rf"(?<!\w)(?:(?P<short>(?i:mr|mrs|dr|prof|rev|revd)(?:\.[ \u00a0]{{0,3}}|{_SPACE}))"
    rf"|(?P<long>(?:Ms|ms|Mx|MS|Miss|MISS|(?i:doctor|professor|sister|brother|nurse|matron|sir|dame|lady|lord|reverend|father|imam"
    rf"|rabbi|pastor|canon|consultant|midwife|auntie|aunty|uncle)){_SPACE}))(?P<name>{_NAME})"
)
#: One more word of the same name: after a space, an initial's full stop, or the particles inside surnames.
_FURTHER = re.compile(
    rf"(?:(?<=\b[^\W\d_])\.[ \u00a0]{{0,3}}|{_SPACE})"
    rf"(?:(?:de|da|di|do|du|la|le|van|von|der|den|bin|bint|ibn|al|el|y){_SPACE}){{0,2}}(?P<name>{_NAME})"
)
_MOST_FURTHER = 4
#: What precedes a title that means a profession: the dr, my dr, another dr.
_ARTICLE = re.compile(
    r"\b(?:the|a|an|my|our|your|his|her|their|another|other|this|that|each|every|any|no|new|same|one|some|gp|which|what|male"
    r"|female|locum|duty|lady|good|nice|lovely|great|first|second)[ \u00a0]{1,3}\Z",
    re.IGNORECASE,
)
_PROFESSION = re.compile(
    r"\w*(?:ologist|iatrist|iatrician|etist|therapist|practitioner|specialist|manager)s?", re.IGNORECASE
)
_VERBS_AND_OTHERS = """
a about actually added advised after again agreed all also always an and answered any appointment
appointments are arrived as asked assistant associate at be because before being but called came can
cancelled care cared changed checked christmas clinic come comes could decided diagnosed did didn't didn’t
discussed dismissed do does doesn't doesn’t done ensured even every examined explained explains felt
finally for found from gave gets gives go goes got had has hasn't hasn’t have he helped helps her him his
how i if ignored in informed is isn't isn’t it just kept knew knows led left let line listened listens
looked looks made makes me midwife my needed needs never not noted nurse of off offered on only or out
over phoned plus practice prescribed put rang read really referred refused register rushed said sat saw
says see seemed seems seen sent service she should showed so sorted speaks spoke spoken station still
suggested surgeon surgeries surgery talked talks team telephoned tells texted that the then they thought
to told took treated tried understood until very visit visited visits wanted wants ward was wasn't wasn’t
we went were when where which while who will with would wouldn't wouldn’t wrote you
"""
_NO_NAMES = frozenset(_VERBS_AND_OTHERS.split())
_DAYS_AND_MONTHS = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
"""
_TIMES = frozenset(_DAYS_AND_MONTHS.split())


def titled_names(text: str) -> Iterator[tuple[int, int]]:
    """The place of each title with the whole name after it, in order."""
    place = 0
    while (match := _TITLED.search(text, place)) is not None:
        place = _end_of_name(text, match)
        if _names_somebody(text, match, place):
            yield match.start(), place
        else:
            place = match.end()


def name_place(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of the name alone, within a `start` and `end` from `titled_names`."""
    match = _TITLED.match(text, start)
    return (match.start("name") if match is not None else start), end


def _end_of_name(text: str, match: re.Match[str]) -> int:
    """The end of the name after a title: further words belong to it as long as they are written like names."""
    end = match.end()
    if not match.group("name")[0].isupper():
        return end
    for _ in range(_MOST_FURTHER):
        further = _FURTHER.match(text, end)
        if further is None or not _written_as_name(further.group("name")):
            break
        end = further.end()
    return end


def _written_as_name(word: str) -> bool:
    """Whether a word is an initial, or has a capital with small letters after it, and is neither a day nor a month."""
    initial = len(word) == 1 or any(letter.islower() for letter in word[1:])
    return word[0].isupper() and initial and word.casefold() not in _NO_NAMES | _TIMES


def _names_somebody(text: str, match: re.Match[str], end: int) -> bool:
    name = match.group("name")
    if len(name) == 1 and name.isupper() and end > match.end():
        return True  # an initial, as A in “Dr A Patel”
    if name.casefold() in _NO_NAMES or _PROFESSION.fullmatch(name):
        return False
    shouted = name.isupper() and len(name) > 1
    around = text[max(0, match.start() - 20) : match.start()]
    title = match.group().removesuffix(name).strip(" .\u00a0")
    if shouted and title.isupper() and _in_capitals(text):
        # The whole text is in capitals, so they do not mark a name here.
        return match.group("short") is not None and _ARTICLE.search(around) is None
    if name[0].isupper() or name[0].lower() == name[0].upper():
        # After a long title, a single word in capitals is emphasis: the nurse DID.
        return match.group("short") is not None or not shouted
    return match.group("short") is not None and _ARTICLE.search(around) is None


def _in_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.upper() != letter.lower()]
    return len(letters) > 20 and all(letter.isupper() for letter in letters)
