"""One kit open in several programs that import, merge, export, back up and save at once: nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from faulty import Worker, working
from fieldkit.store.backup import try_restore
from fieldkit.store.kit import Kit
from stage import FIXTURES, ROWS, Stage, all_texts
from streams import parcels

_stage_template, stage = FIXTURES

ROUNDS = 4


def rounds(worker: Worker, stage: Stage, name: str, first: str) -> list[dict[str, Any]]:
    """The results of everything that one of the programs did, in an order of its own."""
    steps = {
        "import": stage.incoming / "rows.csv",
        "save": stage.target,
        "merge": stage.incoming / "A.fkb",
        "export": stage.target / f"{name}.fkb",
        "receipt": stage.target / f"{name}.fkr",
        "backup": stage.target / f"{name}.fkbackup",
    }
    order = sorted(steps, key=lambda what: (what != first, what))
    return [
        {"what": what, **worker.life(what, stage.kit.folder, steps[what], [], 0)}
        for _ in range(ROUNDS)
        for what in order
    ]


def test_three_programs_on_one_kit(stage: Stage) -> None:
    before, texts = stage.kit.counts()["feedback"], all_texts(stage.kit)
    with working() as entry, working() as two, ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(rounds, entry, stage, "one", "import"),
            pool.submit(rounds, two, stage, "two", "merge"),
        ]
        mine = [
            stage.kit.add("feedback", {"rating": "1", "experience": f"mine {number}"}).record_id
            for number in range(60)
        ]
        message = [answer for every in answers for answer in every.result()]
    # Each may have had to wait, but none had to give up.
    assert [answer for answer in message if answer["said"] != "done"] == []
    results: dict[str, list[Any]] = {}
    for answer in message:
        results.setdefault(answer["what"], []).append(answer["result"])
    kit = stage.kit
    assert set(kit.many("feedback", [*mine, *results["save"]])) == {*mine, *results["save"]}
    # The bundle was merged once, by whichever came first.
    assert sum(results["merge"]) == max(results["merge"]) >= ROWS
    saved = len(mine) + len(results["save"]) + sum(results["import"]) + ROWS
    assert kit.counts()["feedback"] == before + saved
    assert set(texts) <= set(all_texts(kit))
    runs = [(span.origin, span.first, span.last) for span, _ in parcels(kit)]
    assert all(first == 1 for _, first, _ in runs) and len({origin for origin, _, _ in runs}) == len(runs)
    assert kit.check() == []
    with Kit.open(kit.folder) as again:
        assert again.state_hash() == kit.state_hash()
    for name in ("one", "two"):
        assert try_restore(kit, stage.target / f"{name}.fkbackup") == []
