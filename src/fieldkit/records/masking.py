"""Masking what may identify a person: phone and NHS numbers, addresses, postcodes, names after a title."""

from __future__ import annotations

from fieldkit.records.identifiers import SENTENCES
from fieldkit.records.privacy import Warning, warnings
from fieldkit.records.titled_names import name_place, titled_names

_INSTEAD = {
    "nhs-number": "[NHS number]",
    "telephone": "[phone number]",
    "e-mail": "[e-mail]",
    "postcode": "[postcode]",
    "title": "[name]",
}


def pointed_out(text: str) -> list[Warning]:
    """What is pointed out in `text` while it is typed, in order and without overlaps."""
    listed = warnings(text)
    spans = [(warning.start, warning.end) for warning in listed]
    for start, end in titled_names(text):
        if all(end <= other_start or start >= other_end for other_start, other_end in spans):
            listed.append(Warning("title", start, end, SENTENCES["title"]))
    return sorted(listed, key=lambda warning: warning.start)


def masked(text: str) -> str:
    """`text` with all that `pointed_out` finds masked, except titles and the first half of postcodes."""
    for warning in reversed(pointed_out(text)):
        start, end = warning.start, warning.end
        instead = _INSTEAD[warning.kind]
        if warning.kind == "title":
            start, end = name_place(text, start, end)
        elif warning.kind == "postcode" and (first := text[start:end].split()) and len(first) == 2:
            instead = f"{first[0]} […]"
        text = text[:start] + instead + text[end:]
    return text
