"""`fieldkit mentoring`: the same questions in plain lines, answers given with options, and the text of lists."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cli_kits import with_answers
from commanding import Run
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import MENTORS_HERE

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def mentored(run: Run, tmp_path: Path) -> Path:
    """A kit with a pair who met once, recorded by an earlier kit; returns its folder."""
    assert run("network", "create", "Bradford", "--no-passphrase").code == 0
    folder = tmp_path / "hub"
    with Kit.open(folder) as kit:
        people = [
            kit.add("person", {"name": name, "consent_record": "Y"}).record_id
            for name in ("Amina Khan", "Zoë Ojo")
        ]
        pair = kit.add("mentorship", dict(zip(("mentor", "mentee"), people, strict=True))).record_id
        kit.add(
            "session",
            {
                "mentorship": pair,
                "date": "2026-01-05",
                "minutes": 45,
                "confidence": 4,
                "next_actions": "Ring the union\nRead the code",
                "next_date": "2026-02-02",
            },
        )
    return folder


def _values(folder: Path, kind: str) -> list[dict[str, object]]:
    with Kit.open(folder) as kit:
        return [record.values for record in kit.page(kind)]


def test_the_list_says_who_is_overdue_and_what_is_open(run: Run, mentored: Path) -> None:
    ran = run("mentoring", "list")
    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("Zoë Ojo (mentor: Amina Khan): next ")
    assert "days overdue, last seen 5 Jan 2026, 2 open actions" in ran.out
    assert "  open: Ring the union (5 Jan 2026)" in ran.out
    (row,) = run("mentoring", "list", "--json").json
    assert row["days_overdue"] > 0 and [action["what"] for action in row["open_actions"]] == [
        "Read the code",
        "Ring the union",
    ]


def test_a_session_is_asked_for_one_question_a_line(run: Run, mentored: Path) -> None:
    typed = "\n".join(
        [
            *("1", "1"),  # who I am, whose session
            *("1", "2"),  # the last actions: done, still open
            *("", "", "1"),  # today, as long as last time, in person
            *("6", "10", "?", "7"),
            *("The interview", "Write the form", "", "3"),
            *("3", "A band 6 post", "", "", "", "Tired today"),
        ]
    )
    ran = run("mentoring", "log", typed=typed + "\n")
    assert ran.code == 0, ran.err
    assert "Read the code (travels): 1 done, 2 still open, 3 dropped" in ran.out
    assert "Confidence (last time 4 · travels): 0 to 10" in ran.out
    assert "Goal (stays here)" in ran.out
    assert "2 actions are open" in ran.out
    session = _values(mentored, "session")[0]
    assert (session["minutes"], session["confidence"], session["knowledge"], session["skills"]) == (
        45,
        6,
        10,
        7,
    )
    assert session["next_date"] == (date.today() + timedelta(weeks=4)).isoformat()
    assert {str(action["what"]): action["state"] for action in _values(mentored, "action")} == {
        "Read the code": "done",
        "Write the form": "open",
    }
    (note,) = _values(mentored, "note")
    assert (note["goal"], note["notes"]) == ("A band 6 post", "Tired today")
    with Kit.open(mentored) as kit:
        assert len(kit.settings.get(MENTORS_HERE)) == 1
    assert "Mentees of Amina Khan:" in run("mentoring", "list").out


def test_bad_answers_get_a_sentence_and_the_question_again(run: Run, mentored: Path) -> None:
    typed = "\n".join(
        ["9", "1", "x", "1", "4", "1", "2", "31/31/2026", "", "900", "60", "<", "", "-", "", "1"]
    )
    ran = run("mentoring", "log", typed=typed + "\n")
    for sentence in (
        "Type a number from 1 to 2.",
        "Type a number from 1 to 1.",
        "Type one of 1, 2, 3.",
        "write day/month/year",
        "900",
    ):
        assert sentence in ran.out, sentence
    assert "Kept as an unfinished entry" in ran.out
    with Kit.open(mentored) as kit:
        (draft,) = kit.drafts.all()
        assert (draft.values["minutes"], draft.values["confidence"]) == (60, 1)
        assert kit.count("session") == 1 and kit.count("action") == 0


def test_options_answer_without_any_question(run: Run, mentored: Path) -> None:
    ran = run(
        "mentoring", "log", "zoe", *with_answers("confidence=6", "minutes=50"), "--done", "1",
        "--dropped", "union", "--action", "Write the form", "--next", "4 weeks", "--note", "-", "--json",
        piped="Tired today\n",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.json["confidence"] == 6 and ran.json["date"] == date.today().isoformat()
    states = {str(action["what"]): action["state"] for action in _values(mentored, "action")}
    assert states == {"Read the code": "done", "Ring the union": "dropped", "Write the form": "open"}
    assert _values(mentored, "note")[0]["notes"] == "Tired today"


def test_a_pair_is_named_by_the_id_that_a_list_shows(run: Run, mentored: Path) -> None:
    short = run("list", "mentorship").out.splitlines()[1].split("\t")[0]
    assert run("mentoring", "log", short, "--set", "confidence=6").code == 0
    assert run("mentoring", "progress", short.upper()).code == 0


def test_what_was_not_given_is_not_taken_from_last_time(run: Run, mentored: Path) -> None:
    assert run("mentoring", "log", "zoe", "--set", "confidence=6").code == 0
    assert "minutes" not in _values(mentored, "session")[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nobody", "--set", "confidence=6"), "fits no mentee"),
        (("--set", "confidence=6"), "Say whose session it is."),
        (("zoe", "--set", "confidence=11"), "11"),
        (("zoe", "--set", "colour=6"), "colour"),
        (("zoe", "--done", "paint the wall"), "not one of the open actions"),
        (("zoe", "--done", "r"), "not one of the open actions alone"),
        (("zoe", "--next", "soon"), "neither a number of weeks nor a date"),
        (("zoe", "--next", "1/1/2026"), "before this one"),
        (("zoe", "--mentor", "nobody", "--next", "4"), "fits no mentor"),
        (("zoe", *("--action", "x") * 10), "At most 9"),
    ],
)
def test_bad_options_get_a_sentence_and_store_nothing(
    run: Run, mentored: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = run("mentoring", "log", *arguments)
    assert ran.code != 0 and sentence in ran.err
    assert len(_values(mentored, "session")) == 1 and _values(mentored, "action") == []


def test_a_second_session_of_a_day_is_meant_or_not(run: Run, mentored: Path) -> None:
    assert run("mentoring", "log", "zoe", "--set", "confidence=6").code == 0
    again = run("mentoring", "log", "zoe", "--set", "confidence=7")
    assert again.code != 0 and "--another" in again.err
    assert run("mentoring", "log", "zoe", "--set", "confidence=7", "--another").code == 0
    assert len(_values(mentored, "session")) == 3


def test_what_may_identify_somebody_is_pointed_out_whoever_is_there(run: Run, mentored: Path) -> None:
    session = ("zoe", "--set", "confidence=6", "--action", "Ring 07700 900123")
    refused = run("mentoring", "log", *session, typed="n\n")
    assert refused.code == 1 and "It is kept as an unfinished entry." in refused.err
    assert refused.err.index("telephone") < refused.err.index("Save it anyway?")
    assert len(_values(mentored, "session")) == 1
    ran = run("mentoring", "log", *session)
    assert ran.code == 0 and "telephone" in ran.err
    again = run("mentoring", "log", "zoe", "--set", "confidence=7", typed="n\n")
    assert again.code == 1 and "another session of that day" in again.out
    assert len(_values(mentored, "session")) == 2


@pytest.mark.parametrize(
    "options",
    [("--set", "confidence=7"), ("--set", "confidence=7", "--action", "Ring 07700 900123")],
    ids=["another session of that day", "what may identify somebody"],
)
def test_whoever_stops_at_a_question_before_saving_finds_the_answers(
    run: Run, mentored: Path, options: tuple[str, ...]
) -> None:
    assert run("mentoring", "log", "zoe", "--set", "confidence=6").code == 0
    stopped = run("mentoring", "log", "zoe", *options, typed="")
    assert stopped.code != 0 and "Kept as an unfinished entry" in stopped.out
    with Kit.open(mentored) as kit:
        (draft,) = kit.drafts.all()
    assert draft.values["confidence"] == 7
    assert len(_values(mentored, "session")) == 2


def test_weeks_are_counted_from_the_session_and_undecodable_text_is_refused(run: Run, mentored: Path) -> None:
    assert run("mentoring", "log", "zoe", "--set", "date=1/2/2026", "--next", "4").code == 0
    assert _values(mentored, "session")[0]["next_date"] == "2026-03-01"
    refused = run("mentoring", "log", "zoe", "--action", "x\udcff")
    assert refused.code != 0 and len(_values(mentored, "session")) == 2


def test_a_folder_that_is_not_there_gets_a_sentence(run: Run, mentored: Path, tmp_path: Path) -> None:
    ran = run("mentoring", "summary", "zoe", "-o", tmp_path / "none" / "here")
    assert ran.code != 0 and ran.err


def test_progress_in_figures(run: Run, mentored: Path) -> None:
    run("mentoring", "log", "zoe", "--set", "confidence=7")
    ran = run("mentoring", "progress", "ojo")
    assert ran.out.splitlines() == [
        "Amina Khan with Zoë Ojo: 2 sessions.",
        "Confidence out of 10: 4, 7. It rose by 3 since the first.",
    ]


def test_the_summary_holds_what_was_shared_and_no_private_note(
    run: Run, mentored: Path, tmp_path: Path
) -> None:
    run(
        "mentoring",
        "log",
        "zoe",
        "--done",
        "1",
        "--set",
        "topics=<b>The interview</b>",
        "--note",
        "Tired today",
    )
    out = tmp_path / "out"
    out.mkdir()
    ran = run("mentoring", "summary", "zoe", "-o", out)
    assert ran.code == 0, ran.err
    (page,) = out.iterdir()
    text = page.read_text("utf-8")
    assert "Read the code: done" in text and "Ring the union" in text
    assert "&lt;b&gt;The interview&lt;/b&gt;" in text and "<b>The interview" not in text
    assert "Tired today" not in text
