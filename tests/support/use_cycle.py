"""A cycle with two measures of a real provider's file: the same groups, and codes that name one in each dimension."""

from __future__ import annotations

from cli_kits import with_answers
from commanding import Run
from project_files import DATA

TALKING = DATA / "talking-therapies-2024-25-birmingham-solihull.csv"
TITLE = "Talking therapies"
MEASURES = ("referrals_received", "not_at_caseness")


def record_use_cycle(run: Run) -> None:
    """Record the cycle by ethnic group and religion, and import both measures into it."""
    made = run(
        *("record", "cycle", *with_answers(f"title={TITLE}", "service_area=mental-health")),
        *with_answers("date_from=2024-04-01", "date_to=2025-03-31"),
        *with_answers("dimension=ethnic; religion", "area=E08000025; E08000029"),
    )
    assert made.code == 0, made.err
    for measure in MEASURES:
        done = run("figures", "import", TALKING, "--cycle", TITLE, "--yes", "--measure", measure)
        assert done.code == 0, done.err
