"""The mentoring level follows from the mentee's pay band, whichever way a mentorship comes in."""

from __future__ import annotations

import pytest

from fieldkit.importing.importer import import_rows
from fieldkit.insight.summary import summarise
from fieldkit.presentation.saving import save
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit


def _two_people(kit: Kit, band: str) -> tuple[str, str]:
    agreed = {"consent_record": "Y"}
    people = [{"name": "Ann", **agreed}, {"name": "Bea", "band": band, **agreed}]
    mentor, mentee = kit.add_many("person", people)
    return mentor.record_id, mentee.record_id


@pytest.mark.parametrize(
    ("band", "level"), [("1", "1"), ("5", "2"), ("7", "3"), ("8a", "4"), ("9", "4"), ("medical", None)]
)
@pytest.mark.parametrize("way", ["command", "form", "import"])
def test_a_level_left_empty_follows_the_band(kit: Kit, way: str, band: str, level: str | None) -> None:
    mentor, mentee = _two_people(kit, band)
    if way == "import":
        import_rows(kit, "mentorship", f"mentor,mentee,level\n{mentor},{mentee},\n".encode())
    elif way == "form":
        answers = {"mentor": mentor, "mentee": mentee, "level": None}
        save(kit, kind("mentorship"), None, answers)
    else:
        kit.add("mentorship", {"mentor": mentor, "mentee": mentee})
    (stored,) = kit.page("mentorship")
    assert stored.values.get("level") == level
    (row,) = summarise(kit).levels
    assert row.code == (level or "")


def test_a_level_that_was_given_stays(kit: Kit) -> None:
    mentor, mentee = _two_people(kit, "5")
    kit.add("mentorship", {"mentor": mentor, "mentee": mentee, "level": "4"})
    (stored,) = kit.page("mentorship")
    assert stored.values["level"] == "4"


def test_a_band_that_comes_later_gives_the_level_in_the_summary(kit: Kit) -> None:
    mentor, mentee = (kit.add("person", {"name": name, "consent_record": "Y"}) for name in ("Ann", "Bea"))
    kit.add("mentorship", {"mentor": mentor.record_id, "mentee": mentee.record_id})
    assert [row.code for row in summarise(kit).levels] == [""]
    kit.edit(mentee, {"band": "8b"})
    assert [row.code for row in summarise(kit).levels] == ["4"]
