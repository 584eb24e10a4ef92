"""Audiences as data: for each a title, an addressee and the sections of its pack, in order."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.errors import Misuse
from fieldkit.text import quoted


@dataclass(frozen=True)
class Audience:
    """Whom a pack is for.

    `code` comes from the list `audience`, `short` is the name in commands. `addressee` may be replaced: bodies are renamed.
    `ask` is what we ask of them. `ratios`: whether ratios are printed; partners get plain words.
    """

    code: str
    short: str
    title: str
    addressee: str
    ask: str
    sections: tuple[str, ...]
    ratios: bool = True


FIRST = ("cover",)
LAST = ("methods", "quality", "sources", "reproduce")
"""Every pack begins and ends with the same sections."""

AUDIENCES = (
    Audience(
        "jsna",
        "jsna",
        "For the joint strategic needs assessment",
        "The needs assessment team",
        "Take these findings into the assessment, with their caveats.",
        ("heard", "use", "funnel", "experience", "groups", "needs", "effectiveness", "gaps"),
    ),
    Audience(
        "healthwatch",
        "healthwatch",
        "For Healthwatch",
        "Local Healthwatch",
        "Send these recommendations on, and ask for an answer within 20 working days.",
        ("themes", "experience", "quotes", "heard", "groups", "recommendations", "responses"),
    ),
    Audience(
        "commissioners",
        "commissioner",
        "For commissioners",
        "The commissioner of the service",
        "Decide which of the changes you will commission, and who owns each.",
        ("use", "funnel", "shortfall", "rationale", "experience", "recommendations", "accreditation"),
    ),
    Audience(
        "health-wellbeing-board",
        "board",
        "For the health and wellbeing board",
        "The health and wellbeing board",
        "Agree the changes below, and ask for a report on them at your next meeting.",
        ("use", "experience", "recommendations", "decisions"),
    ),
    Audience(
        "provider",
        "provider",
        "For the provider",
        "The provider of the service",
        "Answer each proposed change in your own words, and say what will show it.",
        (
            "experience",
            "themes",
            "quotes",
            "periods",
            "monitoring",
            "grades",
            "pcref",
            "recommendations",
            "responses",
        ),
    ),
    Audience(
        "partners",
        "partners",
        "For community partners",
        "Everybody who took part",
        "Tell the people you know what came of what they said.",
        ("yousaid", "timeline", "events", "thanks", "next"),
        ratios=False,
    ),
)


def audience_named(typed: str) -> Audience:
    """The audience with that name or code, in upper or lower case.

    Raises:
        Misuse: there is no such audience.
    """
    wanted = typed.strip().casefold()
    for audience in AUDIENCES:
        if wanted in {audience.short, audience.code, audience.code.removesuffix("s")}:
            return audience
    names = ", ".join(audience.short for audience in AUDIENCES)
    raise Misuse(
        f"{quoted(typed, 40)} is not an audience.",
        kept="Nothing was written.",
        hint=f"Choose one of: {names}.",
    )
