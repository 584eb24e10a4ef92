"""`fieldkit forms`: the forms to print, and the file for a translator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import demand_named, path_of, target_of
from fieldkit.cli.parameters import option
from fieldkit.cli.run_session import Session
from fieldkit.errors import Misuse
from fieldkit.file_writing import write_private_file
from fieldkit.output_folder import demand_free
from fieldkit.presentation.languages.catalogue import Catalogue, languages
from fieldkit.presentation.languages.po_template import po_template
from fieldkit.presentation.paper.form_files import MOST_COPIES, write_forms
from fieldkit.text import clean_line, quoted


@command()
def forms(
    here: Session,
    out: Annotated[str, option("--out -o", "DIR|FILE.po", "A new folder; with --translate, a file.")],
    language: Annotated[
        list[str] | None, option("--language -l", "LANGUAGE", "Only this one: pa, Punjabi. Can be repeated.")
    ] = None,
    copies: Annotated[
        int,
        option(
            "--copies",
            "N",
            f"So many feedback forms, each with a receipt code (up to {MOST_COPIES}).",
            min=0,
            max=MOST_COPIES,
        ),
    ] = 0,
    translate: Annotated[
        str, option("--translate", "LANGUAGE", "Write the file that a translator fills in, for example: so.")
    ] = "",
) -> Answer:
    """Write the forms to print: feedback, monitoring, sign-in sheet and head counts, each one page of A4.

    They have the questions and keys of the screens, in every language of the kit. Open them in a browser and print.
    """
    demand_named(out, "forms")
    with here.kit(to_read=True) as kit:
        if translate.strip():
            return _template(out, translate.strip(), {each.code: each for each in languages(kit.folder)})
        folder = path_of(out)
        demand_free(folder)
        written = write_forms(kit, folder, language or (), copies)
    lines = [
        f"Wrote {len(written.names)} forms to {written.folder}. Open them in a browser and print.",
        *written.notes,
    ]
    return Answer(
        {"folder": str(written.folder), "files": list(written.names), "notes": list(written.notes)}, lines
    )


def _template(out: str, code: str, known: Mapping[str, Catalogue]) -> Answer:
    """Write the file for translators into a language, with the translations so far."""
    target = target_of(out, ".po", "a file for a translator")
    if target.is_dir():
        target = target / f"{clean_line(code)}.po"
    if target.exists():
        raise Misuse(
            f"{target.name} is there already.", kept="It was left as it is.", hint="Choose another name."
        )
    try:
        content = po_template(code, known.get(code))
    except ValueError:
        raise Misuse(
            f"{quoted(code, 40)} is not the code of a language.",
            kept="Nothing was written.",
            hint="Codes have two or three letters, for example so for Somali.",
        ) from None
    write_private_file(target, content)
    where = (
        "Once translated, put it into the folder “languages” of the kit (fieldkit locate says where that is)."
    )
    return Answer({"file": str(target)}, [f"Wrote {target}", where])
