"""Two records of people side by side: the answers of both, which of them differ, and what links to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.record_names import lines_of_links
from fieldkit.presentation.value_labels import value_in_words
from fieldkit.presentation.wording import day
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.kind import kind, kinds
from fieldkit.store.kit import Kit
from fieldkit.store.query.joined import points_to_people


@dataclass(frozen=True)
class Beside:
    """One line: its title, and the answers of both records. `field` is the field to choose, "" for other lines."""

    title: str
    person: str
    other: str
    field: str = ""

    @property
    def differs(self) -> bool:
        """Whether both records have an answer, and the answers differ."""
        return bool(self.field and self.person and self.other and self.person != self.other)


def side_by_side(kit: Kit, person: str, other: str, *, apart: bool = False) -> list[Beside]:
    """What the kit holds about two people, line by line; with `apart`, about the two records alone. Call it in a thread.

    Raises:
        KeyError: one of them is not here.
    """
    held, terms, devices, now = (
        kit.many("person", (person, other), apart=apart),
        kit.terms(),
        DeviceNames(kit),
        kit.clock(),
    )
    first, second = held[person], held[other]
    names = lines_of_links(kit, (first, second), terms, longest=IN_LIST)
    lines = []
    for spec in kind("person").fields.values():
        values = [each.values.get(spec.name) for each in (first, second)]
        if any(value is not None for value in values):
            answers = [
                value_in_words(spec, value, terms, names) if value is not None else "" for value in values
            ]
            lines.append(Beside(spec.title, answers[0], answers[1], spec.name))
    lines.append(
        Beside(
            "Recorded", *(f"{devices.of(each.origin)}, {day(each.created, now)}" for each in (first, second))
        )
    )
    if not apart:
        lines += _leading(kit, person, other)
    return lines


def _leading(kit: Kit, person: str, other: str) -> Iterator[Beside]:
    """How many records link to each, by kind."""
    for linking in kinds().values():
        fields = [name for name in linking.fields if points_to_people(linking, name)]
        if not fields:
            continue
        counts = [
            sum(kit.count(linking.name, where={name: each}) for name in fields) for each in (person, other)
        ]
        if any(counts):
            shown = [linking.counted(count) if count else "" for count in counts]
            yield Beside("Linked records", shown[0], shown[1])


def differing(lines: list[Beside]) -> list[Beside]:
    """The lines in which somebody has to choose."""
    return [line for line in lines if line.differs]
