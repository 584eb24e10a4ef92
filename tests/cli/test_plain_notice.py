"""The notice in plain lines: shown in the language chosen there, and stored with the person's consent."""

from __future__ import annotations

from pathlib import Path

import pytest

from commanding import Run
from fieldkit.presentation.languages.notices import notices
from fieldkit.records.consent import NOTICE
from fieldkit.store.kit import Kit

pytestmark = pytest.mark.usefixtures("surroundings")

#: After the notice: yes, no, no, a good rating, and nothing more.
_ANSWERS = "1\n2\n2\n2\n" + "\n" * 6 + "0\n"


def _stored(hub: Path) -> dict[str, object]:
    with Kit.open(hub) as kit:
        return kit.page("feedback")[0].values


def _versions(hub: Path) -> list[str]:
    with Kit.open(hub) as kit:
        return [notice.version for notice in notices(kit)]


def test_the_language_of_the_notice_is_chosen_by_its_digit(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", typed="l\n4\n" + _ANSWERS)
    assert ran.code == 0, ran.err
    asked = ran.out + ran.err
    assert "To see it in another language, type l." in asked
    assert "1 English" in asked and "3 اردو (Urdu)" in asked and "4 polski (Polish)" in asked
    assert "Read this out (polski (Polish)):" in asked
    assert "no native speaker has checked this yet" in asked
    assert _stored(hub)[NOTICE] == _versions(hub)[3]
    ran = run("record", "feedback", typed=_ANSWERS)
    assert "Read this out (polski (Polish)):" in ran.out + ran.err, "the next person probably speaks it, too"


def test_the_language_can_be_changed_back_at_a_later_question_of_the_page(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", typed="L\n2\n1\nl\n1\n2\n2\n2\n" + "\n" * 6 + "0\n")
    assert ran.code == 0, ran.err
    stored = _stored(hub)
    assert stored[NOTICE] == _versions(hub)[0] and stored["consent_record"] == "Y"


@pytest.mark.parametrize("typed", ["", "9", "x", "0", "١"])
def test_what_is_no_language_leaves_the_notice_as_it_is(run: Run, hub: Path, typed: str) -> None:
    ran = run("record", "feedback", typed=f"l\n{typed}\n" + _ANSWERS)
    assert ran.code == 0, ran.err
    assert ("is no number of a language" in ran.out + ran.err) == bool(typed)
    assert _stored(hub)[NOTICE] == _versions(hub)[0]


def test_the_letter_is_an_answer_on_other_pages(run: Run, hub: Path) -> None:
    ran = run("record", "feedback", typed="1\n2\n2\n2\nl\n\n\n\n\n\n0\n")
    assert ran.code == 0, ran.err
    assert _stored(hub)["experience"] == "l"
