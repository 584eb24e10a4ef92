"""A whole event of 60 people at the stall, by keys in a real terminal, with two kills: nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import EVENT
from networks import Network
from terminal import Terminal

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed"),
]

#: New names, each with the known name that it looks like.
LOOK_ALIKES = {
    "Muhammad Khan": "Mohammed Khan",
    "Harprit Kaur": "Harpreet Kaur",
    "Katherine Jones": "Catherine Jones",
    "Stephen Brown": "Steven Brown",
    "Sarah Ahmed": "Sara Ahmed",
    "Jon Whitfield": "John Whitfield",
}
KNOWN = [
    *LOOK_ALIKES.values(),
    *("Amina Begum", "Ben Ojo", "Chiamaka Okafor", "Deepak Patel", "Eilidh Fraser", "Fatima Noor"),
    *(
        "George Villiers",
        "Hannah Rosenthal",
        "Imran Qureshi",
        "Jasmine Osei",
        "Kwame Boateng",
        "Leila Haddad",
    ),
    *(
        "Maeve Gallagher",
        "Nadia Petrova",
        "Oluwaseun Adebayo",
        "Priya Nair",
        "Quentin Ashdown",
        "Rhiannon Evans",
    ),
    *(
        "Samuel Tetteh",
        "Tariq Mahmood",
        "Ursula Lindgren",
        "Vikram Chaudhry",
        "Winston Campbell",
        "Xenia Pavlou",
    ),
    *("Yusuf Demir", "Zofia Kowalska", "Agnes Mutasa", "Bilal Sheikh", "Cerys Pritchard", "Dmitri Volkov"),
    *("Esther Nakamura", "Farid Rahimi", "Gwen Thorpe", "Hugo Delacroix"),
]
NEW = [
    *("Isolde Brandt", "Jerome Baptiste", "Keiko Tanaka", "Lorenzo Ricci", "Mbali Dlamini", "Niamh Kearney"),
    *("Omar Benali", "Pilar Vega", "Ravi Subramaniam", "Svetlana Morozova", "Thabo Nkosi", "Una Fitzgerald"),
    *("Viggo Halvorsen", "Wanjiru Kamau"),
]
COMMENT = "Nobody rang me, but the nurse was lovely."


class Stall(Terminal):
    """The program at an event, counting the keys pressed besides typed text."""

    def __init__(self, home: Path) -> None:
        super().__init__(["--kit", "kit"], home)
        self.keys = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        super().press(*keys)

    @contextmanager
    def at_most(self, keys: int) -> Iterator[None]:
        """Check that the block takes at most `keys` keys besides typed text."""
        before = self.keys
        yield
        assert self.keys - before <= keys

    def kill(self) -> None:
        """End the program as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        assert self.wait() == -signal.SIGKILL

    def opened(self, here: int) -> None:
        """Wait for the board, which opens by itself."""
        self.sees("NAME", "Spring fair", f"{here} here")

    def known(self, name: str, here: int) -> None:
        """Check in a known person, after which `here` people are present."""
        with self.at_most(1):
            self.type(name)
            self.sees(f"▸ 1 {name}")
            self.press("enter")
            self.sees(f"{here} here", f"{name} checked in")

    def new(self, name: str, here: int, look_alike: str = "", answer: str = "") -> None:
        """Check in a new person, with their consent; `answer` says whether they are the look-alike."""
        with self.at_most(2):
            self.type(name)
            self.sees(f"new: {name}")
            self.press("tab")
            self.sees("✓ the name may be kept")
            if look_alike:
                self.sees("Is it this person?", look_alike)
            self.press(answer or "enter")
            self.sees(f"{here} here", f"for {name}")

    def feedback(self, taken: int) -> None:
        """Take feedback from the board and return to it."""
        self.press("f2")
        self.sees("step 1 of 3", "▸ May we keep what you said?")
        self.press("1", "2", "2")
        self.sees("▸ Overall, how was your experience of the service?")
        self.press("2")
        self.sees("▸ What happened, in their own words")
        self.type(COMMENT)
        self.press("enter", "1")
        self.sees("▸ Service")
        self.press("f2")
        self.sees("✓ saved", "Receipt code for the person")
        self.press("w")
        self.sees("NAME", f"{taken} feedback record", "undo: feedback taken")


@pytest.fixture
def home(tmp_path: Path, today: date) -> Path:
    """A folder with the kit of a field laptop that knows 40 people and has chosen an event of today."""
    network = Network.create(tmp_path / "network", "Bradford")
    kit = network.joins("kit").kit
    kit.add_many("person", [{"name": name, "consent_record": "Y"} for name in KNOWN])
    event = kit.add("event", {"title": "Spring fair", "date": today.isoformat()})
    kit.settings.put(EVENT, event.record_id)
    network.close()
    return network.folder


def test_an_event_of_60_people_with_two_kills_loses_nothing(home: Path) -> None:
    assert (len(KNOWN), len(NEW) + len(LOOK_ALIKES)) == (40, 20)
    with Stall(home) as stall:
        stall.opened(0)
        for here, name in enumerate(KNOWN[:20], 1):
            stall.known(name, here)
        for here, name in enumerate(NEW[:7], 21):
            stall.new(name, here)
        for taken in range(1, 8):
            stall.feedback(taken)
        stall.press("1", "1", "1", "2", "2")
        stall.sees("5 counted", "carers 1 → 2")
        # The first kill: while the person's words are typed.
        stall.press("f2")
        stall.sees("▸ May we keep what you said?")
        stall.press("1", "2", "2", "4")
        stall.type("They moved it twice")
        stall.sees("They moved it twice", "saved ")
        drafted(home)
        stall.kill()

    with Stall(home) as stall:
        stall.opened(27)
        stall.sees("5 counted", "7 feedback")
        stall.press("f3")
        stall.sees("They moved it twice", "▸ What happened, in their own words")
        stall.press("f2")
        stall.sees("✓ saved")
        stall.press("w")
        stall.sees("NAME", "8 feedback")
        for here, (name, alike) in enumerate(LOOK_ALIKES.items(), 28):
            stall.new(name, here, alike, "2" if here % 2 else "3")
        for here, name in enumerate(KNOWN[20:30], 34):
            stall.known(name, here)
        stall.press("tab")
        stall.sees("TYPE A NUMBER")
        stall.press(*["down"] * 3, "4", "0")
        stall.sees("members of staff 0 → 40")
        stall.press("enter")
        stall.sees("COUNT HEADS", "45 counted")
        stall.press("ctrl+z")
        stall.sees("5 counted", "redo: members of staff")
        stall.press("ctrl+y")
        stall.sees("45 counted")
        stall.type("Yusu")
        stall.sees("▸ 1 Yusuf Demir")
        # The second kill: between the letters and Enter.
        stall.kill()

    with Stall(home) as stall:
        stall.opened(43)
        stall.sees("45 counted", "8 feedback")
        for here, name in enumerate(KNOWN[30:], 44):
            stall.known(name, here)
        for here, name in enumerate(NEW[7:], 54):
            stall.new(name, here)
        for taken in range(9, 16):
            stall.feedback(taken)
        stall.press("f6")
        stall.sees("60  checked in by name", "45  counted without a name", "105  in all", "15  taken")
        assert "unfinished" not in stall.text
        stall.press("enter")
        stall.sees("End the event all the same?", "in no bundle")
        stall.press("y")
        stall.sees("TODAY", "Spring fair")
        stall.press("q")
        assert stall.wait() == 0
    everything_is_there(home)


def drafted(home: Path) -> None:
    """Wait until the typed words are safe, which the program promises within a second."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with Kit.open(home / "kit") as kit:
            if any("moved it twice" in str(draft.values.get("experience")) for draft in kit.drafts.all()):
                return
    raise AssertionError("the words were never safe")


def everything_is_there(home: Path) -> None:
    """Check the kit: nobody twice, nobody lost, no invented count."""
    with Kit.open(home / "kit") as kit:
        assert kit.check() == []
        assert kit.drafts.all() == [] and kit.settings.get(EVENT) == ""
        people = {person.record_id: str(person.values["name"]) for person in kit.page("person", 0, 100)}
        assert Counter(people.values()) == Counter([*KNOWN, *NEW, *LOOK_ALIKES])
        rows = [row.values for row in kit.page("attendance", 0, 200)]
        assert Counter(row["person"] for row in rows if row.get("person")) == Counter(list(people))
        assert {row["attendee_group"]: row["head_count"] for row in rows if row.get("head_count")} == {
            "patient": 3,
            "carer": 2,
            "staff": 40,
        }
        feedback = [record.values for record in kit.page("feedback", 0, 50)]
        assert Counter(record["experience"] for record in feedback) == {COMMENT: 14, "They moved it twice": 1}
        answers = Counter(record.values["answer"] for record in kit.page("same_person", 0, 20))
        assert answers == {"different": 3, "not_sure": 3}
