"""`fieldkit record`: one record from answers, or many from a spreadsheet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.options import Json, KindName, add, session
from fieldkit.cli.output import counted, note, print_json, progress, say, shortened
from fieldkit.cli.targets import path_of
from fieldkit.errors import FieldkitError, Misuse

if TYPE_CHECKING:
    from fieldkit.importing.importer import Imported
    from fieldkit.records.schema.kind import Kind
    from fieldkit.store.kit import Kit, Stored

_LISTED = 20


def register(app: typer.Typer) -> None:
    """Add this command to the tree."""
    add(app, "record", record)


def record(
    context: typer.Context,
    kind_name: KindName,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE|-",
            help="Import the rows of this .csv or .xlsx file; - reads CSV from standard input.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="Which column goes into which field, or into none (COLUMN=); may be repeated.",
        ),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="The answer to a question; with --from, for every row that has none. May be repeated.",
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet", metavar="NAME", help="Which sheet of a workbook; else the first with anything in it."
        ),
    ] = None,
    add_terms: Annotated[
        bool,
        typer.Option(
            "--add-terms", help="Add answers that an open list does not hold yet to the network's own."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, store nothing.")] = False,
    no_code: Annotated[
        bool,
        typer.Option("--no-code", help="Give no receipt code, also where somebody agreed to be recorded."),
    ] = False,
    as_json: Json = False,
) -> int:
    """Record something: asked field by field, given with --set, or imported with --from.

    With --from, every row is either stored or refused with its line, column, value and reason; refused rows
    go to FILE.refused.csv, to be mended and imported again. Without --from and --set, questions are asked one
    by one. Whoever agrees to be recorded is given a receipt code, with which they can take back what they said.

    What may point to one person (an NHS or telephone number, an e-mail address, a whole postcode), and a file that
    was imported here before, is told before anything is saved. Somebody at the keyboard is asked whether it is meant.
    Where nobody is there it is saved all the same, so that no words are lost: with --json it stands under warnings
    and notes, and undo --import N takes an import back.
    """
    from fieldkit.cli.values import demand_by_hand, demand_may_change, kind_of, pair, pairs

    kind = kind_of(kind_name)
    demand_by_hand(kind)
    if source is None and (columns or sheet is not None):
        raise Misuse("--map and --sheet belong to an import.", hint="Name the file with --from FILE.")
    mapping = [pair(one, "COLUMN=FIELD", last=True) for one in columns or []]
    settings = pairs(given or [])
    with session(context).kit(writes=not dry_run) as kit:
        demand_may_change(kit, kind)
        if kind.shared and not dry_run:
            _ = kit.origin  # before anybody types answers that could not be saved
        if source is not None:
            return _import(kit, kind, source, mapping, settings, dry_run, add_terms, sheet, as_json)
        told: list[str] = []
        if settings:
            stored, told = _given(kit, kind, settings, add_terms, dry_run, not no_code)
        else:
            stored = _asked(kit, kind, dry_run, not no_code, as_json)
        _tell_stored(kit, kind, stored, told, dry_run, as_json)
    return 0


def _given(
    kit: Kit, kind: Kind, settings: dict[str, str], add_terms: bool, dry_run: bool, with_code: bool
) -> tuple[tuple[Stored, str] | None, list[str]]:
    """Store what --set says; also what was told about its words before."""
    from fieldkit.cli.values import Answers, look_before_saving, store

    answers = Answers(kit, add_terms=add_terms)
    values = kind.check(answers.values(kind, settings))
    told = look_before_saving(kind, values, asks=not dry_run)
    if dry_run:
        return None, told
    answers.store_terms()
    return store(kit, kind, values, with_code), told


def _asked(kit: Kit, kind: Kind, dry_run: bool, with_code: bool, as_json: bool) -> tuple[Stored, str] | None:
    from fieldkit.cli.asking import ask_record

    if dry_run:
        raise Misuse(
            "--dry-run belongs to --from or --set.",
            hint="Without them nothing is saved before the last question.",
        )
    return ask_record(kit, kind, sys.stderr if as_json else sys.stdout, with_code=with_code)


def _tell_stored(
    kit: Kit,
    kind: Kind,
    made: tuple[Stored, str] | None,
    told: list[str],
    dry_run: bool,
    as_json: bool,
) -> None:
    if made is None:
        if as_json:
            print_json({"dry_run": dry_run, "stored": 0, "warnings": told})
        elif dry_run:
            say("It would be saved. Nothing was.")
        return
    stored, code = made
    if as_json:
        print_json(
            {
                **stored.as_dict(),
                **({"warnings": told} if told else {}),
                **({"receipt_code": code} if code else {}),
            }
        )
        return
    from fieldkit.records.label import describe

    say(f"Saved: {kind.title}, {describe(kind, stored.values, kit.terms())}", f"Its id is {stored.record_id}")
    if code:
        say(
            "",
            f"Receipt code: {code}",
            "Give this to the person; it can't be shown again. With it they can have what they said erased.",
        )


def _import(
    kit: Kit,
    kind: Kind,
    source: str,
    mapping: Sequence[tuple[str, str]],
    settings: dict[str, str],
    dry_run: bool,
    add_terms: bool,
    sheet: str | None,
    as_json: bool,
) -> int:
    from fieldkit.cli.session import at_keyboard
    from fieldkit.importing.importer import import_rows

    content: Path | bytes = _standard_input() if source == "-" else path_of(source)

    def bring(dry_run: bool, look: Callable[[Imported], None]) -> Imported:
        with progress() as on_progress:
            return import_rows(
                kit,
                kind.name,
                content,
                mapping=mapping,
                settings=settings,
                dry_run=dry_run,
                add_terms=add_terms,
                sheet=sheet,
                look=look,
                on_progress=on_progress,
            )

    if at_keyboard() and isinstance(content, Path) and not dry_run:
        # Gone through twice, so that nothing is locked while somebody thinks about the answer.
        _ask_about(bring(True, _say_nothing))
        done = bring(False, _say_nothing)
    else:
        done = bring(dry_run, _say_nothing if dry_run else _tell_first)
    if as_json:
        print_json(done.as_dict())
    else:
        _tell_import(kind, done)
    return 3 if done.refused else 0


def _say_nothing(found: Imported) -> None:
    """It was said before, or is said at the end."""


def _tell_first(found: Imported) -> None:
    """Say what somebody should know before it is stored."""
    note(*([found.again] if found.again else []), *_warned(found))


def _ask_about(found: Imported) -> None:
    """Ask about what `_tell_first` says, where it says anything.

    Raises:
        FieldkitError: it is not to be stored.
        EOFError: the answers ended.
    """
    from fieldkit.cli.session import ask_yes

    _tell_first(found)
    if found.unmapped:
        note(*_unmapped(found))
    if (found.again or found.warnings or found.unmapped) and not ask_yes("Store them all the same? y or n: "):
        raise FieldkitError("Nothing was stored.", hint="Mend the file, then import it again.")


def _warned(found: Imported) -> list[str]:
    if not found.warnings:
        return []
    more = len(found.warnings) - _LISTED
    return [
        f"{counted(len(found.warnings), 'place')} to look at, for they may point to one person:",
        *(f"  {one}" for one in found.warnings[:_LISTED]),
        *([f"  … and {more:,} more."] if more > 0 else []),
    ]


def _unmapped(found: Imported) -> tuple[str, str]:
    return (
        f"Columns that go into no field: {', '.join(found.unmapped)}.",
        "Keep them with --map COLUMN=FIELD, or say that they are left out with --map COLUMN=",
    )


def _standard_input() -> bytes:
    if sys.stdin.isatty():
        note("Reading rows from the keyboard; end with ctrl+d.")
    binary: Any = getattr(sys.stdin, "buffer", None)
    return binary.read() if binary is not None else sys.stdin.read().encode()


def _tell_import(kind: Kind, done: Imported) -> None:
    would = " would be" if done.dry_run else ""
    stored = f"{done.stored:,}{would} stored as {kind.plural}"
    say(f"{counted(done.rows, 'row')}: {stored}, {done.refused:,}{would} refused.")
    say(*done.notes)
    if done.unmapped:
        say(*_unmapped(done))
    for problem in done.problems:
        about = f", {shortened(problem.column, 40)}" if problem.column else ""
        value = f" “{shortened(problem.value, 40)}”" if problem.value else ""
        say(f"  Line {problem.line}{about}{value}: {shortened(problem.reason, 400)}")
    if done.refused > len(done.problems):
        say(f"  … and {done.refused - len(done.problems):,} more.")
    if done.number and done.stored:
        say(f"Take it all back with: fieldkit undo --import {done.number}")
    if done.refused_file:
        say(
            f"The refused rows are in {done.refused_file}",
            "Mend them there, then import that file in the same way.",
        )
    if done.dry_run:
        say(*_warned(done))
