"""The scripts of flows use only known steps and kits; pictures of screens can be drawn."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyte.screens import Char

sys.path.insert(0, str(Path(__file__).parent))

from first_kits import KITS, MADE
from run_pictures import FLOWS, STEPS
from screen_drawing import Screen, sheet


@pytest.mark.parametrize("script", sorted(FLOWS.glob("*.flow")), ids=lambda path: path.stem)
def test_every_step_is_known(script: Path) -> None:
    steps = [line.split() for line in script.read_text(encoding="utf-8").splitlines()]
    steps = [step for step in steps if step and not step[0].startswith("#")]
    assert steps[0][0] == "kit" and steps[0][1] in {**KITS, **MADE}
    assert {step[0] for step in steps} <= set(STEPS)
    assert {"shot", "colours"} & {step[0] for step in steps}


def test_a_sheet_holds_the_letters_of_its_screens_in_their_colours() -> None:
    cells = [[Char(letter, fg="red") for letter in "a<b"], [Char(" ")] * 3]
    drawn = ElementTree.fromstring(sheet([Screen("first", cells, None), Screen("second", cells, (0, 1))], 2))
    texts = [(each.text, each.get("fill")) for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert [text for text, _ in texts] == ["first", "a<b", "second", "a<b"]
    assert texts[1][1] == "#cd3131"
