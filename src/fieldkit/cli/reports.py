"""Reports: status, summary, tables, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.options import Json, add, session
from fieldkit.cli.output import counted, moment, note, print_json, print_table, progress, say, spoken

if TYPE_CHECKING:
    from fieldkit.insight.figures import Change, Rating, Summary
    from fieldkit.store.kit import Kit


def register(app: typer.Typer) -> None:
    """Add these commands to the tree."""
    add(app, "status", status)
    add(app, "summary", summary)
    add(app, "tables", tables)
    add(app, "check", check)


def status(context: typer.Context, as_json: Json = False) -> None:
    """What this kit holds, what is unsent, and whose it is."""
    here = session(context)
    with here.kit() as kit:
        found = _status(kit)
        if as_json:
            print_json(found)
        else:
            _tell_status(found)


def _status(kit: Kit) -> dict[str, Any]:
    from fieldkit.store.vault import Vault

    sent = kit.ledger.sent()
    found: dict[str, Any] = {
        "folder": str(kit.folder),
        "passphrase": Vault(kit.folder).locked,
        "network": None,
        "device": None,
        "counts": kit.counts(),
        "unsent": 0,
        "oldest_unsent": None,
        "last_export": (
            {
                "number": sent[0].number,
                "name": sent[0].name,
                "at": moment(sent[0].made),
                "stamp": sent[0].made,
                "ops": sent[0].ops,
            }
            if sent
            else None
        ),
        "conflicts": kit.conflict_count(),
        "quarantine": len(kit.ledger.quarantine()),
        "drafts": len(kit.desk.drafts()),
        "state_hash": kit.state_hash(),
    }
    if kit.desk.setting("identity") is None:
        return found
    from fieldkit.sync.identity import identity
    from fieldkit.sync.roster import Roster

    me = identity(kit)
    roster = Roster(kit, me)
    key = me.key.public
    unsent = kit.ledger.unsent(kit.origin)
    found |= {
        "network": {"id": me.network, "name": me.network_name},
        "device": {
            "id": me.device,
            "name": me.name,
            "fingerprint": key.fingerprint,
            "words": key.words,
            "role": roster.my_role,
        },
        "unsent": unsent.ops,
        "oldest_unsent": moment(unsent.oldest) if unsent.oldest else None,
        "waiting": len(roster.waiting()),
    }
    return found


def _tell_status(found: dict[str, Any]) -> None:
    from fieldkit.records.kinds import kinds

    if found["network"] is None:
        say("This kit belongs to no network yet. Start one with: fieldkit network create NAME")
    else:
        device = found["device"]
        say(f"{device['name']} ({device['role']}), in the network “{found['network']['name']}”")
        say(f"Fingerprint: {device['words']}", f"    {device['fingerprint']}")
    known = kinds()
    held = [
        counted(number, known[name].title.lower(), known[name].plural)
        if name in known
        else f"{number:,} {name}"
        for name, number in found["counts"].items()
        if number
    ]
    say(f"Held: {', '.join(held) or 'nothing yet'}")
    since = f", the oldest from {found['oldest_unsent'][:10]}" if found["oldest_unsent"] else ""
    say(f"Unsent: {counted(found['unsent'], 'change')}{since}")
    last = found["last_export"]
    say(f"Last export: {last['name']}, {spoken(last['stamp'])}" if last else "Last export: none yet")
    for number, one, many, hint in (
        (found["conflicts"], "clash", "clashes", "fieldkit conflicts"),
        (found["quarantine"], "file set aside", "files set aside", "fieldkit quarantine"),
        (
            found.get("waiting", 0),
            "laptop waits to be trusted",
            "laptops wait to be trusted",
            "fieldkit devices list",
        ),
        (found["drafts"], "unfinished entry", "unfinished entries", "fieldkit"),
    ):
        if number:
            say(f"{counted(number, one, many)}: see {hint}")
    if not found["passphrase"]:
        say("This kit has no passphrase: whoever has this laptop can read it.")
    say(f"State: {found['state_hash']}", f"Kit: {found['folder']}")


def summary(context: typer.Context, as_json: Json = False) -> None:
    """What the records say: ratings, themes, attendance, mentoring, who spoke."""
    from fieldkit.insight.summary import summarise

    with session(context).kit() as kit, progress() as on_progress:
        found = summarise(kit, on_progress)
    if as_json:
        print_json(found.as_dict())
    else:
        _tell_summary(found)


def _tell_summary(found: Summary) -> None:
    from fieldkit.records.moments import spoken_date

    if not any(found.records.values()):
        say("Nothing is recorded yet.")
        return
    if found.first_day:
        say(f"From {spoken_date(found.first_day)} to {spoken_date(found.last_day)}")
    _tell_ratings("service", [*found.services, found.all_services])
    if found.providers:
        _tell_ratings("provider", found.providers)
    if found.themes:
        _heading("Themes")
        print_table(
            ["theme", "times", "rated well", "rated badly", "neither"],
            [[one.label, one.count, one.positive, one.negative, one.neither] for one in found.themes],
            numbers=(1, 2, 3, 4),
        )
    if found.events:
        _heading("Attendance by event")
        print_table(
            ["event", "date", "by name", "counted", "feedback"],
            [
                [
                    one.title or one.id,
                    spoken_date(one.date) if one.date else "",
                    one.named,
                    one.counted,
                    one.feedback,
                ]
                for one in found.events
            ],
            numbers=(2, 3, 4),
        )
    if found.levels:
        _heading("Mentoring by level")
        print_table(
            ["level", "pairs", "sessions", "hours", "confidence", "knowledge", "skills"],
            [
                [
                    one.label,
                    one.mentorships,
                    one.sessions,
                    f"{one.hours:g}",
                    *(_change(change) for change in (one.confidence, one.knowledge, one.skills)),
                ]
                for one in found.levels
            ],
            numbers=(1, 2, 3),
        )
    if found.roles:
        _heading("Who spoke")
        print_table(["who", "times"], [[one.label, one.count] for one in found.roles], numbers=(1,))
    if any(one.answered or one.declined for one in found.monitoring):
        _heading("Monitoring: how far it was asked")
        print_table(
            ["question", "answered", "declined", "not asked"],
            [[one.title, one.answered, one.declined, one.not_asked] for one in found.monitoring],
            numbers=(1, 2, 3),
        )
    if found.caveats:
        say("", *found.caveats)


def _heading(words: str) -> None:
    say("", words)


def _tell_ratings(what: str, ratings: list[Rating]) -> None:
    _heading(f"Ratings by {what}")
    rows = [
        [one.label, one.total, _percent(one.positive_percent), _percent(one.negative_percent), one.not_asked]
        for one in ratings
    ]
    print_table([what, "rated", "positive", "negative", "not asked"], rows, numbers=(1, 2, 3, 4))


def _percent(value: int | None) -> str:
    return "" if value is None else f"{value} %"


def _change(change: Change) -> str:
    return "" if change.first is None else f"{change.first:g} to {change.latest:g}"


def tables(
    context: typer.Context,
    target: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FILE.xlsx|DIR/", help="A workbook, or a folder for one CSV file a kind."
        ),
    ],
    force: Annotated[bool, typer.Option("--force", help="Write over files of those names.")] = False,
    as_json: Json = False,
) -> None:
    """Write all shared records as tables for a spreadsheet, codes and labels side by side.

    The files are not encrypted. Safeguarding and private notes are in none of them.
    """
    from fieldkit.insight import tables as sheets

    with session(context).kit() as kit, progress() as on_progress:
        written = sheets.write(kit, target.expanduser(), force, on_progress)
    if as_json:
        print_json({"files": [str(path) for path in written]})
        return
    say(*(f"Wrote {path}" for path in written))
    note("These files are not encrypted: they hold what people said.")


def check(context: typer.Context, as_json: Json = False) -> int:
    """Look for damage: the file itself, every chain of changes, and the records folded anew.

    Changes nothing."""
    with session(context).kit() as kit, progress() as on_progress:
        findings = kit.check(on_progress)
    if as_json:
        print_json({"ok": not findings, "findings": findings})
    elif findings:
        say(
            *findings,
            "What can be read is still there. Leave this kit as it is and show it to whoever looks after it.",
        )
    else:
        say("All is well.")
    return 1 if findings else 0
