"""Handing the laptop over and getting it back: what is kept meanwhile, and what becomes of the answers. Call it in threads."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from fieldkit.presentation.kiosk.kiosk_questions import own_answers
from fieldkit.presentation.languages.catalogue import ENGLISH, Catalogue, languages
from fieldkit.presentation.model.form_plan import YES, Values
from fieldkit.presentation.presets import day_and_event
from fieldkit.presentation.saving import canonical, save
from fieldkit.records.consent import consent_given, consent_refused
from fieldkit.records.kinds.monitoring import GUARDIAN, unaccompanied
from fieldkit.records.schema.kind import Kind, kind
from fieldkit.records.schema.parse import Terms
from fieldkit.store.db.key_files import KeyFiles
from fieldkit.store.kit import Kit
from fieldkit.store.local import pin
from fieldkit.store.local.drafts import RESPONDENT, Draft
from fieldkit.store.local.known_settings import EVENT, HANDED_OVER, IDENTITY, HandedOver

KIND = "feedback"
"""The kind of record that a respondent is asked for."""


@dataclass(frozen=True)
class HandOverStart:
    """The state that a hand-over begins or continues with."""

    state: HandedOver
    values: Values
    catalogues: tuple[Catalogue, ...]
    terms: Terms
    network: str
    locked: bool
    """Whether a passphrase locks what is kept."""


def needs_pin(kit: Kit) -> bool:
    """Whether a PIN must be chosen before the laptop is handed over."""
    return not pin.is_chosen(kit.settings)


def hand_over(kit: Kit) -> HandOverStart:
    """Begin a hand-over: until it ends, this kit opens with the respondent's questions."""
    state = HandedOver(secrets.token_hex(8), kit.settings.get(EVENT))
    kit.settings.put(HANDED_OVER, state)
    return _handed(kit, state, {})


def resumed(kit: Kit) -> HandOverStart | None:
    """The hand-over in progress in this kit; None without one."""
    state = kit.settings.get(HANDED_OVER)
    if state is None:
        return None
    draft = next((draft for draft in kit.drafts.all() if draft.id == state.draft), None)
    return _handed(kit, state, dict(draft.values) if draft else {})


def _handed(kit: Kit, state: HandedOver, values: Values) -> HandOverStart:
    joined = kit.settings.get(IDENTITY) or {}
    return HandOverStart(
        state,
        values,
        languages(kit.folder),
        kit.terms(),
        str(joined.get("network_name", "")),
        KeyFiles(kit.folder).locked,
    )


def keep(kit: Kit, state: HandedOver, values: Values) -> None:
    """Keep the answers so far, and the respondent's place. Nothing is kept before a yes, or after a no."""
    kit.settings.put(HANDED_OVER, state)
    if may_keep(values):
        known = {each.code: each for each in languages(kit.folder)}
        catalogue = known.get(state.language) or known[ENGLISH]
        whole = {**_set_up(kit, kind(KIND), catalogue, state.event), **values}
        kit.drafts.keep(Draft(state.draft, KIND, whole, question=state.question, begun_by=RESPONDENT))


def may_keep(values: Values) -> bool:
    """Whether these answers may be kept: after a yes, and those of a child only once an adult is known to be there."""
    return consent_given(values) and not unaccompanied(values)


def is_refused(values: Values) -> bool:
    """Whether the questions end here and nothing is kept: after a no."""
    return consent_refused(values)


def lacks_guardian(values: Values) -> bool:
    """Whether somebody under 16 agreed, and nobody has confirmed that a parent or guardian is there.

    Nothing may be kept until then. What was typed waits on the screen, out of view, for the volunteer to decide.
    """
    return consent_given(values) and unaccompanied(values)


def guardian_is_here(values: Values) -> Values:
    """These answers after a volunteer confirmed that a parent or guardian is there."""
    return {**values, GUARDIAN: YES}


def discard_answers(kit: Kit, state: HandedOver) -> None:
    """Remove every answer from the kit without a trace. The hand-over continues."""
    kit.drafts.drop(state.draft)
    kit.clear_log()


def finish(kit: Kit, state: HandedOver, values: Values, catalogue: Catalogue) -> str:
    """Store the answers; returns the receipt code.

    Raises:
        InvalidRecord: an answer is not valid; the answers stay unfinished.
    """
    the_kind = kind(KIND)
    saved = save(
        kit, the_kind, None, canonical(the_kind, _whole(kit, the_kind, values, catalogue, state.event))
    )
    kit.drafts.drop(state.draft)
    return saved.code


def end(kit: Kit) -> None:
    """End the hand-over: the laptop is with a volunteer again."""
    kit.settings.forget(HANDED_OVER)


def _whole(kit: Kit, the_kind: Kind, values: Values, catalogue: Catalogue, event: str) -> Values:
    """The answers, including those that nobody is asked for."""
    return {**_set_up(kit, the_kind, catalogue, event), **own_answers(the_kind, values), **values}


def _set_up(kit: Kit, the_kind: Kind, catalogue: Catalogue, event: str) -> Values:
    """The answers that the event's set-up gives: the event, the day, the notice that was shown and where."""
    device = str((kit.settings.get(IDENTITY) or {}).get("name", ""))
    chosen, today = day_and_event(kit, the_kind), datetime.now().date().isoformat()
    set_up: Values = {
        "event": event or chosen.get("event"),
        "date": today,
        "consent_date": today,
        "consent_by": device,
        "consent_notice": catalogue.notice_version(locked=KeyFiles(kit.folder).locked),
    }
    return {name: value for name, value in set_up.items() if value}
