"""Old words are taken out of records and nothing else is: whatever was changed meanwhile, and whatever comes when."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import Misuse, NotFound
from fieldkit.records.kinds import kind as kind_named
from fieldkit.store.backup import backup
from fieldkit.store.desk import Draft
from fieldkit.store.journal import Change, append
from fieldkit.store.kit import Kit
from fieldkit.store.ops import LONGEST_FIELD, SCHEMA, Gone, Op, encode
from fieldkit.store.redaction import redacting, restating, words_in
from fieldkit.store.sql import execute
from fieldkit.sync.erasures import erasures
from fieldkit.sync.merge_report import ASIDE, KNOWN, MERGED
from fieldkit.sync.policy import due, retain, set_rules
from naive import meaning
from networks import Laptop, Network, Writer, op
from other_program import read_bundle
from streams import Stream, take
from test_erasure import MARKER, spoken
from test_erasure import words_in as words_held

LONG_AGO = {"date": "2020-01-01"}


def recorded(network: Network) -> tuple[Laptop, Laptop, str]:
    """A coordinator's kit that holds an old record of a field laptop's, that laptop, and the record."""
    laptop = network.joins("A", trusted="field")
    laptop.merge(network.hub.invite())
    record_id = laptop.kit.add("feedback", spoken(**LONG_AGO)).record_id
    assert network.hub.take(*laptop.export()).status == MERGED
    return network.hub, laptop, record_id


def deputy(network: Network) -> Laptop:
    """Another coordinator's laptop, of which the first knows and which knows everybody."""
    other = network.joins("C", trusted="coordinator")
    network.hub.merge(*other.export())
    other.merge(network.hub.invite())
    return other


def edit(laptop: Laptop, record_id: str, **changes: Any) -> None:
    laptop.kit.edit(laptop.kit.get(record_id), changes)


def test_a_correction_that_was_made_meanwhile_counts(network: Network, tmp_path: Path) -> None:
    hub, laptop, record_id = recorded(network)
    edit(laptop, record_id, rating="4")
    assert hub.kit.redact("feedback", [record_id]) == 1
    assert words_held(hub, tmp_path) == []
    assert hub.kit.get(record_id).values == {**LONG_AGO, "rating": "1", "consent_record": "Y"}
    assert hub.take(*laptop.export()).status == MERGED
    left = hub.kit.get(record_id)
    assert (left.values["rating"], left.conflicts) == ("4", ())
    assert hub.kit.redact("feedback", [record_id]) == 0
    hub.state()


def test_words_that_were_added_meanwhile_are_due_next(network: Network, tmp_path: Path) -> None:
    hub, laptop, record_id = recorded(network)
    edit(laptop, record_id, rating="4", experience=f"More {MARKER}", need=f"Also {MARKER}")
    hub.kit.redact("feedback", [record_id])
    hub.merge(*laptop.export())
    assert hub.kit.get(record_id).values["experience"] == f"More {MARKER}"
    assert due(hub.kit, 24) == [record_id]
    assert hub.kit.redact("feedback", [record_id]) == 1
    assert hub.kit.get(record_id).values == {**LONG_AGO, "rating": "4", "consent_record": "Y"}
    assert due(hub.kit, 24) == []
    assert words_held(hub, tmp_path) == []


def test_a_clash_stays_with_both_values_who_and_when(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    laptop_sees = laptop.kit.get(record_id)
    edit(hub, record_id, rating="2", need="a word")
    laptop.kit.edit(laptop_sees, {"rating": "5", "need": "another"})
    hub.merge(*laptop.export())
    before = {clash.field: clash for clash in hub.kit.conflicts()}
    assert before.keys() == {"rating", "need"}
    hub.kit.redact("feedback", [record_id])
    (clash,) = hub.kit.conflicts()
    assert clash == before["rating"]
    hub.kit.choose(clash, 1)
    assert hub.kit.conflicts() == []
    assert hub.kit.get(record_id).values["rating"] == before["rating"].claims[1].value


def test_a_coordinator_who_never_held_the_words_has_the_same(network: Network, tmp_path: Path) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    edit(hub, record_id, rating="3", need=MARKER)
    hub.kit.redact("feedback", [record_id])
    other.merge(*hub.export(full=True))
    assert words_held(other, tmp_path) == []
    assert hub.state() == other.state()
    fields = [(step.origin, step.stamp, step.fields) for step in hub.kit.history(record_id)]
    assert [(step.origin, step.stamp, step.fields) for step in other.kit.history(record_id)] == fields
    assert fields[-1][2] == {"redacts": "experience, need"}
    # What the laptop sends again in full, with its words, changes nothing.
    for one in (hub, other):
        one.merge(*laptop.export(full=True))
        assert words_held(one, tmp_path) == []
    edit(laptop, record_id, rating="5")
    for one in (hub, other):
        one.merge(*laptop.export())
        assert {clash.field for clash in one.kit.conflicts()} == {"rating"}
    assert hub.state() == other.state()
    for one in (hub, other):
        state = one.state()
        one.kit.rebuild()
        assert one.state() == state


@pytest.mark.parametrize("whole", [True, False])
def test_an_import_is_undone_though_its_words_are_out(network: Network, whole: bool) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    if not whole:
        other.merge(*hub.export(full=True))
    undoing = hub if whole else other
    last = hub.kit.ledger.origins()[hub.kit.origin]
    assert undoing.kit.undo([(laptop.kit.origin, 1, 9)]) == 1
    assert undoing.kit.get(record_id).deleted
    # Taking words out is not taken back.
    assert undoing.kit.undo([(hub.kit.origin, 1, last)]) == 0


def test_a_field_laptop_keeps_its_codes_and_an_invitation_tells_nobody_any(
    network: Network, tmp_path: Path
) -> None:
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    invitation = hub.invite()
    _, said = read_bundle(invitation, {hub.me.key.public.ssh_line()})
    (order,) = [one for one in said if one.get("record_id") == record_id]
    assert order["fields"].keys() == {"redacts"}
    laptop.kit.desk.keep_draft(
        Draft("", "feedback", spoken(rating="3", need="typed this morning"), record_id, {})
    )
    assert words_held(laptop, tmp_path)
    report = laptop.take(invitation)
    assert (report.status, report.redacted) == (MERGED, 1)
    assert words_held(laptop, tmp_path) == []
    assert laptop.kit.get(record_id).values == hub.kit.get(record_id).values
    (draft,) = laptop.kit.desk.drafts()
    assert draft.values == {"rating": "3", "consent_record": "Y", "need": "typed this morning"}
    edit(laptop, record_id, rating="5")
    hub.merge(*laptop.export(full=True))
    assert hub.kit.get(record_id).values["rating"] == "5"
    assert hub.kit.conflicts() == []
    assert hub.state()[0] == hub.kit.state_hash()
    assert laptop.kit.check() == []


def test_what_is_typed_afterwards_into_an_edit_stays(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    laptop.merge(hub.invite())
    draft = laptop.kit.desk.keep_draft(Draft("", "feedback", {"need": "A lift"}, record_id, {}))
    laptop.merge(hub.invite())
    edit(laptop, record_id, rating="5")
    assert [one.values for one in laptop.kit.desk.drafts()] == [draft.values]


def test_who_has_not_taken_the_words_out_is_told(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    hub.kit.redact("feedback", [record_id])
    (order,) = erasures(hub.kit, hub.me)
    assert (order.record_id, order.words, order.waiting) == (record_id, True, ["A"])
    laptop.merge(hub.invite())
    hub.merge(*laptop.export())
    assert erasures(hub.kit, hub.me)[0].waiting == []


@pytest.mark.parametrize("which", ["redacts", "restates"])
def test_only_a_coordinator_takes_words_out(network: Network, which: str) -> None:
    hub, laptop, record_id = recorded(network)
    before = hub.state()
    writer = Writer(laptop, [hub.me.age_public])
    held = hub.kit.ledger.hash_of(laptop.kit.origin, 1)
    assert held is not None
    fields: dict[str, Any] = {"redacts": {held.hex(): ["experience"]}}
    if which == "restates":
        fields = {"restates": {"op": f"{laptop.kit.origin}:1", "hash": held.hex(), "stamp": 1}, "rating": "5"}
    for kind in ("feedback", "not_yet_a_kind"):
        path = writer.bundle(
            writer.lines(op(writer.origin, 1, kind=kind, record_id=record_id, fields=fields))
        )
        merged = hub.take(path)
        assert (merged.status, merged.reason) == (ASIDE, "not-allowed")
    assert hub.state() == before


_REF, _HASH = f"{'b' * 26}.00000001:1", "0" * 64


@pytest.mark.parametrize(
    "fields",
    [
        {"redacts": "x"},
        {"redacts": None},
        {"redacts": {"0" * 63: ["experience"]}},
        {"redacts": {_HASH: "experience"}},
        {"redacts": {_HASH: ["No Name"]}},
        {"redacts": {_HASH: [["experience"]]}},
        {"restates": True},
        {"restates": None},
        {"restates": {"op": _REF, "hash": _HASH}},
        {"restates": {"op": "b:1", "hash": _HASH, "stamp": 1}},
        {"restates": {"op": _REF, "hash": 7, "stamp": 1}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": -1}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": True}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": 1, "more": 1}},
        {"restates": {"op": _REF, "hash": _HASH, "stamp": 1}, "rating": "no such code"},
        # Nothing rides on an order, and no order undoes another.
        {"redacts": {_HASH: ["experience"]}, "experience": "Words in the open"},
        {"redacts": {_HASH: ["experience"]}, "restates": {"op": _REF, "hash": _HASH, "stamp": 1}},
        {"redacts": {_HASH: ["experience", "erased"]}},
        {"redacts": {_HASH: ["deleted"]}},
        {"redacts": {_HASH: ["restates"]}},
        {"erased": True, "rating": "1"},
        {"erased": True, "deleted": True},
        {"erased": False},
        {"erased": 1},
    ],
)
def test_orders_that_are_not_what_they_should_be(network: Network, fields: dict[str, Any]) -> None:
    hub, other = network.hub, deputy(network)
    before = hub.state()
    writer = Writer(other, [hub.me.age_public])
    plain = op(writer.origin, 1, record_id="hostile00000001", fields={"rating": "1"})
    # One by one, and among ops that are looked at together.
    for lines in (
        [op(writer.origin, 1, fields=fields)],
        [plain, op(writer.origin, 2, fields=fields), op(writer.origin, 3)],
    ):
        merged = hub.take(writer.bundle(writer.lines(*lines)))
        assert (merged.status, merged.reason) == (ASIDE, "damaged"), fields
    assert hub.state() == before


@pytest.mark.parametrize("kind", ["withdrawal", "device", "policy", "event", "partner", "term"])
def test_what_everybody_needs_keeps_its_words(network: Network, kind: str) -> None:
    hub, other = network.hub, deputy(network)
    before = hub.state()
    writer = Writer(other, [hub.me.age_public])
    for fields in ({"redacts": {}}, {"restates": {"op": _REF, "hash": _HASH, "stamp": 1}}):
        line = op(writer.origin, 1, kind=kind, record_id=other.me.device, fields=fields)
        assert hub.take(writer.bundle(writer.lines(line))).reason == "damaged"
    assert hub.state() == before
    with pytest.raises(Misuse):
        hub.kit.redact(kind, [other.me.device])


def hashed(laptop: Laptop, seq: int) -> str:
    """The hash of one of a laptop's own ops."""
    return (laptop.kit.ledger.hash_of(laptop.kit.origin, seq) or b"").hex()


def test_what_says_an_op_again_whole_is_that_op(network: Network) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    other.merge(hub.invite())
    writer = Writer(other, [hub.me.age_public, other.me.age_public])
    said = {"op": f"{laptop.kit.origin}:1", "hash": hashed(laptop, 1), "stamp": 5}
    fields = {**hub.kit.get(record_id).values, "rating": "5", "restates": said}
    path = writer.bundle(writer.lines(op(writer.origin, 1, record_id=record_id, fields=fields)))
    bundles = laptop.export(full=True)
    for first, second in ((path, bundles), (*bundles, [path])):
        one = hub if first == path else other
        assert {file.status for file in one.merge(first, *second).files} <= {MERGED, KNOWN}
        assert one.kit.get(record_id).values["rating"] == "5"
        assert one.kit.conflicts() == []
    assert hub.state()[0] == other.state()[0]


def test_an_order_reaches_its_own_record_alone(network: Network) -> None:
    hub, laptop, record_id = recorded(network)
    other = deputy(network)
    second = laptop.kit.add("feedback", spoken()).record_id
    hub.merge(*laptop.export())
    writer = Writer(other, [hub.me.age_public])
    lines = [
        op(writer.origin, 1, record_id=record_id, fields={"redacts": {hashed(laptop, 2): ["experience"]}}),
        op(writer.origin, 2, record_id=second, fields={"redacts": {}}),
    ]
    assert hub.take(writer.bundle(writer.lines(*lines))).redacted == 0
    assert MARKER in hub.kit.get(second).values["experience"]


@pytest.mark.parametrize("kind", ["event", "person", "aaa"])
def test_another_kind_under_the_id_hinders_nobody(network: Network, tmp_path: Path, kind: str) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other = deputy(network)
    writer = Writer(laptop, [hub.me.age_public, other.me.age_public])
    words = {"experience": MARKER, "date": "2020-01-01", "role": "patient"}
    lines = [
        op(writer.origin, 1, kind=kind, record_id="hostile00000001", fields={"title": "Theirs"}),
        op(writer.origin, 2, record_id="hostile00000001", fields=words),
    ]
    path = writer.bundle(writer.lines(*lines))
    if kind == "person":
        lines[0] = op(writer.origin, 1, kind=kind, record_id="hostile00000001", fields={"name": "Theirs"})
        path = writer.bundle(writer.lines(*lines))
    assert hub.take(path).status == MERGED
    assert due(hub.kit, 24) == ["hostile00000001"]
    assert hub.kit.redact("feedback", due(hub.kit, 24)) == 1
    assert due(hub.kit, 24) == []
    assert words_held(hub, tmp_path) == []
    assert {file.status for file in other.merge(*hub.export(full=True)).files} == {MERGED}
    assert hub.state() == other.state()


def test_as_many_changes_as_a_laptop_may_make_can_lose_their_words(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldkit.store.intake.MOST_CHANGES", 40)
    hub, laptop, record_id = recorded(network)
    other = deputy(network)
    for number in range(39):
        edit(laptop, record_id, need=f"{number}", rating=str(1 + number % 5))
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    for _ in range(2):
        assert {file.status for file in other.merge(*hub.export(full=True)).files} <= {MERGED, KNOWN}
        assert hub.state() == other.state()
        if hub.kit.counts()["feedback"]:
            hub.kit.erase(record_id)


def test_numbers_that_grow_when_they_are_written_again_stop_no_bundle(
    network: Network, tmp_path: Path
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other = deputy(network)
    writer = Writer(laptop, [hub.me.age_public])
    fields = {"rating": "2", "experience": MARKER, "date": "2020-01-01", "nums": [1]}
    line = encode(op(writer.origin, 1, record_id="hostile00000001", fields=fields, schema=2))
    line = line.replace(b"[1]", b"[" + b",".join([b"1e15"] * 8_000) + b"]")
    assert hub.take(writer.bundle([line])).status == MERGED
    assert hub.kit.redact("feedback", ["hostile00000001"]) == 1
    assert words_held(hub, tmp_path) == []
    assert {file.status for file in other.merge(*hub.export(full=True)).files} == {MERGED}
    assert hub.state() == other.state()


def test_a_skeleton_alone_is_no_erasure(network: Network, tmp_path: Path) -> None:
    """What was sent on without its words before the order came is not barred by a backup that is put back."""
    hub, laptop, record_id = recorded(network)
    other = deputy(network)
    hub.kit.redact("feedback", [record_id])
    laptop.merge(hub.invite())
    other.merge(*laptop.export(full=True))
    other.kit.erase(other.kit.add("feedback", spoken()).record_id)
    backup(other.kit, tmp_path / "c.fkbackup")
    other.put_back(tmp_path / "c.fkbackup")
    other.merge(*hub.export(full=True))
    assert other.kit.get(record_id).values == hub.kit.get(record_id).values


def test_who_was_a_deputy_sends_its_earlier_orders_again(network: Network) -> None:
    hub, _, record_id = recorded(network)
    other = deputy(network)
    other.merge(*hub.export(full=True))
    other.kit.redact("feedback", [record_id])
    hub.merge(*other.export())
    hub.trust(other, "field")
    other.merge(hub.invite())
    hub.kit.erase(record_id)
    new = other.kit.add("feedback", {"rating": "4"}).record_id
    assert {file.status for file in hub.merge(*other.export(full=True)).files} == {MERGED}
    assert hub.kit.get(new).values == {"rating": "4"}


def test_an_order_about_what_never_came_shows_nothing(network: Network) -> None:
    hub, other = network.hub, deputy(network)
    writer = Writer(other, [hub.me.age_public])
    order = op(writer.origin, 1, fields={"redacts": {_HASH: ["experience"]}})
    merged = hub.take(writer.bundle(writer.lines(order)))
    assert (merged.status, merged.new_records) == (MERGED, 0)
    with pytest.raises(NotFound):
        hub.kit.get(order.record_id)
    hub.state()


@pytest.mark.parametrize("who", ["hub", "laptop"])
def test_a_backup_from_before_brings_no_words_back(network: Network, tmp_path: Path, who: str) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    one = hub if who == "hub" else laptop
    backup(one.kit, tmp_path / "before.fkbackup")
    hub.kit.redact("feedback", [record_id])
    laptop.merge(hub.invite())
    values = hub.kit.get(record_id).values
    for _ in range(2):
        one.put_back(tmp_path / "before.fkbackup")
        assert words_held(one, tmp_path) == []
        assert one.kit.get(record_id).values == values
    # Whatever the one that was put back sends, the others have the record without its words.
    assert {file.status for file in hub.merge(*laptop.export(full=True)).files} <= {MERGED, KNOWN}
    other.merge(*hub.export(full=True))
    assert words_held(other, tmp_path) == []
    assert other.kit.get(record_id).values == values
    assert hub.state() == other.state()


def test_a_field_laptop_that_is_put_back_sends_no_erasure_of_others(network: Network, tmp_path: Path) -> None:
    hub, laptop, record_id = recorded(network)
    backup(laptop.kit, tmp_path / "before.fkbackup")
    hub.kit.erase(record_id)
    laptop.merge(hub.invite())
    laptop.put_back(tmp_path / "before.fkbackup")
    assert words_held(laptop, tmp_path) == []
    laptop.kit.add("feedback", {"rating": "4"})
    assert {file.status for file in hub.merge(*laptop.export()).files} == {MERGED}
    assert [one.values for one in hub.kit.page("feedback")] == [{"rating": "4"}]


def test_words_of_deleted_records_and_of_earlier_days_go(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    deleted = hub.kit.add("feedback", spoken(**LONG_AGO)).record_id
    hub.kit.delete(deleted)
    replaced = hub.kit.add("feedback", spoken(**LONG_AGO)).record_id
    edit(hub, replaced, experience=None)
    kept = hub.kit.add("feedback", {"rating": "1", "experience": "of today"}).record_id
    hub.kit.add("feedback", {"rating": "1", **LONG_AGO})
    set_rules(hub.kit, hub.me, retention_months=24)
    assert set(due(hub.kit, 24)) == {deleted, replaced}
    assert retain(hub.kit, hub.me) == 2
    assert words_held(hub, tmp_path) == []
    assert due(hub.kit, 24) == []
    assert hub.kit.restore(deleted).values["rating"] == "1"
    assert hub.kit.get(kept).values["experience"] == "of today"
    assert retain(hub.kit, hub.me) == 0


def newer(laptop: Laptop, record_id: str, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    """An edit by a later fieldkit."""
    with monkeypatch.context() as patched, laptop.kit.writing() as connection:
        patched.setattr("fieldkit.store.journal.SCHEMA", SCHEMA + 1)
        append(connection, laptop.kit.origin, [Change("feedback", record_id, fields)])


def test_of_what_a_newer_kit_wrote_the_words_go_and_codes_stay(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    newer(
        laptop,
        record_id,
        monkeypatch,
        mood="glad",
        said=f"Yes {MARKER}",
        rating="newcode",
        parts=[{"a": MARKER}],
    )
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    assert words_held(hub, tmp_path) == []
    other.merge(*hub.export(full=True))
    for one in (hub, other):
        assert one.kit.get(record_id).extra == {"mood": "glad", "rating": "newcode"}
    assert hub.state() == other.state()


def test_a_field_that_was_no_text_once_is_taken_out_of_what_was_said_again(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer coordinator knows a field as words that looked like a code to an older one."""
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    newer(laptop, record_id, monkeypatch, mood=MARKER.lower(), experience=MARKER)
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    held = hub.export(full=True)
    other.merge(*held)
    assert other.kit.get(record_id).extra == {"mood": MARKER.lower()}
    with monkeypatch.context() as patched:
        patched.setattr("fieldkit.store.redaction._speaks", lambda value: True)
        assert hub.kit.redact("feedback", [record_id]) == 1
    assert hub.kit.get(record_id).extra == {}
    other.merge(*hub.export())
    deputy_later = network.joins("D", trusted="coordinator")
    hub.merge(*deputy_later.export())
    deputy_later.merge(hub.invite())
    deputy_later.merge(*hub.export(full=True))
    deputy_later.merge(*held)
    for one in (hub, other, deputy_later):
        assert MARKER.lower().encode() not in b"".join(bodies(one.kit))
        assert one.state()[0] == hub.kit.state_hash()


def bodies(kit: Kit) -> list[bytes]:
    with kit.reading() as connection:
        return [bytes(row[0]) for row in execute(connection, "SELECT body FROM op WHERE body IS NOT NULL")]


def test_very_many_changes_of_one_record(network: Network, tmp_path: Path) -> None:
    other = deputy(network)
    hub, laptop, record_id = recorded(network)
    for number in range(700):
        edit(laptop, record_id, need=f"{MARKER} {number}", rating=str(1 + number % 5))
    hub.merge(*laptop.export())
    hub.kit.redact("feedback", [record_id])
    assert words_held(hub, tmp_path) == []
    other.merge(*hub.export(full=True))
    assert hub.state() == other.state()
    assert hub.kit.get(record_id).values["rating"] == "5"


def test_orders_keep_to_the_bounds_of_the_format() -> None:
    names = {f"{number:064x}": [f"field{other:03}{'x' * 30}" for other in range(60)] for number in range(50)}
    orders = redacting(names)
    together: dict[str, set[str]] = {}
    for fields in orders:
        assert len(msgspec.json.encode(fields["redacts"])) < LONGEST_FIELD
        for digest, some in fields["redacts"].items():
            together.setdefault(digest, set()).update(some)
    assert together == {digest: set(some) for digest, some in names.items()}
    assert len(orders) > 1


# Whatever comes first

_WRITTEN = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["record00", "record01"]),
    st.lists(
        st.sampled_from(["experience", "need", "rating", "deleted"]), min_size=1, max_size=3, unique=True
    ),
    st.integers(0, 99),
    st.booleans(),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(_WRITTEN, min_size=2, max_size=14), seed=st.integers(0, 2**32))
def test_whatever_comes_first_it_is_as_if_the_words_had_never_been_said(
    kit_template: Path, acts: list[tuple[int, str, list[str], int, bool]], seed: int
) -> None:
    chance, kind_named_feedback = random.Random(seed), kind_named("feedback")
    assert kind_named_feedback.fields["experience"].shape == "text"
    streams, boss = [Stream(letter) for letter in "bcd"], Stream("e")
    written: list[Op] = []
    meant: list[Op] = []
    hidden: set[tuple[str, int]] = set()
    for number, (device, record_id, names, clock, out) in enumerate(acts):
        fields: dict[str, Any] = dict.fromkeys(names, f"WORDS{number}X")
        if "rating" in fields:
            fields["rating"] = str(1 + number % 3)
        if "deleted" in fields:
            fields["deleted"] = bool(number % 2)
        preds = {
            name: refs
            for name in names
            if (
                refs := [
                    one.ref
                    for one in written
                    if one.record_id == record_id and name in one.fields and chance.random() < 0.6
                ]
            )
        }
        one = streams[device].write(record_id, fields, preds, kind="feedback", clock=clock)
        written.append(one)
        words = words_in(one)
        if out and words:
            digest = streams[device].hashes[-1]
            hidden.add((one.origin, one.seq))
            for order in redacting({digest.hex(): words}):
                boss.write(record_id, order, kind="feedback")
            again, kept, schema = restating(digest, one, set(words))
            boss.write(record_id, again, kept, kind="feedback", schema=schema)
            left = {name: value for name, value in fields.items() if name not in words}
            one = msgspec.structs.replace(
                one, fields=left, preds={name: refs for name, refs in preds.items() if name in left}
            )
        meant.append(one)
    expected = {key[1]: said for key, said in meaning(meant).items()}
    gone = [
        f"WORDS{number}X"
        for number, (whole, left) in enumerate(zip(written, meant, strict=True))
        if whole.fields != left.fields and "WORDS" not in str(left.fields)
    ]
    states = []
    for turn in range(3):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder, "kit")
            shutil.copytree(kit_template, home)
            with Kit.open(home) as kit:
                pieces = [
                    (stream, seq) for stream in (*streams, boss) for seq in range(1, len(stream.ops) + 1)
                ]
                chance.shuffle(pieces)
                for stream, seq in pieces:
                    span, lines = stream.parcel(seq, seq)
                    its = stream.ops[seq - 1]
                    if turn and (its.origin, its.seq) in hidden and chance.random() < 0.5:
                        # As a kit hands it on that has taken the words out.
                        lines = [encode(Gone(its.origin, seq, span.last_hash.hex(), its.record_id))]
                    take(kit, (span, lines))
                for _ in range(2):
                    assert kit.check() == []
                    shown = {
                        one.record_id: (one.values, one.deleted, set(one.conflicts))
                        for deleted in (False, True)
                        for one in kit.page("feedback", deleted=deleted)
                    }
                    assert shown == {
                        record_id: (said.shown, said.deleted, said.clashing)
                        for record_id, said in expected.items()
                    }
                    states.append(kit.state_hash())
                    kit.rebuild()
                assert not [word for word in gone if word.encode() in b"".join(bodies(kit))]
    assert len(set(states)) == 1
