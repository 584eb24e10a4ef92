"""Tables for spreadsheets: codes, labels, links and the origin of each record; written safely."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from conftest import DEVICE_ORIGIN
from fieldkit.errors import Misuse
from fieldkit.insight import table_files as tables_module
from fieldkit.insight.table_files import nhs_ethnic_category, tables, write
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit


def rows_of(kit: Kit, name: str) -> list[dict[str, Any]]:
    table = next(table for table in tables(kit) if table.name == name)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_tables_hold_codes_labels_links_and_where_from(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_module, "_CHUNK", 1)
    event = kit.add("event", {"title": "Fair", "date": "2026-10-27", "place": "Bradford"})
    kit.add("term", {"list_name": "service_area", "label": "eye clinic", "code": "eye-clinic"})
    kit.add(
        "feedback",
        {
            "rating": "1",
            "service_area": "eye-clinic",
            "event": event.record_id,
            "themes": ["staff-manner", "access-contact"],
            "ethnic_group": "16",
            "consent_quote": "N",
            "experience": "=1+1",
        },
    )
    kit.add("feedback", {"rating": "2", "event": "elsewhere0"})
    first, second = rows_of(kit, "feedback")
    assert (first["rating"], first["rating (label)"]) == ("1", "very good")
    assert (first["service_area"], first["service_area (label)"]) == ("eye-clinic", "eye clinic")
    assert first["themes"] == ["access-contact", "staff-manner"]
    assert first["themes (label)"] == "contacting services; manner & personal attributes"
    assert first["event"] == event.record_id and first["event (label)"].startswith("Fair")
    assert (first["ethnic_category"], first["ethnic_category (label)"]) == ("C", "any other White background")
    assert first["consent_quote (label)"] == "no"
    assert first["device"] == DEVICE_ORIGIN and first["device (label)"] == "not held here"
    assert first["created"].endswith("Z") and first["created"] == first["updated"]
    assert second["event (label)"] == "not held here"
    assert second["ethnic_category"] == "99" and second["ethnic_group (label)"] is None


def test_labels_reach_through_links_and_never_name_the_deleted(kit: Kit) -> None:
    anna, bina = kit.add_many("person", [{"name": "Anna"}, {"name": "Bina"}])
    pair = kit.add("mentorship", {"mentor": anna.record_id, "mentee": bina.record_id}).record_id
    kit.add("session", {"mentorship": pair, "date": "2026-03-01"})
    assert "Anna" in rows_of(kit, "session")[0]["mentorship (label)"]
    kit.delete(anna.record_id)
    assert "Anna" not in rows_of(kit, "session")[0]["mentorship (label)"]
    assert rows_of(kit, "mentorship")[0]["mentor (label)"] == "deleted"
    assert [row["name"] for row in rows_of(kit, "person")] == ["Bina"]


def test_the_device_is_named_by_the_roster(kit: Kit) -> None:
    device = {"name": "St Mary's laptop", "role": "field", "status": "trusted"}
    kit.put("device", DEVICE_ORIGIN.partition(".")[0], device | {"public_key": "ssh-ed25519 " + "A" * 68})
    kit.add("feedback", {"rating": "1"})
    assert "St Mary's laptop" in rows_of(kit, "feedback")[0]["device (label)"]


def test_nhs_ethnic_categories_tell_declined_from_not_asked() -> None:
    assert nhs_ethnic_category("Z") == "Z"
    assert nhs_ethnic_category(None) == "99"
    assert {nhs_ethnic_category(entry.code) for entry in code_list("ethnic_group").entries} <= (
        code_list("ethnic_category").codes - {"99"}
    )


def test_written_tables_are_one_for_each_shared_kind_and_safe(kit: Kit, tmp_path: Path) -> None:
    kit.add("concern", {"own_words": "a worry"})
    kit.add("feedback", {"experience": '=HYPERLINK("x")', "rating": "1"})
    steps: list[tuple[int, int, str]] = []
    files = write(kit, tmp_path / "out", on_progress=lambda *step: steps.append(step))
    assert sorted(file.stem for file in files) == sorted(
        kind.name for kind in kinds().values() if kind.shared
    )
    with (tmp_path / "out" / "feedback.csv").open(encoding="utf-8-sig", newline="") as handle:
        row = next(csv.DictReader(handle))
    assert row["experience"] == '\'=HYPERLINK("x")'
    assert (row["rating"], row["rating (label)"]) == ("1", "very good")
    assert steps == [(1, 1, "feedback")]
    assert "a worry" not in "".join(file.read_text("utf-8-sig") for file in files)
    with pytest.raises(Misuse):
        write(kit, tmp_path / "out")
    assert write(kit, tmp_path / "all.xlsx") == [tmp_path / "all.xlsx"]
