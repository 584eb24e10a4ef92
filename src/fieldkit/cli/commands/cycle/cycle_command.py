"""`fieldkit cycle`: the cycles of this kit, and one of them with its stages, changes and next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import add, new_app
from fieldkit.cli.output import print_table, say
from fieldkit.cli.parameters import argument, option
from fieldkit.cli.record_arguments import id_of
from fieldkit.presentation.cycle.change_rows import ChangeRow
from fieldkit.presentation.cycle.cycle_view import CycleView, cycle_lines, cycle_view
from fieldkit.presentation.cycle.stages import USUAL_THRESHOLD, Action, Missing
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.dates import short_date
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.record_ids import short_id

CycleName = Annotated[str, argument("CYCLE", "The cycle: its title, its id, or the end of its id.")]
Threshold = Annotated[
    int, option("--threshold", "N", "People who must have given feedback before anything is shown.", min=1)
]

cycles = new_app(
    "See the cycles: what each stage has, what is missing, what to do next.\n\n"
    "Cycles and all that belongs to them are recorded, changed and deleted as every record is: fieldkit record cycle, "
    "fieldkit record change, fieldkit record support, fieldkit record response."
)


@command()
def list_cycles(kit: Kit, threshold: Threshold = USUAL_THRESHOLD) -> Answer:
    """List the cycles, the newest first: the stage of each, and what is missing and late."""
    lines = cycle_lines(kit, date.today(), threshold)

    def print_cycles() -> None:
        if not lines:
            say("There is no cycle yet. Record one with: fieldkit record cycle")
            return
        print_table(
            ["id", "cycle", "stage", "missing", "late answers"],
            [
                [
                    short_id(line.record_id),
                    line.title,
                    f"{line.stage}: {line.state}",
                    line.missing,
                    line.late,
                ]
                for line in lines
            ],
            numbers=(3, 4),
        )

    return Answer([asdict(line) for line in lines], print_cycles)


@command()
def show(kit: Kit, cycle: CycleName, threshold: Threshold = USUAL_THRESHOLD) -> Answer:
    """Show one cycle: its four stages, what is missing, you said and we did, and the next step."""
    view = cycle_view(kit, id_of(kit, "cycle", cycle), date.today(), threshold)
    return Answer(_data(view), lambda: say(*_lines(view)))


add(cycles, "list", list_cycles)
add(cycles, "show", show)


def _data(view: CycleView) -> dict[str, Any]:
    following = view.next
    return {
        "id": view.record_id,
        "title": view.title,
        "stage": view.stage,
        "stages": [asdict(stage) for stage in view.stages],
        "next": None
        if following is None
        else {**asdict(following), "command": next_command(view, following)},
        "feedback": {"records": len(view.facts.feedback.ids), "people": view.facts.feedback.people},
        "changes": [asdict(row) for row in view.rows],
    }


def _lines(view: CycleView) -> Iterator[str]:
    yield view.title
    for title, answer in view.answers:
        yield f"    {title}: {answer}"
    for number, stage in enumerate(view.stages, 1):
        yield ""
        yield f"{number} {stage.name.upper()}: {stage.state}"
        for line in stage.has:
            yield f"    {line}"
        for note in stage.notes:
            yield f"    Note: {note}"
        for missing in stage.missing:
            yield f"  ! {missing.sentence}"
    if view.rows:
        yield ""
        yield "YOU SAID, WE DID"
    for row in view.rows:
        yield from _row(row)
    yield ""
    following = view.next
    yield f"Next: {next_command(view, following)}" if following else "Nothing is missing."


def _row(row: ChangeRow) -> Iterator[str]:
    owner = [row.owner] if row.owner else []
    due = [f"due {short_date(row.due)}"] if row.due else []
    yield f"{row.number} {row.title}: {', '.join([row.status_label, *owner, *due])}"
    support = [
        counted(len(row.feedback), "comment") if row.feedback else "",
        counted(len(row.case_studies), "case study", "case studies") if row.case_studies else "",
        counted(len(row.figures), "figure") if row.figures else "",
        counted(len(row.sources), "published source") if row.sources else "",
        counted(len(row.rationales), "rationale") if row.rationales else "",
    ]
    if any(support):
        yield f"    Supported by {', '.join(filter(None, support))}."
    if row.declined:
        yield f"    Declined: {row.reason}" if row.reason else "    Declined, and no reason is recorded."
    for answer in row.answers:
        who = f"{answer.from_role}, " if answer.from_role else ""
        yield f"    Answer ({who}{short_date(answer.date)}): {answer.words}"
    for sentence in row.open:
        yield f"  ! {sentence}"


def next_command(view: CycleView, missing: Missing) -> str:
    """The command that supplies what is missing: whoever copies it puts the answer where “…” is."""
    cycle, record = short_id(view.record_id), short_id(missing.record_id)
    return {
        Action.IMPORT_FIGURES: f"fieldkit figures import FILE --cycle {cycle}",
        Action.MATCH_LABELS: "fieldkit figures match",
        Action.EDIT_CYCLE: f'fieldkit edit {cycle} --set "area=…"',
        Action.EDIT_FIGURES: f'fieldkit edit {record} --set "unit=…" --set "who=…"',
        Action.IMPORT_POPULATION: f"fieldkit figures import FILE --population --cycle {cycle}",
        Action.ADD_ENGAGEMENT: f'fieldkit record engagement --set cycle={cycle} --set "event=…" --set "purpose=…"',
        Action.RECORD_FEEDBACK: "fieldkit record feedback --from FILE",
        Action.ADD_CHANGE: f'fieldkit record change --set cycle={cycle} --set "title=…" --set "what=…"',
        Action.ADD_FEEDBACK_SUPPORT: f"fieldkit record support --set change={record} --set support_kind=feedback "
        "--set feedback=ID",
        Action.ADD_FIGURE_SUPPORT: f"fieldkit record support --set change={record} --set support_kind=dataset "
        '--set dataset=ID --set "dimension=…" --set "group_code=…"',
        Action.EDIT_CHANGE: f'fieldkit edit {record} --set "owner=…" --set "status=…"',
        Action.ASK_FOR_ANSWER: f'fieldkit record response --set change={record} --set "asked_on=…"',
        Action.ADD_ANSWER: f'fieldkit edit {record} --set "date=…" --set "words=…"',
    }[missing.action]
