"""Packs of the demonstration's own cycles, written in succession: together they pin no small number.

DEMONSTRATION_PACKS=all attacks those of every preset instead of the default one.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fieldkit.demo import build
from fieldkit.insight.disclosure.definitions import Question, Respondent
from fieldkit.insight.disclosure.protection import Protected, ReleaseRefused, protect
from fieldkit.insight.disclosure.thresholds import PRESETS, TEN, Preset
from fieldkit.presentation.pack import evidence_pack
from fieldkit.presentation.pack.audiences import AUDIENCES, Audience
from fieldkit.store.kit import Kit
from pack_attack import NOW, Before, KnownPerson, PrintedPack, leaks

pytestmark = pytest.mark.journey

# The strictest preset comes first: later packs must not reveal what it hid.
PRESETS_TRIED = sorted((each for each in PRESETS.values() if each.offered), key=lambda each: -each.threshold)
if os.environ.get("DEMONSTRATION_PACKS") != "all":
    PRESETS_TRIED = [TEN]
ABOUT_PEOPLE = ("ratings", "periods", "themes", "needs", "heard", "experience")


@dataclass
class Packs:
    """Packs as they are written, and what the test knows about the people in them."""

    folder: Path
    people: list[Respondent] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    printed: list[PrintedPack] = field(default_factory=list)
    _last: tuple[Any, ...] = ()

    def protect(self, people: Any, questions: Any, tables: Any, preset: Preset, **more: Any) -> Protected:
        result = protect(people, questions, tables, preset, **more)
        self._last = (list(people), questions, tables, preset, more["quotes"], result)
        return result

    def write(self, kit: Kit, cycle: str, audience: Audience, preset: Preset) -> None:
        pack = evidence_pack.prepare(kit, cycle, audience, preset)
        evidence_pack.write(kit, pack, self.folder / f"{cycle}-{preset.name}-{audience.code}")
        self.people, questions, tables, _, quotes, result = self._last
        self.questions |= {question.name: question for question in questions}
        groups = [(group.where, group.quotes) for group in quotes if group.name in result.quotes]
        self.printed.append(PrintedPack(tables, result.levels, result.printed, preset, groups))
        assert set(_numbers(pack.files)) <= {text.rstrip("%") for text in result.printed.values()}


def _numbers(files: dict[str, bytes]) -> Iterator[str]:
    """Every figure in the tables about people."""
    for name, content in files.items():
        if name.startswith(tuple(f"csv/{start}" for start in ABOUT_PEOPLE)) and name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            yield from (
                cell.rstrip("%") for row in rows[1:] for cell in row[1:] if cell.rstrip("%").isdigit()
            )


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    with build(tmp_path / "kit") as kit:
        yield kit


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packs:
    packs = Packs(tmp_path / "packs")
    packs.folder.mkdir()
    monkeypatch.setattr(evidence_pack, "protect", packs.protect)
    return packs


@pytest.mark.parametrize("title", ["Talking therapies", "Patient transport"])
def test_no_small_number_of_the_demonstrations_packs_can_be_pinned(
    kit: Kit, packs: Packs, title: str
) -> None:
    cycle = _cycle(kit, title)
    for preset in PRESETS_TRIED:
        for audience in AUDIENCES:
            packs.write(kit, cycle, audience, preset)
        people = [KnownPerson(person.answers, frozenset({NOW})) for person in packs.people]
        assert not leaks(people, list(packs.questions.values()), {"theme"}, packs.printed)
    assert len(packs.printed) == 6 * len(PRESETS_TRIED)


def test_an_answer_that_was_changed_since_is_not_told_by_the_next_pack(kit: Kit, packs: Packs) -> None:
    cycle = _cycle(kit, "Talking therapies")
    packs.write(kit, cycle, AUDIENCES[0], TEN)
    before = packs.printed.pop()
    changed = next(
        stored
        for stored in kit.page("feedback", 0, kit.count("feedback"))
        if stored.values.get("service_area") == "mental-health" and stored.values.get("rating") == "1"
    )
    kit.edit(changed, {"rating": "2"})
    try:
        packs.write(kit, cycle, AUDIENCES[1], TEN)
    except ReleaseRefused as refusal:
        assert "Showing this now would reveal what 1" in str(refusal)
        return
    people = [
        KnownPerson(person.answers, frozenset({NOW, "before"} if person.releases else {NOW}))
        for person in packs.people
    ]
    gone = next(person for person in people if NOW in person.times and "before" not in person.times)
    people.append(KnownPerson({**gone.answers, "rating": "1"}, frozenset({"before"})))
    assert not leaks(
        people, list(packs.questions.values()), {"theme"}, packs.printed, [Before("before", [before], 1, 1)]
    )


def _cycle(kit: Kit, title: str) -> str:
    return next(stored.record_id for stored in kit.page("cycle") if stored.values["title"].startswith(title))
