"""In any order, redaction ends as if the text had never been there."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.oplog.ops import Op, Skeleton, encode
from fieldkit.store.oplog.redaction import free_text_fields, redacting, restating
from naive import meaning
from redacted import bodies
from streams import Stream, kit_from, one_by_one, take

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
@given(erases_others=st.lists(_WRITTEN, min_size=2, max_size=14), seed=st.integers(0, 2**32))
def test_whatever_comes_first_it_is_as_if_the_text_had_never_been_written(
    kit_template: Path, erases_others: list[tuple[int, str, list[str], int, bool]], seed: int
) -> None:
    chance, kind_named_feedback = random.Random(seed), kind_named("feedback")
    assert kind_named_feedback.fields["experience"].shape == "text"
    streams, boss = [Stream(letter) for letter in "bcd"], Stream("e")
    written: list[Op] = []
    meant: list[Op] = []
    hidden: set[tuple[str, int]] = set()
    for number, (device, record_id, names, clock, out) in enumerate(erases_others):
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
                    entry.ref
                    for entry in written
                    if entry.record_id == record_id and name in entry.fields and chance.random() < 0.6
                ]
            )
        }
        op = streams[device].write(record_id, fields, preds, kind="feedback", clock=clock)
        written.append(op)
        text = free_text_fields(op)
        if out and text:
            digest = streams[device].hashes[-1]
            hidden.add((op.origin, op.seq))
            for order in redacting({digest.hex(): text}):
                boss.write(record_id, order, kind="feedback")
            again, kept, schema = restating(digest, op, set(text))
            boss.write(record_id, again, kept, kind="feedback", schema=schema)
            left = {name: value for name, value in fields.items() if name not in text}
            op = msgspec.structs.replace(
                op, fields=left, preds={name: refs for name, refs in preds.items() if name in left}
            )
        meant.append(op)
    expected = {key[1]: message for key, message in meaning(meant).items()}
    erased = [
        f"WORDS{number}X"
        for number, (whole, left) in enumerate(zip(written, meant, strict=True))
        if whole.fields != left.fields and "WORDS" not in str(left.fields)
    ]
    states = []
    for turn in range(3):
        with kit_from(kit_template) as kit:
            for stream, seq in one_by_one((*streams, boss), chance):
                span, lines = stream.parcel(seq, seq)
                copied = stream.ops[seq - 1]
                if turn and (copied.origin, copied.seq) in hidden and chance.random() < 0.5:
                    # As a kit that has redacted the text relays it.
                    lines = [encode(Skeleton(copied.origin, seq, span.last_hash.hex(), copied.record_id))]
                take(kit, (span, lines))
            for _ in range(2):
                assert kit.check() == []
                shown = {
                    record.record_id: (record.values, record.deleted, set(record.conflicts))
                    for deleted in (False, True)
                    for record in kit.page("feedback", deleted=deleted)
                }
                assert shown == {
                    record_id: (message.shown, message.deleted, message.conflicting)
                    for record_id, message in expected.items()
                }
                states.append(kit.state_hash())
                kit.rebuild()
            assert not [word for word in erased if word.encode() in b"".join(bodies(kit))]
    assert len(set(states)) == 1
