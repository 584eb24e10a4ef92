"""Sections on what should change and what came of it: recommendations, decisions, answers, you said, we did."""

from __future__ import annotations

from fieldkit.documents.blocks import (
    Block,
    Column,
    Heading,
    Items,
    Note,
    Paragraph,
    Quotation,
    Table,
    printed,
)
from fieldkit.insight.disclosure.definitions import TOTAL
from fieldkit.presentation.cycle.change_rows import ChangeRow
from fieldkit.presentation.cycle.due_answers import after_working_days
from fieldkit.presentation.cycle.printable_quotes import PrintableQuote
from fieldkit.presentation.cycle.supporting_group import supporting_group
from fieldkit.presentation.pack.material import Material
from fieldkit.presentation.pack.phrases import DIFFERENCE, use_sentence
from fieldkit.printed_figure import STAR, Figure
from fieldkit.records.kinds.evidence.response import USUAL_WORKING_DAYS
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.text import capitalised, ended

NO_CHANGE = "No change is proposed yet."


def recommendations(material: Material) -> list[Block]:
    """Every change with owner, due date and status; declined ones with their reason, never dropped."""
    rows = material.facts.view.rows
    if not rows:
        return material.lacks("Proposed changes", NO_CHANGE)
    table = Table(
        "changes",
        "Changes, their owners and their state",
        (Column("Change"), Column("Owner"), Column("Due"), Column("Status"), Column("Rests on")),
        tuple(
            (
                f"{row.number}. {row.title}",
                row.owner or ("nobody" if row.declined else "nobody yet"),
                short_date(row.due) or ("" if row.declined else "no date yet"),
                _status(row),
                _rests(row),
            )
            for row in rows
        ),
    )
    blocks: list[Block] = [Heading("Proposed changes"), table]
    for row in rows:
        blocks += [Heading(f"{row.number}. {row.title}", 2), Paragraph(row.what)]
        if row.actions:
            blocks.append(
                Paragraph(
                    f"Actions of the framework for reverse commissioning: {', '.join(row.actions).lower()}."
                )
            )
        if row.declined:
            blocks.append(Note(row.reason or "The reason is not recorded.", "Declined"))
        elif material.audience.code == "healthwatch":
            blocks.append(Paragraph(_answer_by(material, row)))
        open_still = row.open
        if material.audience.code == "healthwatch" and row.waiting is not None:
            # The paragraph before states it.
            sentence = row.waiting.sentence.casefold()
            open_still = tuple(each for each in open_still if each.casefold() != sentence)
        blocks += _list(open_still)
    return blocks


def responses(material: Material) -> list[Block]:
    """The provider's answers in its own words, and the answers still awaited."""
    rows = material.facts.view.rows
    blocks: list[Block] = [Heading("What the provider answered")]
    answered = [row for row in rows if row.answers]
    if not answered:
        return material.lacks("What the provider answered", "No answer of the provider is recorded yet.")
    for row in rows:
        blocks.append(Heading(f"{row.number}. {row.title}", 2))
        if row.declined:
            blocks.append(Note(row.reason or "The reason is not recorded.", "Declined"))
        blocks += _answers(row) or ([] if row.declined else [Paragraph("No answer yet.")])
        blocks += _list(row.open)
    return blocks


def decisions(material: Material) -> list[Block]:
    """What a board is asked to decide."""
    rows = [row for row in material.facts.view.rows if not row.declined]
    if not rows:
        return material.lacks("What the board is asked to decide", NO_CHANGE)
    asked = [f"Change {row.number}, {row.title}: {_decision(row)}" for row in rows]
    return [Heading("What the board is asked to decide"), Items(tuple(asked), numbered=True)]


def you_said(material: Material) -> list[Block]:
    """A part for each change: what people said, what the figures showed, the change, the answer, and what is still open."""
    rows = material.facts.view.rows
    if not rows:
        return material.lacks("You said, we did", NO_CHANGE)
    blocks: list[Block] = [Heading("You said, we did")]
    quoted: dict[str, str] = {}
    for row in rows:
        blocks.append(Heading(f"{row.number}. {row.title}", 2))
        blocks.append(Paragraph(_you_said(material, row)))
        quote = _quote_beside(material, row, quoted)
        if quote is not None:
            blocks.append(Quotation(quote.text, quote.attribute))
        if showed := _showed(material, row):
            blocks.append(Paragraph(showed))
        blocks.append(Paragraph(f"What should change: {row.what}"))
        owner = ended(f" Owner: {row.owner}") if row.owner else ""
        blocks.append(Paragraph(f"Status: {_state(row)}.{owner}"))
        if row.declined:
            blocks.append(Note(row.reason or "The reason is not recorded.", "Declined"))
        blocks += _answers(row)
        if row.open:
            blocks += [Paragraph("Still open:"), *_list(row.open)]
    return blocks


def thanks(_: Material) -> list[Block]:
    """A word of thanks."""
    return [
        Heading("Thank you"),
        Paragraph(
            "Thank you to everybody who spoke, and to those who listened. Without you there would be nothing to show."
        ),
        Paragraph(
            "You can withdraw what you said at any time: give a volunteer the receipt code that you were given. It is "
            "then erased on every laptop, and leaves every later pack."
        ),
    ]


def next_steps(material: Material) -> list[Block]:
    """What comes next: dates of changes and of answers still to come."""
    coming = []
    for row in material.facts.view.rows:
        if row.waiting is not None:
            verb = "was" if row.waiting.late else "is"
            coming.append(f"An answer on “{row.title}” {verb} due on {short_date(row.waiting.due_on)}.")
        if row.due and row.status not in {"done", "declined"}:
            coming.append(f"“{row.title}” is to be done by {short_date(row.due)}.")
    today = material.facts.as_of.isoformat()
    coming += [
        ended(f"{meeting.title}: {', '.join(filter(None, (short_date(meeting.day), meeting.place)))}")
        for meeting in material.facts.meetings
        if meeting.day > today
    ]
    return [Heading("What comes next"), *(_list(tuple(coming)) or [Paragraph("Nothing is planned yet.")])]


def asks(material: Material) -> list[str]:
    """Three things to ask of the reader."""
    wanted = [
        f"{row.title}: {row.owner or 'find an owner'}{f', by {short_date(row.due)}' if row.due else ''}."
        for row in material.facts.view.rows
        if row.status not in {"done", "declined"}
    ]
    rows = material.facts.view.rows
    usual = [material.audience.ask]
    if any(row.status == "done" for row in rows):
        usual.append("Ask the people who took part whether the changes reached them.")
    if any(row.declined for row in rows):
        usual.append("Publish what was declined, with the reason.")
    usual += [
        "Tell the people who took part what you will do, and by when.",
        "Say what else you need to know before you decide.",
    ]
    return [*wanted[:2], *usual][:3]


def _decision(row: ChangeRow) -> str:
    if row.status == "proposed":
        return "agree it, and name who owns it." if not row.owner else ended(f"agree it. Owner: {row.owner}")
    if row.status == "done":
        return "note that it is done, and ask what shows it."
    return f"note that it is {row.status_label}{f', due {short_date(row.due)}' if row.due else ''}."


def _answer_by(material: Material, row: ChangeRow) -> str:
    provider = material.facts.provider or "The provider"
    if row.waiting is not None:
        sentence = row.waiting.sentence
        return f"{provider} was asked on {short_date(row.waiting.asked_on)}: {sentence}"
    if row.answers:
        day = short_date(row.answers[-1].date)
        return f"{provider} answered{f' on {day}' if day else ''}."
    asked = material.facts.as_of
    by = after_working_days(asked, USUAL_WORKING_DAYS)
    return (
        f"{provider} was not asked yet. If asked on {short_date(asked.isoformat())}, an answer is due on "
        f"{short_date(by.isoformat())} ({USUAL_WORKING_DAYS} working days)."
    )


def _answers(row: ChangeRow) -> list[Block]:
    blocks: list[Block] = []
    for reply in row.answers:
        source = ", ".join(filter(None, (reply.from_role or "The provider", short_date(reply.date))))
        blocks.append(Quotation(reply.words, source))
        if reply.shown_by:
            blocks.append(Paragraph(f"What shows it: {reply.shown_by}"))
    return blocks


def _quote_beside(material: Material, row: ChangeRow, quoted: dict[str, str]) -> PrintableQuote | None:
    """A quote from the people whose words support a change.

    Quotes beside a theme count its people. So if the theme's number is hidden, all changes together print one quote. `quoted`:
    the quote printed beside each such theme so far.
    """
    by_feedback = {quote.feedback_id: quote for quote in material.quotes}
    hidden = [code for code in row.themes if _people_of_theme(material, code) == STAR]
    for each in row.feedback:
        quote = by_feedback.get(each)
        if quote and all(quoted.get(code, quote.quote_id) == quote.quote_id for code in hidden):
            quoted.update(dict.fromkeys(hidden, quote.quote_id))
            return quote
    return None


def _people_of_theme(material: Material, code: str) -> Figure:
    label = code_list("theme").label(code)
    return material.figure("themes", capitalised(label), TOTAL)


def _you_said(material: Material, row: ChangeRow) -> str:
    """What people said in support of a change: each of its themes with the printed number."""
    named = []
    for code in row.themes:
        figure = _people_of_theme(material, code)
        # A star may hide a large number, so nothing is printed in its place.
        number = "" if figure == STAR else f" ({printed(figure)} people)"
        named.append(f"{code_list('theme').label(code)}{number}")
    if named:
        return f"You said: you spoke about {'; '.join(named)}."
    return (
        "You said: feedback supports this change."
        if row.feedback or row.case_studies
        else "No feedback supports this change."
    )


def _showed(material: Material, row: ChangeRow) -> str:
    for figure in row.figures:
        if (supporting := supporting_group(material.facts.uses, figure)) is None:
            continue
        report, group = supporting
        if not (sentence := use_sentence(group, report.basis.unit)):
            continue
        if not material.audience.ratios:
            return (
                f"The figures compare how far people recorded as {group.label} and other groups use the service. "
                "A difference in use does not say whether need was met."
            )
        crude = "" if report.use.by_age else " Ages are not allowed for."
        return f"The figures showed: {sentence} {DIFFERENCE}{crude}"
    return f"The figures: {', '.join(figure.title for figure in row.figures)}." if row.figures else ""


def _rests(row: ChangeRow) -> str:
    parts = {
        "people's words": row.feedback or row.case_studies,
        "figures": row.figures,
        "published sources": row.sources,
        "a clinical rationale": row.rationales,
    }
    return ", ".join(name for name, held in parts.items() if held) or "nothing yet"


def _state(row: ChangeRow) -> str:
    if not row.status_date:
        return row.status_label
    return (
        f"{row.status_label} {'since' if row.status == 'under-way' else 'on'} {short_date(row.status_date)}"
    )


def _status(row: ChangeRow) -> str:
    return _state(row) + (f": {row.reason}" if row.declined and row.reason else "")


def _list(sentences: tuple[str, ...]) -> list[Block]:
    return [Items(tuple(sentences))] if sentences else []
