"""Residents of an area, added up to the groups of a table of people who gave feedback."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.presentation.pack.respondents import DECLINED, NOT_ASKED, answers_to, monitored_question


def residents_by_group(dimension: str, level: str, scheme: str, people: Mapping[str, int]) -> dict[str, int]:
    """Group as a table at `level` prints it -> residents, added up from the finer groups of `people`; empty if these are not
    finer, or use other codes.
    """
    chosen = next((each for each in monitored_question(dimension).levels if each.name == level), None)
    if chosen is None:
        return {}
    if dimension == "ethnic" and scheme == "nhs16":
        keys = {entry.code: entry.get("nhs") or "" for entry in answers_to(dimension).entries}
    else:
        keys = {code: code for code in chosen.groups}
    labels: dict[str, set[str]] = {}
    for code, label in chosen.groups.items():
        if label not in (DECLINED, NOT_ASKED) and keys.get(code) in people:
            labels.setdefault(keys[code], set()).add(label)
    if set(labels) != set(people) or any(len(several) > 1 for several in labels.values()):
        return {}
    added: dict[str, int] = {}
    for key, (label,) in labels.items():
        added[label] = added.get(label, 0) + people[key]
    return added
