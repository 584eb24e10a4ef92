"""If figures can't be compared, a pack says why, and has no chart and no empty column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fieldkit.documents.blocks import Chart, Document, Heading, Items, Paragraph
from fieldkit.insight.disclosure.thresholds import TEN
from fieldkit.intervals import Interval
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_datasets import store_figures
from fieldkit.presentation.figures.figure_session import FigureSession
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.presentation.pack.evidence_pack import prepare
from networks import Network
from pack_kit import add_cycle, add_people

HEAD = "Ethnic group,Referrals\n"
STARRED = HEAD + "".join(f"{group},*\n" for group in ("White - British", "Indian", "Pakistani", "African"))
ALONE = f"{HEAD}Indian,120\n"
NOT_STATED = f"{HEAD}White - British,120\nIndian,121\nNot stated,900\n"


def document_of(network: Network, folder: Path, figures: str, people: int = 60) -> Document:
    kit = network.hub.kit
    cycle = add_cycle(kit)
    add_people(kit, people)
    path = folder / "figures.csv"
    path.write_text(figures, encoding="utf-8")
    days = ("2024-04-01", "2025-03-31")
    choices = FigureChoices(
        unit="referrals", who="all", period_days=days, publisher="A trust", cycle=cycle, star=Interval(1, 7)
    )
    store_figures(kit, FigureSession(path, choices), date(2026, 11, 26), "me")
    return prepare(kit, cycle, audience_named("commissioner"), TEN).document


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (STARRED, "Every number is hidden by the publisher"),
        (ALONE, "Fewer than two groups have a number"),
        (NOT_STATED, "For more than 30 % the group is not stated"),
    ],
)
def test_what_can_not_be_compared_is_said_and_not_drawn(
    network: Network, tmp_path: Path, figures: str, sentence: str
) -> None:
    document = document_of(network, tmp_path, figures)
    blocks = list(document.blocks)
    findings = next(block for block in blocks if isinstance(block, Items))
    assert findings.items[0].startswith(sentence)
    assert sum(isinstance(block, Paragraph) and block.text.startswith(sentence) for block in blocks) == 2
    assert not [
        block for block in blocks if isinstance(block, Chart) and block.name.startswith(("use", "funnel"))
    ]
    assert "Could chance explain the differences?" not in [b.text for b in blocks if isinstance(b, Heading)]
    (table,) = [table for table in document.tables() if table.name.startswith("use-")]
    for at in range(len(table.columns)):
        assert any(row[at] != "" for row in table.rows), table.columns[at]
    assert "Ratio" not in [column.title for column in table.columns]


def test_answers_that_are_all_hidden_are_a_sentence(network: Network) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit)
    add_people(kit, 10)
    document = prepare(kit, cycle, audience_named("healthwatch"), TEN).document
    assert "ratings" not in {table.name for table in document.tables()}
    sentences = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert any("How they rated it can't be shown." in text for text in sentences)
