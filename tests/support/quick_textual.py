"""Textual made faster for very many programs in one process: results that are always the same are worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from inspect import ismethod
from typing import Any

from textual import _callback
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.message import Message
from textual.message_pump import MessagePump


def read_sheets_once() -> None:
    """Parse style sheets once for each theme, not again for each test's program."""
    parse_rules = Stylesheet._parse_rules
    parsed: dict[object, list[RuleSet]] = {}

    def parse_once(sheet: Stylesheet, css: str, *where: object, **more: object) -> list[RuleSet]:
        key = (css, where, *more.items(), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse_rules(sheet, css, *where, **more)
        return parsed[key]

    Stylesheet._parse_rules = parse_once
    # A rule's own hash is its identity as well, but costs a Python call, a hundred times for each widget that is styled.
    RuleSet.__hash__ = object.__hash__


def count_parameters_once() -> None:
    """Count the parameters of each method that Textual calls later once, not at each call."""
    count = _callback._count_parameters
    count_of_method = cache(count)

    def count_parameters(called: Callable[..., object]) -> int:
        return count_of_method(called.__func__) - 1 if ismethod(called) else count(called)

    _callback._count_parameters = count_parameters


def look_handlers_up_once() -> None:
    """Look up the handlers of a message once for each class, unless they depend on the widget that sent it."""
    look_up = MessagePump._get_dispatch_methods

    @cache
    def by_name(pump: type, name: str, message: type) -> list[tuple[type, Any]] | None:
        """The handlers of that name in a class and its base classes; None if `@on` selects any of them."""
        messages = [kind for kind in message.__mro__ if issubclass(kind, Message)]
        handlers = []
        for cls in pump.__mro__:
            if any(kind in cls.__dict__.get("_decorated_handlers", ()) for kind in messages):
                return None
            method = cls.__dict__.get(f"_{name}") or cls.__dict__.get(name)
            if method is not None and not getattr(method, "_textual_on", None):
                handlers.append((cls, method))
        return handlers

    def dispatch_methods(pump: MessagePump, name: str, message: Message) -> Iterator[tuple[type, Any]]:
        handlers = by_name(type(pump), name, type(message))
        if handlers is None:
            yield from look_up(pump, name, message)
            return
        for cls, method in handlers:
            if message._no_default_action:
                break
            yield cls, method.__get__(pump, cls)

    MessagePump._get_dispatch_methods = dispatch_methods
