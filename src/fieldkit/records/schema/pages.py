"""The pages of questions for a stall: a few questions each, in the order of a conversation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page: its questions by field name, in the order in which they are asked.

    A field on no page of its kind is asked at the desk, in the form that shows every field, or comes from the event's set-up
    (`Kind.set_up`).
    """

    name: str
    title: str
    fields: tuple[str, ...]
    more: tuple[str, ...] = ()
    """Questions of this page that are asked only on request, under one key."""
    reason: str = ""
    """One sentence on why this page asks its questions."""
    reminder: str = ""
    """One sentence on what the person who asks must know first. Respondents do not read it."""
    notice: bool = False
    """Whether the notice is shown above the questions."""
    gate: str = ""
    """A yes-or-no field of this page: unless the answer is yes, no further page is shown and nothing is kept."""
    decline_rest: bool = False
    """Whether the key 0 answers "prefer not to say" to this question and to all that are still unanswered."""

    @property
    def all_fields(self) -> tuple[str, ...]:
        """Every question of the page, those on request last."""
        return self.fields + self.more
