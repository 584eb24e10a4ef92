"""The forms to print: the same pages, questions and keys as on the screens, laid out on A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldkit.documents.paper_form import (
    Asked,
    Blanks,
    Column,
    PaperForm,
    PaperPage,
    Part,
    Room,
    SentenceBox,
    Sheet,
    Side,
    Strip,
    Tally,
    Tick,
)
from fieldkit.presentation.languages.catalogue import ENGLISH, NOT_TRANSLATED, Catalogue
from fieldkit.presentation.languages.respondent_messages import (
    SIGN_IN_CONSENTS,
    VOLUNTEERS_OWN,
    respondent_fields,
)
from fieldkit.presentation.languages.respondent_text import RespondentText
from fieldkit.records.head_counts import EVERYBODY
from fieldkit.records.schema.answer_digits import DECLINED, answer_digits
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind
from fieldkit.records.schema.pages import Page
from fieldkit.records.schema.parse import Terms

ROWS = 20
"""Lines of a sign-in sheet."""
STROKES = 75
"""Marks of one group on the sheet for head counts."""
_CONSENTS = frozenset({"consent_record", "consent_quote", "consent_contact"})
"""Questions with only a yes and a no on paper: whoever declines has not agreed."""
_NAMES = {
    RespondentText.FEEDBACK_FORM: "Feedback form",
    RespondentText.MONITORING_FORM: "Monitoring questions",
    RespondentText.SIGN_IN_SHEET: "Sign-in sheet",
}
_LONG_LIST = 6
_INLINE = 3


@dataclass(frozen=True)
class Setting:
    """What the forms are made for. Empty texts are left blank, to be written by hand."""

    network: str = ""
    event: str = ""
    date: str = ""
    terms: Terms = field(default_factory=dict)
    groups: Sequence[tuple[str, str, str]] = ()
    """The groups that are counted: key on the board, code, label."""


def feedback_form(catalogue: Catalogue, setting: Setting, codes: Sequence[str] = ("",)) -> PaperForm:
    """The feedback form; one page for each receipt code in `codes`; "" leaves room for a code written by hand."""
    pages = [page for page in kind("feedback").pages if not _is_monitoring(page)]
    parts: list[Part] = []
    for page in pages:
        if page.notice:
            parts.append(
                SentenceBox(catalogue.text(RespondentText.BEFORE_WE_BEGIN), catalogue.notice(setting.network))
            )
        parts += [
            _asked(spec, catalogue, setting, lines=1 if spec.name in page.more else 0)
            for spec in respondent_fields(kind("feedback"), page)
        ]
    strip = (catalogue.text(RespondentText.YOUR_CODE), catalogue.text(RespondentText.KEEP_CODE))
    own = _volunteers_own(setting)
    copies = [[*parts, _for_the_volunteer(setting, code, own), Strip(*strip, code)] for code in codes]
    return _form(RespondentText.FEEDBACK_FORM, catalogue, copies, about=setting.network)


def monitoring_form(catalogue: Catalogue, setting: Setting, codes: Sequence[str] = ("",)) -> PaperForm:
    """The monitoring questions and their reason, for the backs of the feedback forms with these codes."""
    feedback = kind("feedback")
    page = next(page for page in feedback.pages if _is_monitoring(page))
    questions = [_asked(spec, catalogue, setting) for spec in respondent_fields(feedback, page)]
    reason = catalogue.text(page.reason)
    parts: list[Part] = [
        SentenceBox(catalogue.text(RespondentText.LEAVE_OUT), [reason]),
        Side(_in_columns(questions)),
    ]
    copies = [[*parts, _for_the_volunteer(setting, code)] for code in codes]
    return _form(RespondentText.MONITORING_FORM, catalogue, copies)


def sign_in_sheet(catalogue: Catalogue, setting: Setting) -> PaperForm:
    """The sheet on which people write their names, each with a yes or no to keeping it."""
    fields = kind("person").fields
    consents = [fields[name] for name in SIGN_IN_CONSENTS]
    columns = [
        Column(
            catalogue.text(RespondentText.NAME), room=Room.NAME, gloss=_gloss(RespondentText.NAME, catalogue)
        ),
        Column(
            catalogue.text(RespondentText.ORGANISATION),
            room=Room.ORGANISATION,
            gloss=_gloss(RespondentText.ORGANISATION, catalogue),
        ),
        *(
            Column(
                catalogue.text(spec.asked),
                _ticks(spec, catalogue, setting),
                gloss=_gloss(spec.asked, catalogue),
            )
            for spec in consents
        ),
    ]
    network = setting.network or catalogue.text(RespondentText.OUR_NETWORK)
    notice = (
        catalogue.text(RespondentText.NOTICE_NETWORK, network=network),
        catalogue.text(RespondentText.SIGN_IN_HOW),
    )
    parts: list[Part] = [
        SentenceBox(catalogue.text(RespondentText.BEFORE_WE_BEGIN), notice),
        Sheet(columns, ROWS),
        _for_the_volunteer(setting),
    ]
    return _form(RespondentText.SIGN_IN_SHEET, catalogue, [parts], about=setting.network)


def head_count_sheet(setting: Setting) -> PaperForm:
    """The sheet on which volunteers count, in English. Everybody is the total, so it has no line of its own."""
    groups = [Tick(key, label) for key, code, label in setting.groups if code != EVERYBODY]
    parts: list[Part] = [
        SentenceBox(
            "How to count", ["Cross out the next number for each person.", "Count each person once."]
        ),
        Tally(groups, STROKES, "Total"),
        _for_the_volunteer(setting, more=[("Everybody, in all", "")]),
    ]
    page = PaperPage("Head counts", parts, about=setting.network)
    return PaperForm("Head counts", ENGLISH, False, [page])


def _form(
    title: RespondentText,
    catalogue: Catalogue,
    copies: Sequence[Sequence[Part]],
    about: str = "",
) -> PaperForm:
    notes = []
    if catalogue.draft:
        notes = [f"{RespondentText.DRAFT} {catalogue.text(RespondentText.DRAFT)}"]
    foot = f"{_NAMES[title]} · notice {catalogue.notice_version()}"
    if any(NOT_TRANSLATED in repr(part) for part in copies[0]):
        foot += f" · {NOT_TRANSLATED.strip()}: not translated yet"
    pages = [PaperPage(catalogue.text(title), parts, about, notes, foot) for parts in copies]
    return PaperForm(catalogue.text(title), catalogue.code, catalogue.right_to_left, pages)


def _is_monitoring(page: Page) -> bool:
    return all(kind("feedback").fields[name].monitoring for name in page.fields)


def _gloss(english: str, catalogue: Catalogue) -> str:
    return "" if catalogue.code == ENGLISH else str(english)


def _asked(spec: FieldSpec, catalogue: Catalogue, setting: Setting, lines: int = 0) -> Asked:
    """A question as it is printed."""
    question, gloss = catalogue.text(spec.asked), _gloss(spec.asked, catalogue)
    ticks = _ticks(spec, catalogue, setting)
    if not spec.codes:
        hint = catalogue.text(RespondentText.WRITE_HERE) if spec.shape == "text" and not lines else ""
        grows = spec.shape == "text" and not lines
        return Asked(question, gloss=gloss, hint=hint, lines=0 if grows else 1, grows=grows)
    hint = catalogue.text(RespondentText.TICK_SEVERAL) if spec.several else ""
    groups = _grouped(spec, ticks, catalogue)
    if len(ticks) <= _INLINE:
        columns = 0
    elif spec.codes == "fft_rating":
        columns = 6
    else:
        columns = 2 if spec.monitoring else 4 if len(ticks) > _LONG_LIST else 3
    typed = len(code_list(spec.codes).entries) > len(ticks) + _LONG_LIST
    return Asked(question, groups, gloss, hint, 1 if typed else 0, columns)


def _ticks(spec: FieldSpec, catalogue: Catalogue, setting: Setting) -> list[Tick]:
    """The answers with their keys on the screen; an answer that is a kind of another follows it."""
    if not spec.codes:
        return []
    known = code_list(spec.codes)
    own = {
        code: label for code, label in setting.terms.get(spec.codes, {}).items() if code not in known.codes
    }
    keys = answer_digits(spec, [*(entry.code for entry in known.entries), *own])
    ticks = [Tick(key, catalogue.answer(spec.codes, code, own.get(code, ""))) for key, code in keys]
    if spec.name in _CONSENTS:
        ticks = [tick for tick in ticks if tick.key != DECLINED]
    return sorted(ticks, key=lambda tick: (tick.key == DECLINED, tick.key))


def _grouped(
    spec: FieldSpec, ticks: Sequence[Tick], catalogue: Catalogue
) -> list[tuple[str, Sequence[Tick]]]:
    """The answers under the headings of their list; a single group without a heading if the list has none."""
    known = code_list(spec.codes)
    headings = {catalogue.answer(spec.codes, entry.code): entry.get("group") for entry in known.entries}
    groups: dict[str, list[Tick]] = {}
    for tick in ticks:
        heading = headings.get(tick.label, "")
        groups.setdefault(catalogue.text(heading, spec.codes) if heading else "", []).append(tick)
    return list(groups.items())


def _in_columns(questions: Sequence[Asked]) -> list[list[Asked]]:
    """Two columns of similar height, in the order of the questions."""
    heights = [_height(asked) for asked in questions]
    half = sum(heights) / 2
    split = min(range(len(questions) + 1), key=lambda at: abs(sum(heights[:at]) - half))
    return [list(questions[:split]), list(questions[split:])]


def _height(asked: Asked) -> float:
    """The approximate number of lines that a question takes."""
    if not asked.columns:
        return 1.5
    answers = sum(bool(heading) + -(-len(ticks) // asked.columns) for heading, ticks in asked.groups)
    return 1.5 + answers + 1.5 * asked.lines


def _volunteers_own(setting: Setting) -> list[tuple[str, str]]:
    """The questions on those pages that the volunteer answers, with the keys of their answers."""
    feedback = kind("feedback")
    english = Catalogue(ENGLISH, "English", "English")
    return [
        (
            f"{spec.title}: "
            + "  ".join(f"{tick.key} {tick.label}" for tick in _ticks(spec, english, setting)),
            "",
        )
        for name in sorted(VOLUNTEERS_OWN)
        if (spec := feedback.fields[name]).codes
    ]


def _for_the_volunteer(setting: Setting, code: str = "", more: Sequence[tuple[str, str]] = ()) -> Blanks:
    """The fields that the volunteer fills in; a form with a printed code has no other number."""
    number = ("Receipt code", code) if code else ("Form no.", "")
    return Blanks(
        "For the volunteer",
        [("Event", setting.event), ("Date", setting.date), ("Taken by", ""), number, *more],
    )
