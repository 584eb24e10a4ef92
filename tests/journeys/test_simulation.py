"""Some stories of the simulated network; `python -m tests.simulate` runs them for hours."""

from __future__ import annotations

import pytest

from fieldkit.sync.export import export
from fieldkit.sync.receipts import receipts
from simulate.pages import readable
from simulate.steps import FIELDS, LINKS, Step, story
from simulate.story_run import as_text, run_story, shrink
from tools import lacking

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("seed", "length", "calm"), [(5, 40, True), (11, 40, False), (13, 50, False)])
def test_a_network_keeps_its_promises(seed: int, length: int, calm: bool) -> None:
    steps = story(seed, length, calm=calm)
    assert not (failure := run_story(steps)), f"seed {seed}: {failure}\n{as_text(steps)}"


def test_a_story_follows_from_its_seed_alone() -> None:
    assert story(7, 60) == story(7, 60) != story(8, 60)


def test_erased_words_are_looked_for_in_every_page() -> None:
    """The stories also run without OpenSSL's library, but then nothing checks for words that outlive their erasure."""
    if not readable():
        lacking(
            "OpenSSL's library is not installed, so no story looked for erased words in the pages of a kit"
        )


def test_words_that_outlive_their_erasure_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    if not readable():
        lacking("OpenSSL's library is not installed, so pages can't be deciphered")
    monkeypatch.setattr("fieldkit.store.db.engine.CACHE_KIB", 0)
    steps = [
        Step("add", "hub", ("r1", "event"), 5),
        Step("add_with_code", "hub", ("r2", "feedback"), 3),
        Step("edit", "hub", ("r2", {"need": "p"}), 9),
        Step("withdraw", "hub", ("r2",), 4),
    ]
    assert run_story(steps) == ""
    monkeypatch.setattr("fieldkit.store.kit.Kit.scrub", lambda kit: None)
    failure = run_story(steps)
    assert "still holds words" in failure and "MARKr2Z" in failure


def test_an_answer_on_two_people_keeps_no_name_of_an_erased_one() -> None:
    steps = [
        Step("add", "hub", ("r1", "person"), 5),
        Step("add", "hub", ("r2", "person"), 3),
        Step("answer_people", "hub", ("r1", "r2", "not_sure"), 9),
        Step("erase", "hub", ("r1",), 4),
    ]
    assert run_story(steps) == ""


def test_a_failure_is_shrunk_to_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.store.projection.projection.erase", lambda *rest: 0)
    steps = [
        Step("add", "hub", ("r1", "event"), 5),
        Step("add_with_code", "hub", ("r2", "feedback"), 3),
        Step("edit", "hub", ("r1", {"notes": "p"}), 9),
        Step("withdraw", "hub", ("r2",), 4),
    ]
    assert [step.verb for step in shrink(steps)] == ["add_with_code", "withdraw"]


def test_a_relay_that_forgets_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one coordinator has confirmed must still be passed on to the others."""
    # Laptops that report their version vectors would repair it.
    monkeypatch.setattr("fieldkit.sync.peers.known_replicas.KnownReplicas.last_held", {})
    monkeypatch.setattr(export, "confirmed_by_all", lambda orders, origin, devices: [(1, 2**52)])
    steps = [
        Step("invite", "hub", ("n1",), 1),
        Step("join", "a", ("n1",), 2),
        Step("join", "b", ("n1",), 3),
        Step("add", "b", ("r1", "feedback"), 4),
    ]
    assert "never reached" in run_story(steps)


def test_what_only_a_laptop_that_was_revoked_has_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deputy confirms what it received, and is revoked before it has passed it on."""
    steps = [
        Step("invite", "hub", ("n1",), 1),
        Step("join", "a", ("n1",), 2),
        Step("join", "b", ("n1",), 3),
        Step("trust", "hub", ("a", "deputy"), 4),
        Step("trust", "hub", ("b", "field"), 5),
        Step("invite", "hub", ("n2",), 6),
        Step("merge", "a", (("n2",),), 7),
        Step("export", "a", ("f1", False), 8),
        Step("merge", "hub", (("f1",),), 9),
        Step("invite", "hub", ("n3",), 10),
        Step("merge", "b", (("n3",),), 11),
        Step("add", "b", ("r1", "feedback"), 12),
        Step("export", "b", ("f2", False), 13),
        Step("merge", "a", (("f2",),), 14),
        Step("receipt", "a", ("t1",), 15),
        Step("merge", "b", (("t1",),), 16),
        Step("revoke", "hub", ("a",), 17),
    ]
    assert run_story(steps) == ""
    monkeypatch.setattr("fieldkit.sync.peers.known_replicas.KnownReplicas.last_held", {})
    monkeypatch.setattr(receipts, "_counting", lambda kit, devices: set(devices))
    assert "a change of b never reached" in run_story(steps)


_HOSTILE = [
    Step("invite", "hub", ("n1",), 1),
    Step("join", "a", ("n1",), 2),
    Step("trust", "hub", ("a", "deputy"), 3),
    Step("add", "hub", ("r1", "feedback"), 4),
    Step("lie", "hub", ("l1", "r1", "foreign kind"), 5),
    Step("steal", "hub", ("x1", "r1", True), 6),
    Step("invite", "hub", ("n2",), 7),
    Step("merge", "a", (("n2", "x1"),), 8),
]


def test_a_liar_and_a_stolen_deputy_change_nothing() -> None:
    assert not (failure := run_story(_HOSTILE)), failure


@pytest.mark.parametrize(
    ("what", "to"),
    [
        ("fieldkit.store.journal.bundle_reader.fits_kind", lambda *_: True),
        ("fieldkit.sync.merge.many_erasures.FEW", 10**6),
    ],
)
def test_a_lie_that_is_taken_is_noticed(monkeypatch: pytest.MonkeyPatch, what: str, to: object) -> None:
    monkeypatch.setattr(what, to)
    assert "took what a hostile laptop wrote" in run_story(_HOSTILE)


def test_stories_tell_of_every_kind_and_of_links_between_them() -> None:
    steps = [step for seed in range(60) for step in story(seed, 90)]
    assert {step.what[1] for step in steps if step.verb == "add"} == set(FIELDS)
    linked = {step.what[1] for step in steps if step.verb == "link"}
    assert linked == {name for name, _ in LINKS.values()}
