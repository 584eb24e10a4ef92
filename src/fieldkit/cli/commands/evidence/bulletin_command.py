"""The command that drafts and writes a bulletin."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.options import PresetName
from fieldkit.cli.output import progress
from fieldkit.cli.parameters import option
from fieldkit.cli.run_session import Session
from fieldkit.errors import Misuse, NotFound
from fieldkit.file_writing import write_private_file
from fieldkit.insight.disclosure.thresholds import preset_named
from fieldkit.operating_system import read_regular
from fieldkit.presentation.bulletin import bulletin_files, bulletin_text
from fieldkit.presentation.bulletin.bulletin_figures import bulletin_figures
from fieldkit.records.schema.dates import parse_date
from fieldkit.text import displayed_line, quoted


@command()
def bulletin(
    here: Session,
    first: Annotated[str, option("--from", "DAY", "The first day.")],
    last: Annotated[str, option("--to", "DAY", "The last day.")],
    out: Annotated[str, option("--out -o", "FILE.md|.html|.docx", "Where to write the bulletin.")] = "",
    draft: Annotated[str, option("--draft", "FILE.txt", "Write the text to a file to be edited first.")] = "",
    text: Annotated[
        str, option("--text", "FILE.txt", "The edited text; figures in « » stay as they are.")
    ] = "",
    preset: PresetName = "ten",
) -> Answer:
    """Write a bulletin of a period: one page on what happened, what people said, and what changed.

    Its text can be edited before it goes: write it with --draft, change it, give it back with --text. Figures can't be edited.
    """
    if bool(out.strip()) == bool(draft.strip()):
        raise Misuse(
            "Give either --out for the bulletin or --draft for its text.", kept="Nothing was written.",
            hint="For example: fieldkit bulletin --from 1/4/2025 --to 30/6/2025 -o bulletin.html",
        )  # fmt: skip
    target = path_of(out or draft)
    (bulletin_files.demand_ending if out else bulletin_files.demand_new)(target)
    days = _day(first, "--from"), _day(last, "--to")
    if days[0] > days[1]:
        raise Misuse(
            "The first day comes after the last.", kept="Nothing was written.", hint="Swap --from and --to."
        )
    edited = _read(text) if text.strip() else None
    rules = preset_named(preset)
    with here.kit(writes=bool(out)) as kit, progress() as on_progress:
        figures = bulletin_figures(kit, *days, rules, on_progress)
        written = edited if edited is not None else bulletin_text.draft(figures)
        if draft:
            write_private_file(target, written.encode("utf-8"))
        else:
            bulletin_files.write_bulletin(kit, bulletin_text.document_of(written, figures), figures, target)
    what = "Edit the text, then give it back with --text" if draft else "The bulletin is not encrypted."
    return Answer({"file": str(target), "words": len(written.split())}, [f"Wrote {target}", what])


def _day(typed: str, option: str) -> str:
    day = parse_date(typed)
    if day is None:
        raise Misuse(
            f"{quoted(typed, 40)} after {option} is not a date.",
            kept="Nothing was written.",
            hint="For example 1/4/2025.",
        )
    return day


def _read(typed: str) -> str:
    path = path_of(typed)
    if not path.is_file():
        raise NotFound(f"There is no file “{displayed_line(path.name)}”.", kept="Nothing was written.")
    try:
        content = read_regular(path, 1_000_000).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Misuse(
            f"“{displayed_line(path.name)}” is not plain text in UTF-8.", kept="Nothing was written.",
            hint="Save it as plain text (UTF-8), then try again.",
        ) from None  # fmt: skip
    return content
