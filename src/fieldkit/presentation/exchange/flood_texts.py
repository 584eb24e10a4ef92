"""What a laptop flooded the network with, in a sentence: before and after it is dropped."""

from __future__ import annotations

from fieldkit.records.schema.kind import kinds
from fieldkit.sync.network.floods import Flood
from fieldkit.text import clean_line

DROPPED_SENTENCE = "Dropped here. Write a network file: it drops it on the other laptops, too."


def flood_sentence(name: str, flood: Flood) -> str:
    """“Laptop 3” added 3,276 terms (12 MB) that nobody else has worked on."""
    each = [
        known.counted(number) if (known := kinds().get(kind)) else kind
        for kind, number in sorted(flood.records.items(), key=lambda pair: -pair[1])
    ]
    size = f"{flood.size / 1_000_000:,.1f} MB"
    return f"“{clean_line(name)}” added {', '.join(each)} ({size}) that nobody else has worked on."
