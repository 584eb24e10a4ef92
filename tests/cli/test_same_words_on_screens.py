"""Screens and commands show every kind of record alike: its name, its values, its history, counts and roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from commanding import Run
from fieldkit.demo import build
from fieldkit.presentation.exchange.devices import laptops
from fieldkit.presentation.record_history import history
from fieldkit.presentation.record_names import named, named_record
from fieldkit.presentation.record_page import read
from fieldkit.presentation.saved_texts import saved_sentence
from fieldkit.presentation.wording import date_and_time
from fieldkit.records.schema.kind import Kind, kinds
from fieldkit.screens.base.record_rows import columns_of, rows_of
from fieldkit.screens.records.kinds_screen import _kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.sync.network.identity import identity
from fieldkit.text import titled

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo") / "kit"
    build(folder).close()
    yield folder


def first_of(kit: Kit, kind: Kind) -> Stored | None:
    return next(iter(kit.page(kind.name, 0, 1)), None)


@pytest.mark.parametrize("name", kinds())
def test_a_record_is_called_and_shown_alike(run: Run, folder: Path, name: str) -> None:
    kind = kinds()[name]
    with Kit.open(folder) as kit:
        record = first_of(kit, kind)
        if record is None:
            assert not kit.count(name)
            return  # the demonstration has no such record; the other kinds use the same functions
        page, terms = read(kit, record.name), kit.terms()
        title = named_record(kit, record, terms)
        [row] = rows_of(kit, kind, [record])
        past = history(kit, record.name)
    shown = run("--kit", folder, "show", record.name).out
    assert shown.splitlines()[0] == page.title == title == past.title
    for step, label, answered, _ in page.answers:
        if step != "Who came":
            value = answered.replace("\n", "\n    ")
            assert titled(label, value) in shown
    listed = run("--kit", folder, "list", name, "--limit", "1").out.splitlines()
    assert [column.title for column in columns_of(kind)] == listed[0].split("\t")[1:][: len(row.cells)]
    for cell, value in zip(row.cells, listed[1].split("\t")[1:], strict=False):
        assert cell.replace("\n", " ").startswith(value.rstrip("…"))
    output = run("--kit", folder, "history", record.name).out
    for change in past.changes:
        assert titled(f"  {change.title}", change.label.splitlines()[0][:60]).rstrip() in output


def test_the_sentence_for_a_saved_record_names_its_kind_once() -> None:
    kind = kinds()["attendance"]
    assert saved_sentence(named(kind, kind.title)) == "Saved: Attendance"
    assert saved_sentence(named(kind, "Ann · Fair")) == "Saved: Attendance · Ann · Fair"


def test_counts_are_the_same_on_the_screen_of_kinds_and_in_status(run: Run, folder: Path) -> None:
    with Kit.open(folder) as kit:
        rows = _kinds(kit, identity(kit))
    counts = run("--kit", folder, "status", "--json").json["counts"]
    for row in rows:
        assert f"{counts.get(row.id, 0):,}" in row.cells


def test_a_role_has_one_word(run: Run, folder: Path) -> None:
    with Kit.open(folder) as kit:
        rows = laptops(kit, identity(kit)).rows
    listed = run("--kit", folder, "devices", "list").out
    for laptop in rows:
        assert f"\t{laptop.role}\t{laptop.status}\t" in listed


def test_status_counts_nothing_as_unsent_on_a_coordinators_laptop(run: Run, folder: Path) -> None:
    assert "Unsent" not in run("--kit", folder, "status").out


def test_dates_of_status_are_written_as_on_screens_and_json_keeps_iso(
    run: Run, folder: Path, pair: tuple[Path, Path, str]
) -> None:
    field, _, event = pair
    run("--kit", field, "edit", event, "--set", "title=Fair at St Mary")
    printed, facts = run("--kit", field, "status").out, run("--kit", field, "status", "--json").json
    assert facts["oldest_unsent"].startswith("20") and "T" in facts["oldest_unsent"]
    assert f"the oldest from {date_and_time(facts['oldest_unsent_stamp'])}" in printed
    printed += run("--kit", folder, "status").out
    assert not [
        line for line in printed.splitlines() if re.search(r"\b20\d\d-\d\d", line) and ".fkb" not in line
    ]
