"""A kit written by another version of fieldkit, with a field, a kind or a table more or less: it opens, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import StatementError as _StatementError

from fieldkit.errors import VaultError
from fieldkit.records.schema.kind import kinds
from fieldkit.store.db.sql import execute, quoted
from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft
from fieldkit.store.local.known_settings import SAFEGUARDING_LEAD
from fieldkit.store.projection import shape
from other_version import OtherVersion

_PLACE = (
    '    place: str | None = line("Place", "Where it took place, in words.", step="Event", listed=True)\n'
)

#: Reads an event and a note, saves the new field, and reports the result.
_NEWER = """
import json, sys
from pathlib import Path
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import SAFEGUARDING_LEAD

with Kit.open(Path(sys.argv[1])) as kit:
    [event] = kit.page("event")
    [found] = kit.columns("event", ["title", "weather"])
    kit.edit(kit.get(event.record_id), {"weather": "rain"})
    outing = kit.add("outing", {"destination": "Leeds"})
    trip = kit.add("diary", {"notes": "mine alone"})
    state = kit.state_hash()
    kit.rebuild()
    print(json.dumps({
        "before": event.values, "columns": found, "after": kit.get(event.record_id).values,
        "searched": kit.count("event", text="rain"), "check": kit.check(), "same": state == kit.state_hash(),
        "state": state, "notes": [one.values for one in kit.page("note")],
        "drafts": [one.values for one in kit.drafts.all()], "setting": kit.settings.get(SAFEGUARDING_LEAD),
        "outings": kit.count("outing"), "diary": kit.count("diary"),
    }))
"""

_KIND = '''"""A kind that only this version knows."""

from fieldkit.records.schema.field import line
from fieldkit.records.schema.kind import Kind, Record, register

{0} = Kind("{1}", "{2}", "{1}s", "A thing.", shared={3})


@register({0})
class {2}(Record, table=True):
    """A thing."""

    {4}: str | None = line("Text", "Text.")
'''


@pytest.fixture
def newer(tmp_path: Path) -> OtherVersion:
    """A version with one more and one fewer field in events, one more shared and local kind, and one more journal column."""
    made = OtherVersion(tmp_path / "newer")
    event = "records/kinds/event.py"
    made.change(
        event, "    place: str", '    weather: str | None = line("Weather", "Sun or rain.")\n    place: str'
    )
    made.change(
        "store/db/schema.py",
        "    step: int = 0\n",
        '    step: int = 0\n    hue: str = Field(default="it\'s", index=True)\n',
    )
    for constant, name, title, shared, field in (
        ("OUTING", "outing", "Outing", True, "destination"),
        ("DIARY", "diary", "Diary", False, "notes"),
    ):
        made.add(f"records/kinds/{name}.py", _KIND.format(constant, name, title, shared, field))
        made.change(
            "records/kinds/register.py",
            "from fieldkit.records.schema.kind import arrange\n",
            f"from fieldkit.records.kinds.{name} import {constant}\nfrom fieldkit.records.schema.kind import arrange\n",
        )
        made.change("records/kinds/register.py", "    POLICY,\n", f"    POLICY,\n    {constant},\n")
    return made


@pytest.fixture
def filled(kit: Kit) -> Kit:
    """A kit with an event, a private note, an unfinished entry and a setting."""
    kit.add("event", {"title": "Fair", "place": "Leeds"})
    kit.add("note", {"notes": "mine"})
    kit.drafts.keep(Draft("", "feedback", {"experience": "Half a sent"}))
    kit.settings.put(SAFEGUARDING_LEAD, "Amina")
    return kit


def test_a_field_and_a_kind_more_leave_an_older_kit_whole(filled: Kit, newer: OtherVersion) -> None:
    filled.close()
    output = newer.run(_NEWER, filled.folder)
    assert output["before"] == {"title": "Fair", "place": "Leeds"}
    # A missing answer is None, not the name of its own field.
    assert output["columns"] == ["Fair", None]
    assert output["after"] == {"title": "Fair", "place": "Leeds", "weather": "rain"}
    assert output["searched"] == output["outings"] == output["diary"] == 1
    assert output["check"] == [] and output["same"]
    assert output["notes"] == [{"notes": "mine"}]
    assert output["drafts"] == [{"experience": "Half a sent"}]
    assert output["setting"] == "Amina"


def test_a_kit_that_a_newer_version_wrote_opens_again_in_this_one(filled: Kit, newer: OtherVersion) -> None:
    filled.close()
    output = newer.run(_NEWER, filled.folder)
    with Kit.open(filled.folder) as kit:
        [event] = kit.page("event")
        assert event.values == {"title": "Fair", "place": "Leeds"}
        assert event.extra == {"weather": "rain"}
        assert kit.check() == []
        assert kit.state_hash() == output["state"]
        # The tables of kinds unknown to this version hold no copies.
        with kit.reading() as connection:
            names = {row[0] for row in execute(connection, "SELECT name FROM sqlite_master")}
        assert not names & {"outing", "diary"}
        kit.drafts.keep(Draft("", "event", {"title": "Two"}))
        kit.edit(kit.get(event.record_id), {"place": "York"})
        assert len(kit.drafts.all()) == 2
    output = newer.run(_NEWER.replace('{"weather": "rain"}', '{"weather": "sun"}'), filled.folder)
    assert output["before"] == {"title": "Fair", "place": "York", "weather": "rain"}
    assert output["outings"] == output["diary"] == 2
    assert output["check"] == []


def test_an_answer_more_brings_its_values_out_of_what_was_not_understood(filled: Kit, tmp_path: Path) -> None:
    event = filled.add("event", {"title": "x" * 200})
    newer = OtherVersion(tmp_path / "newer")
    newer.change("records/schema/field.py", "LONGEST_LINE = 200", "LONGEST_LINE = 300")
    filled.close()
    script = """
import json, sys
from pathlib import Path
from fieldkit.store.kit import Kit
with Kit.open(Path(sys.argv[1])) as kit:
    if sys.argv[2:]:
        kit.edit(kit.get(sys.argv[2]), {"title": "y" * 250})
    print(json.dumps([kit.get(sys.argv[2]).values if sys.argv[2:] else {}, kit.check()]))
"""
    assert newer.run(script, filled.folder, event.record_id) == [{"title": "y" * 250}, []]
    with Kit.open(filled.folder) as kit:
        assert kit.get(event.record_id).extra == {"title": "y" * 250}
    assert newer.run(script, filled.folder, event.record_id) == [{"title": "y" * 250}, []]


def test_a_kit_of_another_shape_that_can_only_be_read_says_what_to_do(
    filled: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.close()
    monkeypatch.setattr("fieldkit.store.kit.projection_version", lambda: "another")
    with pytest.raises(VaultError, match="Another version") as caught:
        Kit.with_key(filled.folder, filled.key, read_only=True)
    assert "Copy the folder" in caught.value.hint


def test_a_kit_of_this_version_is_not_folded_anew(filled: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.close()

    def refuse(_: object) -> None:
        raise AssertionError("folded anew")

    monkeypatch.setattr("fieldkit.store.kit.reshape", refuse)
    with Kit.open(filled.folder) as kit:
        assert kit.count("event") == 1


def test_every_line_of_a_model_that_decides_what_is_stored_is_in_the_version() -> None:
    spec = kinds()["event"].fields["title"]
    known = shape._field_shape(spec)
    changes: tuple[dict[str, Any], ...] = (
        {"length": 99},
        {"pattern": "x"},
        {"shape": "text"},
        {"name": "heading"},
        {"codes": "event_kind"},
    )
    for change in changes:
        assert shape._field_shape(replace(spec, **change)) != known
    assert shape._field_shape(replace(spec, help="Other words.")) == known


@pytest.mark.parametrize("name", ["no_such_column", "title"])
def test_an_unknown_name_is_an_error_and_never_a_text(kit: Kit, name: str) -> None:
    kit.add("event", {"title": "Fair"})
    with kit.reading() as connection:
        with pytest.raises(ValueError, match="double quotes"):
            execute(connection, f'SELECT "{name}" FROM event')  # noqa: S608  # a name of this test
        with pytest.raises((ValueError, _StatementError)):
            connection.exec_driver_sql(f'SELECT "{name}" FROM event')  # noqa: S608  # a name of this test
        sql = f"SELECT {quoted(name)} FROM event"  # noqa: S608  # a name of this test
        if name == "title":
            assert execute(connection, sql).fetchall() == [("Fair",)]
            return
        with pytest.raises(Exception, match="no such column"):
            execute(connection, sql)
        with pytest.raises(OperationalError, match="no such column"):
            connection.exec_driver_sql(sql)


def test_a_kit_that_a_newer_version_made_takes_entries_in_this_one(tmp_path: Path) -> None:
    newer = OtherVersion(tmp_path / "newer")
    newer.change(
        "store/db/schema.py",
        "    step: int = 0\n",
        "    step: int = 0\n    hue: str = Field(index=True)\n    tint: int = Field(default=3, unique=True)\n    tone: str\n",
    )
    folder = tmp_path / "kit"
    newer.run(
        """
import sys
from pathlib import Path
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import ORIGIN
kit, _ = Kit.create(Path(sys.argv[1]), None)
kit.settings.put(ORIGIN, "a" * 26 + ".00000001")
kit.add("event", {"title": "Fair"})
print(1)
""",
        folder,
    )
    for number in (1, 2):
        with Kit.open(folder) as kit:
            kit.drafts.keep(Draft("", "event", {"title": f"{number}"}))
            assert len(kit.drafts.all()) == number
            assert kit.count("event") == 1
            assert kit.check() == []
