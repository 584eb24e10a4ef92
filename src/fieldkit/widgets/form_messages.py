"""The messages of a form to its screen. Handlers are named after the form: `on_form_changed`, `on_form_left` …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from fieldkit.presentation.model.form_plan import Question, Value, Values

if TYPE_CHECKING:
    from fieldkit.widgets.form import Form


@dataclass
class Changed(Message, namespace="form"):
    """An answer or the step has changed. `values` holds every answer, `step` counts from 0."""

    form: Form
    values: Values
    step: int


@dataclass
class Given(Message, namespace="form"):
    """One answer has changed; sent at once."""

    form: Form
    name: str
    value: Value


@dataclass
class StepShown(Message, namespace="form"):
    """Step `step` (from 0) of `steps` is in view."""

    form: Form
    step: int
    steps: int
    title: str


@dataclass
class Submitted(Message, namespace="form"):
    """Every question was passed, or save was pressed, and the form itself found nothing wrong."""

    form: Form
    values: Values


@dataclass
class StillWrong(Message, namespace="form"):
    """Save was pressed, and the problem that stops it was in view at the question already."""

    form: Form
    problem: str


@dataclass
class Left(Message, namespace="form"):
    """The form was left with Esc; keep `values` as a draft."""

    form: Form
    values: Values


@dataclass
class HelpWanted(Message, namespace="form"):
    """F1 was pressed on a question."""

    form: Form
    question: Question


@dataclass
class CreateWanted(Message, namespace="form"):
    """A record is to be made for the link `name` from the typed text; return it with `set_answer`."""

    form: Form
    name: str
    text: str
