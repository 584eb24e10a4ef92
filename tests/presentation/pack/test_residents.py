"""Who was heard against who lives there, by the same groups: finer groups are added up, others are not compared."""

from __future__ import annotations

from fieldkit.documents.blocks import Chart, printed
from fieldkit.insight.disclosure.thresholds import FFT
from fieldkit.presentation.pack.audiences import audience_named
from fieldkit.presentation.pack.evidence_pack import prepare
from fieldkit.presentation.pack.residents import residents_by_group
from networks import Network
from pack_kit import add_cycle, add_people

CENSUS = {str(code): code for code in range(1, 20)}
NHS = dict.fromkeys("ABCDEFGHJKLMNPRS", 10)


def test_residents_are_added_up_to_the_groups_of_the_table() -> None:
    asked = residents_by_group("ethnic", "as asked", "census19", CENSUS)
    assert len(asked) == 19 and asked["Asian: Chinese"] == 2
    nhs = residents_by_group("ethnic", "NHS categories", "census19", CENSUS)
    assert len(nhs) == 16 and nhs["Any other White background"] == 15 + 16 + 17
    five = residents_by_group("ethnic", "five groups", "census19", CENSUS)
    # Chinese people count with Asian groups, as in the population of which they are a share.
    assert five == {"Asian": 15, "Black": 21, "Mixed": 42, "White": 75, "Other": 37}
    assert sum(five.values()) == sum(CENSUS.values())


def test_what_can_not_be_parted_is_not_compared() -> None:
    assert residents_by_group("ethnic", "as asked", "nhs16", NHS) == {}
    assert residents_by_group("ethnic", "five groups", "nhs16", NHS)["Asian"] == 50
    assert residents_by_group("age", "as asked", "", {"0 to 15": 3}) == {}
    assert residents_by_group("ethnic", "total", "census19", CENSUS) == {}


def test_a_cycle_without_figures_of_a_provider_has_residents_too(network: Network) -> None:
    kit = network.hub.kit
    cycle = add_cycle(kit)
    for code in ("13", "3", "4"):
        add_people(kit, 60, ethnic_group=code)
    document = prepare(kit, cycle, audience_named("jsna"), FFT).document
    table = next(table for table in document.tables() if table.name == "heard-ethnic")
    lives = {printed(row[0]): printed(row[3]) for row in table.rows}
    assert lives["White: English, Welsh, Scottish, Northern Irish or British"].endswith(" %")
    (chart, *_) = [block for block in document.blocks if isinstance(block, Chart) and block.table == table]
    assert any(line.startswith("Residents: Census 2021") for line in chart.key)
