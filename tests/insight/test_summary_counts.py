"""What the summary counts: people rather than comments, each once; counts if a base is small; dates that are certain."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from test_insight import TODAY, feedback_of, made, rows_of

from fieldkit.insight.people import comments_of
from fieldkit.insight.ratings import by_provider
from fieldkit.insight.statistics.proportions import wilson
from fieldkit.insight.summary import summary_of, wanted
from fieldkit.insight.summary_model import Dates, Double
from fieldkit.presentation.summary_texts import SMALL_NUMBERS, caveats, depth


def _with_words(*rows: dict[str, Any]) -> Any:
    """Feedback comments whose text is `experience`."""
    texts = {f"id{at:06}": (row.get("experience", ""),) for at, row in enumerate(rows)}
    return comments_of(rows_of("feedback", rows), lambda ids: {each: texts[each] for each in ids})


# People and comments


def test_a_person_with_several_comments_is_one_rating() -> None:
    rows = [{"provider": "NHFT", "respondent": "R1", "rating": "1", "themes": ["staff-manner"]}] * 3
    rows += [{"provider": "NHFT", "respondent": "R2", "rating": "5"}, {"rating": "5"}, {"rating": "5"}]
    summary = made(feedback=rows)
    assert (summary.comments, summary.people) == (6, 4)
    assert (summary.all_services.answers["1"], summary.all_services.answers["5"]) == (1, 3)
    assert [(row.label, row.total) for row in summary.providers] == [("NHFT", 2), ("provider not said", 2)]
    assert [(theme.count, theme.comments, theme.positive) for theme in summary.themes] == [(1, 3, 1)]
    assert summary.no_themes == 3
    assert [(row.label, row.count) for row in summary.roles] == [("not asked", 4)]


def test_one_code_at_two_providers_is_two_people_and_spellings_of_a_provider_are_one() -> None:
    rows = [
        {"provider": provider, "respondent": "17", "rating": "1"}
        for provider in ("St Mary's", "ST MARY’S", "NHFT")
    ]
    summary = made(feedback=rows)
    assert summary.people == 2
    assert sorted((row.label, row.total) for row in summary.providers) == [("NHFT", 1), ("ST MARY’S", 1)]


def test_of_different_ratings_the_latest_counts_and_that_is_named() -> None:
    rows = [
        {"respondent": "R1", "rating": "5", "date": "2026-03-02", "role": "carer"},
        {"respondent": "R1", "rating": "1", "date": "2026-03-01"},
        {"respondent": "R1", "date": "2026-03-09"},  # no rating: the one before it counts
    ]
    for order in (rows, rows[::-1]):
        summary = made(feedback=order)
        assert (summary.people, summary.all_services.answers["5"], summary.differing_ratings) == (1, 1, 1)
        assert [(row.label, row.count) for row in summary.roles] == [("carer", 1)]
    assert "1 person gave different ratings in several comments: the latest counts." in caveats(summary)


def test_a_row_that_is_here_twice_counts_once_and_is_listed() -> None:
    row = {
        "provider": "St Mary's",
        "reference": "r1",
        "date": "2026-03-01",
        "rating": "1",
        "experience": "Kind",
    }
    comments, doubles, shared = _with_words(row, {**row, "provider": "st marys", "themes": ["staff-manner"]})
    assert doubles == [Double("St Mary's", "r1", 2)]
    assert (len(comments), shared) == (1, 0)
    assert comments["themes"].tolist() == ["staff-manner"]  # a theme of only one of them is kept


@pytest.mark.parametrize(
    "other",
    [
        {"experience": "Rude"},
        {"rating": "5"},
        {"date": "2026-04-01"},
        {"provider": "NHFT"},
        {"reference": "r2"},
    ],
)
def test_a_reference_alone_makes_no_double(other: dict[str, str]) -> None:
    row = {
        "provider": "St Mary's",
        "reference": "r1",
        "date": "2026-03-01",
        "rating": "1",
        "experience": "Kind",
    }
    comments, doubles, shared = _with_words(row, {**row, **other})
    assert (len(comments), doubles) == (2, [])
    assert shared == (0 if {"provider", "reference"} & set(other) else 1)


def test_the_most_frequent_spelling_of_a_provider_is_its_label() -> None:
    for spellings in (["St Marys", "St Mary's", "St Mary's"], ["St Mary's", "St Marys", "St Mary's"]):
        (row,) = by_provider(feedback_of(*({"provider": each} for each in spellings)))
        assert (row.label, row.not_asked) == ("St Mary's", 3)
    for spellings in (["St Marys", "St Mary's"], ["St Mary's", "St Marys"]):  # equally frequent: by alphabet
        (row,) = by_provider(feedback_of(*({"provider": each} for each in spellings)))
        assert row.label == "St Mary's"


# Services


def test_a_service_holds_the_services_that_are_kinds_of_it() -> None:
    rows = [{"service_area": "cancer", "rating": "1"}] * 10 + [
        {"service_area": "prostate-cancer", "rating": "5"}
    ] * 10
    summary = made(feedback=[*rows, {"service_area": "gp", "rating": "1"}, {"rating": "2"}])
    listed = [
        (depth(row, summary.services), row.label, row.total, row.positive_percent) for row in summary.services
    ]
    assert listed == [
        (0, "cancer", 20, 50),
        (1, "prostate cancer", 10, 0),
        (0, "GP practice", 1, None),
        (0, "service not said", 1, None),
    ]
    assert summary.all_services.total == sum(row.total for row in summary.services if not row.parent) == 22


def test_a_person_with_comments_on_a_service_and_a_kind_of_it_is_one_person_there() -> None:
    rows = [
        {"respondent": "R", "service_area": area, "rating": "1"}
        for area in ("cancer", "prostate-cancer", "gp")
    ]
    summary = made(feedback=rows)
    assert [(row.label, row.total) for row in summary.services] == [
        ("GP practice", 1),
        ("cancer", 1),
        ("prostate cancer", 1),
    ]
    assert summary.all_services.total == summary.people == 1


def test_only_a_kind_of_a_service_was_named() -> None:
    summary = made(feedback=[{"service_area": "prostate-cancer", "rating": "1"}])
    assert [(row.label, row.total) for row in summary.services] == [("cancer", 1), ("prostate cancer", 1)]


# Percentages


@pytest.mark.parametrize(("people", "percent"), [(9, None), (10, 100)])
def test_a_base_below_ten_has_no_percentage(people: int, percent: int | None) -> None:
    (service,) = made(feedback=[{"service_area": "gp", "rating": "1"}] * people).services
    assert (service.positive_percent, service.total) == (percent, people)
    assert service.no_percent == ("base below 10" if percent is None else "")
    assert (service.positive_interval is None) == (percent is None)


def test_five_comments_of_three_people_are_a_base_of_three() -> None:
    rows = [{"respondent": f"R{number % 9}", "rating": "1"} for number in range(18)]
    assert made(feedback=rows).all_services.positive_percent is None


def test_intervals_are_wilsons() -> None:
    # Newcombe (1998), Stat. Med. 17, 857, table I, method 3
    for part, whole, limits in (
        (81, 263, (25.5, 36.6)),
        (15, 148, (6.2, 16.0)),
        (0, 20, (0, 16.1)),
        (29, 29, (88.3, 100)),
    ):
        interval = wilson(part, whole)
        assert interval is not None and tuple(round(100 * limit, 1) for limit in interval) == limits
    rated = [{"rating": "1"}] * 15 + [{"rating": "5"}] * 133
    assert made(feedback=rated).all_services.positive_interval == (6.2, 16.0)


# Who came


def test_people_by_name_and_their_visits_are_two_figures() -> None:
    summary = made(
        event=[{"record_id": "e1", "title": "Fair A"}, {"record_id": "e2", "title": "Fair B"}],
        attendance=[
            {"event": "e1", "person": "p1", "origin": "a"},
            {"event": "e1", "person": "p1", "origin": "b"},
            {"event": "e1", "person": "p2", "origin": "a"},
            {"event": "e2", "person": "p1", "origin": "a"},
        ],
    )
    assert {row.title: row.named for row in summary.events} == {"Fair A": 2, "Fair B": 1}
    assert (summary.named_people, summary.visits) == (2, 3)


def test_the_same_crowd_counted_on_two_laptops_is_one_crowd() -> None:
    counts = [("all", 86, "a"), ("all", 80, "b"), ("carer", 5, "b")]
    summary = made(
        event=[{"record_id": "e1", "title": "Fair A"}],
        attendance=[
            {"event": "e1", "attendee_group": group, "head_count": number, "origin": laptop}
            for group, number, laptop in counts
        ],
    )
    assert [(row.counted, row.not_added) for row in summary.events] == [(86, 1)]
    assert any("1 head count of a second laptop was not added" in note for note in caveats(summary))


# Mentoring


def test_change_is_of_pairs_rated_on_two_days_and_the_level_follows_the_band() -> None:
    def rated(pair: str, day: str, confidence: int) -> dict[str, Any]:
        return {"mentorship": pair, "date": day, "confidence": confidence}

    summary = made(
        person=[{"record_id": "mentee1", "band": "5"}, {"record_id": "mentee2", "band": "medical"}],
        mentorship=[
            {"record_id": "pair1", "mentee": "mentee1"},
            {"record_id": "pair2", "level": "2", "mentee": "mentee2"},
            {"record_id": "pair3", "mentee": "mentee2"},
            {"record_id": "pair4", "mentee": "elsewhere"},
        ],
        session=[
            rated("pair1", "2026-01-01", 2),
            rated("pair1", "2026-03-01", 9),
            rated("pair2", "2026-03-01", 8),
            rated("pair3", "2026-03-01", 1),
            rated("pair3", "2026-03-01", 9),  # twice on one day
        ],
    )
    second, not_given = summary.levels
    assert (second.code, second.mentorships) == ("2", 2)
    change = second.confidence
    assert (change.first, change.latest, change.change, change.mentorships, change.twice) == (
        2.0,
        9.0,
        7.0,
        2,
        1,
    )
    assert (not_given.label, not_given.mentorships, not_given.confidence.twice) == ("level not given", 2, 0)
    assert not_given.confidence.change is None


# Dates


def test_dates_that_are_not_certain_stretch_no_period() -> None:
    rows = [{"date": f"2026-03-{day:02}"} for day in range(1, 29)]
    rows += [{}, {"date": "1926-03-01"}, {"date": "2062-03-01"}, {"date": "2024-03-01"}]
    summary = made(feedback=rows)
    assert (summary.first_day, summary.last_day) == ("2026-03-01", "2026-03-28")
    assert summary.dates == Dates(
        {"feedback": 1}, {"feedback": 1}, {"feedback": 2}, ("1926-03-01", "2024-03-01")
    )
    assert summary.all_services.not_asked == 32  # they still count
    notes = "\n".join(caveats(summary))
    assert "1 comment without a date: in no period." in notes
    assert "1 comment dated after today: in no period." in notes
    assert "2 comments dated over a year from all others (" in notes


def test_two_large_groups_of_dates_far_apart_are_one_period() -> None:
    rows = [{"date": f"{year}-03-{day:02}"} for year in (2011, 2026) for day in range(1, 15)]
    summary = made(feedback=rows)
    assert (summary.first_day, summary.last_day) == ("2011-03-01", "2026-03-14")
    assert summary.dates == Dates()


def test_what_was_recorded_lately_is_in_the_period() -> None:
    old = [{"date": f"2011-03-{day:02}"} for day in range(1, 15)]
    summary = made(feedback=[*old, {"date": "2026-11-30"}])
    assert (summary.first_day, summary.last_day, summary.dates) == ("2011-03-01", "2026-11-30", Dates())


def test_of_two_single_dates_far_apart_the_later_is_the_period() -> None:
    summary = made(feedback=[{"date": "1926-03-01"}, {"date": "2026-03-01"}])
    assert (summary.first_day, summary.last_day, summary.dates.apart) == (
        "2026-03-01",
        "2026-03-01",
        {"feedback": 1},
    )


# Caveats


def test_small_numbers_and_what_is_not_known_are_named() -> None:
    full = {
        "rating": "1",
        "service_area": "gp",
        "role": "carer",
        "provider": "A",
        "themes": ["staff-manner"],
        "event": "e1",
        "date": "2026-03-01",
        "religion": "A",
    }
    (only,) = caveats(made(feedback=[full] * 5))
    assert "chose to answer" in only
    assert caveats(made(feedback=[full] * 4))[0] == SMALL_NUMBERS
    poor = caveats(
        made(feedback=[{"rating": "1", "role": "carer", "reference": str(at)} for at in range(386)])
    )
    for title in ("Service", "Provider", "Themes", "Event", "Date", "Any monitoring question"):
        assert f"{title}: not known for 386 of 386 comments." in poor
    assert "386 comments with a reference and without a respondent ID: each counts as one person." in poor
    assert caveats(made()) == []


def test_conflicts_among_what_is_counted_are_named() -> None:
    frames = {name: rows_of(name, []) for name in wanted()}
    summary = summary_of(frames, conflicts=2, today=date(2026, 12, 1))
    assert caveats(summary) == ["2 answers counted here are in conflict: the value shown now counts."]


def test_what_may_be_here_twice_is_named() -> None:
    summary = made(
        event=[
            {"record_id": "e1", "title": "Autumn fair", "date": "2026-10-27"},
            {"record_id": "e2", "title": "Autumn Fair", "date": "2026-10-27"},
            {"record_id": "e3", "title": "Autumn fair", "date": "2026-10-28"},
        ],
        person=[
            {"record_id": "p1", "name": "Zoë Çelik"},
            {"record_id": "p2", "name": "Zoe Celik"},
            {"record_id": "p3", "name": "Zoe Celik", "organisation": "Mosque"},
        ],
        attendance=[{"event": f"e{at}", "person": f"p{at}", "origin": "a"} for at in (1, 2, 3)],
        session=[{"mentorship": "pair", "date": "2026-03-01"}, {"mentorship": "pair", "date": "2026-03-01"}],
    )
    notes = caveats(summary)
    for note in (
        "1 event with the title and date of another: its people may be counted at both.",
        "1 person checked in under the name of another: somebody may be here twice.",
        "1 session on the day of another session of that pair: a meeting may be here twice.",
    ):
        assert note in notes


def test_today_is_no_future() -> None:
    assert made(feedback=[{"date": TODAY.isoformat()}]).dates == Dates()
