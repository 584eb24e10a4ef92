"""The meaning of coded, counted and linked columns in files of many kinds; nothing doubtful is stored without asking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.importing.choices import Choices
from fieldkit.importing.imported import GroundMissing, Imported
from fieldkit.importing.importer import import_rows
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit
from import_steps import bring, doubts, understood, values

pytestmark = pytest.mark.usefixtures("in_a_folder")


# Numbers and letters of coded columns


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("experience,gender\nx,1\ny,2\n", "feedback", {("numbers", "gender")}),
        ("experience,religion\nx,C\ny,M\n", "feedback", {("numbers", "religion")}),
        ("experience,disability\nx,1\ny,9;2\n", "feedback", {("numbers", "disability")}),
        ("experience,carer\nx,1\ny,0\n", "feedback", {("numbers", "carer")}),
        ("experience,ethnic_group\nx,7\ny,13\n", "feedback", {("numbers", "ethnic_group")}),
        ("name,band\nx,5\ny,8a\n", "person", set()),
        ("experience,carer\nx,Y\ny,N\n", "feedback", set()),
        ("experience,gender\nx,f\ny,m\n", "feedback", set()),
        ("experience,rating\nx,Very good\ny,poor\n", "feedback", set()),
        ("experience,rating\nx,1 very good\ny,4 - poor\n", "feedback", set()),
        ("experience,age_band\nx,25-34\ny,85+\nz,25 to 34\n", "feedback", set()),
    ],
)
def test_only_words_say_by_themselves_what_they_mean(
    kit: Kit, text: str, kind: str, expected: set[tuple[str, str]]
) -> None:
    assert doubts(kit, text, kind) == expected


def test_one_stranger_makes_the_others_doubtful_even_when_the_scale_was_resolved(kit: Kit) -> None:
    choices = understood(understood=False).with_column("rating", direction="as-listed")
    assert doubts(kit, "rating\n1\n5\n", choices=choices) == set()
    assert doubts(kit, "rating\n1\n5\n9\n", choices=choices) == {("others", "rating")}


@pytest.mark.parametrize("cells", ["7,8,6", "3,11,4", "80%,90%,10", "0,10,5"])
def test_ratings_of_a_session_say_in_which_direction_they_run(kit: Kit, cells: str) -> None:
    ann, bea = kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in ("Ann", "Bea")])
    kit.add("mentorship", {"mentor": ann.record_id, "mentee": bea.record_id})
    rows = "\n".join(f"Ann · Bea,2026-11-{day:02},{cell}" for day, cell in enumerate(cells.split(","), 1))
    text = f"mentorship,date,confidence\n{rows}\n"
    assert ("numbers", "confidence") in doubts(kit, text, "session")


def test_a_scale_that_runs_the_other_way(kit: Kit) -> None:
    choices = understood().with_column("stars", direction="reversed")
    done = bring(
        kit,
        "ref,stars\na,5\nb,1.0\nc,6\n",
        mapping=[("ref", "reference"), ("stars", "rating")],
        choices=choices,
    )
    assert values(kit, "rating") == ["1", "5"]
    assert "from 1 to 5" in done.problems[0].reason


def test_answers_of_a_files_own_are_mapped_word_by_word(kit: Kit) -> None:
    choices = understood(understood=False).with_column(
        "q", values={folded("loved it"): "very good", "meh": "3"}
    )
    bring(kit, "q,experience\nLoved it,x\nmeh,y\n", mapping=[("q", "rating")], choices=choices)
    assert values(kit, "rating") == ["1", "3"]


# Ticks


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        ("Which? [Hearing]", ("Yes", "No"), [["02"], None]),
        ("Disability - Hearing", ("x", ""), [["02"], None]),
        ("disability/02", ("1", "0"), [["02"], None]),
        ("about/disability/02", ("True", "False"), [["02"], None]),
        ("Disability: hearing", ("Hearing", ""), [["02"], None]),
        ("Disability (hearing)", ("✓", "-"), [["02"], None]),
        ("Do you have any of these? Hearing", ("Hearing", ""), [["02"], None]),
    ],
)
def test_columns_of_one_answer(
    kit: Kit, heading: str, cells: tuple[str, str], expected: list[list[str] | None]
) -> None:
    text = f'experience,"{heading}"\na,{cells[0]}\nb,{cells[1]}\n'
    done = bring(kit, text, mapping=[(heading, "disability")], choices=understood(understood=False))
    assert done.mapping[heading] == "disability/02"
    assert values(kit, "disability") == expected


def test_columns_of_answers_need_no_mapping_where_they_name_their_question(kit: Kit) -> None:
    text = "experience,disability/02,disability/09,themes/parking\na,1,1,0\nb,0,0,1\n"
    done = bring(kit, text, choices=understood(understood=False))
    assert done.unmapped == []
    assert values(kit, "disability") == [["02", "09"], None]
    assert values(kit, "themes") == [None, ["travel-parking"]]


def test_a_tick_that_is_none_makes_the_column_doubtful(kit: Kit) -> None:
    text = "experience,disability/02\na,1\nb,2\n"
    assert doubts(kit, text) == {("others", "disability/02")}
    done = bring(kit, text)
    assert (done.stored, done.refused) == (1, 1)
    ticks = understood(understood=False, ticks={"2": False})
    assert bring(kit, text, choices=ticks).refused == 0


def test_one_answer_of_several_columns(kit: Kit) -> None:
    columns = [("Role [patient]", "role"), ("Role [carer]", "role")]
    done = bring(
        kit,
        "experience,Role [patient],Role [carer]\na,1,0\nb,0,1\nc,1,1\n",
        mapping=columns,
        choices=understood(understood=False),
    )
    assert values(kit, "role") == ["patient", "carer"]
    assert "two answers" in done.problems[0].reason


@pytest.mark.parametrize(
    "joined", ["hearing;sight;", "Hearing, Sight", "hearing\nsight", "02 09", "hearing|sight"]
)
def test_answers_that_survey_tools_join(kit: Kit, joined: str) -> None:
    bring(kit, f'experience,disability\na,"{joined}"\n')
    assert values(kit, "disability") == [["02", "09"]]


# Counts


@pytest.mark.parametrize(
    ("cells", "doubtful"),
    [
        ("1.000;12", {("points", "head_count")}),
        ("1.000;12.500.000", {("points", "head_count")}),
        ("12,5;12", {("others", "head_count")}),
        ("50%;40", {("others", "head_count")}),
        ("1,250;1.0", set()),
        ("about 30;12", set()),
    ],
)
def test_counts(kit: Kit, cells: str, doubtful: set[tuple[str, str]]) -> None:
    kit.add("event", {"title": "Fair"})
    groups = ("patient", "carer")
    rows = "\n".join(f"Fair;{group};{cell}" for group, cell in zip(groups, cells.split(";"), strict=True))
    assert doubts(kit, f"event;attendee_group;head_count\n{rows}\n", "attendance") == doubtful


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ("12;9*", "“9*” is not a whole number"),
        ("12;9*;<5", "“9*”, “<5” are not whole numbers"),
        ("12;\u200e9;10\u200b", ""),
    ],
)
def test_counts_that_are_none_are_named_as_one_or_several(kit: Kit, counts: str, sentence: str) -> None:
    kit.add("event", {"title": "Fair"})
    rows = "".join(f"Fair,patients,{count}\n" for count in counts.split(";"))
    text = f"event,attendee_group,head_count\n{rows}".encode()
    imported = import_rows(
        kit, "attendance", text, choices=understood("attendance", understood=False), dry_run=True
    )
    assert [doubt.sentence for doubt in imported.doubts if sentence not in doubt.sentence] == []
    assert bool(imported.doubts) == bool(sentence)


def test_words_of_another_scale_make_the_others_doubtful(kit: Kit) -> None:
    assert doubts(kit, "rating\nExcellent\nGood\nFair\nPoor\n") == {("others", "rating")}


def test_columns_that_a_mapping_misses_are_named(kit: Kit) -> None:
    text = "experience,Marks\nx,good\n"
    choices = understood(understood=False).with_column("Score", field="rating")
    imported = import_rows(kit, "feedback", text.encode(), choices=choices, dry_run=True)
    [doubt] = imported.doubts
    assert "The mapping has columns that are not in this file, for: rating." in doubt.sentence
    assert "Its columns without a field: Marks." in doubt.sentence
    assert doubts(kit, text, choices=choices, mapping=[("Marks", "rating")]) == set()
    assert bring(kit, text, choices=replace(choices, understood=True)).stored == 1


# Links


def test_what_was_said_on_a_day_belongs_to_the_event_of_that_day(kit: Kit) -> None:
    events = kit.add_many("event", [{"title": "Clinic", "date": f"2025-10-{day}"} for day in (13, 14)])
    done = bring(kit, "event,date,rating\nClinic,14/10/2025,1\nClinic,15/10/2025,2\n")
    assert (done.stored, done.refused) == (1, 1)
    assert values(kit, "event") == [events[1].record_id]
    assert "2 events fit “Clinic”" in done.problems[0].reason


@pytest.mark.parametrize(
    "text", ["Clinic 13/10/2025", "Clinic, 13 October 2025", "13 Oct 2025 Clinic", "CLINIC (13.10.2025)"]
)
def test_a_title_with_a_date_in_any_form(kit: Kit, text: str) -> None:
    event, _ = kit.add_many("event", [{"title": "Clinic", "date": f"2025-10-{day}"} for day in (13, 14)])
    bring(kit, f'event,rating\n"{text}",1\n')
    assert values(kit, "event") == [event.record_id]


def test_columns_of_a_pair_need_no_third(kit: Kit) -> None:
    people = kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in ("Ann", "Bea", "Cy")])
    ann, bea, cy = (person.record_id for person in people)
    pairs = kit.add_many("mentorship", [{"mentor": ann, "mentee": bea}, {"mentor": ann, "mentee": cy}])
    done = bring(kit, "Mentor,Mentee,date\nAnn,cy,2025-10-13\nAnn,Dee,2025-10-13\n", "session")
    assert (done.stored, done.refused) == (1, 1)
    assert values(kit, "mentorship", "session") == [pairs[1].record_id]


# Consent


def test_without_a_ground_nothing_is_stored(kit: Kit) -> None:
    with pytest.raises(GroundMissing):
        import_rows(kit, "feedback", b"experience\nx\n", choices=Choices(understood=True))
    with pytest.raises(GroundMissing):
        import_rows(
            kit, "person", b"name\nx\n", choices=Choices(understood=True), settings={"consent_record": "Y"}
        )
    assert import_rows(kit, "event", b"title\nx\n").stored == 1
    planned = import_rows(kit, "feedback", b"experience\nx\n", dry_run=True)
    assert planned.ground_missing
    assert kit.counts()["feedback"] == kit.counts()["person"] == 0


def test_a_column_of_answers_is_a_ground_and_a_no_is_refused(kit: Kit) -> None:
    done = import_rows(kit, "feedback", b"experience,consent_record\nx,yes\ny,no\nz,\n")
    assert (done.stored, done.refused) == (1, 2)
    [record] = kit.page("feedback")
    assert record.values["consent_record"] == "Y"
    assert record.values["consent_ground"] == "Answered in the file standard input, column consent_record"
    assert "consent_date" not in record.values and "consent_by" not in record.values


def test_the_ground_is_kept_with_each_record(kit: Kit) -> None:
    done: Imported = bring(kit, "experience\nx\ny\n", choices=Choices(consent="  signed\nforms "))
    assert done.stored == 2
    assert set(values(kit, "consent_ground")) == {"signed forms"}
    assert set(values(kit, "consent_record")) == {"Y"}


# Unmodified exports of survey tools


KOBO = """start;about/date;about/rating;about/disability;about/disability/02;about/disability/09;experience;_id
2025-10-05T09:12:31.000+01:00;2025-10-05;very good;02 09;1;1;Kind;1
2025-10-06T09:12:31.000+01:00;2025-10-06;poor;;0;0;Slow;2
"""


GOOGLE = """"Timestamp","Overall, how was your experience of the service?","Disability","What happened?","Age"
"10/19/2025 9:12:31","Very good","Hearing, Sight","Kind","25 to 34"
"10/20/2025 9:12:31","Poor","","Slow","35-44"
"""


MS_FORMS = """ID,Start time,"Overall, how was your experience of the service?",Disability,What happened?
1,10/19/25 9:12:31,Very good,Hearing;Sight;,Kind
2,10/20/25 9:12:31,Poor,,Slow
"""


SURVEY_MONKEY = """Respondent ID,Start Date,Do you have any of these?,,,"Overall, how was your experience?",What happened?
,,Hearing,Sight,Other (please specify),Response,Open-Ended Response
114,10/19/2025 11:00:00 AM,Hearing,Sight,,Very good,Kind
115,10/20/2025 11:00:00 AM,,,arthritis,Poor,Slow
"""


QUALTRICS = (
    "StartDate,ResponseId,Q1,Q2_1,Q2_2,Q3\n"
    'Start Date,Response ID,"Overall, how was your experience of the service?",Disability - Hearing,'
    "Disability - Sight,What happened?\n"
    + ",".join(
        '"{""ImportId"":""' + name + '""}"' for name in ("startDate", "_recordId", "Q1", "Q2_1", "Q2_2", "Q3")
    )
    + "\n2025-10-19 09:12:31,R_1,Very good,Hearing,Sight,Kind\n2025-10-20 09:12:31,R_2,Poor,,,Slow\n"
)


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        (KOBO, [("_id", "reference")]),
        (GOOGLE, [("Timestamp", "date"), ("What happened?", "experience")]),
        (MS_FORMS, [("Start time", "date"), ("What happened?", "experience")]),
        (
            SURVEY_MONKEY,
            [
                ("Start Date", "date"),
                ("What happened?", "experience"),
                ("Do you have any of these?", "disability"),
                ("Overall, how was your experience?", "rating"),
            ],
        ),
        (QUALTRICS, [("StartDate", "date"), ("Q3", "experience")]),
    ],
    ids=["kobo", "google", "ms", "monkey", "qualtrics"],
)
def test_exports_of_survey_tools(kit: Kit, text: str, mapping: list[tuple[str, str]]) -> None:
    done = bring(kit, text, mapping=mapping)
    assert (done.stored, done.refused) == (2, 0)
    assert values(kit, "rating") == ["1", "4"]
    assert values(kit, "disability") == [["02", "09"], None]
    assert values(kit, "experience") == ["Kind", "Slow"]
    days = values(kit, "date")
    assert days in (["2025-10-19", "2025-10-20"], ["2025-10-05", "2025-10-06"])


def test_a_refused_value_makes_the_words_beside_it_doubtful(kit: Kit) -> None:
    text = "reference,age,rating\na,34,good\nb,25-34,good\n"
    imported = doubts(kit, text, mapping=[("age", "age_band")])
    assert imported == {("others", "age")}
