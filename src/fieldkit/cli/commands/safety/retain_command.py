"""`fieldkit retain`: erasing old free text from records."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Yes
from fieldkit.cli.output import print_table, progress, say
from fieldkit.cli.parameters import flag
from fieldkit.cli.prompts import demand_yes
from fieldkit.errors import Misuse
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.kind import kind
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.sync.network import network_rules, old_text
from fieldkit.sync.network.identity import identity
from fieldkit.text import shortened

_LISTED = 20


@command(writes=lambda options: not options["dry_run"])
def retain(
    kit: Kit,
    as_json: bool,
    dry_run: Annotated[bool, flag("--dry-run", "List what would lose its text, and change nothing.")] = False,
    yes: Yes = False,
) -> Answer:
    """Erase the free text from records that are older than the network keeps it; codes, numbers, dates and links stay.

    This reaches feedback, mentorships and mentoring sessions, in every copy. Answers of one line stay. Private notes stay
    on the laptop of who wrote them and are not touched. What would lose its text is listed first, and asked about. Set
    the time with `network rules`.
    """
    me = identity(kit)
    network_rules.demand_agreed_time(kit)
    months = network_rules.rules(kit).retention_months
    if not months:
        raise Misuse(
            "This network keeps free text for good.",
            kept="Nothing was changed.",
            hint="Set a time with: fieldkit network rules --retention-months 24",
        )
    due, number = old_text.due(kit, months), 0
    total = sum(map(len, due.values()))
    if not as_json:
        _print_due(kit, due, total, months)
    if due and not dry_run:
        demand_yes(f"Erase the text of {counted(total, 'record')} for good?", yes)
        with progress() as on_progress:
            number = old_text.retain(kit, me, on_progress)
    lines: list[str] = []
    if due:
        lines = (
            ["Nothing was changed."]
            if dry_run
            else [
                f"Text erased from {counted(number, 'record')}; codes, numbers, dates and links stay.",
                "Until you have written a backup, or a bundle for another coordinator, this kit alone can pass these on.",
            ]
        )
    return Answer({"months": months, "dry_run": dry_run, "due": due, "taken": number}, lines)


def _print_due(kit: Kit, due: dict[str, list[str]], total: int, months: int) -> None:
    if not due:
        say(f"No record has free text older than {counted(months, 'month')}.")
        return
    each = ", ".join(kind(name).counted(len(ids)) for name, ids in due.items())
    say(f"{counted(total, 'record')} with free text older than {counted(months, 'month')}: {each}.")
    first = [(name, record_id) for name, ids in due.items() for record_id in ids[:_LISTED]][:_LISTED]
    rows = []
    for name in due:
        records = kit.many(name, [record_id for of, record_id in first if of == name]).values()
        rows += [[short_id(record.record_id), kind(name).title, *_cells(record)] for record in records]
    print_table(["id", "kind", "date", "text to be erased"], rows)
    if total > _LISTED:
        say(f"… and {total - _LISTED:,} more; --json lists them all.")
    say("Private notes stay on the laptop of who wrote them; they are not touched.")


def _cells(record: Stored) -> tuple[str, str]:
    fields = kind(record.kind).fields
    texts = [str(value) for name, value in record.values.items() if fields[name].shape == "text"]
    return short_date(old_text.day_of(record)), shortened(" / ".join(texts) or "(in its history)")
