"""The questions of a form in plain lines, one per line, with the same keys as on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from fieldkit.cli.plain.plain_lines import PlainLines
from fieldkit.presentation.model.form_plan import FormPlan, Question, Value, Values, is_asked, is_empty
from fieldkit.records.schema.dates import parse_date, short_date
from fieldkit.spelling import folded
from fieldkit.text import clean, clean_line, shortened

_BACK, _HELP, _CLEAR = "<", "?", "-"
HOW = "Enter alone goes on. ? explains a question, < goes back one, - clears an answer, Ctrl+C stops."

Check = Callable[[str, Values], str | None]


def ask_plan(plan: FormPlan, check: Check, lines: PlainLines, values: Values) -> Values:
    """Ask every question of `plan` that applies; fill `values` with the answers and return it.

    Whenever the person stops, `values` holds the answers so far.

    Raises:
        EOFError, KeyboardInterrupt: the person stopped.
    """
    asking = _Asking(check, lines, values)
    lines.say(HOW)
    questions = [(step.title, question) for step in plan.steps for question in step.fields]
    place, back, shown = 0, False, ""
    while place < len(questions):
        title, question = questions[place]
        if is_asked(question, values):
            if title != shown:
                shown = title
                lines.say("", f"{title}:")
            back = not asking.ask(question)
        elif place == 0:
            back = False
        place = max(place - 1, 0) if back else place + 1
    return values


class _Asking:
    """One round of questions."""

    def __init__(self, check: Check, lines: PlainLines, values: Values) -> None:
        self._check, self._lines, self._values = check, lines, values

    def ask(self, question: Question) -> bool:
        """Ask until the answer is valid; False to go back."""
        self._lines.say(_in_one_line(question))
        while True:
            kept = self._values.get(question.name)
            shown = "" if is_empty(kept) else f"[{shortened(_shown(question, kept))}]"
            typed = self._lines.ask(f"{shown}> ").strip()
            if typed == _BACK:
                return False
            if typed == _HELP:
                self._lines.say(question.help or "There is nothing more to say about this question.")
                continue
            if not typed:
                if question.required and is_empty(kept):
                    self._lines.say("An answer is needed here.")
                    continue
                return True
            if typed == _CLEAR:
                self._values[question.name] = None
                continue
            try:
                value = _read(question, typed)
            except ValueError as error:
                self._lines.say(str(error))
                continue
            if problem := self._check(question.name, {**self._values, question.name: value}):
                self._lines.say(problem)
                continue
            self._values[question.name] = value
            return True


def _in_one_line(question: Question) -> str:
    """`Confidence (last time 4 · travels), 0 to 10.`"""
    note = f" ({question.note})" if question.note else ""
    needed = " (needed)" if question.required else ""
    answers = ", ".join(f"{key} {label}" for key, label in _keys(question))
    if question.shape in {"scale", "number"}:
        answers = f"{question.minimum} to {question.maximum}"
    if question.shape == "date":
        answers = "day/month/year, or today"
    if question.shape == "many":
        answers += "; several with commas between them"
    return f"{question.title}{needed}{note}{': ' if answers else ''}{answers}"


def _keys(question: Question) -> Sequence[tuple[str, str]]:
    """(key, label) of each answer, as on the screen."""
    return [(option.key or str(place), option.label) for place, option in enumerate(question.options, 1)]


def _shown(question: Question, value: Value) -> str:
    labels = {option.code: option.label for option in question.options}
    if question.shape == "date":
        return short_date(str(value))
    if isinstance(value, list):
        return ", ".join(labels.get(code, code) for code in value)
    return labels.get(str(value), str(value))


def _read(question: Question, typed: str) -> Value:
    """The typed text as the question's value.

    Raises:
        ValueError: a sentence says what is wrong.
    """
    if question.shape == "date":
        return _read_date(question, typed)
    if question.shape in {"scale", "number"}:
        if not typed.isdecimal():
            raise ValueError(f"Type a whole number from {question.minimum} to {question.maximum}.")
        return int(typed)
    if question.shape == "many":
        return sorted({_read_choice(question, piece) for piece in typed.split(",") if piece.strip()})
    if question.shape == "choice":
        return _read_choice(question, typed)
    return clean_line(typed) if question.shape == "line" else clean(typed)


def _read_date(question: Question, typed: str) -> str:
    days = {"today": 0, "t": 0, "yesterday": 1, "y": 1}
    if (word := typed.casefold()) in days:
        return (date.today() - timedelta(days=days[word])).isoformat()
    if (day := parse_date(typed)) is None:
        raise ValueError(f"{question.title}: write day/month/year, for example 27/10/2026.")
    return day


def _read_choice(question: Question, typed: str) -> str:
    wanted = folded(typed)
    for (key, label), option in zip(_keys(question), question.options, strict=True):
        if wanted in {key, folded(label), option.code}:
            return option.code
    keys = ", ".join(key for key, _ in _keys(question))
    raise ValueError(f"Type one of {keys}.")
