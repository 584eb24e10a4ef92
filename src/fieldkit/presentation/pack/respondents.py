"""The people of a cycle's feedback as disclosure control counts them: answers, questions and tables. No number leaves here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldkit.insight.disclosure.definitions import (
    NO_ANSWER,
    Answer,
    Level,
    PeopleTable,
    Question,
    Respondent,
    Share,
)
from fieldkit.insight.statistics.friends_and_family import GOOD, POOR
from fieldkit.records.ethnic_names import ethnic_name
from fieldkit.records.same_feedback import person_key
from fieldkit.records.schema.codes import Code, CodeList, code_list
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit
from fieldkit.text import capitalised

FIELDS = {
    "ethnic": "ethnic_group",
    "religion": "religion",
    "orientation": "orientation",
    "disability": "disability",
    "age": "age_band",
    "gender": "gender",
    "carer": "carer",
}
"""Dimension of a comparison -> field of feedback."""
WELL, BADLY = "Good or very good", "Poor or very poor"
NOT_ASKED, DECLINED = "Not asked", "Preferred not to say"
NEED = "need"
"""The question whether somebody named a need: Y or no answer."""

_READ = (
    "record_id",
    "created",
    "date",
    "provider",
    "respondent",
    "service_area",
    "rating",
    "themes",
    "need",
)


@dataclass(frozen=True)
class Person:
    """One person in the feedback: answers by question, and the ids of their records. A period is a quarter, such as 2026-3."""

    answers: Mapping[str, Answer]
    records: tuple[str, ...]


def read_people(kit: Kit, record_ids: Collection[str], dimensions: Sequence[str]) -> list[Person]:
    """The people of these records, in the same order on every laptop. Their latest answer to each question counts.

    Reads the answers of all feedback once: call it in a thread.
    """
    wanted = frozenset(record_ids)
    monitored = [FIELDS[dimension] for dimension in dimensions]
    alone: list[tuple[Any, ...]] = []
    several: dict[object, list[tuple[Any, ...]]] = {}
    for row in kit.columns("feedback", (*_READ, *monitored)):
        if row[0] in wanted:
            key = person_key(row[3], row[4])
            (alone if key is None else several.setdefault(key, [])).append(row)
    # Many people give the same answers: build each set of them once.
    made: dict[tuple[Any, ...], Mapping[str, Answer]] = {}
    people = [_person([row], dimensions, made) for row in alone]
    for rows in several.values():
        rows.sort(key=lambda row: (row[2] or "", row[1], row[0]))
        people.append(_person(rows, dimensions, made))
    people.sort(key=lambda person: person.records)
    return people


def _person(
    rows: list[tuple[Any, ...]], dimensions: Sequence[str], made: dict[tuple[Any, ...], Mapping[str, Answer]]
) -> Person:
    last = rows[-1]
    if len(rows) == 1:
        service, rating, monitored = last[5], last[6], last[len(_READ) :]
        themes, need = tuple(last[7] or ()), bool(last[8])
    else:
        service, rating = _last(rows, 5), _last(rows, 6)
        monitored = tuple(_last(rows, at) for at in range(len(_READ), len(_READ) + len(dimensions)))
        themes = tuple(sorted({theme for row in rows for theme in row[7] or ()}))
        need = any(row[8] for row in rows)
    plain = tuple(tuple(value) if value.__class__ is list else value for value in monitored)
    key = (service, rating, themes, need, (last[2] or "")[:7], plain)
    answers = made.get(key)
    if answers is None:
        month = key[4]
        answers = made[key] = {
            "service": service,
            "rating": rating,
            "theme": tuple(sorted(themes)) or None,
            NEED: "Y" if need else None,
            "period": f"{month[:4]}-{(int(month[5:7]) + 2) // 3}" if month else None,
            **dict(zip(dimensions, plain, strict=True)),
        }
    return Person(answers, tuple(sorted(row[0] for row in rows)))


def _last(rows: list[tuple[Any, ...]], at: int) -> Any:
    return next((row[at] for row in reversed(rows) if row[at]), None)


def respondents(
    people: Iterable[Person], releases: Mapping[str, Collection[str]] | None = None
) -> list[Respondent]:
    """The people for `insight.disclosure`; `releases` maps a person's first record to the releases that counted them."""
    counted = releases or {}
    return [Respondent(person.answers, counted.get(person.records[0], ())) for person in people]


def questions_of(
    people: Iterable[Person], dimensions: Sequence[str], terms: Mapping[str, Mapping[str, str]]
) -> list[Question]:
    """Every question that a pack counts by, with its levels from fine to coarse.

    If the network may add answers to a question, the codes in use are included.
    """
    known = list(people)
    questions = [
        _plain("service", code_list("service_area"), _used(known, "service"), terms),
        Question("rating", (_level("answer", _labels(code_list("fft_rating"))),)),
        Question("theme", _theme_levels(_used(known, "theme"), terms)),
        Question(NEED, (Level("named", {"Y": "Named something they need"}),)),
        Question("period", _period_levels(_used(known, "period"))),
    ]
    return questions + [monitored_question(dimension) for dimension in dimensions]


def tables_of(dimensions: Sequence[str], sections: Collection[str]) -> list[PeopleTable]:
    """The tables of people for a pack with these sections. Tables that most packs have are protected together in every pack.

    Every further question makes the search for what to hide longer, so only packs that show a question count by it.
    """

    def rated(name: str, rows: str, *, counts: bool = False) -> PeopleTable:
        """People who answered the overall question: a percentage is of all six answers."""
        shares = (Share(WELL, frozenset(GOOD)), Share(BADLY, frozenset(POOR)))
        return PeopleTable(name, rows, "rating", (("rating", code_list("fft_rating").codes),), counts, shares)

    tables = [rated("experience", "service", counts=True), rated("themes", "theme")]
    for dimension in dimensions:
        tables += [PeopleTable(f"heard-{dimension}", dimension), rated(f"experience-{dimension}", dimension)]
    if "needs" in sections:
        tables.append(PeopleTable("needs", "theme", where=((NEED, frozenset({"Y"})),)))
    if "periods" in sections:
        tables.append(rated("periods", "period"))
    return tables


def questions_in(table: PeopleTable) -> set[str]:
    """The questions that a table counts by."""
    return {name for name in (table.rows, table.columns, *(name for name, _ in table.where)) if name}


def questions_used(questions: Iterable[Question], tables: Iterable[PeopleTable]) -> list[Question]:
    """The questions that the tables count by."""
    used = {name for table in tables for name in questions_in(table)}
    return [question for question in questions if question.name in used]


def _used(people: Sequence[Person], question: str) -> list[str]:
    used: set[str] = set()
    for answer in {person.answers.get(question) for person in people}:
        used |= set(answer) if isinstance(answer, tuple) else {answer} if answer else set()
    return sorted(used)


def _labels(codes: CodeList) -> dict[str, str]:
    return {entry.code: capitalised(entry.label) for entry in codes.entries}


def _level(name: str, groups: Mapping[str, str]) -> Level:
    return Level(name, dict(groups))


def _plain(
    name: str, codes: CodeList, used: Sequence[str], terms: Mapping[str, Mapping[str, str]]
) -> Question:
    own = {code: capitalised(label) for code, label in terms.get(codes.name, {}).items()}
    known = {**_labels(codes), **own}
    groups = {code: known[code] for code in known if code in used} | {
        code: "Other" for code in used if code not in known
    }
    return Question(name, (_level(name, groups),))


def _theme_levels(used: Sequence[str], terms: Mapping[str, Mapping[str, str]]) -> tuple[Level, ...]:
    codes = code_list("theme")
    own = terms.get("theme", {})
    fine = {entry.code: capitalised(entry.label) for entry in codes.entries if entry.code in used}
    fine |= {code: capitalised(own.get(code, "other")) for code in used if code not in fine}
    group = {entry.code: capitalised(entry.get("group") or "other") for entry in codes.entries}
    return (Level("theme", fine), Level("group of themes", {code: group.get(code, "Other") for code in fine}))


def _period_levels(used: Sequence[str]) -> tuple[Level, ...]:
    quarter_names = ("January to March", "April to June", "July to September", "October to December")
    quarters = {code: f"{quarter_names[int(code[-1]) - 1]} {code[:4]}" for code in used}
    return (Level("quarter", quarters), Level("year", {code: code[:4] for code in used}))


def answers_to(dimension: str) -> CodeList:
    """The answers that the question of a dimension offers."""
    return code_list(kind("feedback").fields[FIELDS[dimension]].codes)


def monitored_question(dimension: str) -> Question:
    """The question of a dimension, with its levels from fine to coarse."""
    codes = answers_to(dimension)
    declined = {entry.code for entry in codes.entries if entry.role == "declined"}
    not_asked = {entry.code for entry in codes.entries if entry.role == "not-asked"}

    def level(name: str, column: str = "") -> Level:
        groups: dict[str, str] = {}
        for entry in codes.entries:
            if entry.code in declined | not_asked:
                continue
            groups[entry.code] = capitalised(_label_of(entry, column))
        groups |= dict.fromkeys(sorted(declined), DECLINED)
        groups |= dict.fromkeys([*sorted(not_asked), NO_ANSWER], NOT_ASKED)
        return Level(name, groups)

    levels = [level("as asked")]
    if dimension == "ethnic":
        levels += [level("NHS categories", "nhs"), level("five groups", "group")]
    return Question(dimension, tuple(levels), monitoring=True)


def _label_of(entry: Code, column: str) -> str:
    """The name of a group, or of the coarser group in `column`."""
    if not column:
        return ethnic_name(entry.label, entry.get("group") or "") if entry.get("nhs") else entry.label
    code = entry.get(column) or ""
    return nhs_names().get(code, code) if column == "nhs" else code


def nhs_names() -> dict[str, str]:
    """NHS ethnic category -> its name, prefixed by the broad group if needed; without categories that are not groups."""
    categories = code_list("ethnic_category").entries
    return {
        entry.code: capitalised(ethnic_name(entry.label, entry.get("group") or ""))
        for entry in categories
        if not entry.role
    }
