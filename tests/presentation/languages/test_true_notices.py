"""The notice promises what is true of the kit at hand: a lock only if there is a passphrase, on every way to a respondent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fieldkit.documents.paper_form import paper_form_html
from fieldkit.presentation.kiosk.hand_over import hand_over, keep
from fieldkit.presentation.languages.catalogue import languages
from fieldkit.presentation.languages.notices import notices, version_shown
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.presentation.paper.printed_forms import Setting, feedback_form, sign_in_sheet
from fieldkit.store.kit import Kit

PASSPHRASE = "turnip wagon lantern quilt"


@pytest.fixture(params=[None, PASSPHRASE], ids=["open", "locked"])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Kit:
    return Kit.create(tmp_path / "kit", request.param)[0]


def is_locked(kit: Kit) -> bool:
    return (kit.folder / "key.passphrase.age").exists()


def test_on_the_screen_and_in_plain_lines(kit: Kit) -> None:
    for each, notice in zip(languages(kit.folder), notices(kit), strict=True):
        promise = each.text(RespondentText.NOTICE_LOCKED)
        assert (promise in notice.lines) == is_locked(kit), each.code
        assert ("with lock" in notice.version) == is_locked(kit)
        assert any(each.text(RespondentText.OUR_NETWORK) in line for line in notice.lines)


def test_on_a_laptop_that_is_handed_over(kit: Kit) -> None:
    handed = hand_over(kit)
    assert handed.locked == is_locked(kit)
    for each in handed.catalogues:
        keep(kit, replace(handed.state, language=each.code), {"consent_record": "Y", "rating": "1"})
        stored = kit.drafts.all()[0].values["consent_notice"]
        assert stored == each.notice_version(locked=is_locked(kit))


def test_on_paper_nothing_is_promised_of_a_lock(kit: Kit) -> None:
    for each in languages(kit.folder):
        for form in (feedback_form, sign_in_sheet):
            page = paper_form_html(form(each, Setting())).decode()
            assert each.text(RespondentText.NOTICE_LOCKED) not in page
            network = each.text(RespondentText.OUR_NETWORK)
            assert each.text(RespondentText.NOTICE_NETWORK, network=network) in page
            assert "with lock" not in page


@pytest.mark.parametrize(
    ("carried", "place"),
    [
        ("2, Polish 2 draft", 3),
        ("2, English", 0),
        ("3 with lock, Urdu 3 draft", 2),
        ("3, Urdu 3 draft", 2),
        ("", 0),
        ("2, Welsh 4", 0),
        ("2, Somali 3 (file a1b2c3)", 0),
    ],
)
def test_the_language_stays_when_the_notice_changes(kit: Kit, carried: str, place: int) -> None:
    offered = notices(kit)
    assert version_shown(offered, carried) == offered[place].version


def test_a_paper_of_the_networks_own_is_kept(kit: Kit) -> None:
    assert version_shown(notices(kit), "leaflet 7") == "leaflet 7"
