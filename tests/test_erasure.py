"""What a person asked to be erased is nowhere: in no file, no later bundle or backup, for good."""

from __future__ import annotations

import random
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from fieldkit.errors import Misuse, NotFound
from fieldkit.insight.tables import write
from fieldkit.store.backup import backup, prove, restore
from fieldkit.store.desk import Draft
from fieldkit.store.kit import Kit
from fieldkit.store.reading import BATCH
from fieldkit.store.sql import execute
from fieldkit.store.withdrawal import ALPHABET, as_printed, new_code, tail_of
from fieldkit.sync.container import read_container
from fieldkit.sync.erasures import erasures
from fieldkit.sync.export import parts_of
from fieldkit.sync.merge_report import ASIDE, KNOWN, MERGED
from fieldkit.sync.payload import unpack
from naive import meaning
from networks import Laptop, Network, Writer, op
from simulate.pages import readable, whole_folder
from streams import Stream, take
from tools import lacking

MARKER = "ZANZIBARWORDS"


def decrypted(kit: Kit, to: Path) -> bytes:
    """Every byte of the database in the clear, its empty pages included."""
    to.unlink(missing_ok=True)
    connection = sqlcipher.connect(str(kit.folder / "fieldkit.db"))
    try:
        connection.execute(f"PRAGMA key = \"x'{kit.key.hex()}'\"")
        connection.execute("ATTACH ? AS plain KEY ''", (str(to),))
        connection.execute("SELECT sqlcipher_export('plain')").fetchall()
        connection.execute("DETACH plain")
    finally:
        connection.close()
    return to.read_bytes()


def words_in(laptop: Laptop, to: Path) -> list[str]:
    """Where the marker still stands in anything of a kit."""
    if not readable():
        lacking("there is no OpenSSL here, so the pages of the encrypted file could not be searched")
    marker, found = MARKER.encode(), []
    if marker in decrypted(laptop.kit, to / "plain.db"):
        found.append("the database")
    # Free pages, slack and the log are in this.
    if marker in whole_folder(laptop.kit.folder, laptop.kit.key):
        found.append("the kit's folder")
    for file in to.glob("tables*"):
        found += [str(path) for path in file.rglob("*") if path.is_file() and marker in path.read_bytes()]
    return found


def lines_of(laptop: Laptop, path: Path, secret: str) -> bytes:
    return b"\n".join(unpack(read_container(path).payload, [secret]))


def spoken(**more: Any) -> dict[str, Any]:
    return {"rating": "1", "experience": f"They said {MARKER} to me", "consent_record": "Y", **more}


def test_the_search_finds_what_is_there(network: Network, tmp_path: Path) -> None:
    network.hub.kit.add("feedback", spoken())
    assert words_in(network.hub, tmp_path) == ["the database", "the kit's folder"]


@pytest.mark.parametrize("how", ["withdraw", "erase"])
def test_the_words_are_nowhere_in_the_kit(network: Network, tmp_path: Path, how: str) -> None:
    hub = network.hub
    kept = hub.kit.add("feedback", {"rating": "2", "experience": "stays"})
    seen, code = hub.kit.add_with_code("feedback", spoken(expectation=f"{MARKER} again"))
    # In the past of the record, in a conflict, deleted, in a draft of an edit, and on many pages.
    record = hub.kit.edit(hub.kit.get(seen.record_id), {"need": f"{MARKER} " * 1_000})
    hub.kit.edit(record, {"need": "short"})
    hub.kit.delete(seen.record_id)
    hub.kit.desk.keep_draft(Draft("", "feedback", spoken(), seen.record_id, {}))
    assert words_in(hub, tmp_path)
    if how == "withdraw":
        assert hub.kit.withdraw(code.lower().replace("-", " ")) == 1
    else:
        hub.kit.erase(seen.record_id)
    assert words_in(hub, tmp_path) == []
    assert hub.kit.check() == []
    assert hub.kit.counts()["feedback"] == 1
    assert hub.kit.desk.drafts() == []
    with pytest.raises(NotFound):
        hub.kit.get(seen.record_id)
    # Its history is at most that it was erased.
    with suppress(NotFound):
        assert [step.fields for step in hub.kit.history(seen.record_id)] == [{"erased": True}]
    state = hub.state()
    hub.kit.rebuild()
    assert hub.state() == state
    assert words_in(hub, tmp_path) == []
    # Doing it again is no harm, and whatever is made from now on has nothing of it.
    if how == "withdraw":
        assert hub.kit.withdraw(code) == 0
    (bundle,) = hub.export(full=True)
    assert MARKER.encode() not in lines_of(hub, bundle, hub.me.age_secret)
    assert kept.record_id.encode() in lines_of(hub, bundle, hub.me.age_secret)
    backup(hub.kit, tmp_path / "later.fkbackup")
    assert prove(hub.kit, tmp_path / "later.fkbackup") == []
    write(hub.kit, tmp_path / "tables")
    assert words_in(hub, tmp_path) == []


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
def test_a_mistyped_code_is_told_as_mistyped(letters: str, place: int, other: int, wrong: str) -> None:
    """Any one wrong letter, and any two that changed places; whatever is random, one last letter fits it."""
    (code,) = [letters + last for last in ALPHABET if _is_code(letters + last)]
    slip = code[:place] + wrong + code[place + 1 :]
    swapped = list(code)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    for typed in (slip, "".join(swapped)):
        if typed != code:
            with pytest.raises(Misuse, match="mistyped"):
                tail_of(typed)
    assert tail_of(as_printed(code)) == tail_of(code.replace("0", "O").replace("1", "l"))


def _is_code(letters: str) -> bool:
    try:
        tail_of(letters)
    except Misuse:
        return False
    return True


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
    assert hub.merge(*laptop.export()).aside == []
    assert hub.kit.counts()["feedback"] == 1
    assert hub.kit.check() == []


def test_a_withdrawal_travels_to_every_copy(network: Network, tmp_path: Path) -> None:
    """Device -> coordinator -> network file -> the others, whichever kit was told the code."""
    hub = network.hub
    first, second = (network.joins(name, trusted="field") for name in "AB")
    deputy = network.joins("Deputy", trusted="deputy")
    hub.merge(*deputy.export())
    for one in (first, second, deputy):
        one.merge(hub.invite())
    seen, code = first.kit.add_with_code("feedback", spoken())
    older = first.export()
    hub.merge(*older)
    deputy.merge(*older)
    # Told to a laptop that has never held it.
    assert second.kit.withdraw(code) == 0
    report = hub.merge(*second.export())
    assert report.files[0].erased == 1
    assert words_in(hub, tmp_path) == []
    update = hub.invite()
    for one in (first, deputy):
        assert words_in(one, tmp_path)
        assert one.take(update).erased == 1
        assert words_in(one, tmp_path) == []
        assert one.kit.check() == []
    # An older bundle brings nothing back, here or anywhere; nor does one exported since.
    for one in (hub, deputy):
        assert [file.status for file in one.merge(*older).files] == [KNOWN]
    (late,) = first.export(full=True)
    assert hub.take(late).status in {MERGED, KNOWN}
    newcomer = network.joins("New", trusted="deputy")
    hub.merge(*newcomer.export())
    newcomer.merge(hub.invite())
    first.merge(hub.invite())
    assert newcomer.merge(*first.export(full=True)).aside == []
    for one in (hub, first, second, deputy, newcomer):
        assert words_in(one, tmp_path) == []
        assert one.kit.counts()["feedback"] == 0
        assert one.kit.check() == []
        with pytest.raises(NotFound):
            one.kit.get(seen.record_id)


def test_an_erasure_is_confirmed_only_by_who_has_that_very_one(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has a later change of the coordinator's need not have the erasure before it."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    for _ in range(2):
        hub.kit.erase(hub.kit.add("feedback", spoken()).record_id)
    monkeypatch.setattr("fieldkit.sync.export.MOST_SPANS", 1)
    *_, first, second = parts_of(hub.invite())

    def waiting() -> list[list[str]]:
        hub.merge(*laptop.export())
        return [one.waiting for one in erasures(hub.kit, hub.me)]

    assert waiting() == [["A"], ["A"]]
    laptop.merge(second)
    assert laptop.kit.ledger.origins()[hub.kit.origin] == hub.kit.ledger.erasing()[1][1].seq
    assert waiting() == [["A"], ["A"]]
    laptop.merge(first)
    assert waiting() == [[], []]
    # A third, which it has yet to hear of, takes nothing back.
    hub.kit.erase(hub.kit.add("feedback", spoken()).record_id)
    assert waiting() == [[], [], ["A"]]


def test_an_older_bundle_that_comes_later_brings_nothing_back(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    laptop = network.joins("A", trusted="field")
    withdrawn, code = laptop.kit.add_with_code("feedback", spoken())
    erased = laptop.kit.add("feedback", spoken())
    laptop.kit.add("feedback", {"rating": "3"})
    (older,) = laptop.export()
    (again,) = laptop.export(full=True)
    # The words come only after the withdrawal.
    hub.kit.withdraw(code)
    report = hub.take(older)
    assert report.status == MERGED
    assert hub.kit.counts()["feedback"] == 2
    hub.kit.erase(erased.record_id)
    assert words_in(hub, tmp_path) == []
    assert hub.take(again).status == KNOWN
    assert hub.kit.counts()["feedback"] == 1
    assert words_in(hub, tmp_path) == []
    # The chain of the laptop's changes is whole and goes on.
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 3)]
    laptop.merge(hub.invite())
    assert words_in(laptop, tmp_path) == []
    laptop.kit.add("feedback", {"rating": "4"})
    assert hub.merge(*laptop.export()).aside == []
    assert hub.kit.ledger.held(laptop.me.origin) == [(1, 4)]
    assert hub.kit.counts()["feedback"] == laptop.kit.counts()["feedback"] == 2
    for one in (hub, laptop):
        assert one.kit.check() == []
        assert withdrawn.record_id not in {
            record.record_id for record in one.kit.page("feedback", deleted=True)
        }


def test_an_edit_made_elsewhere_is_erased_as_well(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    one, two = (network.joins(name, trusted="deputy") for name in "AB")
    hub.merge(*one.export(), *two.export())
    for laptop in (one, two):
        laptop.merge(hub.invite())
    seen, code = one.kit.add_with_code("feedback", spoken())
    two.merge(*one.export())
    two.kit.edit(two.kit.get(seen.record_id), {"need": f"{MARKER} of the other"})
    (edited,) = two.export()
    hub.merge(*one.export())
    hub.kit.withdraw(code)
    hub.take(edited)
    assert words_in(hub, tmp_path) == []
    assert hub.kit.check() == []
    (relayed,) = hub.export(full=True)
    two.take(relayed)
    assert words_in(two, tmp_path) == []
    assert two.kit.check() == []


def test_a_backup_that_is_older_than_the_erasure_does_not_bring_it_back(
    network: Network, tmp_path: Path
) -> None:
    hub = network.hub
    laptop = network.joins("A", trusted="field")
    _, code = laptop.kit.add_with_code("feedback", spoken())
    erased = hub.kit.add("feedback", spoken())
    older = laptop.export()
    hub.merge(*older)
    backup(hub.kit, tmp_path / "hub.fkbackup")
    hub.kit.withdraw(code)
    hub.kit.erase(erased.record_id)
    assert words_in(hub, tmp_path) == []
    hub.put_back(tmp_path / "hub.fkbackup")
    assert words_in(hub, tmp_path) == []
    assert hub.kit.counts()["feedback"] == 0
    assert hub.kit.check() == []
    for path in [*older, *laptop.export(full=True)]:
        assert hub.take(path).status != ASIDE
    assert words_in(hub, tmp_path) == []
    assert hub.kit.counts()["feedback"] == 0
    before = [path for path in hub.kit.folder.parent.iterdir() if "before-restore" in path.name]
    assert len(before) == 1
    assert not any(MARKER.encode() in path.read_bytes() for path in before[0].rglob("*") if path.is_file())
    # And twice over: the second restore still knows.
    hub.put_back(tmp_path / "hub.fkbackup")
    assert words_in(hub, tmp_path) == []
    assert hub.kit.check() == []


def test_a_backup_without_the_words_does_not_make_the_kit_forget_them(
    network: Network, tmp_path: Path
) -> None:
    hub = network.hub
    erased = hub.kit.add("feedback", spoken())
    backup(hub.kit, tmp_path / "with.fkbackup")
    hub.kit.erase(erased.record_id)
    backup(hub.kit, tmp_path / "without.fkbackup")
    for name in ("without", "with"):
        hub.put_back(tmp_path / f"{name}.fkbackup")
        assert words_in(hub, tmp_path) == []
        assert hub.kit.counts()["feedback"] == 0


def test_an_erasure_that_had_not_travelled_yet_outlives_a_restore(network: Network, tmp_path: Path) -> None:
    hub, laptop = network.hub, network.joins("A")
    stored, code = laptop.kit.add_with_code("feedback", spoken())
    hub.kit.add("feedback", spoken())
    hub.merge(*laptop.export())
    hub.trust(laptop)
    assert hub.kit.counts()["feedback"] == 2
    backup(laptop.kit, tmp_path / "laptop.fkbackup")
    laptop.kit.withdraw(code)
    laptop.put_back(tmp_path / "laptop.fkbackup")
    hub.merge(*laptop.export())
    assert hub.kit.counts()["feedback"] == 1
    with pytest.raises(NotFound):
        hub.kit.get(stored.record_id)


@pytest.mark.parametrize("how", ["withdraw", "erase", "merge"])
def test_killed_right_after_erasing_the_next_opening_cleans_up(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Else a backup put back later would bring the words back, and nobody would send the erasure."""
    hub, laptop = network.hub, network.joins("A", trusted="field")
    stored, code = hub.kit.add_with_code("feedback", spoken())
    backup(hub.kit, tmp_path / "hub.fkbackup")
    laptop.kit.withdraw(code)

    def killed(_: Kit) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Kit, "scrub", killed)
        if how == "withdraw":
            hub.kit.withdraw(code)
        elif how == "erase":
            hub.kit.erase(stored.record_id)
        else:
            hub.merge(*laptop.export())
    hub.kit.close()
    Kit.open(hub.kit.folder).close()
    hub.kit = restore(tmp_path / "hub.fkbackup", hub.kit.folder, None)
    assert words_in(hub, tmp_path) == []
    with pytest.raises(NotFound):
        hub.kit.get(stored.record_id)


def test_quarantine_holds_no_words_in_the_clear(network: Network, tmp_path: Path) -> None:
    laptop = network.joins("A")
    laptop.kit.add("feedback", spoken())
    assert network.hub.merge(*laptop.export()).aside
    assert words_in(network.hub, tmp_path) == []


def test_a_dry_run_of_a_withdrawal_erases_nothing(network: Network, tmp_path: Path) -> None:
    hub = network.hub
    laptop = network.joins("A", trusted="field")
    _, code = hub.kit.add_with_code("feedback", spoken())
    laptop.kit.withdraw(code)
    (bundle,) = laptop.export()
    assert hub.merge(bundle, dry_run=True).files[0].erased == 1
    assert hub.kit.counts()["feedback"] == 1
    assert hub.take(bundle).erased == 1
    assert words_in(hub, tmp_path) == []


# Old words taken out, and the code of what is left


def spoken_long_ago(laptop: Laptop) -> tuple[str, str]:
    """A record with words whose time is over, and its receipt code."""
    seen, code = laptop.kit.add_with_code("feedback", spoken(date="2020-01-01"))
    return seen.record_id, code


@pytest.mark.parametrize("where", ["hub", "laptop"])
def test_a_code_still_withdraws_what_is_left_after_the_words_were_taken_out(
    network: Network, tmp_path: Path, where: str
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    record_id, code = spoken_long_ago(laptop)
    hub.merge(*laptop.export())
    assert hub.kit.redact("feedback", [record_id]) == 1
    (left,) = hub.kit.page("feedback")
    assert (left.values["rating"], left.values.get("experience")) == ("1", None)
    assert words_in(hub, tmp_path) == []
    if where == "hub":
        assert hub.kit.withdraw(code) == 1
    else:
        laptop.kit.withdraw(code)
        assert hub.merge(*laptop.export()).files[0].erased == 1
    assert hub.kit.counts()["feedback"] == 0
    hub.state()


def test_what_is_left_after_the_words_were_taken_out_outlives_a_restore(
    network: Network, tmp_path: Path
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    record_id, code = spoken_long_ago(laptop)
    bundles = laptop.export()
    hub.merge(*bundles)
    backup(hub.kit, tmp_path / "before.fkbackup")
    hub.kit.redact("feedback", [record_id])
    state = hub.state()
    backup(hub.kit, tmp_path / "after.fkbackup")
    for name in ("after", "before", "after"):
        hub.put_back(tmp_path / f"{name}.fkbackup")
        hub.merge(*bundles, *laptop.export(full=True))
        assert words_in(hub, tmp_path) == []
    assert hub.state() == state
    assert hub.kit.withdraw(code) == 1


def test_two_coordinators_who_take_out_the_same_words_leave_one_record(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other = network.joins("C", trusted="coordinator")
    hub.merge(*other.export())
    other.merge(hub.invite())
    laptop.merge(hub.invite())
    record_id, code = spoken_long_ago(laptop)
    bundles = laptop.export()
    for one in (hub, other):
        assert [file.status for file in one.merge(*bundles).files] == [MERGED]
        assert one.kit.redact("feedback", [record_id]) == 1
    hub.merge(*other.export())
    other.merge(*hub.export())
    for one in (hub, other):
        assert one.kit.counts()["feedback"] == 1
        assert one.kit.conflict_count() == 0
    assert hub.state() == other.state()
    other.kit.withdraw(code)
    hub.merge(*other.export())
    assert hub.kit.counts()["feedback"] == 0
    assert hub.state() == other.state()


# A withdrawal is no record that can be erased


def heard(network: Network) -> tuple[Laptop, list[Path], str]:
    """Another coordinator's laptop, the bundles of somebody who spoke, which the hub alone has merged, and the code."""
    hub = network.hub
    speaker, other = network.joins("B", trusted="field"), network.joins("C", trusted="coordinator")
    hub.merge(*other.export())
    for one in (other, speaker):
        one.merge(hub.invite())
    _, code = speaker.kit.add_with_code("feedback", spoken())
    bundles = speaker.export()
    hub.merge(*bundles)
    return other, bundles, code


def withdrawn_on(hub: Laptop, other: Laptop) -> None:
    """On both kits the one feedback is gone and the withdrawal is not, however often they are folded."""
    for one in (hub, other):
        assert one.kit.counts()["feedback"] == 0
        assert one.kit.counts()["withdrawal"] == 1
        state = one.state()
        one.kit.rebuild()
        assert one.state() == state
    assert hub.state() == other.state()


def test_a_withdrawal_whose_id_ends_as_its_code_says_is_kept(network: Network) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    other, bundles, code = heard(network)
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
    other, bundles, code = heard(network)
    hub.kit.withdraw(code)
    (withdrawal,) = hub.kit.page("withdrawal")
    if how == "kit":
        with pytest.raises(Misuse, match="withdrawal"):
            hub.kit.erase(withdrawal.record_id)
    else:
        # As a changed program of a coordinator's could, and what none may write.
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


#: Two codes, the ends of ids that they stand for, and ids that end so beside ids that do not.
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
@given(acts=st.lists(_ACTS, min_size=3, max_size=25), seed=st.integers(0, 2**32))
def test_whatever_comes_first_the_same_is_erased(
    kit_template: Path, acts: list[tuple[int, str, str, str]], seed: int
) -> None:
    streams, chance = [Stream(letter) for letter in "bcd"], random.Random(seed)
    for device, kind, record_id, what in acts:
        name = {"feedback": "experience", "event": "title"}.get(kind, "words")
        fields: dict[str, Any] = {"erased": True} if what == "erase" else {name: "words"}
        if what.startswith("code"):
            fields = {"code": CODES[int(what[-1])]}
        streams[device].write(record_id, fields, kind=kind)
    ops = [one for stream in streams for one in stream.ops]
    left = {key: record.shown for key, record in meaning(ops).items()}
    states = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(2):
            home = Path(folder, str(number))
            shutil.copytree(kit_template, home)
            with Kit.open(home) as kit:
                spans = [(stream, seq) for stream in streams for seq in range(1, len(stream.ops) + 1)]
                chance.shuffle(spans)
                if number:
                    for stream in streams:
                        if stream.ops:
                            take(kit, stream.parcel())
                for stream, seq in spans:
                    take(kit, stream.parcel(seq, seq))
                for _ in range(2):
                    assert kit.check() == []
                    counts = {kind: count for kind, count in kit.counts().items() if count}
                    states.append((kit.state_hash(), counts))
                    kit.rebuild()
                assert counts == {kind: sum(key[0] == kind for key in left) for kind, _ in left}
                for kind in ("feedback", "event", "withdrawal"):
                    found = {(kind, one.record_id): one.values | one.extra for one in kit.page(kind)}
                    assert found == {key: shown for key, shown in left.items() if key[0] == kind}
    assert all(state == states[0] for state in states)


def test_many_withdrawals_in_one_bundle_cost_one_look_and_each_code_once(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, laptop = network.hub, network.joins("A", trusted="field")
    _, code = hub.kit.add_with_code("feedback", spoken())
    writer = Writer(laptop, [hub.me.age_public])
    codes = [*CODES * (BATCH + 1), code]
    lines = [
        op(writer.origin, seq, kind="withdrawal", record_id=f"hostile{seq:08d}", fields={"code": one})
        for seq, one in enumerate(codes, 1)
    ]
    path = writer.bundle(writer.lines(*lines))
    looked: list[str] = []
    worked_out: list[str] = []

    def looking(connection: Connection, statement: str, *rest: Any) -> Any:
        if statement.startswith("SELECT DISTINCT record FROM op"):
            looked.append(statement)
        return execute(connection, statement, *rest)

    def working(said: str) -> str:
        worked_out.append(said)
        return tail_of(said)

    monkeypatch.setattr("fieldkit.store.projection.execute", looking)
    monkeypatch.setattr("fieldkit.store.projection.tail_of", working)
    assert hub.take(path).erased == 1
    assert len(looked) == 1
    assert sorted(worked_out) == sorted({*CODES, code})
    hub.state()
