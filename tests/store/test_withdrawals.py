"""Receipt codes: which are valid, and what a withdrawal erases, in any order."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from fieldkit.errors import Misuse, NotFound
from fieldkit.store.db.sql import execute
from fieldkit.store.journal.bundle_reader import BATCH
from fieldkit.store.oplog.receipt_codes import ALPHABET, as_printed, new_code, tail_of
from fieldkit.sync.merge.report import MERGED
from marked_text import spoken
from naive import meaning
from networks import Laptop, Network, Writer, op
from streams import Stream, kit_from, one_by_one, take

# Codes


def _is_code(letters: str) -> bool:
    try:
        tail_of(letters)
    except Misuse:
        return False
    return True


def test_wrong_codes_erase_nothing(network: Network) -> None:
    hub = network.hub
    seen, code = hub.kit.add_with_code("feedback", spoken())
    state = hub.kit.counts()["feedback"], hub.kit.get(seen.record_id).values
    assert hub.kit.withdraw(new_code()) == 0
    for no_code in (
        "",
        "K7Q2",
        code + "0",
        "u" * 12,
        "%" * 12,
        "K7Q2-M9XD-4TB!",
        seen.record_id,
        "\x00" * 12,
    ):
        with pytest.raises(Misuse):
            hub.kit.withdraw(no_code)
    assert (hub.kit.counts()["feedback"], hub.kit.get(seen.record_id).values) == state
    with pytest.raises(NotFound):
        hub.kit.erase("nothinglikethis")
    assert hub.kit.check() == []
    assert hub.kit.withdraw(code) == 1


@given(
    letters=st.text(ALPHABET, min_size=11, max_size=11),
    place=st.integers(0, 11),
    other=st.integers(0, 11),
    wrong=st.sampled_from(ALPHABET),
)
def test_a_mistyped_code_is_recognised_as_mistyped(letters: str, place: int, other: int, wrong: str) -> None:
    """Any one wrong letter, and any two exchanged; for every random part exactly one last letter is valid."""
    (code,) = [letters + last for last in ALPHABET if _is_code(letters + last)]
    slip = code[:place] + wrong + code[place + 1 :]
    swapped = list(code)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    for typed in (slip, "".join(swapped)):
        if typed != code:
            with pytest.raises(Misuse, match="mistyped"):
                tail_of(typed)
    assert tail_of(as_printed(code)) == tail_of(code.replace("0", "O").replace("1", "l"))


def test_codes_given_out_are_codes_and_the_pages_example_is_one() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(as_printed(code) == code for code in codes)
    assert tail_of("K7Q2-M9XD-4TBW") == "djhey0c2thv"


def test_a_withdrawal_with_a_mistyped_code_that_comes_by_bundle_erases_nothing(network: Network) -> None:
    hub = network.hub
    _, code = hub.kit.add_with_code("feedback", spoken())
    laptop = network.joins("A", trusted="field")
    last = "2" if code[-1] != "2" else "3"
    laptop.kit.add("withdrawal", {"code": code[:-1] + last})
    assert hub.merge(*laptop.export()).quarantined == []
    assert hub.kit.counts()["feedback"] == 1
    assert hub.kit.check() == []


# A withdrawal can't be erased itself


def coordinator_without(network: Network) -> tuple[Laptop, list[Path], str]:
    """A second coordinator's laptop; bundles of somebody's feedback, which only the hub has merged; and the code."""
    hub = network.hub
    speaker, other = network.joins("B", trusted="field"), network.joins("C", trusted="coordinator")
    hub.merge(*other.export())
    for device in (other, speaker):
        device.merge(hub.invite())
    _, code = speaker.kit.add_with_code("feedback", spoken())
    bundles = speaker.export()
    hub.merge(*bundles)
    return other, bundles, code


def withdrawn_on(hub: Laptop, other: Laptop) -> None:
    """On both kits the feedback is gone and the withdrawal is not, however often they are folded."""
    for device in (hub, other):
        assert device.kit.counts()["feedback"] == 0
        assert device.kit.counts()["withdrawal"] == 1
        state = device.state()
        device.kit.rebuild()
        assert device.state() == state
    assert hub.state() == other.state()


def test_a_withdrawal_whose_id_ends_as_its_code_says_is_kept(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other, bundles, code = coordinator_without(network)
    writer = Writer(laptop, [hub.me.age_public])
    line = op(
        writer.origin,
        1,
        kind="withdrawal",
        record_id="0" * 13 + tail_of(code),
        fields={"code": code},
    )
    assert hub.take(writer.bundle(writer.lines(line))).erased == 1
    other.merge(*bundles)
    other.merge(*hub.export(full=True))
    withdrawn_on(hub, other)


@pytest.mark.parametrize("how", ["kit", "bundle"])
def test_a_withdrawal_is_never_erased(network: Network, how: str) -> None:
    hub = network.hub
    other, bundles, code = coordinator_without(network)
    hub.kit.withdraw(code)
    (withdrawal,) = hub.kit.page("withdrawal")
    if how == "kit":
        with pytest.raises(Misuse, match="withdrawal"):
            hub.kit.erase(withdrawal.record_id)
    else:
        # As a coordinator's modified program could, although none may write it.
        writer = Writer(other, [hub.me.age_public, other.me.age_public])
        lines = [
            op(writer.origin, 1, kind="withdrawal", record_id=withdrawal.record_id, fields=fields)
            for fields in ({"erased": True}, {"erased": True, "code": new_code()})
        ]
        good, bad = (writer.bundle(writer.lines(line)) for line in lines)
        assert hub.take(good).status == other.take(good).status == MERGED
        assert hub.take(bad).reason == "damaged"
    other.merge(*bundles)
    other.merge(*hub.export(full=True))
    withdrawn_on(hub, other)


# In any order

#: Two codes, the ends of ids that they mean, and ids with and without these ends.
CODES = (
    "K7Q2-M9XD-4TBW",
    as_printed(next(f"{0:011d}{last}" for last in ALPHABET if _is_code(f"{0:011d}{last}"))),
)
IDS = (*("0" * 13 + tail_of(code) for code in CODES), "z" * 13 + tail_of(CODES[0]), "other000", "event000")
_ACTS = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["feedback", "feedback", "event", "withdrawal", "newer"]),
    st.sampled_from(IDS),
    st.sampled_from(["words", "words", "words", "erase", "code 0", "code 1"]),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(erases_others=st.lists(_ACTS, min_size=3, max_size=25), seed=st.integers(0, 2**32))
def test_whatever_comes_first_the_same_is_erased(
    kit_template: Path, erases_others: list[tuple[int, str, str, str]], seed: int
) -> None:
    streams, chance = [Stream(letter) for letter in "bcd"], random.Random(seed)
    for device, kind, record_id, what in erases_others:
        name = {"feedback": "experience", "event": "title"}.get(kind, "words")
        fields: dict[str, Any] = {"erased": True} if what == "erase" else {name: "words"}
        if what.startswith("code"):
            fields = {"code": CODES[int(what[-1])]}
        streams[device].write(record_id, fields, kind=kind)
    ops = [operation for stream in streams for operation in stream.ops]
    left = {key: record.shown for key, record in meaning(ops).items()}
    states = []
    for number in range(2):
        with kit_from(kit_template) as kit:
            if number:
                for stream in streams:
                    if stream.ops:
                        take(kit, stream.parcel())
            for stream, seq in one_by_one(streams, chance):
                take(kit, stream.parcel(seq, seq))
            for _ in range(2):
                assert kit.check() == []
                counts = {kind: count for kind, count in kit.counts().items() if count}
                states.append((kit.state_hash(), counts))
                kit.rebuild()
            assert counts == {kind: sum(key[0] == kind for key in left) for kind, _ in left}
            for kind in ("feedback", "event", "withdrawal"):
                result = {(kind, stored.record_id): stored.values | stored.extra for stored in kit.page(kind)}
                assert result == {key: shown for key, shown in left.items() if key[0] == kind}
    assert all(state == states[0] for state in states)


def test_many_withdrawals_in_one_bundle_cost_one_look_and_each_code_once(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    _, code = hub.kit.add_with_code("feedback", spoken())
    writer = Writer(laptop, [hub.me.age_public])
    codes = [*CODES * (BATCH + 1), code]
    lines = [
        op(writer.origin, seq, kind="withdrawal", record_id=f"hostile{seq:08d}", fields={"code": entry})
        for seq, entry in enumerate(codes, 1)
    ]
    path = writer.bundle(writer.lines(*lines))
    looked: list[str] = []
    worked_out: list[str] = []

    def looking(connection: Connection, statement: str, *rest: Any) -> Any:
        if statement.startswith("SELECT DISTINCT record FROM op"):
            looked.append(statement)
        return execute(connection, statement, *rest)

    def working(sentence: str) -> str:
        worked_out.append(sentence)
        return tail_of(sentence)

    monkeypatch.setattr("fieldkit.store.projection.projection.execute", looking)
    monkeypatch.setattr("fieldkit.store.oplog.receipt_codes.tail_of", working)
    assert hub.take(path).erased == 1
    assert len(looked) == 1
    assert sorted(worked_out) == sorted({*CODES, code})
    hub.state()
