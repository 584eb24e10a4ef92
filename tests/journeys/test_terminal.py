"""The installed program in a real terminal, only by keys: from a first run to the coordinator's summary."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from terminal import Terminal, environment, program

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed"),
]
COMMENT = "Moved twice [/], nobody rang. 🙂\n[@click=app.quit]x[/] =1+1 “Zoë” ਸਤਿ ਸ੍ਰੀ"
TITLE = "Health & wellbeing fair [/]"
NAME = "Zoë [/] Khan"


def _run(home: Path, *arguments: str) -> str:
    """The output of a command of the installed program."""
    done = subprocess.run(
        [*program(), *arguments], cwd=home, env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SIX_WORDS = re.compile(r"1 (\w+) +2 (\w+) +3 (\w+).*\n.*4 (\w+) +5 (\w+) +6 (\w+)")


def _six_words(terminal: Terminal) -> list[str]:
    """The words of a fingerprint on the screen, each after its number."""
    text = terminal.until(lambda text: SIX_WORDS.search(text) is not None, "six words")
    return list(SIX_WORDS.findall(text)[0])


def test_from_a_first_run_to_the_coordinators_summary(tmp_path: Path) -> None:
    _run(tmp_path, "--kit", "hub", "network", "create", "Bradford champions", "--no-passphrase")
    _run(tmp_path, "--kit", "hub", "record", "event", "--set", f"title={TITLE}")
    _run(tmp_path, "--kit", "hub", "network", "invite", "-o", "fair.fkn")
    stick = tmp_path / "stick"
    stick.mkdir()
    with (
        Terminal(["--kit", "laptop"], tmp_path) as laptop,
        Terminal(["--kit", "hub"], tmp_path, 120, 40) as hub,
    ):
        _join(laptop)
        _choose_event(laptop)
        _give_feedback(laptop)
        _check_in(laptop)
        fingerprint = _export(laptop, stick, first=True)
        _trust(hub, stick, fingerprint)

        _mentor(laptop)
        _export(laptop, stick, first=False)
        laptop.press("q")
        assert laptop.wait() == 0

        _merge(hub, stick)
        _look_at_summary(hub)
        hub.press("q")
        assert hub.wait() == 0

    _arrived(tmp_path)


def _join(laptop: Terminal) -> None:
    laptop.sees("Join a network")
    laptop.press("2")
    laptop.sees("Type its number", "1  /")
    laptop.type("1")
    laptop.press("enter")
    laptop.sees("Join Bradford champions", "The coordinator's laptop is called Coordinator")
    laptop.type("St Mary's [/] laptop")
    laptop.press("enter", "enter", "enter", "enter")
    laptop.sees("Without a passphrase?")
    laptop.press("y")
    laptop.sees("St Mary's [/] laptop", "No event chosen yet.", "No passphrase: anybody with this laptop")


def _choose_event(laptop: Terminal) -> None:
    laptop.press("e")
    laptop.sees("▸   Health & wellbeing", "record here")
    laptop.press("enter")
    laptop.sees("NAME", TITLE)
    laptop.press("esc")
    laptop.sees("checked in", "RECORD")


def _give_feedback(laptop: Terminal) -> None:
    laptop.press("f")
    laptop.sees("step 1 of 3", "Read this out.", "▸ May we keep what you said?")
    laptop.press("1", "1", "2")
    laptop.sees("step 2 of 3", "▸ Overall, how was your experience of the service?")
    laptop.press("4")
    laptop.sees("✓ poor", "▸ What happened, in their own words")
    laptop.press("1")  # letters and figures are text here, not answers
    laptop.press("backspace")
    for number, line in enumerate(COMMENT.split("\n")):
        laptop.press(*["ctrl+j"] * (number > 0))
        laptop.type(line)
    laptop.sees("Moved twice [/], nobody rang.", "[@click=app.quit]x[/] =1+1", "“Zoë”", "saved ")
    laptop.press("enter", "1")
    laptop.sees("✓ the person's own words", "▸ Service")
    laptop.press("a", "2")
    laptop.sees("step 3 of 3", "▸ Age")
    laptop.press("ctrl+pageup", "f3")
    laptop.sees("step 2 of 3", "▸ What did they expect?")
    laptop.press("enter", "enter", "enter")
    laptop.sees("▸ Provider")
    laptop.type("Airedale [/] Trust")
    laptop.press("enter")
    laptop.sees("step 3 of 3", "▸ Age")
    laptop.press("f2")
    laptop.sees("✓ saved", "diabetes · 4 poor", "Receipt code for the person")
    laptop.press("enter", "enter")
    laptop.sees("The code stays here until you press w")
    laptop.press("w")
    laptop.until(lambda text: re.search(r" 1 +feedback record", text) is not None, "one feedback on home")


def _check_in(laptop: Terminal) -> None:
    laptop.press("a")
    laptop.sees("NAME", "COUNT HEADS", "1 feedback")
    laptop.type(f"{NAME}, Carers' group")
    laptop.sees("▸ new: ", "the name may be kept")
    laptop.press("tab")
    laptop.sees("✓ the name may be kept")
    laptop.press("enter")
    laptop.sees("1 here", "RECEIPT CODE", "for Zoë")
    laptop.press("1", "tab")
    laptop.sees("TYPE A NUMBER", "patients 0 → 1")
    laptop.press(*["down"] * 6, "1", "2", "+", "+", "-")
    laptop.sees("13 counted", "everybody 14 → 13")
    laptop.press("esc")
    laptop.sees("COUNT HEADS")
    laptop.press("esc")
    laptop.sees("AT THIS EVENT", "counted, not named")


def _mentor(laptop: Terminal) -> None:
    laptop.press("p")
    laptop.sees("People", NAME)
    laptop.press("n")
    laptop.sees("▸ Name *")
    laptop.type("A. Mentor")
    laptop.press("f2")
    laptop.sees("Nobody has agreed to this yet")
    laptop.press("1", "f2")
    laptop.sees("✓ saved", "A. Mentor", "Receipt code for the person")
    laptop.press("w")
    laptop.sees("People", "2 in all")
    laptop.press("esc")
    laptop.sees("AT THIS EVENT")

    laptop.press("m")
    laptop.sees("No pairs yet.")
    laptop.press("p")
    laptop.sees("Mentorship · new", "▸ Mentor *")
    laptop.type("A. Ment")
    laptop.sees("▸  A. Mentor")
    laptop.press("enter")
    laptop.sees("✓ A. Mentor", "▸ Mentee *")
    laptop.type("Khan")
    laptop.sees(f"▸  {NAME}")
    laptop.press("enter", "2", "enter")
    laptop.sees("✓2 level 2", "▸ State")
    laptop.press("f2")
    laptop.sees("✓ saved", f"A. Mentor · {NAME}")
    laptop.press("enter")
    laptop.sees("Who are you?", "1 A. Mentor")
    laptop.press("1")
    laptop.sees("My mentees · A. Mentor", "1 pair", "not met yet")

    laptop.press("n")
    laptop.sees(f"Log a session · {NAME}", "step 1 of 4", "▸ Date *  travels")
    laptop.press("enter")
    laptop.sees("▸ Length in minutes")
    laptop.type("60")
    laptop.press("enter", "1")
    laptop.sees("step 2 of 4", "▸ Confidence  travels")
    laptop.press("7", "+", "0")
    laptop.sees("step 3 of 4", "▸ Topics")
    laptop.type("Delegating [/]")
    laptop.press("enter")
    laptop.type("Ring the union")
    laptop.press("f2")
    laptop.sees(f"Session saved for {NAME}", "1 action is open, no next", "Ring the union")
    laptop.press("enter")
    laptop.sees("RATINGS", "Delegating [/]", "confidence    7", "OPEN ACTIONS", "Ring the union")
    laptop.press("esc")
    laptop.sees("1 pair")
    laptop.press("esc")
    laptop.sees("AT THIS EVENT")


def _export(laptop: Terminal, stick: Path, *, first: bool) -> list[str]:
    """Export to the stick; returns the laptop's six words."""
    laptop.press("y")
    laptop.sees("IN NO BUNDLE YET", "ITS SIX WORDS")
    fingerprint = _six_words(laptop)
    laptop.press("x")
    laptop.sees("Where should the bundle go?", "another place")
    if first:
        laptop.type(re.search(r"(\d) another place", laptop.text)[1])  # type: ignore[index]
        laptop.sees("For example ")
        laptop.type(str(stick))
        laptop.press("enter")
    else:
        # The folder typed last time is not an inserted stick. A long path takes two lines.
        laptop.until(
            lambda text: (
                re.search(r"(?s)▸ 1 look for the stick again.* 2 /.*stick +on this laptop", text) is not None
            ),
            "the folder of the last export",
        )
        laptop.press("2")
    laptop.sees("no changes, nothing is waiting", f"Bundle {1 if first else 2} written")
    laptop.press("esc")
    laptop.sees("AT THIS EVENT", "last bundle")
    return fingerprint


def _open_stick(hub: Terminal, stick: Path) -> None:
    hub.press("m")
    hub.sees("Merge files", "o other place")
    hub.press("o")
    hub.sees("Which file or folder?")
    hub.type(str(stick))
    hub.press("enter")


def _trust(hub: Terminal, stick: Path, fingerprint: list[str]) -> None:
    hub.sees("FROM OTHER LAPTOPS")
    hub.press("y")
    hub.sees("COMING IN")
    _open_stick(hub, stick)
    hub.sees("not trusted here yet", "Nothing is stored yet", "t trust laptop", "enter quarantine")
    assert _six_words(hub) == fingerprint
    hub.press("t")
    hub.sees("Trust this laptop?", fingerprint[0])
    hub.press("y")
    hub.sees("to merge", "8 changes from St Mary's [/] laptop", "enter merge")
    hub.press("enter")
    hub.sees("Merged", "enter done")
    hub.press("enter")
    hub.sees("COMING IN", "2 laptops trusted")


def _merge(hub: Terminal, stick: Path) -> None:
    _open_stick(hub, stick)
    hub.sees("What would change", "4 new records", "enter merge", "St Mary's [/] laptop")
    hub.press("enter")
    hub.sees("Merged", "enter done")
    hub.press("enter")
    hub.sees("COMING IN")
    hub.press("esc")
    hub.sees("AT THIS EVENT")


def _look_at_summary(hub: Terminal) -> None:
    hub.press("s")
    hub.sees("ALL SERVICES, 1 person rated", "poor 1 of 1", "diabetes")
    hub.press("3")
    hub.sees(TITLE)
    hub.until(lambda text: re.search(r" 1 +13 +1 ", text) is not None, "who came")
    hub.press("4")
    hub.sees("LEVEL 2 (BAND 5)", "1 pair, 1 session", "confidence 1 pair rated on one day")
    hub.press("esc")
    hub.sees("AT THIS EVENT")


def _arrived(home: Path) -> None:
    """Check that everything is on the coordinator's laptop, exactly as it was typed."""
    [feedback] = json.loads(_run(home, "--kit", "hub", "list", "feedback", "--json"))
    status = json.loads(_run(home, "--kit", "hub", "status", "--json"))
    with Kit.open(home / "hub") as hub, Kit.open(home / "laptop") as laptop:
        held = {kind: hub.page(kind, 0, 20) for kind in status["counts"]}
        there = laptop.counts()
        assert hub.check() == laptop.check() == []
        assert laptop.drafts.all() == []
    assert (status["conflicts"], status["quarantine"]) == (0, 0)
    recorded = ("event", "person", "attendance", "feedback", "mentorship", "session", "action")
    assert [status["counts"][kind] for kind in recorded] == [there[kind] for kind in recorded]

    [event], [pair], [session] = held["event"], held["mentorship"], held["session"]
    assert feedback["experience"] == COMMENT
    answers = {
        "service_area": "diabetes",
        "provider": "Airedale [/] Trust",
        "role": "carer",
        "rating": "4",
        "whose_words": "own",
        "event": event.record_id,
        "consent_record": "Y",
        "consent_quote": "Y",
        "consent_contact": "N",
        "consent_notice": "3, English",
        "consent_by": "St Mary's [/] laptop",
    }
    assert {name: feedback.get(name) for name in answers} == answers

    people = {str(record.values["name"]): record for record in held["person"]}
    assert set(people) == {NAME, "A. Mentor"}
    assert people[NAME].values["organisation"] == "Carers' group"
    mentor, mentee = people["A. Mentor"].record_id, people[NAME].record_id
    assert {record.values["event"] for record in held["attendance"]} == {event.record_id}
    came = {
        str(record.values.get("person") or record.values["attendee_group"]): record.values.get("head_count")
        for record in held["attendance"]
    }
    assert came == {mentee: None, "all": 13, "patient": 1}
    assert [pair.values[name] for name in ("mentor", "mentee", "level")] == [mentor, mentee, "2"]
    assert session.values["mentorship"] == pair.record_id
    ratings = [session.values[name] for name in ("minutes", "confidence", "knowledge", "skills", "topics")]
    assert ratings == [60, 7, 10, 0, "Delegating [/]"]
