"""How to read the figures of a file: signs, stars, rounding, unreadable cells, unit, ages, period."""

from __future__ import annotations

import re

from fieldkit.errors import Misuse
from fieldkit.importing.figures.figure_periods import period_of
from fieldkit.importing.figures.populations import population_of
from fieldkit.importing.figures.shown_text import Meaning
from fieldkit.intervals import Interval
from fieldkit.presentation.figures.figure_question import FigureQuestion, numbered
from fieldkit.presentation.figures.figure_session import KEPT, FigureSession, named
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.lookup import find
from fieldkit.records.schema.parse import heading_in_words
from fieldkit.text import clean_line, cut_to_store, plural, quoted

CENSUS_DAY = "2021-03-21"
_STAR = re.compile(r"([0-9]{1,6})\s*(?:[-–—]|to)\s*([0-9]{1,6})")
_ENOUGH = 3
"""From this many numbers on, all multiples of 5, they are probably rounded."""
_BASES = (10, 5, 3)


def demand_each_once(session: FigureSession) -> None:
    """Stop if one label has several numbers: no answer can tell which of them counts.

    Raises:
        Misuse: a label has several numbers.
    """
    if (doubled := session.doubled) is None:
        return
    label, times = doubled
    raise Misuse(
        f"{quoted(label)} comes {times} times for one measure, so it is not clear which number counts.",
        kept=KEPT,
        hint="Keep the rows that count, for example those of one quarter. Or say what a column is with --column ROLE=HEADING.",
    )


def sign_questions(session: FigureSession) -> list[FigureQuestion]:
    choices = session.choices
    asked = []
    for sign, times in session.signs.items():
        shown = clean_line(sign)
        meanings: list[tuple[str, Meaning]] = [
            ("nobody: zero", "zero"), ("not available", "missing"), ("a small number, as a star", "star"),
        ]  # fmt: skip
        asked.append(
            FigureQuestion(
                "sign",
                f"{quoted(shown, 30)} comes {counted(times, 'time')} in the place of a number. What does it mean?",
                numbered([(label, choices.sign(sign, meaning)) for label, meaning in meanings]),
                "--dash zero|missing|star" if shown in "-–—" else f'--sign "{shown}=zero|missing|star"',
            )
        )
    return asked


def star_question(session: FigureSession) -> list[FigureQuestion]:
    choices = session.choices
    if not session.starred or choices.star is not None or (choices.source or session.known_source):
        return []
    stars = ((1, 4), (1, 7), (0, 4), (1, 9))
    who = ("Friends and Family Test", "Hospital Episode Statistics", "NHS Talking Therapies", "many councils")
    options = [
        (f"{low} to {high} ({source})", choices.with_(star=Interval(low, high)))
        for (low, high), source in zip(stars, who, strict=True)
    ]
    options.append(("it may be any number, or nobody knows", choices.with_(star=Interval(0, None))))
    return [
        FigureQuestion(
            "star",
            plural(
                session.starred,
                "1 number is starred. What does a star mean?",
                "{n} numbers are starred. What does a star mean?",
            ),
            numbered(options),
            "--star 1-4",
            "the least and the greatest number, for example 1-4",
            lambda typed: choices.with_(star=star_of(typed)),
        )
    ]


def star_of(typed: str) -> Interval:
    """What a star means: `1-4`, or `any`.

    Raises:
        Misuse: it is neither.
    """
    cleaned = clean_line(typed).casefold()
    if cleaned in {"any", "unknown", "not known"}:
        return Interval(0, None)
    match = _STAR.fullmatch(cleaned)
    if match is None or int(match[2]) < int(match[1]):
        raise Misuse(
            f"{quoted(cleaned, 30)} is not a range that a star can mean.",
            kept=KEPT,
            hint="Write the least and the greatest number, for example 1-4, or any.",
        )
    return Interval(int(match[1]), int(match[2]))


def rounding_question(session: FigureSession) -> list[FigureQuestion]:
    choices, numbers = session.choices, session.numbers
    if choices.round_base is not None or choices.source or session.known_source or choices.population:
        return []
    bases = [base for base in _BASES if numbers and all(number % base == 0 for number in numbers)]
    if not bases or len(numbers) < _ENOUGH:
        return []
    options = [(f"yes, to {base}", choices.with_(round_base=base)) for base in bases]
    options.append(("no, they are exact", choices.with_(round_base=0)))
    return [
        FigureQuestion(
            "round",
            f"All {len(numbers):,} numbers are multiples of {bases[0]}. Are they rounded?",
            numbered(options),
            "--round 5, or --round 0 for exact numbers",
            "what they are rounded to",
            lambda typed: choices.with_(round_base=base_of(typed)),
        )
    ]


def base_of(typed: str) -> int:
    """What numbers are rounded to.

    Raises:
        Misuse: it is not a whole number from 0 to 1,000.
    """
    if not typed.isascii() or not typed.isdecimal() or int(typed) > 1_000:
        raise Misuse(
            f"{quoted(typed, 30)} is no number to round to.",
            kept=KEPT,
            hint="For example 5; 0 for exact numbers.",
        )
    return 0 if int(typed) == 1 else int(typed)


def refused_question(session: FigureSession) -> list[FigureQuestion]:
    refused, choices = session.refused, session.choices
    if not refused or choices.leave_refused:
        return []
    counts = sum(not row.derived for row in session.rows)
    if len(refused) * 2 > counts:
        first = refused[0]
        raise Misuse(
            f"{len(refused):,} of {counts:,} numbers are no counts. "
            f"Line {first.line}: {quoted(first.shown, 40)} {first.problem}.",
            kept=KEPT,
            hint="Counts are needed. Choose the column of counts with --column value=HEADING, or another table.",
        )
    lines = "; ".join(f"line {row.line}: {quoted(row.shown, 30)} {row.problem}" for row in refused[:3])
    more = f"; and {len(refused) - 3:,} more" if len(refused) > 3 else ""
    return [
        FigureQuestion(
            "refused",
            f"{counted(len(refused), 'number')} can't be read: {lines}{more}.",
            numbered([("leave them out", choices.with_(leave_refused=True))]),
            "--leave-refused",
        )
    ]


def unit_question(session: FigureSession) -> list[FigureQuestion]:
    choices = session.choices
    source = choices.source or session.known_source
    if choices.unit or choices.population or choices.understood or (source and source.unit):
        return []
    entries = code_list("count_unit").entries
    measures = named(list(map(heading_in_words, choices.measures or session.measures)), 4)
    return [
        FigureQuestion(
            "unit",
            f"What is counted by {measures or 'these figures'}?",
            numbered([(entry.label, choices.with_(unit=entry.code)) for entry in entries]),
            "--unit people|referrals|contacts|admissions",
        )
    ]


def ages_question(session: FigureSession) -> list[FigureQuestion]:
    choices = session.choices
    if choices.who or choices.understood or (choices.population and not any(row.age for row in session.rows)):
        return []
    entries = code_list("age_cover").entries[:4]
    return [
        FigureQuestion(
            "who",
            "Of what ages are the people who are counted?",
            numbered(
                [
                    *((entry.label, choices.with_(who=entry.code)) for entry in entries),
                    ("not known", choices.with_(who="-")),
                ]
            ),
            "--who all|16+|18+",
            "other ages",
            lambda typed: choices.with_(who=who_of(typed)),
        )
    ]


def who_of(typed: str) -> str:
    """The ages counted: the code of a known answer, otherwise the words."""
    return find(code_list("age_cover"), clean_line(typed), {}) or cut_to_store(typed, 80)


def period_question(session: FigureSession) -> list[FigureQuestion]:
    choices = session.choices
    if choices.period_days is not None or period_known(session) is not None:
        return []
    written = next((row.period for row in session.rows if row.period), "")
    text = (
        f"{quoted(written, 40)} is no period that fieldkit knows."
        if written
        else "The file does not say which period it covers."
    )
    return [
        FigureQuestion(
            "period-days",
            f"{text} Which days does it cover?",
            (),
            "--days 1/4/2024-31/3/2025",
            "a year, for example 2024-25, or the first and the last day, for example 1/4/2024 to 31/3/2025",
            lambda typed: choices.with_(period_days=days_of(typed)),
        )
    ]


def period_known(session: FigureSession) -> tuple[str, str] | None:
    """The first and last day that the file itself states. A population of 2021 is that of census day."""
    if session.choices.population:
        year = population_of(session.file, session.rows).year
        days = (CENSUS_DAY, CENSUS_DAY) if year == "2021" else period_of(year)
        return (str(days[0]), str(days[1])) if days else None
    written = {row.period for row in session.rows} - {""}
    if len(written) == 1 and (days_covered := period_of(written.pop())):
        return days_covered[0].isoformat(), days_covered[1].isoformat()
    return None


def days_of(typed: str) -> tuple[str, str]:
    """The first and last day of a typed period.

    Raises:
        Misuse: it is not a period.
    """
    days = period_of(typed) or period_of(typed.replace("-", " to ", 1) if typed.count("-") == 1 else typed)
    if days is None:
        raise Misuse(
            f"{quoted(typed, 40)} is no period.",
            kept=KEPT,
            hint="Write a year, for example 2024-25, or two days, for example 1/4/2024 to 31/3/2025.",
        )
    return days[0].isoformat(), days[1].isoformat()
