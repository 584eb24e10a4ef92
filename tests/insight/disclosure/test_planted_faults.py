"""Faults planted in disclosure control: counting again notices each, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fieldkit.insight.disclosure import feasibility, plain_tables, statements
from fieldkit.insight.disclosure.plain_tables import protect_tables
from fieldkit.insight.disclosure.secondary_suppression import ProtectionFailed, suppress
from fieldkit.insight.disclosure.starring import ratio_figure
from fieldkit.insight.disclosure.thresholds import FFT, Preset
from fieldkit.printed_figure import Figure, Shown
from project_files import DATA

MARGINS = DATA / "hostile-tables" / "02-two-margins"


def test_a_printing_function_that_shows_small_numbers_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def weak(count: int, preset: Preset, *, monitoring: bool = False) -> Figure:
        return Shown(count)

    class Page(plain_tables._Page):
        def files(self, variables: np.ndarray, hidden: frozenset[plain_tables.Place]) -> dict[str, bytes]:
            return super().files(
                variables, frozenset(place for place in hidden if place.column != "negative")
            )

    page = Page(*_read(MARGINS), FFT, False)
    monkeypatch.setattr(plain_tables, "count_figure", weak)
    with pytest.raises(ProtectionFailed, match="another number"):
        suppress(page.pack())


def test_percentages_with_more_decimals_than_the_search_knows_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def precise(part: int, whole: int, preset: Preset, **_: object) -> Figure:
        return ratio_figure(100 * part, whole, 3, "%")

    (tmp_path / "true-a.csv").write_text(",good,poor,total,% good\nGP,400,600,1000,40%\n")
    (tmp_path / "relations.txt").write_text(
        "sum a col total = good + poor\npct a % good = good / total\nwatch a[GP|good]\n"
    )
    assert b"1000,40%" in protect_tables(tmp_path, FFT).files["a.csv"]
    monkeypatch.setattr(plain_tables, "share_figure", precise)
    with pytest.raises(ProtectionFailed):
        protect_tables(tmp_path, FFT)


def test_a_search_that_overlooks_a_statement_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = statements.Statement.bounds

    def overlooks(self: statements.Statement, *given: object) -> list[statements.Bound]:
        return [] if self.key[2] == "neither" else whole(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(statements.Statement, "bounds", overlooks)
    with pytest.raises(ProtectionFailed):
        protect_tables(MARGINS, FFT)


def test_a_solver_that_errs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def errs(
        self: feasibility.Feasibility, chosen: np.ndarray, weights: np.ndarray, value: int, **_: object
    ) -> np.ndarray:
        return self.truth + np.eye(len(self.truth), dtype=np.int64)[0] * (value - int(weights @ self.truth))

    monkeypatch.setattr(feasibility.Feasibility, "find", errs)
    with pytest.raises(ProtectionFailed):
        protect_tables(MARGINS, FFT)


def test_once_the_budget_is_spent_more_is_hidden_and_nothing_told() -> None:
    for folder in (MARGINS, MARGINS.parent / "06-two-releases", MARGINS.parent / "12-quotes"):
        page = plain_tables._Page(*_read(folder), FFT, False)
        cut_short, whole = suppress(page.pack(), budget=-1), suppress(page.pack())
        assert cut_short.exhausted
        assert all(need.is_met for need in cut_short.needs)
        of_whole = {need.name: need.number for need in whole.needs}
        assert {name: n for name, n in of_whole.items() if "|" in name}.items() <= {
            need.name: need.number for need in cut_short.needs
        }.items()
        assert cut_short.given_away == whole.given_away
        assert len(cut_short.hidden) >= len(whole.hidden)


def test_whoever_stops_it_gets_nothing() -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int, what: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        protect_tables(MARGINS, FFT, on_progress=stop)


def _read(folder: Path) -> tuple[dict[str, plain_tables.ExactTable], plain_tables.Relations]:
    tables = plain_tables.read_tables(folder)
    return tables, plain_tables.read_relations((folder / "relations.txt").read_text(), tables)
