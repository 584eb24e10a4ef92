"""What is pointed out during typing, how it is masked, and how rarely there are false alarms."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from fieldkit.records.masking import masked, pointed_out

#: Feedback is full of words like these, which name nobody.
NOBODY = (
    "The dr listened to me and the nurse explained it all.",
    "My doctor referred me; another dr rang back.",
    "I miss England. Nurse Practitioner and Consultant Cardiologist were kind.",
    "THE NURSE WAS RUDE AND THE DR LISTENED TO NOBODY",
    "Father Christmas came to the ward, my sister was there.",
    "I waited 25 minutes, 3 times in 2024, on ward 12 at 14:30.",
)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Dr Patel was rude", "Dr [name] was rude"),
        ("dr. patel rang, then Mrs O’Neill", "dr. [name] rang, then Mrs [name]"),
        ("Dr.Khan and nurse Mary", "Dr.[name] and nurse [name]"),
        ("Dr ਪਟੇਲ ਨੇ", "Dr [name] ਨੇ"),
        ("Mrs Grace Okon was kind", "Mrs [name] was kind"),
        ("Dr J. P. Van der Berg-Khan, on Ward 4", "Dr [name], on Ward 4"),
        ("nurse Mary Ann O’Neill Monday", "nurse [name] Monday"),
        ("Dr A Patel. He listened", "Dr [name]. He listened"),
        ("Mr Abu bin Yusuf NHS", "Mr [name] NHS"),
        ("Dr Patel I think", "Dr [name] I think"),
        ("Mr Lee. The nurse", "Mr [name]. The nurse"),
        ("ring 07700 900123 now", "ring [phone number] now"),
        ("ring ٠٧٧٠٠ ٩٠٠١٢٣", "ring [phone number]"),
        ("my number is 943 476 5919.", "my number is [NHS number]."),
        ("੯੪੩੪੭੬੫੯੧੯", "[NHS number]"),
        ("write to a.b@example.org please", "write to [e-mail] please"),
        ("I live in BD3 0AB now", "I live in BD3 […] now"),
        ("Dr Khan, 07700 900123, B19 2AB", "Dr [name], [phone number], B19 […]"),
    ],
)
def test_what_points_to_somebody_is_masked_and_then_pointed_out_no_more(text: str, after: str) -> None:
    assert pointed_out(text)
    assert masked(text) == after
    assert pointed_out(after) == []


@pytest.mark.parametrize("text", NOBODY)
def test_words_that_name_nobody_are_left_alone(text: str) -> None:
    assert pointed_out(text) == []
    assert masked(text) == text


def test_at_most_one_real_comment_in_a_hundred_is_pointed_at_for_nothing() -> None:
    # The trusts removed names and numbers before publishing, so every warning here is a false alarm.
    text = files("fieldkit.demo").joinpath("comments.csv").read_text("utf-8-sig")
    comments = [
        row["FFT answer"] for row in csv.DictReader(text.splitlines(keepends=True)) if row["FFT answer"]
    ]
    assert len(comments) > 200
    alarms = [comment for comment in comments if pointed_out(comment)]
    assert len(alarms) <= len(comments) / 100, alarms
