"""`fieldkit show`: one record in full."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.history_lines import history_as_data, history_lines
from fieldkit.cli.options import Id
from fieldkit.cli.parameters import flag
from fieldkit.cli.record_arguments import record_named
from fieldkit.presentation.exchange.change_progress import progress_line
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.record_history import history
from fieldkit.presentation.record_names import lines_of_links, named_record
from fieldkit.presentation.value_labels import title_of, value_in_words
from fieldkit.presentation.wording import date_and_time
from fieldkit.records.label import IN_LIST
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit, Stored
from fieldkit.text import titled


@command()
def show(
    kit: Kit,
    record_id: Id,
    with_history: Annotated[bool, flag("--history", "Also every change, the oldest first.")] = False,
) -> Answer:
    """Show one record in full."""
    record = kit.shown(record_named(kit, record_id).name)
    changes = history(kit, record.name) if with_history else None
    where = progress_line(kit, record)
    data = {**record.as_dict(), "where": where or None}
    lines = _record_lines(kit, record, where)
    if changes is not None:
        data["history"] = history_as_data(changes)
        lines += ["", *history_lines(changes)]
    return Answer(data, lines)


def _record_lines(kit: Kit, record: Stored, where: str) -> list[str]:
    kind = kinds().get(record.kind)
    if kind is None:
        return [
            f"A record of the kind “{record.kind}”, which only another version of fieldkit knows.",
            *(f"{name}: {value}" for name, value in record.extra.items()),
        ]
    terms = kit.terms()
    names = lines_of_links(kit, [record], terms, longest=IN_LIST)
    lines = [
        named_record(kit, record, terms),
        f"id: {record.record_id}",
        f"recorded: {date_and_time(record.created)}, on {DeviceNames(kit).of(record.origin)}",
    ]
    if record.updated != record.created:
        lines.append(f"changed: {date_and_time(record.updated)}")
    if where:
        lines.append(f"where: {where}")
    if record.deleted:
        lines.append(f"deleted: yes; restore it with: fieldkit restore {record.record_id}")
    for name, spec in kind.fields.items():
        if (value := record.values.get(name)) is not None:
            conflict = " (conflict: see fieldkit conflicts)" if name in record.conflicts else ""
            label = value_in_words(spec, value, terms, names).replace("\n", "\n    ")
            lines.append(titled(f"{title_of(spec, name)}{conflict}", label))
    for name, value in record.extra.items():
        label = ", ".join(map(str, value)) if isinstance(value, list) else value
        lines.append(
            titled(
                title_of(kind.fields.get(name), name),
                f"{label} (from another version of fieldkit: kept, not counted here)",
            )
        )
    return lines
