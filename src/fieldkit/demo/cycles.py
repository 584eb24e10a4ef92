"""The demonstration's two cycles: the content of `cycle_content.py`, stored through the same calls as everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from importlib.resources import as_file, files

from fieldkit.demo import cycle_content as content
from fieldkit.presentation.cycle.quotes import approve, propose
from fieldkit.presentation.figures.figure_choices import FigureChoices
from fieldkit.presentation.figures.figure_datasets import store_figures
from fieldkit.presentation.figures.figure_session import FigureSession
from fieldkit.store.kit import Kit

_FIGURES = "talking-therapies-2024-25.csv"
_PROPOSED_BY, _LOOKED_BY = "Example volunteer A", "Example volunteer B"
#: Days that the open request for a response has waited: more than the 20 working days allowed.
_WAITING = 34


def make_cycles(kit: Kit, today: date) -> None:
    """Store both cycles; the comments are in the kit already."""
    kit.add_many("provider", content.PROVIDERS)
    _finished(kit, today)
    _under_way(kit, today)


def _finished(kit: Kit, today: date) -> None:
    cycle = kit.add("cycle", content.FINISHED).record_id
    figures = _figures(kit, cycle, today)
    for event, purposes in content.EVENTS:
        held = kit.add("event", event).record_id
        for purpose in purposes:
            kit.add(
                "engagement",
                {"cycle": cycle, "event": held, "purpose": purpose, "summary": content.SUMMARIES[purpose]},
            )
    source = kit.add("desk_source", content.DESK_SOURCE).record_id
    for values, references, group, answer in content.CHANGES:
        change = kit.add("change", {"cycle": cycle, **values}).record_id
        for comment in _comments(kit, references):
            kit.add("support", {"change": change, "support_kind": "feedback", "feedback": comment})
        if group:
            kit.add(
                "support",
                {
                    "change": change,
                    "support_kind": "dataset",
                    "dataset": figures,
                    "dimension": "ethnic",
                    "group_code": group,
                },
            )
            kit.add("support", {"change": change, "support_kind": "desk-source", "desk_source": source})
        if answer is not None:
            kit.add("response", {"change": change, "working_days": 20, **answer})
    for place, (reference, field, text) in enumerate(content.QUOTES, 1):
        (comment,) = _comments(kit, (reference,))
        quote = propose(kit, comment, field, text, _PROPOSED_BY, "service")
        if place < len(content.QUOTES):
            approve(kit, quote.record_id, _LOOKED_BY, today)


def _under_way(kit: Kit, today: date) -> None:
    provider = next(
        record_id
        for record_id, name in kit.columns("provider", ("record_id", "name"))
        if name.startswith("North East")
    )
    cycle = kit.add("cycle", {"provider": provider, **content.UNDER_WAY}).record_id
    change = kit.add("change", {"cycle": cycle, **content.OPEN_CHANGE}).record_id
    asked = (today - timedelta(days=_WAITING)).isoformat()
    kit.add("response", {"change": change, "asked_on": asked, "working_days": 20})


def _figures(kit: Kit, cycle: str, today: date) -> str:
    """Import the provider's figures as any user would; returns the id of the data set."""
    with as_file(files("fieldkit.demo").joinpath(_FIGURES)) as path:
        choices = FigureChoices(
            organisation="QHL",
            measures=("referrals_received",),
            unit="referrals",
            who="16-over",
            cycle=cycle,
            title="NHS Talking Therapies 2024-25, Birmingham and Solihull",
            publisher="NHS England",
            licence="Open Government Licence v3.0",
            understood=True,
        )
        session = FigureSession(path, choices)
        return store_figures(kit, session, today, _PROPOSED_BY).datasets[0]


def _comments(kit: Kit, respondents: Sequence[str]) -> list[str]:
    """The ids of the comments of some respondents of the data file."""
    return [
        record_id
        for respondent in respondents
        for (record_id,) in kit.columns("feedback", ("record_id",), where={"respondent": respondent})
    ]
