"""The summary's statistics: intervals of mentoring changes, names of providers, questions, and a missing extra."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from test_insight import TODAY, feedback_of, made, rows_of

from fieldkit.evidence_extra import INSTALL
from fieldkit.insight.people import under_own_names, with_person
from fieldkit.insight.ratings import by_question
from fieldkit.insight.summary import summary_of, wanted
from fieldkit.insight.summary_model import BASE, Change
from fieldkit.presentation.summary_texts import NOT_COMPARED, caveats, change_in_brackets
from fieldkit.records.provider_names import ProviderNames


def _changes(*changes: int) -> Change:
    """The change of confidence of pairs that began at 5."""
    sessions = []
    for number, change in enumerate(changes):
        for day, rating in (("2026-01-01", 5), ("2026-03-01", 5 + change)):
            sessions.append({"mentorship": f"p{number}", "date": day, "confidence": rating})
    pairs = [{"record_id": f"p{number}", "level": "2"} for number in range(len(changes))]
    (level,) = made(mentorship=pairs, session=sessions).levels
    return level.confidence


def test_ten_pairs_have_students_interval() -> None:
    change = _changes(3, 2, 0, 1, 4, -1, 2, 2, 3, 1)
    assert (change.change, change.interval) == (1.7, (0.6, 2.8))
    assert (change.rose, change.same, change.fell) == (8, 1, 1)
    assert change_in_brackets(change) == "95 % interval +0.6 to +2.8"


def test_fewer_pairs_have_none_and_are_counted() -> None:
    change = _changes(3, 2, 0, 1, 4, -1, 2, 2, 3)
    assert change.interval is None
    assert change_in_brackets(change) == "7 rose, 1 the same, 1 fell"


def test_pairs_that_all_changed_alike_have_none() -> None:
    assert change_in_brackets(_changes(*[2] * 12)) == "all 12 changed by the same"
    assert change_in_brackets(_changes(2)) == "1 rose"


def test_many_unchanged_pairs_are_a_caveat() -> None:
    changes = (0, 0, 0, 0, 1, 2, 1, 2, 1, 2)
    assert _changes(*changes).too_narrow
    sessions = [
        {"mentorship": f"p{number}", "date": day, "confidence": 5 + (change if day.endswith("2") else 0)}
        for number, change in enumerate(changes)
        for day in ("2026-01-01", "2026-01-02")
    ]
    summary = made(mentorship=[{"record_id": f"p{n}", "level": "2"} for n in range(10)], session=sessions)
    notes = caveats(summary)
    assert NOT_COMPARED in notes
    assert any("too narrow" in note for note in notes)


def test_a_percentage_has_the_base_of_the_preset_for_services() -> None:
    assert BASE == 10
    rated = [{"rating": "1"}] * (BASE - 1)
    assert made(feedback=rated).all_services.positive_percent is None
    assert made(feedback=[*rated, {"rating": "5"}]).all_services.positive_interval == (59.6, 98.2)


NAMES = ProviderNames(
    [("a", 1, {"name": "North East Ambulance Service", "ods_code": "RX6", "spellings": "NEAS 111\nNEAS PTS"})]
)


def _summary_with_names(rows: list[dict[str, Any]]) -> Any:
    frames = {name: rows_of(name, []) for name in wanted()}
    frames["feedback"] = rows_of("feedback", rows)
    return summary_of(frames, today=TODAY, providers=NAMES)


def test_spellings_of_one_provider_are_one_row_under_its_own_name() -> None:
    written = ("NEAS 111", "neas pts", "RX6", "NHFT", None)
    summary = _summary_with_names([{"provider": name, "rating": "1"} for name in written])
    assert [(row.label, row.total) for row in summary.providers] == [
        ("North East Ambulance Service", 3),
        ("NHFT", 1),
        ("provider not said", 1),
    ]


def test_one_respondent_under_two_spellings_of_a_provider_is_one_person() -> None:
    rows = [{"provider": name, "respondent": "R1", "rating": "1"} for name in ("NEAS 111", "NEAS PTS")]
    summary = _summary_with_names(rows)
    assert (summary.people, summary.comments) == (1, 2)
    assert made(feedback=rows).people == 2  # nobody has said yet that the two are one


def test_names_that_nobody_bound_stay_as_they_are() -> None:
    feedback = feedback_of({"provider": "NHFT"}, {"provider": None})
    assert under_own_names(feedback, NAMES.name_of) is feedback


def test_themes_are_counted_by_the_question_that_was_asked() -> None:
    rows = [
        {"question": "What was good?", "respondent": "A", "themes": ["staff-manner"]},
        {"question": "What was good?", "respondent": "A", "themes": ["staff-manner"]},
        {"question": "what was good", "respondent": "B", "themes": ["staff-manner", "access-timeliness"]},
        {"question": "What could we do better?", "respondent": "A", "themes": ["access-timeliness"]},
        {"respondent": "C"},
    ]
    good, better, none = by_question(with_person(feedback_of(*rows)))
    assert (good.question, good.people, good.comments) == ("What was good?", 2, 3)
    assert [people for _, people in good.themes] == [2, 1]
    assert (better.people, [people for _, people in better.themes]) == (1, [1])
    assert (none.question, none.people, none.themes) == ("", 1, [])


def test_without_questions_nothing_is_said_of_them() -> None:
    assert made(feedback=[{"rating": "1"}]).questions == []


def test_without_the_extra_the_summary_says_what_to_install() -> None:
    script = """
import sys
sys.modules["scipy"] = None
import pandas as pd
from fieldkit.insight.mentoring import by_level
pairs = pd.DataFrame({"record_id": [f"p{n}" for n in range(12)], "level": "2", "mentee": None})
rows = [(f"p{n}", pd.Timestamp(f"2026-0{m}-01"), 1, f"r{n}{m}", None, 4 + m + n % 2 * m) for n in range(12) for m in (1, 2)]
sessions = pd.DataFrame(rows, columns=["mentorship", "date", "created", "record_id", "minutes", "confidence"])
sessions = sessions.assign(knowledge=pd.NA, skills=pd.NA, minutes=30)
people = pd.DataFrame({"record_id": [], "band": []})
(level,) = by_level(pairs, sessions, people)
print(level.confidence.twice, level.confidence.change, level.confidence.interval)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["12", "1.5", "None"]
    with_note = replace(made(), intervals_missing=True)
    assert any(INSTALL in note for note in caveats(with_note))


@pytest.mark.parametrize(
    "part", ["friends_and_family", "proportions", "paired_change", "break_even", "estimates"]
)
def test_what_the_summary_uses_loads_without_the_extra(part: str) -> None:
    script = f"import sys; sys.modules['scipy'] = None; import fieldkit.insight.statistics.{part}"
    subprocess.run([sys.executable, "-c", script], check=True)
