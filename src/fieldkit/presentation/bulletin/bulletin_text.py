"""The text of a bulletin: drafted in a fixed order, edited by people, checked before it is written.

Figures are in guillemets with what they count, as `«97 people spoke about appointments»`. They may be moved or deleted. An
edited figure is refused, and so is a number of people typed beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fieldkit.documents.blocks import Block, Document, Heading, Items, Paragraph, printable, printed
from fieldkit.errors import Misuse
from fieldkit.presentation.bulletin.bulletin_figures import BulletinFigures
from fieldkit.printed_figure import STAR, Figure, Shown
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.text import capitalised

MOST_WORDS, MOST_IN_SENTENCE = 350, 20
TITLE = "What happened, and what you told us"
_FIGURE = re.compile("«([^«»]*)»")
_COUNTED = re.compile(
    r"\d[\d,.]*\s*(?:%|per\s?cent\b|(?:\w+\s){0,2}?(?:people|persons?|patients?|carers?|visits?|visitors?|comments?|respondents?|of\s(?:you|them|us))\b)"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?|thousands?)\s+(?:of\s)?(?:people|persons?|patients?|carers?|of\s(?:you|them|us))\b"
    r"|\b(?:people|persons?|patients?|carers?|visits?|visitors?|comments?|respondents?)\s*[:=–—-]\s*\d[\d,.]*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


def draft(figures: BulletinFigures) -> str:
    """The bulletin as text to be edited: `# ` begins a heading, `- ` a line of a list."""
    lines = [
        f"From {short_date(figures.first)} to {short_date(figures.last)}.",
        "",
        "# What happened",
        *_happened(figures),
        "",
        "# What you told us",
        *_feedback_lines(figures),
        "",
        "# What changed",
        *(_changed(figures) or ["No change was decided in this time."]),
        "",
        "# What is next",
        *([f"- {_event(event)}" for event in figures.coming] or ["No event is planned yet."]),
        "",
        "# How to take part",
        "Come to an event, or ask a volunteer to write down what you think.",
        "You can withdraw what you told us: bring the receipt code that you were given.",
    ]
    return _within("\n".join(lines)) + "\n"


def marked_figures(text: str) -> list[str]:
    """The figures of a text, without their marks."""
    return _FIGURE.findall(text)


def problems(text: str, figures: BulletinFigures) -> list[str]:
    """Why an edited text may not be written: a sentence for each problem, empty if there are none."""
    own = draft(figures)
    allowed = set(marked_figures(own))
    # A number in the title of a change comes from the records; it was not typed here.
    own_numbers = set(_COUNTED.findall(_FIGURE.sub(" ", own)))
    sentences = [
        f"«{figure}» is not a figure of this period: figures can't be edited."
        for figure in marked_figures(text)
        if figure not in allowed
    ]
    plain = _FIGURE.sub(" ", text)
    if "«" in plain or "»" in plain:
        sentences.append("A figure lost one of its marks « and »: put it back, or leave the figure out.")
    sentences += [
        f"“{number.strip()}” was typed: a number of people comes from the records alone."
        for number in dict.fromkeys(_COUNTED.findall(plain))
        if number not in own_numbers
    ]
    word_count = len(text.split())
    if word_count > MOST_WORDS:
        sentences.append(f"It has {word_count} words; {MOST_WORDS} fit on the page.")
    for sentence in _sentences(text):
        parts = sentence.split()
        if len(parts) > MOST_IN_SENTENCE:
            sentences.append(
                f"The sentence “{' '.join(parts[:6])} …” has {len(parts)} words; at most {MOST_IN_SENTENCE} are easy to read."
            )
    return sentences


def document_of(text: str, figures: BulletinFigures) -> Document:
    """The edited text as a document.

    Raises:
        Misuse: the text has problems.
    """
    if sentences := problems(text, figures):
        raise Misuse(
            " ".join(sentences), kept="Nothing was written.", hint="Correct the text, then try again."
        )
    return Document(TITLE, tuple(_blocks(_FIGURE.sub(r"\1", text).splitlines())))


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    items: list[str] = []
    for line in (*lines, ""):
        text = printable(line)
        if text.startswith("- "):
            items.append(text[2:].strip())
            continue
        if items:
            yield Items(tuple(items))
            items = []
        if text.startswith("# "):
            yield Heading(text[2:].strip())
        elif text:
            yield Paragraph(text)


def _happened(figures: BulletinFigures) -> list[str]:
    if not figures.held:
        return ["No event was held in this time."]
    lines = [f"- {_event(event)}" for event in figures.held[:4]]
    more = len(figures.held) - 4
    if more > 0:
        lines.append(f"- And {more} more.")
    if figures.visits != Shown(0):  # nobody was checked in or counted
        lines.append(
            f"{_marked(figures.visits, 'visits', 'a few visits')} were counted. These are visits, not people."
        )
    return lines


def _feedback_lines(figures: BulletinFigures) -> list[str]:
    if isinstance(figures.people, Shown) and not figures.people.value:
        return ["Nobody told us what they think in this time."]
    lines = [f"{_marked(figures.people, 'people', 'a few people')} told us what they think."]
    lines += [
        f"- {_marked(figure, f'people spoke about {label[:1].lower()}{label[1:]}', '')}."
        for label, figure in figures.themes
    ]
    if figures.quote is not None and len(figures.quote.words.split()) <= MOST_IN_SENTENCE:
        lines.append(_unmarked(figures.quote.text))
    return lines


def _changed(figures: BulletinFigures) -> list[str]:
    lines = []
    for change in figures.changes:
        status = code_list("change_status").label(change["status"])
        lines.append(f"- {_short(change['title'])}: {status}.")
        if change["status"] == "declined" and change["reason"]:
            lines.append(f"  The reason: {_short(change['reason'])}")
    return lines


def _event(event: object) -> str:
    day, title, place = (str(getattr(event, name)) for name in ("day", "title", "place"))
    line = ", ".join(filter(None, (_short(title, 8), short_date(day), _short(place, 5))))
    return line if line.endswith("…") else f"{line}."


def _marked(figure: Figure, what: str, hidden: str) -> str:
    return capitalised(hidden) if figure == STAR else f"«{printed(figure)} {_unmarked(what)}»"


def _unmarked(text: str) -> str:
    return printable(text).replace("«", "“").replace("»", "”")


def _short(text: str, most: int = 14) -> str:
    """The first `most` words of a text on one line, without guillemets."""
    parts = _unmarked(text).split()
    return " ".join(parts[:most]).rstrip(".,;:") + (" …" if len(parts) > most else "")


def _within(text: str) -> str:
    """Cut the draft to MOST_WORDS: drop list lines, from the last one up."""
    lines = text.splitlines()
    while len(" ".join(lines).split()) > MOST_WORDS:
        listed = [at for at, line in enumerate(lines) if line.startswith(("- ", "  "))]
        if not listed:
            break
        del lines[listed[-1]]
    return "\n".join(lines)


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from _SENTENCE.findall(line.lstrip("#- "))
