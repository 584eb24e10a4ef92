"""A coordinator's kit in which every text of a pack, a bulletin or a cycle screen is hostile to some format."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldkit.presentation.cycle.quotes import approve, propose
from fieldkit.store.kit import Kit
from pack_kit import add_cycle, add_people

LINES = (
    "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)>",
    "[link=https://evil.example]z[/link] [@click=app.quit]x[/] [/]",
    '=HYPERLINK("file:evil","x")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "![p](http://evil.example/x.png) [a](http://evil.example) <b>b</b>",
    "\u202egpj.exe\u202c \u2066isolated \u061c\u200f",
    "null \x00 bell \x07 escape \x1b[31m \x1b]8;;http://evil.example\x07link \x9b31m",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u0301\u0327 健康 \U000e0001",
)
"""Short texts, for a title, a name or a label."""
LONG = "word " * 200_000
"""A comment of a megabyte."""
LETTERS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\x00\x07\x1b\x9b"
"""Characters that must not reach any page, sheet or screen."""


def hostile_kit(kit: Kit) -> str:
    """Fill a coordinator's kit as an unchecked bundle from another program might; returns the id of the cycle."""
    texts = [text.replace("\x00", "") for text in LINES]
    provider = _add(kit, "provider", {"name": texts[0], "provider_kind": "trust", "spellings": texts[1]})
    cycle = add_cycle(kit, title=texts[2], question=" ".join(texts), notes=texts[3], provider=provider)
    people = add_people(kit, 60, provider=texts[0])
    for at, text in enumerate(texts):
        _add_feedback(kit, cycle, people, at, text)
    answers: dict[str, Any] = {
        "experience": LONG,
        "need": "".join(texts),
        "provider": texts[1],
        "consent_quote": "Y",
    }
    about = {"service_area": "mental-health", "rating": "1", "date": "2025-05-05", "consent_record": "Y"}
    _add(kit, "feedback", about | answers)
    _quoted(kit, texts)
    _figures(kit, cycle, texts)
    return cycle


def _add(kit: Kit, kind: str, values: dict[str, Any]) -> str:
    with kit.adding(checked=True) as add:
        return add(kind, [values])[0]


def _add_feedback(kit: Kit, cycle: str, people: list[str], at: int, text: str) -> None:
    """Add an event with an engagement, and a change with its support and response, all with one text."""
    day = f"2025-06-{at + 10}"
    event = _add(kit, "event", {"title": text, "date": day, "place": text, "notes": text})
    purpose = ("share", "collect", "agree", "work")[at % 4]
    _add(kit, "engagement", {"cycle": cycle, "event": event, "purpose": purpose, "summary": text})
    kit.add("attendance", {"event": event, "attendee_group": "everybody", "head_count": 40})
    status = {"status": "declined", "reason": text} if at % 2 else {"status": "done"}
    values = {"cycle": cycle, "title": text, "what": text, "owner": text, "status_date": day, **status}
    change = _add(kit, "change", values)
    _add(kit, "support", {"change": change, "support_kind": "feedback", "feedback": people[at], "note": text})
    answer = {"date": day, "words": text, "from_role": text, "shown_by": text, "asked_on": "2025-06-01"}
    _add(kit, "response", {"change": change, **answer})
    _add(
        kit,
        "desk_source",
        {"title": text, "authors": text, "source_kind": "effectiveness", "finding": text, "quality": text,
         "licence": text},
    )  # fmt: skip
    _add(kit, "rationale", {"cycle": cycle, "claim": text, "because": text, "written_by": text, "role": text})


def _quoted(kit: Kit, texts: list[str]) -> None:
    """Add approved quotes of what people said, and one that waits for approval."""
    for at, text in enumerate([*texts[:6], *texts[7:]]):
        experience = f"{text} they answered quickly"
        [comment_id] = add_people(
            kit, 1, seed=at, experience=experience, need=None, whose_words="own", provider=texts[0]
        )
        answer = str(kit.get(comment_id, "feedback").values["experience"])
        if "http" not in text and "@" not in text:
            quote = propose(kit, comment_id, "experience", answer, proposed_by=f"Ann {text}")
            if at != 2:
                approve(kit, quote.record_id, f"Ben {text}", date(2025, 9, 28))


def _figures(kit: Kit, cycle: str, texts: list[str]) -> None:
    """Add a provider's figures and a population with hostile labels, all matched."""
    about = {"publisher": texts[3], "licence": texts[4], "retrieved": "2025-09-01", "sha256": "0" * 64}
    for role, title in (("counts", texts[5]), ("population", texts[6])):
        data = _add(
            kit,
            "dataset",
            {"role": role, "title": title, "file_name": texts[7], "period_from": "2024-04-01", "period_to": "2025-03-31",
             "area": ["E08000025", "E08000029"], "cycle": cycle, "measure": texts[8], "unit": "people", "who": "all-ages",
             "star_low": 0, "star_high": 4, "notes": texts[9], **about},
        )  # fmt: skip
        for at, code in enumerate(("A", "H", "J", "K", "M")):
            number = (at + 1) * (100 if role == "counts" else 10_000)
            cell = {
                "dataset": data,
                "dimension": "ethnic",
                "label": texts[at],
                "scheme": "nhs16",
                "code": code,
            }
            _add(kit, "cell", {**cell, "shown": str(number), "low": number, "high": number})
    for text in texts:
        _add(
            kit,
            "mapping",
            {"dimension": "ethnic", "label_key": text, "code": "A", "scheme": "nhs16", "confirmed_by": text},
        )
