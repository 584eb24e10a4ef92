"""A volunteer can read every answer in English on any small screen, while it is asked in the respondent's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from app_desk import form, home, running
from fieldkit.presentation.languages.catalogue import catalogue
from fieldkit.presentation.languages.terminal_text import terminal_line
from fieldkit.records.schema.kind import kind
from fieldkit.screens.entry.entry import EntryScreen
from fieldkit.widgets.keyed.keyed_answers import ChoiceAnswer
from waiting import until

LISTS = (
    "service_area",
    "role",
    "age_band",
    "ethnic_group",
    "gender",
    "orientation",
    "religion",
    "disability",
)
HINT = "← → an answer in English"


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
@pytest.mark.parametrize(("key", "code"), [("2", "pa"), ("3", "ur"), ("4", "pl")])
async def test_the_english_of_an_answer_is_beside_it_or_shown_while_it_is_pointed_at(
    folder: Path, key: str, code: str, size: tuple[int, int]
) -> None:
    hints = 0
    async with running(folder) as pilot:
        await home(pilot)
        await pilot.resize_terminal(*size)
        await pilot.press("f")
        await form(pilot, "f5", key)
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen) and screen.form is not None
        screen.form.set_answer("consent_record", "Y")
        for name in LISTS:
            screen.form.go_to(name)
            answer = await _focused(pilot, name)
            spec = kind("feedback").fields[name]
            rows = _rows(answer)
            assert len(rows) <= answer.host.rows, (code, size, name)
            hints += any(HINT in row for row in rows)
            assert not any("…" in row for row in rows), (code, size, name, rows)
            for option in [each for each in answer.question.options if not each.parent]:
                answer.action_point(1)
                seen = " ".join(" ".join(_rows(answer)).split())
                assert option.label in seen, (code, size, name, option.label)
                asked = terminal_line(catalogue(code).answer(spec.codes, option.code))
                assert asked in seen or asked.startswith("[EN]"), (code, size, name, asked)
        await pilot.press("escape")
    assert hints or size != (60, 20)


async def _focused(pilot: Pilot[None], name: str) -> ChoiceAnswer:
    def is_reached() -> bool:
        focused = pilot.app.focused
        return isinstance(focused, ChoiceAnswer) and focused.question.name == name

    await until(pilot, is_reached, name)
    assert isinstance(pilot.app.focused, ChoiceAnswer)
    return pilot.app.focused


def _rows(answer: ChoiceAnswer) -> list[str]:
    return [row.plain for row in answer.lines(answer.size.width)]
