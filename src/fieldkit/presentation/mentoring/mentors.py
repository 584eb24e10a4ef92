"""Who mentors on this laptop: asked once, kept as a setting; if several mentors share a laptop, they choose."""

from __future__ import annotations

from fieldkit.presentation.model.form_plan import Option
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import MENTORS_HERE

EVERYBODY = "everybody"
"""Instead of a mentor's id: the pairs of all mentors."""
_MOST_REMEMBERED = 9


def mentors_here(kit: Kit) -> list[str]:
    """The mentors on this laptop (ids of people, or EVERYBODY), the last one chosen first.

    Joined records count as one person; deleted and missing people are left out.
    """
    same = kit.same_people()
    ids = list(dict.fromkeys(same.kept_of(each) for each in kit.settings.get(MENTORS_HERE)))
    people = kit.many("person", [each for each in ids if each != EVERYBODY])
    return [each for each in ids if each == EVERYBODY or (each in people and not people[each].deleted)]


def remember_mentor(kit: Kit, mentor: str) -> None:
    """From now on, offer `mentor` (a person's id, or EVERYBODY) first."""
    others = [each for each in mentors_here(kit) if each != mentor]
    kit.settings.put(MENTORS_HERE, [mentor, *others][:_MOST_REMEMBERED])


def mentor_choices(kit: Kit) -> list[Option]:
    """Who the laptop's user may be: those chosen before, then the mentors of pairs recorded here, then all others."""
    own = kit.origin.partition(".")[0]
    pairs = list(kit.columns("mentorship", ("mentor", "origin")))
    recorded_here = [str(mentor) for mentor, origin in pairs if str(origin).partition(".")[0] == own]
    everybody = [*mentors_here(kit), *recorded_here, *(str(mentor) for mentor, _ in pairs)]
    ids = [each for each in dict.fromkeys(everybody) if each not in {EVERYBODY, "None"}]
    people = kit.many("person", ids)
    named = [(each, str(people[each].values.get("name", ""))) for each in ids if each in people]
    return [Option(each, name) for each, name in named] + [
        Option(EVERYBODY, "somebody else: show the pairs of all mentors")
    ]


def mentor_name(kit: Kit, mentor: str) -> str:
    """The name of a mentor; "" for EVERYBODY or for somebody who is not here."""
    person = kit.many("person", [mentor]).get(mentor) if mentor not in {"", EVERYBODY} else None
    return str(person.values.get("name", "")) if person is not None else ""
