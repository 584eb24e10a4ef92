"""What the network has set for everybody, and taking old words out of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.cli.options import Json, Yes, session
from fieldkit.cli.output import counted, print_json, print_table, progress, say, shortened
from fieldkit.cli.prompts import demand_yes
from fieldkit.errors import Misuse

if TYPE_CHECKING:
    from fieldkit.store.kit import Kit, Stored
    from fieldkit.sync.network.policy import NetworkRules

_LISTED = 20


def rules(
    context: typer.Context,
    retention: Annotated[
        int | None,
        typer.Option(
            "--retention-months",
            metavar="N",
            min=0,
            max=600,
            help="Months after which free text is taken out of records; 0 keeps it for good.",
        ),
    ] = None,
    confirm: Annotated[
        int | None,
        typer.Option(
            "--confirm-days",
            metavar="N",
            min=1,
            max=365,
            help="Days that changes may wait for a receipt before the kit warns.",
        ),
    ] = None,
    backup: Annotated[
        int | None,
        typer.Option(
            "--backup-days",
            metavar="N",
            min=1,
            max=3650,
            help="Days that the last proven backup may be old before the kit warns.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the network's rules, or set them: a coordinator's laptop sets them for everybody."""
    from dataclasses import asdict

    from fieldkit.sync.network import policy
    from fieldkit.sync.network.identity import identity

    given = {
        name: value
        for name, value in (
            ("retention_months", retention),
            ("confirm_days", confirm),
            ("backup_days", backup),
        )
        if value is not None
    }
    with session(context).kit(writes=bool(given)) as kit:
        found = policy.rules(kit)
        if given:
            changes = {name: value or None for name, value in given.items() if value != getattr(found, name)}
            # Asked for even where nothing differs, so that a field laptop hears that it may not.
            found = policy.set_rules(kit, identity(kit), **changes) if changes else _demanded(kit, found)
    if as_json:
        print_json(asdict(found))
        return
    months = found.retention_months
    say(
        f"Free text is kept {counted(months, 'month')}." if months else "Free text is kept for good.",
        f"Changes may wait {counted(found.confirm_days, 'day')} for a receipt before the kit warns.",
        f"The last proven backup may be {counted(found.backup_days, 'day')} old before the kit warns.",
    )
    if given:
        say("The other laptops have this with the next network file: fieldkit network invite -o FILE.fkn")


def _demanded(kit: Kit, found: NetworkRules) -> NetworkRules:
    from fieldkit.sync.network.identity import identity
    from fieldkit.sync.network.roster import Roster

    if not Roster(kit, identity(kit)).coordinating:
        raise Misuse("Only a coordinator's laptop can set the network's rules.", kept="Nothing was changed.")
    return found


def retain(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would lose its words, and change nothing.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take the free text out of records that are older than the network keeps it; codes, numbers, dates and links stay.

    This reaches feedback, mentorships and mentoring sessions, in every copy. Answers of one line stay. Private notes stay
    on the laptop of who wrote them and are not touched. What would lose its words is listed first, and asked about. Set
    the time with `network rules`.
    """
    from fieldkit.sync.network import policy
    from fieldkit.sync.network.identity import identity

    with session(context).kit(writes=not dry_run) as kit:
        me = identity(kit)
        months = policy.rules(kit).retention_months
        if not months:
            raise Misuse(
                "This network keeps free text for good.",
                kept="Nothing was changed.",
                hint="Set a time with: fieldkit network rules --retention-months 24",
            )
        due = policy.due(kit, months)
        taken = 0
        if not as_json:
            _tell_due(kit, due, months)
        if due and not dry_run:
            demand_yes(f"Erase the text of {counted(_number(due), 'record')} for good?", yes)
            with progress() as on_progress:
                taken = policy.retain(kit, me, on_progress)
    if as_json:
        print_json({"months": months, "dry_run": dry_run, "due": due, "taken": taken})
    elif dry_run and due:
        say("Nothing was changed.")
    elif due:
        say(
            f"The words are taken out of {counted(taken, 'record')}; codes, numbers, dates and links stay.",
            "Until you have written a backup, or a bundle for another coordinator, this kit alone can pass these on.",
        )


def _number(due: dict[str, list[str]]) -> int:
    return sum(map(len, due.values()))


def _tell_due(kit: Kit, due: dict[str, list[str]], months: int) -> None:
    from fieldkit.records.schema.kind import kind

    each = ", ".join(
        counted(len(ids), kind(name).title.lower(), kind(name).plural) for name, ids in due.items()
    )
    number = _number(due)
    say(
        f"{counted(number, 'record')} with free text older than {counted(months, 'month')}"
        f"{f': {each}' if due else ''}."
    )
    if not due:
        return
    first = [(name, record_id) for name, ids in due.items() for record_id in ids[:_LISTED]][:_LISTED]
    rows = []
    for name in due:
        held = kit.many(name, [record_id for of, record_id in first if of == name]).values()
        rows += [[one.record_id[-8:], kind(name).title, *_words(one)] for one in held]
    print_table(["id", "kind", "date", "words that go"], rows)
    if number > _LISTED:
        say(f"… and {number - _LISTED:,} more; --json lists them all.")
    say("Private notes stay on the laptop of who wrote them; they are not touched.")


def _words(record: Stored) -> tuple[str, str]:
    from fieldkit.records.schema.dates import spoken_date
    from fieldkit.records.schema.kind import kind
    from fieldkit.sync.network.policy import day_of

    fields = kind(record.kind).fields
    texts = [str(value) for name, value in record.values.items() if fields[name].shape == "text"]
    return spoken_date(day_of(record)), shortened(" / ".join(texts) or "(in its history)")
