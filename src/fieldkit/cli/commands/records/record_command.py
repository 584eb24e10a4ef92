"""`fieldkit record`: one record from answers, or many from a spreadsheet."""

from __future__ import annotations

import sys
from typing import Annotated, Any, TextIO

from fieldkit.cli import import_options
from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import KindName
from fieldkit.cli.parameters import flag, option
from fieldkit.cli.plain.record_questions import ask_record
from fieldkit.cli.record_arguments import (
    Answers,
    demand_by_hand,
    demand_may_change,
    kind_of,
    look_before_saving,
    pair,
    pairs,
)
from fieldkit.cli.run_session import Session
from fieldkit.cli.spreadsheet_import import import_file
from fieldkit.errors import Misuse
from fieldkit.presentation.last_receipt_code import PURPOSE
from fieldkit.presentation.presets import day_and_event, presets_in_words
from fieldkit.presentation.record_names import named_record
from fieldkit.presentation.safeguarding_notes import advice_on_note
from fieldkit.presentation.saved_texts import saved_sentence
from fieldkit.presentation.saving import store_new
from fieldkit.records.consent import check_new
from fieldkit.records.kinds.concern import CONCERN
from fieldkit.records.schema.kind import Kind
from fieldkit.store.kit import Kit, Stored


@command()
def record(
    here: Session,
    as_json: bool,
    kind_name: KindName,
    source: import_options.From = None,
    given: Annotated[
        list[str] | None,
        option(
            "--set",
            "FIELD=VALUE",
            "The answer to a question; with --from, for every row that has none. May be repeated.",
        ),
    ] = None,
    dry_run: Annotated[bool, flag("--dry-run", "Check everything, store nothing.")] = False,
    add_terms: Annotated[
        bool, flag("--add-terms", "Add answers that an open list does not hold yet to the network's own.")
    ] = False,
    no_code: Annotated[
        bool, flag("--no-code", "Give no receipt code, also where somebody agreed to be recorded.")
    ] = False,
    every: Annotated[
        bool, flag("--all", "Ask every question, field by field, also those of the coordinator's desk.")
    ] = False,
    columns: import_options.Map = None,
    consent: import_options.Consent = None,
    understood: import_options.Understood = False,
    other_way: import_options.OtherWay = None,
    dates: import_options.Dates = None,
    hidden_rows: import_options.HiddenRows = None,
    totals: import_options.TotalRows = None,
    heading_rows: import_options.HeadingRows = None,
    again: import_options.Again = False,
    sheet: import_options.SheetName = None,
    mapping_name: import_options.Mapping = None,
    save_mapping: import_options.SaveMapping = None,
) -> Answer | int:
    """Record something: asked field by field, given with --set, or imported with --from.

    With --set, a date that is not given is today's, and the event is the one chosen on this laptop; the output says so.

    With --from, every row is either stored or refused with its line, column, value and reason; refused rows
    go to FILE.refused.csv, to be corrected and imported again. Without --from and --set, questions are asked one
    by one, feedback in its three pages as at the stall. Whoever agrees to be recorded is given a receipt code, with
    which they can withdraw what they said.

    What may point to one person (an NHS or telephone number, an e-mail address, a whole postcode), and a file that
    was imported here before, is pointed out before anything is saved. Somebody at the keyboard is asked whether it is meant.
    Where nobody is there it is saved all the same, so that no words are lost: with --json it is listed under warnings
    and notes, and undo --import N undoes an import.
    """
    kind = kind_of(kind_name)
    demand_by_hand(kind)
    options = import_options.Options(
        consent=consent,
        understood=understood,
        other_way=tuple(other_way or ()),
        dates=dates,
        hidden_rows=hidden_rows,
        totals=totals,
        heading_rows=heading_rows,
        again=again,
        sheet=sheet,
        mapping=mapping_name,
        save_mapping=save_mapping,
        dry_run=dry_run,
        add_terms=add_terms,
    )
    if source is None:
        options.demand_none(bool(columns))
    mapping = [pair(argument, "COLUMN=FIELD", last=True) for argument in columns or []]
    settings = pairs(given or [])
    with here.kit(writes=not dry_run) as kit:
        demand_may_change(kit, kind)
        if kind.shared and not dry_run:
            _ = kit.origin  # before anybody types answers that can't be saved
        if source is not None:
            return import_file(kit, kind, source, options, mapping, settings, as_json)
        if settings:
            return _given(kit, kind, settings, add_terms, dry_run, not no_code)
        stream = sys.stderr if as_json else sys.stdout
        return _asked(kit, kind, dry_run, not no_code, every, stream)


def _given(
    kit: Kit, kind: Kind, settings: dict[str, str], add_terms: bool, dry_run: bool, with_code: bool
) -> Answer:
    """Store the values of --set, with the day and the event if they are not given."""
    presets = {name: value for name, value in day_and_event(kit, kind).items() if name not in settings}
    answers = Answers(kit, add_terms=add_terms)
    values = check_new(kind, {**presets, **answers.values(kind, settings)})
    warnings = look_before_saving(kit, kind, values, new=True, asks=not dry_run)
    if dry_run:
        return Answer(
            {"dry_run": True, "stored": 0, "warnings": warnings, "preset": list(presets)},
            ["It would be saved. Nothing was.", *presets_in_words(kit, kind, presets)],
        )
    answers.store_terms()
    stored, code = store_new(kit, kind, values, with_code=with_code)
    return _stored(kit, kind, stored, code, presets, warnings)


def _asked(kit: Kit, kind: Kind, dry_run: bool, with_code: bool, every: bool, stream: TextIO) -> Answer:
    if dry_run:
        raise Misuse(
            "--dry-run belongs to --from or --set.",
            hint="Without them nothing is saved before the last question.",
        )
    if (made := ask_record(kit, kind, stream, with_code=with_code, every=every)) is None:
        return Answer({"dry_run": False, "stored": 0, "warnings": [], "preset": []})
    return _stored(kit, kind, *made, {}, [])


def _stored(
    kit: Kit, kind: Kind, stored: Stored, code: str, presets: dict[str, Any], warnings: list[str]
) -> Answer:
    lines = [
        saved_sentence(named_record(kit, stored, kit.terms())),
        f"Its id is {stored.record_id}",
        *presets_in_words(kit, kind, presets),
    ]
    if kind.name == CONCERN.name and (next_step := advice_on_note(kit, stored.values)):
        lines += ["", next_step]
    if code:
        lines += [
            "",
            f"Receipt code: {code}",
            PURPOSE,
            "Until the next entry begins, the kit's screens can show it again.",
        ]
    return Answer(
        {
            **stored.as_dict(),
            **({"warnings": warnings} if warnings else {}),
            **({"preset": list(presets)} if presets else {}),
            **({"receipt_code": code} if code else {}),
        },
        lines,
    )
