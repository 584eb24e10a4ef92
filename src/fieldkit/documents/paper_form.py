"""Forms to print on A4 and fill in by hand, as one HTML page, which loads nothing from outside and runs no code."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from fieldkit.documents.blocks import printable


@dataclass(frozen=True)
class Tick:
    """One answer to tick: its key on the screen, and its words."""

    key: str
    label: str


@dataclass(frozen=True)
class Asked:
    """A question with its answers, each under its group's heading ("" for none), and `lines` to write on.

    `gloss` is the question in English, for the volunteer. The answers are in `columns` side by side; 0 puts them on the line
    of the question. `grows`: this answer gets the space left on the page.
    """

    question: str
    groups: Sequence[tuple[str, Sequence[Tick]]] = ()
    gloss: str = ""
    hint: str = ""
    lines: int = 0
    columns: int = 1
    grows: bool = False


@dataclass(frozen=True)
class SentenceBox:
    """Sentences in a box, such as the notice."""

    title: str
    sentences: Sequence[str]


@dataclass(frozen=True)
class Side:
    """Columns of questions beside each other."""

    columns: Sequence[Sequence[Asked]]


@dataclass(frozen=True)
class Blanks:
    """What the volunteer fills in: (label, text that is known already)."""

    title: str
    labels: Sequence[tuple[str, str]]


class Room(StrEnum):
    """How much is written into a column; the style sheet sets the widths, under these names."""

    NAME = "room-for-name"
    ORGANISATION = "room-for-organisation"


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, and either answers to tick, as wide as they are, or `room` to write in."""

    heading: str
    ticks: Sequence[Tick] = ()
    room: Room | None = None
    gloss: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table with numbered empty rows."""

    columns: Sequence[Column]
    rows: int


@dataclass(frozen=True)
class Tally:
    """Groups to count, each with `strokes` marks to cross out and a box for the total."""

    groups: Sequence[Tick]
    strokes: int
    total: str


@dataclass(frozen=True)
class Strip:
    """The strip that the person tears off and keeps."""

    title: str
    text: str
    code: str


Part = SentenceBox | Asked | Side | Blanks | Sheet | Tally | Strip


@dataclass(frozen=True)
class PaperPage:
    """One page of A4."""

    title: str
    parts: Sequence[Part]
    about: str = ""
    notes: Sequence[str] = ()
    """What everybody must see, for example that the translation is a draft."""
    foot: str = ""


@dataclass(frozen=True)
class PaperForm:
    """Pages in one language, each printed on one side."""

    title: str
    language: str
    right_to_left: bool
    pages: Sequence[PaperPage]


def paper_form_html(form: PaperForm) -> bytes:
    """The form in UTF-8: self-contained, no script, and a content security policy that forbids all else."""
    folder = files("fieldkit.documents")
    style = (folder / "paper_form.css").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["printable"] = printable
    page = environment.from_string((folder / "paper_form.html.jinja").read_text(encoding="utf-8")).render(
        form=form,
        kind_of=lambda part: type(part).__name__,
        style=Markup(style),
        style_hash=base64.b64encode(sha256(style.encode()).digest()).decode(),
    )
    return page.encode("utf-8")
