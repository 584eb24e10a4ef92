"""The pages on which a kind is asked at a stall: few questions each, in the order of a conversation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page: its questions by field name, in the order in which they are asked.

    A field on no page of its kind is asked at the desk, in the form that shows every field, or it comes from the event's
    set-up (`Kind.set_up`).
    """

    name: str
    title: str
    fields: tuple[str, ...]
    more: tuple[str, ...] = ()
    """Questions of this page that are asked only on request, under one key."""
    reason: str = ""
    """Why this page asks, one sentence for the whole page."""
    reminder: str = ""
    """What whoever asks has to know before they do, one sentence. Respondents do not read it."""
    notice: bool = False
    """The notice stands above the questions."""
    gate: str = ""
    """A yes-or-no field of this page: without a yes to it, no further page is shown and nothing is kept."""
    decline_rest: bool = False
    """The key 0 answers "prefer not to say" to this question and to all that are left without an answer."""

    @property
    def all_fields(self) -> tuple[str, ...]:
        """Every question of the page, those on request last."""
        return self.fields + self.more
