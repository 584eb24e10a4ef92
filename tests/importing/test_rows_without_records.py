"""Rows that become no new record: totals, trials, and records that are here already."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.importing.importer import import_rows
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import IMPORTS
from fieldkit.store.undo_log import key_of_import, undo_spans
from import_steps import bring, doubts, understood

pytestmark = pytest.mark.usefixtures("in_a_folder")


@pytest.mark.parametrize(
    ("rows", "stored", "left"),
    [
        ("a,1\nb,4\nTotal,5\n", 2, 1),
        ("a,1\nb,4\nGrand total: 2,\n", 2, 1),
        ("a,1\nb,4\n\nMean,2.5\n", 2, 1),
        ("a,1\nb,4\nTotal (all wards),5\n", 2, 1),
        ("a,1\nb,4\n\nPrinted by the survey tool,\n", 2, 1),
        ("Total waste of time,5\nTotals are not my thing,4\n", 2, 0),
        ("Average,3\nb,4\n", 2, 0),
        ("Sum of it all: good,1\nMean nurse,5\n", 2, 0),
    ],
)
def test_totals_are_left_out_and_comments_that_sound_so_are_not(
    kit: Kit, rows: str, stored: int, left: int
) -> None:
    done = bring(kit, f"experience,rating\n{rows}")
    assert (done.stored, done.totals) == (stored, left)


def test_a_sum_without_a_word_is_asked_about(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    text = "event,attendee_group,head_count\nFair,patient,12\nFair,carer,7\nFair,other,19\n"
    assert doubts(kit, text, "attendance") == {("totals", "")}
    assert bring(kit, text, "attendance", choices=understood("attendance", totals="keep")).stored == 3
    assert bring(kit, text, "attendance", choices=understood("attendance")).totals == 1


def test_everybody_is_kept_where_it_is_no_sum(kit: Kit) -> None:
    kit.add("event", {"title": "Fair"})
    text = "event,attendee_group,head_count\nFair,patient,12\nFair,carer,7\nFair,all,40\n"
    assert bring(kit, text, "attendance").stored == 3


def test_the_same_row_twice_in_one_file_is_stored_once(kit: Kit) -> None:
    done = bring(kit, "reference,rating\nA,1\na ,1\nB,2\n")
    assert (done.stored, done.here) == (2, 1)
    assert done.left[0].reason == "The same as line 2."


def test_one_reference_with_two_stories_is_refused_and_can_be_stored(kit: Kit) -> None:
    text = "reference,experience\nA,one\nA,two\n"
    done = bring(kit, text)
    assert (done.stored, done.refused) == (1, 1)
    assert "Line 2 has the same reference" in done.problems[0].reason
    assert bring(kit, text, choices=understood(again=True)).stored == 2


def test_a_reference_of_another_provider_is_another(kit: Kit) -> None:
    bring(kit, "reference,provider,rating\nA,St Mary's,1\n")
    done = bring(kit, "reference,provider,rating\nA,St Mary’s,1\nA,Trust,1\n")
    assert (done.stored, done.here) == (1, 1)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("name,organisation\nZoe Adams,\n", 0),
        ("name,organisation\nZoë Adams,Church\n", 1),
        ("name,reference\nZoë Adams,P2\n", 0),
    ],
)
def test_people_are_known_again(kit: Kit, text: str, stored: int) -> None:
    kit.add("person", {"name": "Zoë Adams", "consent_record": "Y"})
    assert bring(kit, text, "person").stored == stored


def test_two_people_of_one_name_with_references_are_two(kit: Kit) -> None:
    assert bring(kit, "name,reference\nAnn,P1\nAnn,P2\n", "person").stored == 2
    assert bring(kit, "name,reference\nAnn,P3\n", "person").stored == 1
    assert bring(kit, "name,reference\nAnn,P3\n", "person").here == 1


def test_a_long_comment_of_one_day_is_known_again_without_a_reference(kit: Kit) -> None:
    text = "experience,date,rating\nThe porter found me a chair and some tea,2025-10-05,1\nVery good,2025-10-05,1\n"
    assert bring(kit, text).stored == 2
    done = bring(kit, text + "The porter found me a chair and some tea,2025-10-06,1\n")
    assert (done.stored, done.here) == (2, 1)


def test_what_was_undone_can_be_imported_anew(kit: Kit) -> None:
    bring(kit, "reference,rating\nA,1\n")
    kit.delete(kit.page("feedback")[0].record_id)
    assert bring(kit, "reference,rating\nA,1\n").stored == 1


@pytest.mark.parametrize(
    "text",
    [
        "name\nAnn\nTotal\nBea\n",
        "name,organisation\nAnn,NHS\nTotal,\n",
    ],
)
def test_somebody_may_be_called_total(kit: Kit, text: str) -> None:
    assert doubts(kit, text, "person") == {("totals", "")}
    before = kit.counts()["person"]
    kept = import_rows(
        kit, "person", text.encode(), choices=understood("person", totals="keep", understood=False)
    )
    assert kept.stored == kept.rows
    assert kit.counts()["person"] == before + kept.rows


@pytest.mark.parametrize("last", ["n = 2", "Responses: 2", "Average 3.2", "Total: 2"])
def test_a_figure_below_the_comments_is_no_comment(kit: Kit, last: str) -> None:
    text = f"experience,rating\nThe nurse was kind.,good\nWe waited long.,poor\n{last},\n"
    done = bring(kit, text)
    assert (done.stored, done.totals) == (2, 1)


def test_one_row_below_a_blank_one_is_a_record(kit: Kit) -> None:
    assert doubts(kit, "experience,rating\n\nThe nurse was kind.,\n") == set()


def test_what_a_total_holds_is_counted_as_no_answer(kit: Kit) -> None:
    text = "experience,rating\nKind.,good\nSlow.,poor\nTotal comments: 2,2.5\n"
    imported = import_rows(kit, "feedback", text.encode(), choices=understood(understood=False))
    [rating] = [column for column in imported.understood if column.field == "rating"]
    assert {value.value: value.rows for value in rating.values} == {"good": 1, "poor": 1}
    assert (imported.stored, imported.totals) == (2, 1)


def test_head_counts_of_a_file_are_known_again(kit: Kit) -> None:
    kit.add("event", {"title": "Fair", "date": "2026-10-27"})
    text = "event,attendee_group,head_count\nFair,patients,12\nFair,carers,7\nFair,patients,12\n"
    first = bring(kit, text, "attendance")
    assert (first.stored, first.here) == (3, 0)
    again = bring(kit, text, "attendance")
    assert (again.stored, again.here, again.again) == (0, 3, "")


def test_a_file_is_known_again_until_its_import_was_undone(kit: Kit, tmp_path: Path) -> None:
    text = "experience\nFine\n"
    assert bring(kit, text).again == ""
    done = bring(kit, text)
    assert "1 row was stored then; 1 row is stored now, and may be here twice." in done.again
    assert done.notes[0] == done.again
    imports = kit.settings.get(IMPORTS)
    for number in (1, 2):
        undo_spans(kit, imports[number - 1]["spans"], key_of_import(number))
    assert bring(kit, text).again == ""


def test_a_file_that_numbers_its_rows_from_1_again_is_not_dropped(kit: Kit) -> None:
    assert bring(kit, "reference,date,experience\n1,13/10/2026,Kind.\n2,14/10/2026,Slow.\n").stored == 2
    text = "reference,date,experience\n1,13/10/2026,Kind.\n2,15/11/2026,Never again.\n3,16/11/2026,Good.\n"
    done = bring(kit, text)
    assert (done.stored, done.here, done.refused) == (1, 1, 1)
    assert done.problems[0].line == 3
    assert done.problems[0].reason.startswith("A record here has the same reference and other answers.")
    assert bring(kit, text, choices=understood(again=True)).stored == 3


def test_a_row_without_the_answers_of_the_record_is_the_record(kit: Kit) -> None:
    bring(kit, "reference,date,rating\n1,13/10/2026,good\n")
    assert bring(kit, "reference,rating,role\n1,good,patient\n").here == 1


@pytest.mark.parametrize(
    "row",
    ["a,2026-11-02,Good.,Survey Preview", "EXAMPLE,2026-01-01,Type here.,", "a,2026-11-02,test,IP Address"],
)
def test_trials_of_a_survey_are_asked_about(kit: Kit, row: str) -> None:
    text = f"reference,date,experience,Status\n{row}\nb,2026-11-02,The test was late.,IP Address\n"
    assert doubts(kit, text) == {("totals", "")}
    done = bring(kit, text)
    assert (done.stored, done.totals) == (1, 1)
