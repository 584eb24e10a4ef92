"""The command that writes a pack of evidence, or verifies one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.options import PresetName
from fieldkit.cli.output import print_table, progress, say
from fieldkit.cli.parameters import option
from fieldkit.cli.record_arguments import id_of
from fieldkit.cli.run_session import Session
from fieldkit.errors import Misuse
from fieldkit.insight.disclosure.thresholds import preset_named
from fieldkit.output_folder import demand_free
from fieldkit.presentation.pack.hidden_figures import coarser_lines, hidden_lines

if TYPE_CHECKING:
    from fieldkit.presentation.pack.evidence_pack import Pack

_DIFFERS = 1


@command()
def evidence(
    here: Session,
    cycle: Annotated[str, option("--cycle", "CYCLE", "The cycle, by its title or id.")] = "",
    audience: Annotated[
        str,
        option(
            "--audience",
            "AUDIENCE",
            "Who it is for: jsna, healthwatch, commissioner, board, provider or partners.",
        ),
    ] = "",
    out: Annotated[str, option("--out -o", "DIR", "The folder to write it to: a new one.")] = "",
    preset: PresetName = "ten",
    addressee: Annotated[
        str, option("--addressee", "NAME", "Whom it is addressed to, as they are called now.")
    ] = "",
    verify: Annotated[
        str, option("--verify", "DIR", "Verify a pack that was written: yes, or what differs.")
    ] = "",
) -> Answer:
    """Write a pack of evidence of a cycle for one audience, or verify one.

    The pack is not encrypted. Numbers that could point to somebody are not in it; the answer says what is hidden and missing.
    """
    if verify:
        return _verified(path_of(verify), [cycle, audience, out])
    for name, value in (("--cycle", cycle), ("--audience", audience), ("--out", out)):
        if not value.strip():
            raise Misuse(
                f"{name} is needed.", kept="Nothing was written.",
                hint="For example: fieldkit evidence --cycle NAME --audience board -o board-pack",
            )  # fmt: skip
    return _written(here, cycle, audience, path_of(out), preset, addressee)


def _written(here: Session, cycle: str, audience: str, folder: Path, preset: str, addressee: str) -> Answer:
    from fieldkit.presentation.pack.audiences import audience_named
    from fieldkit.presentation.pack.evidence_pack import prepare, write

    for_whom, rules = audience_named(audience), preset_named(preset)
    demand_free(folder)
    with here.kit(writes=True) as kit, progress() as on_progress:
        cycle_id = id_of(kit, "cycle", cycle)
        pack = prepare(kit, cycle_id, for_whom, rules, addressee=addressee.strip(), on_progress=on_progress)
        write(kit, pack, folder)
    return Answer(_as_dict(pack, folder), lambda: _print(pack, folder))


def _as_dict(pack: Pack, folder: Path) -> dict[str, Any]:
    report = pack.report
    return {
        "folder": str(folder),
        "pack_id": pack.pack_id,
        "files": sorted(pack.files),
        "hidden": [
            {"table": table, "row": row, "column": column, "reason": reason, "protects": protects}
            for table, row, column, reason, protects in report.hidden
        ],
        "coarser": report.merged,
        "alike": [list(key) for key in report.alike],
        "missing": list(report.missing),
        "wording": list(report.wording),
        "small_numbers": report.small_numbers,
        "witnesses": report.witnesses,
        "search_cut_short": report.exhausted,
        "earlier_releases": report.earlier,
    }


def _print(pack: Pack, folder: Path) -> None:
    report = pack.report
    say(f"Wrote {len(pack.files)} files to {folder}", f"Open {folder / 'pack.html'}")
    if report.hidden:
        say("", "Hidden, and why (only you see this; the pack shows stars)")
        print_table(["table", "row", "column", "why"], [list(line) for line in hidden_lines(report.hidden)])
    if report.merged:
        say("", "Shown by fewer groups, since too many numbers would be small")
        say(*(f"- {line}" for line in coarser_lines(report.merged)))
    if report.exhausted:
        say(
            "The search was cut short: more is hidden than would have to be. Fewer questions to compare by hide less."
        )
    if report.alike:
        say("", "Rows of which all gave one answer. Check that this reveals nothing about anybody:")
        say(*(f"- {table}: {row}" for table, row, _ in report.alike))
    if report.missing:
        say("", "Missing", *(f"- {sentence}" for sentence in report.missing))
    if report.wording:
        say("", "Words to look at", *(f"- {sentence}" for sentence in report.wording))
    say("", "The pack is not encrypted. Verify it later with: fieldkit evidence --verify " + folder.name)


def _verified(folder: Path, others: list[str]) -> Answer:
    from fieldkit.presentation.pack.pack_verifying import verify_folder

    if any(map(str.strip, others)):
        raise Misuse(
            "--verify takes no other options: it writes nothing.",
            kept="Nothing was written.",
            hint="Leave out the other options.",
        )
    differences = verify_folder(folder)
    sentences = differences or ["Yes: every file is as it was written."]
    return Answer(
        {"ok": not differences, "differences": differences}, sentences, _DIFFERS if differences else 0
    )
